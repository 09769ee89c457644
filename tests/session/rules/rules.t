#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# rules.t - gatesh rules: list, search, and what of the rules the audit log has seen; new-rule: a stanza from a command.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 32
cd "$T" || exit 99
rules() { "$GATESH" rules "$@" 2>"$T/err"; echo "=$?"; }
get() { python3 -c 'import json,sys; o = json.loads(sys.stdin.readline()); print(eval(sys.argv[1], {"o": o}))' "$1"; }

is "as many as show has" "$("$GATESH" rules | wc -l)" "$("$GATESH" show | wc -l)"
like "a word is looked for in ids, reasons, programs and keywords" "$(rules committed)$(rules wipefs)$(rules FORCE-PUSH)" '=0.*=0.*git.force-push .*=0'
is "several words: all of them" "$("$GATESH" rules git force | awk '$1 !~ /git/ && $0 !~ /git/')" ""
is "a glob is about the id" "$("$GATESH" rules 'git.reset-*' | awk '{ print $1 }')" "$(sed -n 's/^rule: \(git.reset-.*\)/\1/p' "$GATE_SRC"/rules/*.rules)"
is "nothing found is 1" "$(rules no-rule-has-this)" "=1"
is "--json" "$("$GATESH" rules -j git.force-push | get '[(r["rule"], r["pack"] if "pack" in r else None, r["line"] > 1) for r in o["rules"]]')" "[('git.force-push', None, True)]"

log=$XDG_STATE_HOME/gate/audit.jsonl
like "no log yet: nothing ever matched, and that is said" "$(rules -c git.force-push; cat "$T/err")" $'git.force-push +0 +0 +never .*1 never matched; 0 in the log.*=0\ngatesh: rules: nothing was decided yet'
"$GATESH" run -- sh -c 'git push -f; git push -f; git clean -n' </dev/null >/dev/null 2>&1
like "coverage counts the log" "$(rules -c 'git.*')" 'git.force-push +2 +2 +20[0-9-]+T[0-9:.]+Z +danger'
unlike "--unused leaves those out" "$(rules -u 'git.*')" 'git.force-push'
like "and has the others" "$(rules -u 'git.*')" 'git.clean +0 +0 +never'
like "--since: not that long ago" "$(rules -c --since 2999-01-01 git.force-push)" 'git.force-push +0 '
{ echo garbage; echo '{"v":1,"rules":["old.rule","git.clean",5],"verdict":"allow","time":"2026-01-01T00:00:00.000Z"}'
	echo '{"v":9}'; printf '{"v":1,"rules":["git.cl'; } >other.jsonl
like "another log, with garbage, another version and a torn line" "$(rules -c --log other.jsonl git.clean; cat "$T/err")" \
	$'git.clean +1 +0 +2026-01-01.*1 in the log but not loaded\n=0\n.*:1: not a line of the audit log, skipped\n.*:3: from another version of gate, skipped\n.*:4: torn, skipped'
is "--json of coverage" "$("$GATESH" rules -c -j --log other.jsonl git.clean 2>/dev/null | get '(o["gone"], [(r["rule"], r["seen"], r["denied"], r["last"][:4]) for r in o["rules"]])')" \
	"(['old.rule'], [('git.clean', 1, 0, '2026')])"
like "a log that is not there is 74" "$(rules -c --log no.jsonl; cat "$T/err")" '=74.*no.jsonl: No such file'
is "--log without coverage is bad usage" "$(rules --log x; wc -l <"$T/err")" $'=64\n1'
like "--rules: those instead" "$(rules -r "$GATE_SRC/rules/git.rules" | head -1)$("$GATESH" rules -r "$GATE_SRC/rules/git.rules" kubectl; echo "=$?")" '^git\..*=1$'
like "a bad pack is 78" "$(echo x >bad.rules; rules -r bad.rules; cat "$T/err")" '=78.*bad.rules:1:1: '
"$GATESH" rules >/dev/full 2>/dev/null
is "a full stdout is 74" $? 74

# --- new-rule: what it prints passes lint as it is
new() { "$GATESH" new-rule "$@" 2>"$T/err"; echo "=$?"; }
passes() { "$GATESH" new-rule "$@" >new.rules 2>/dev/null && "$GATESH" lint new.rules >lint.out 2>&1; }
field() { sed -n "s/^$1: //p" new.rules; }
ok "from a command: passes lint as printed" passes -- frobctl volume destroy vol-1 --yes
is "its program, keyword, hit, and a miss without the dangerous word" "$(field program) $(field keyword) / $(field hit) / $(field miss)" \
	"frobctl destroy / frobctl volume destroy vol-1 --yes / frobctl volume vol-1 --yes"
bad=
while IFS= read -r words; do
	eval "passes -- $words" || bad+="$words: $(cat new.rules lint.out)"$'\n'
done <<'END'
frob
frob 'two words' "it's"
frob $'new\nline' $'\e[2J'
sudo -u x sh -c 'cd /srv && frobctl wipe-all --now'
ssh host frobctl purge everything
./bin/frob+1.2 'a.b(c)' --force=yes '(' ';x'
frob -C /x push --force 'a --force b'
frob $'\xff\xfe' drop
/opt/x/Frob --DELETE
env -i frob remove
END
is "whatever it is: odd words, wrappers, patterns' characters" "$bad" ""
"$GATESH" new-rule -- ./bin/frob+1.2 'a.b(c)' --force=yes >new.rules 2>/dev/null
is "the pattern's special characters are escaped" "$(field match)" '^frob\+1\.2.* --force(?:[ =]|$)'
like "--id; a name that is taken gets a number" "$(new --id my.rule -- frob x | grep rule:)$("$GATESH" new-rule -- frob x | grep ^rule:)" 'rule: my.rule.*rule: local.frob'
like "a rule that knows it is told" "$(new -- git push -f >/dev/null; cat "$T/err")" 'gatesh: new-rule: git.force-push already matches this command'
line=$("$GATESH" log --numbers | awk '/git push -f/ { print $1; exit }')
like "from the log: by line" "$(new "$line")" $'hit: git push -f\nmiss: git push\n=0'
is "a line that is not there is 1" "$(new 9999; cat "$T/err")" $'=1\ngatesh: new-rule: 9999: not in the log'
id=$(sed -n 's/.*"session":"\([^"]*\)".*/\1/p' "$log" | head -1)
printf '{"v":1,"session":"%s","id":7,"event":"exec","argv":["frobctl","nuke"],"verdict":"deny"}\n{"v":1,"session":"s","id":8,"event":"exec","argv":"x"}\n' "$id" >>"$log"
like "by its question" "$(new "$id.7")" $'keyword: nuke\n'
like "a line without a command is 1" "$(new s.8; cat "$T/err")" '=1.*that line of the log has no command'
like "another log, garbage told" "$(new --log other.jsonl 2; cat "$T/err")" '=1.*:1: not a line of the audit log'
like "no log there is 74" "$(new --log no.jsonl 2; cat "$T/err")" '=74.*no.jsonl'
is "bad usage is 64, one line" "$(new; wc -l <"$T/err")$(new a b; wc -l <"$T/err")$(new x.y.z; wc -l <"$T/err")" $'=64\n1=64\n1=64\n1'
"$GATESH" new-rule -- frob >/dev/full 2>/dev/null
is "a full stdout is 74 there, too" $? 74
