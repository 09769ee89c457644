#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# usage.t - what every command has in common: help on stdout, usage errors of one line, and a place in the manual.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 42
manual=$GATE_SRC/man/gatesh.1.scd
commands=$("$GATESH" --help | awk '/^  [a-z]/ { print $1 }')

is "no command: the companion shell, with nothing to do" "$("$GATESH" </dev/null 2>&1; echo $?)" 0
is "--help: 0, on stdout" "$("$GATESH" --help 2>&1 >"$T/out"; echo $?) $(head -1 "$T/out")" "0 usage: gatesh COMMAND [ARG ...]"
like "--version" "$("$GATESH" --version)" '^gatesh [0-9]+\.[0-9]+'
is "an unknown command: 64, one line, escaped" "$("$GATESH" $'no\e[2Jsuch' 2>"$T/err"; echo $?) $(cat "$T/err")" \
	"64 gatesh: no command 'no\\e[2Jsuch'; gatesh --help lists them"

# --- did you mean
err() { { "$GATESH" "$@" >/dev/null; } 2>&1; echo $?; }
is "a command with two letters swapped" "$(err rnu)" \
	"gatesh: no command 'rnu'; did you mean 'run'? gatesh --help lists them"$'\n'64
is "a command that people don't start is not suggested" "$(err sessio)" \
	"gatesh: no command 'sessio'; did you mean 'sessions'? gatesh --help lists them"$'\n'64
is "a long option" "$(err run --servcie agent -- true)" \
	"gatesh: run: no option '--servcie'; did you mean '--service'? gatesh run --help lists them"$'\n'64
is "with a value" "$(err log --verdcit=deny)" \
	"gatesh: log: no option '--verdcit'; did you mean '--verdict'? gatesh log --help lists them"$'\n'64
is "an option of a command with --json alone" "$(err doctor --jsno)" \
	"gatesh: doctor: no option '--jsno'; did you mean '--json'? gatesh doctor --help lists them"$'\n'64
is "an option of undo prune" "$(err undo prune --oldr 3d | head -1)" \
	"gatesh: undo prune: no option '--oldr'; did you mean '--older'? gatesh undo prune --help lists them"
is "an abbreviation of two" "$(err log --s x)" \
	"gatesh: log: '--s' can be --session or --since; try gatesh log --help"$'\n'64
is "a value where none goes" "$(err log --json=1)" "gatesh: log: '--json' takes no value; try gatesh log --help"$'\n'64
is "a missing value" "$(err log --rule)" "gatesh: log: '--rule' needs a value; try gatesh log --help"$'\n'64
is "a letter among others" "$(err log --json -fx)" "gatesh: log: no option '-x'; try gatesh log --help"$'\n'64
is "--network" "$(err run --network aks -- true)" \
	"gatesh: run: --network takes log, ask or allow-listed, not 'aks'; did you mean 'ask'? gatesh run --help lists them"$'\n'64
is "--verdict" "$(err log --verdict alow)" \
	"gatesh: log: --verdict takes allow or deny, not 'alow'; did you mean 'allow'? gatesh log --help lists them"$'\n'64
is "--event" "$(err log --event conect)" \
	"gatesh: log: --event takes exec, unlink, rename, truncate, write, read, connect, statement, request or signal, not 'conect'; did you mean 'connect'? gatesh log --help lists them"$'\n'64
for c in log rules undo; do
	is "$c --since" "$(err $c --since 10x)" \
		"gatesh: $c: --since takes a time span (10m) or a time (2026-11-23T13:10), not '10x'; try gatesh $c --help"$'\n'64
done
is "nothing is near: no suggestion" "$(err log --verdict x-x-x-x)" \
	"gatesh: log: --verdict takes allow or deny, not 'x-x-x-x'; try gatesh log --help"$'\n'64
is "the word behind allow ID" "$(err allow 1 sesion)" \
	"gatesh: allow: the word behind ID takes session, not 'sesion'; did you mean 'session'? gatesh allow --help lists them"$'\n'64
is "gatesh show: a listing" "$(err show packks)" "gatesh: show: no rule 'packks'; did you mean 'packs'? gatesh show rules lists them"$'\n'1
is "and a rule" "$(err show git.force-psuh)" \
	"gatesh: show: no rule 'git.force-psuh'; did you mean 'git.force-push'? gatesh show rules lists them"$'\n'1
is "a word that is shown is escaped" "$(err run --network $'\e[2J' -- true)" \
	"gatesh: run: --network takes log, ask or allow-listed, not '\\e[2J'; try gatesh run --help"$'\n'64

# --- gatesh help
is "gatesh help: the list" "$("$GATESH" help)" "$("$GATESH" --help)"
is "gatesh help COMMAND: what COMMAND --help prints, of every command" "$(for c in $commands; do
	[ "$("$GATESH" help "$c" 2>&1)" = "$("$GATESH" "$c" --help)" ] || echo "$c"
done)" ""
is "gatesh help runs nothing" "$(err help run touch)" "gatesh: help: takes one command; try gatesh help --help"$'\n'64
is "gatesh help nonsense" "$(err help undoo)" "gatesh: no command 'undoo'; did you mean 'undo'? gatesh --help lists them"$'\n'64
is "gatesh help of nothing near" "$(err help xyzzy-plugh)" "gatesh: no command 'xyzzy-plugh'; gatesh --help lists them"$'\n'64

# --- gatesh --version
"$GATESH" --version >"$T/version"
is "--version: the version alone on the first line" "$(grep -c '^gatesh [0-9.]*$' "$T/version") $(head -1 "$T/version")" "1 $(head -1 "$T/version")"
is "the places that this build reads" "$(sed -nE 's/^(services|rules|gate.conf|modules|interposer|gate-standin) +//p' "$T/version")" \
	"$("$GATESH" show service | sed -nE 's/^(services|rules|gate.conf|modules|interposer|gate-standin) +//p')"
is "a place that is there is not called missing" "$(grep -c "^interposer  *$GATE_STAGE/.*libgate-preload.so\$" "$T/version")" 1
like "libraries and build options" "$(cat "$T/version")" \
	'pcre2 [0-9.]+, jansson [0-9.]+, libvterm [0-9.]+, readline [0-9.]+.*desktop notifications: (yes|no)'

is "--help of every command: 0, on stdout" "$(for c in $commands; do
	"$GATESH" "$c" --help >"$T/out" 2>"$T/err" || echo "$c: $?"
	head -1 "$T/out" | grep -q "^usage: gatesh $c" || echo "$c: $(head -1 "$T/out")"
	[ -s "$T/err" ] && echo "$c: stderr"
done)" ""
is "an unknown option of every command: 64, one line, nothing on stdout" "$(for c in $commands; do
	"$GATESH" "$c" --no-such >"$T/out" 2>"$T/err"
	[ "$? $(wc -l <"$T/err") $(wc -c <"$T/out")" = "64 1 0" ] || echo "$c: $(cat "$T/err")"
	grep -q "^gatesh: $c: .*no-such.*gatesh $c --help" "$T/err" || echo "$c: $(cat "$T/err")"
done)" ""
is "a full stdout is not taken for success" "$(for c in $commands; do
	"$GATESH" "$c" --help >/dev/full 2>/dev/null && echo "$c"
done)" ""
is "a closed stdout neither" "$("$GATESH" doctor --help >&- 2>/dev/null; echo $?)" 74
is "lines of help fit a terminal" "$(for c in $commands; do "$GATESH" "$c" --help | grep -E '.{111}'; done)" ""
is "the manual has every command" "$(for c in $commands; do grep -qE "^## gatesh (allow, gatesh )?$c\$|^## gatesh $c," "$manual" || echo "$c"; done)" ""
is "and every option" "$(for c in $commands; do
	"$GATESH" "$c" --help | grep -oE '^ +(-[a-z], +)?--[a-z-]+' | grep -oE -- '--[a-z-]+' | while read -r o; do
		grep -q -- "\\*$o\\*" "$manual" || echo "$c $o"
	done
done)" ""
if [ -f "$GATE_STAGE/share/man/man1/gatesh.1" ]; then
	like "the manual is installed" "$(head -20 "$GATE_STAGE/share/man/man1/gatesh.1")" 'gatesh'
else
	skip "the manual is installed" "built without scdoc"
fi
