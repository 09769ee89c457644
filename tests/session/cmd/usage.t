#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# usage.t - what every command has in common: help on stdout, usage errors of one line, and a place in the manual.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 12
manual=$GATE_SRC/man/gatesh.1.scd
commands=$("$GATESH" --help | awk '/^  [a-z]/ { print $1 }')

is "no command: the companion shell, with nothing to do" "$("$GATESH" </dev/null 2>&1; echo $?)" 0
is "--help: 0, on stdout" "$("$GATESH" --help 2>&1 >"$T/out"; echo $?) $(head -1 "$T/out")" "0 usage: gatesh COMMAND [ARG ...]"
like "--version" "$("$GATESH" --version)" '^gatesh [0-9]+\.[0-9]+'
is "an unknown command: 64, one line, escaped" "$("$GATESH" $'no\e[2Jsuch' 2>"$T/err"; echo $?) $(cat "$T/err")" \
	"64 gatesh: no command 'no\\e[2Jsuch'; gatesh --help lists them"
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
