#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# testpack.t - gatesh test: hits and misses one by one, as a table, TAP and JSON; bad packs.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 18
cd "$T" || exit 99
t() { "$GATESH" test "$@" 2>"$T/err"; echo "=$?"; }
rule() { printf 'rule: %s\non: exec\nprogram: frob\nkeyword: %s\nseverity: danger\nreason: r\nhit: frob %s\nmiss: frob # %s\n\n' "$1" "$2" "${3-$2}" "$2"; }

rule a.b --all >good.rules
is "piped: TAP" "$(t good.rules)" $'1..2\nok 1 - a.b: hit: frob --all\nok 2 - a.b: miss: frob \\# --all\n=0'
is "a table where it is asked for" "$(t --table good.rules)" $'ok  a.b  hit   frob --all\nok  a.b  miss  frob # --all\n2 examples of 1 rule, 0 failed\n=0'
like "a table on a terminal" "$(script -qec "$GATESH test good.rules" /dev/null </dev/null)" '2 examples of 1 rule, 0 failed'
like "TAP on a terminal where it is asked for" "$(script -qec "$GATESH test --tap good.rules" /dev/null </dev/null)" '^1\.\.2'
rule a.b --all --none >bad.rules
is "what fails, why and where, and the status" "$(t bad.rules)" \
	$'1..2\nnot ok 1 - a.b: hit: frob --none\n# has no keyword of a.b, bad.rules:7\nok 2 - a.b: miss: frob \\# --all\n=1'
like "in the table, too" "$(t --table bad.rules)" $'FAILED +a.b +hit +frob --none +has no keyword of a.b\n.*\n2 examples of 1 rule, 1 failed\n=1'
is "--json" "$(t --json bad.rules | python3 -c 'import json,sys
o = json.loads(sys.stdin.readline()); e = o["examples"][0]; print(o["passed"], o["failed"], e["rule"], e["kind"], e["ok"], e["why"], e["line"])')" \
	"1 1 a.b hit False has no keyword of a.b 7"
mkdir -p team/inc
{ printf 'pack: team\nversion: 1\nrequires: gate 0.1\n\ndisable: git.clean\n\n'; rule t.a --all; } >team/pack.rules
{ rule t.b --some; printf 'rule: t.c\non: exec\nprogram: other\nseverity: notice\nreason: r\nhit: other\nmiss: frob --all\n'; } >team/b.rules
like "a pack is a directory, and a miss is tried against all of it" "$(t team)" $'not ok 6 - t.c: miss: frob --all\n# is matched by t.a, team/b.rules:16'
is "an installed pack by its name" "$(t git | tail -1)" "=0"
mkdir -p "$XDG_CONFIG_HOME/gate/rules"; cp -r team "$XDG_CONFIG_HOME/gate/rules/"
sed -i '/^disable/d' "$XDG_CONFIG_HOME/gate/rules/team/pack.rules"
like "a user's, too" "$(t team/ && cd / && t team)" '^1\.\.6'
like "several at once" "$(t good.rules "$GATE_SRC/rules/git.rules" | head -1)" '^1\.\.[1-9][0-9][0-9]$'
is "no such pack: 78, one line" "$(t no-such; cat "$T/err")" \
	$'=78\ngatesh: test: no pack \'no-such\': not a file, a directory or an installed pack'
mkdir empty
is "no rules in it: 78" "$(t empty; cat "$T/err")" $'=78\ngatesh: test: there are no rules in it'
printf 'rule: a.b\non: exec\nmatch: a(b\n' >broken.rules
like "a pack that does not compile: 78, with its place" "$(t broken.rules; cat "$T/err")" $'^=78\nbroken.rules:3:1[0-9]: missing closing parenthesis'
is "no pack named: 64" "$(t; wc -l <"$T/err")" $'=64\n1'
rule a.b $'--\u202ereversed' >bidi.rules 2>/dev/null; sed -i '/^keyword/d' bidi.rules
like "nothing raw reaches the terminal" "$(t bidi.rules)" 'u\{202E\}'
"$GATESH" test good.rules >/dev/full 2>/dev/null
is "a full stdout is 74" $? 74
if command -v prove >/dev/null; then
	printf '#!/bin/sh\nexec "%s" test git.rules\n' "$GATESH" >run.sh; cp "$GATE_SRC/rules/git.rules" .
	like "prove reads it" "$(prove -e sh run.sh 2>&1)" 'All tests successful'
else
	skip "prove reads it" "prove is not installed"
fi
