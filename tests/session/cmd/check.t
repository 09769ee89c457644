#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# check.t - gatesh check: its six statuses, shell texts, and lines as a coprocess.
# shellcheck disable=SC1091,SC2016,SC1003 # single quotes: scripts of other programs, and a lone backslash
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 52
cd "$T" || exit 99
services=$XDG_CONFIG_HOME/gate/gate.d
mkdir -p "$services"

# check ARG...: stdout, then the status; setsid: without the terminal that the tests may have been started from
check() { setsid -w "$GATESH" check "$@" 2>"$T/err" </dev/null; echo "=$?"; }

# --- statuses
is "0: allowed, and silent" "$(check -- git status)" "=0"
is "0 with -v" "$(check -v -- git status)" $'allow\n=0'
is "1: denied, with rule, severity, reason and instead aligned" "$(check -s ci -- git push --force)" \
"deny  git.force-push  danger  rewrites the history other people already have
                              instead: git push --force-with-lease
=1"
like "2: nobody to ask" "$(check -- git push --force)" '^ask  git.force-push .*=2$'
is "64: nothing to judge" "$(check; wc -l <"$T/err")" $'=64\n1'
is "64: two things to judge" "$(check -c x -- y; wc -l <"$T/err")" $'=64\n1'
is "64: an unknown option" "$(check --nope -- y; wc -l <"$T/err")" $'=64\n1'
is "64: an option without its value" "$(check -c; wc -l <"$T/err")" $'=64\n1'
like "78: no such service" "$(check -s nope -- true; cat "$T/err")" '=78.*nope: no such service'
printf 'exec requird gate_permit.so\n' >"$services/agent"
like "78: a bad service, with its place" "$(check -- true; cat "$T/err")" '=78.*gate.d/agent:1:6: '
rm "$services/agent"
printf 'bogus: x\n' >"$XDG_CONFIG_HOME/gate/gate.conf"
like "78: a bad gate.conf" "$(check -- true; cat "$T/err")" '=78.*gate.conf:1:1: unknown field'
printf 'service: ci\n' >"$XDG_CONFIG_HOME/gate/gate.conf"
like "the service of gate.conf is the default" "$(check -- git push --force)" '^deny .*=1$'
rm "$XDG_CONFIG_HOME/gate/gate.conf"
printf 'exec required gate_deny.so\n' >"$services/agent"
like "a user's service tightens" "$(check -- git status)" '^deny .*=1$'
rm "$services/agent"

# --- on a terminal
# ask KEYS [SERVICE]: what the person types at the prompt; the status.  | is a pause, ~ a moment; what comes last is typed until it is
# taken.
ask() {
	GATESH=$GATESH KEYS=$1 SERVICE=${2:-agent} expect -c '
		log_user 0
		set timeout 60
		spawn $env(GATESH) check -s $env(SERVICE) -- git push --force
		expect "git.force-push"
		set timeout 1
		foreach typed [split $env(KEYS) "|"] {
			sleep 0.5
			foreach part [split $typed "~"] { send -- $part; sleep 0.05 }
		}
		for {set i 0} {$i < 60} {incr i} { expect eof { break } timeout { if {$env(KEYS) ne ""} { send -- $typed } } }
		lassign [wait] pid id os status
		puts $status'
}
if command -v expect >/dev/null; then
	is "0: y on the terminal" "$(ask y)" 0
	is "1: n on the terminal" "$(ask n)" 1
	is "1: e and a sentence" "$(ask $'e|not today|\r')" 1
	is "1: a key that does nothing, then n" "$(ask 'x|n')" 1
	for _ in 1 2 3; do end=$(ask 'xx~y|n'); [ "$end" != 0 ] || continue; break; done # a loaded machine may be late with that y
	is "a y that comes right behind a paste is the end of it" "$end" 1
	is "3: dismissed by Escape" "$(ask $'\e')" 3
	is "3: dismissed by Ctrl-C" "$(ask $'\003')" 3
	is "3: dismissed by Ctrl-D" "$(ask $'\004')" 3
	cp -a "$GATE_BUILD/stage" "$T/copy"
	mkdir -p "$T/copy${GATE_STAGE#"$GATE_BUILD/stage"}/etc/gate.d"
	printf 'exec sufficient gate_rules.so\nexec requisite gate_confirm.so timeout=1s\n' \
		>"$T/copy${GATE_STAGE#"$GATE_BUILD/stage"}/etc/gate.d/quick"
	is "3: nobody answered in time" "$(GATESH=$T/copy${GATE_STAGE#"$GATE_BUILD/stage"}/bin/gatesh ask '' quick)" 3
	is "2: --no-ask does not ask" "$(script -qec "'$GATESH' check -n -- git push -f" /dev/null </dev/null >/dev/null; echo $?)" 2
	is "2: nor does --json" "$(script -qec "'$GATESH' check --json -- git push -f" /dev/null </dev/null >/dev/null; echo $?)" 2
else
	for what in y n e other paste Escape Ctrl-C Ctrl-D timeout -n --json; do skip "on a terminal: $what" "expect is not installed"; done
fi

# --- what is judged
is "only what would run" "$(check -- echo 'git push --force')" "=0"
like "a shell text: every command in it" "$(check -c 'cd /tmp; true && git push -f')" '^ask  git.force-push .*=2$'
is "a quoted string is no command" "$(check -c 'echo "git push -f"')" "=0"
like "a command through its path" "$(check -- /usr/bin/git push -f)" 'git.force-push.*=2'
like "non-UTF-8 and control bytes are shown escaped" "$(check -c $'git push -f \e[2J\xff' --json)" '"subject":"git push -f [^"]*e\[2J'
unlike "and never raw" "$(check -c $'git push -f \e[2J\xff' --json)$(check -c $'git push -f \e[2J\xff')" $'\e'
big=$(head -c 100000 /dev/zero | tr '\0' x)
is "a word of 100 KB" "$(check -- echo "$big")" "=0"
cat >mine.rules <<'END'
rule: my.rule
on: exec
program: frobnicate
severity: critical
reason: eats data
hit: frobnicate it
miss: frob it
END
like "--rules judges by that pack" "$(check --rules mine.rules -- frobnicate x)" '^ask  my.rule  critical  eats data.*=2$'
is "and by no other" "$(check --rules mine.rules -- git push --force)" "=0"
mkdir more; cp mine.rules more/; sed 's/my.rule/my.other/; s/frobnicate/munge/' mine.rules >more/b.rules
rm more/mine.rules
like "several, files and directories" "$(check -r mine.rules -r more -- munge)$(check -r mine.rules -r more -- frobnicate)" 'my.other.*=2.*my.rule.*=2'
like "a pack that is not there is 78" "$(check -r none.rules -- true; cat "$T/err")" '=78.*none.rules'

# --- JSON
json=$(check --json -- git push --force); json=${json%=2}
is "--json is one valid object" "$(python3 -c 'import json,sys; o=json.loads(sys.argv[1]); print(o["verdict"], o["ret"], o["rules"][0], o["deferred"], o["findings"][0]["severity"], o["subjects"][0])' "$json" 2>&1)" \
	"ask no_agent git.force-push False danger git push --force"
is "--json allowed" "$("$GATESH" check --json -- true | cut -c1-43)" '{"verdict":"allow","ret":"success","rules":'
"$GATESH" check -v -- true >/dev/full 2>/dev/null
is "a full stdout is 74, even when allowed" $? 74

# --- lines
lines() { "$GATESH" check --lines "$@"; echo "=$?"; }
is "a verdict a line" "$(printf '%s\n' 'git status' 'git push -f' '' 'echo "rm -rf /"' | lines)" \
	$'allow\t\nask\tgit.force-push\nallow\t\nallow\t\n=0'
is "escapes: newline, tab, backslash" "$(printf '%s\n' 'true\ngit push -f' 'git\tpush\t-f' 'echo \\ngit push -f' | lines)" \
	$'ask\tgit.force-push\nask\tgit.force-push\nallow\t\n=0'
is "a bad escape is deny with an error" "$(printf '%s\n' 'a\x41' 'b\' 'c\0d' | lines)" \
	$'deny\t\tan unknown escape (column 2)\ndeny\t\ta backslash at the end of the line (column 2)\ndeny\t\ta NUL byte, which no shell accepts\n=0'
is "--json lines" "$(printf '%s\n' 'git push -f' 'ls' 'a\x' | lines --json)" \
'{"verdict":"ask","rules":["git.force-push"],"deferred":false}
{"verdict":"allow","rules":[],"deferred":false}
{"verdict":"deny","rules":[],"deferred":false,"error":"an unknown escape (column 2)"}
=0'
is "the last line needs no newline" "$(printf 'git push -f' | lines)" $'ask\tgit.force-push\n=0'
is "no line at all" "$(lines </dev/null)" "=0"
is "invalid UTF-8 and raw NUL" "$(printf 'git push -f \xff\nls \0x\n' | lines | cut -f1)" $'ask\ndeny\n=0'
is "unfinished shell text is judged" "$(printf '%s\n' 'git push -f "' 'if true; then git push -f' | lines | cut -f1)" $'ask\nask\n=0'
is "a line of 1 MB" "$({ echo -n 'git push -f '; head -c 1000000 /dev/zero | tr '\0' x; echo; } | lines | cut -f1)" $'ask\n=0'
coproc judge { "$GATESH" check --lines; }
echo 'git push -f' >&"${judge[1]}"; IFS=$'\t' read -r -t 5 first _ <&"${judge[0]}"
echo 'ls' >&"${judge[1]}"; IFS=$'\t' read -r -t 5 second _ <&"${judge[0]}"
is "as a coprocess: each answer before the next line" "$first $second" "ask allow"
yes 'git status' | head -20000 >many
start=${EPOCHREALTIME/./}; "$GATESH" check --lines <many >answers; took=$(((${EPOCHREALTIME/./} - start) / 1000))
diag "20000 lines in $took ms"
is "20000 lines, 20000 answers" "$(grep -c '^allow' answers)" 20000
ok "thousands of lines a second" [ "$took" -lt 10000 ]
printf '%s\n' ls ls | "$GATESH" check --lines >/dev/full 2>/dev/null
is "a full stdout is 74" $? 74
is "a closed stdin is 74 or an empty answer, never a crash" "$("$GATESH" check --lines <&- 2>/dev/null; echo $?)" 74
