#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# origin.t - a question says how the agent came to its command: the agent's name, the script with its line, the goal, the file.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
mkdir -p "$T/ws" "$T/bin" "$XDG_CONFIG_HOME/gate/rules"; cd "$T/ws" || exit 99
printf '#!/bin/sh\n:\n' >"$T/bin/doomsday"; chmod +x "$T/bin/doomsday"; export PATH=$T/bin:$PATH
cat >"$XDG_CONFIG_HOME/gate/rules/doom.rules" <<'END'
rule: test.doom
on: exec
program: doomsday
match: ^doomsday\b
severity: danger
reason: ends the world
hit: doomsday now
miss: echo doomsday
END

# origin COMMAND...: what the first question of a session with this command says
origin() {
	"$GATESH" run --wait-for-answer --agent robot -- "$@" </dev/null >/dev/null 2>&1 &
	wait_for 20 any_question
	"$GATESH" pending --json | python3 -c 'import json,sys; print(json.loads(sys.stdin.readline()).get("origin"))'
	"$GATESH" deny "$("$GATESH" pending | awk 'NR == 1 { print $1 }')" >/dev/null; wait
}

cat >deploy.sh <<'END'
#!/bin/bash
HERE=$1
for i in 1; do
	true
	doomsday "$HERE" "$GONE"/x
	true
done
finish() {
	doomsday finish
}
END
chmod +x deploy.sh
cp deploy.sh fine.sh; printf 'GONE=/tmp\n' >>fine.sh
cp deploy.sh more.sh; printf '. ./settings\n' >>more.sh
printf 'set -e\n( doomsday "${THERE:-x}" ); true\n' >sub.sh
printf 'set -e\nfinish() {\n\tdoomsday finish\n}\ntrue\nfinish\n' >calls.sh
printf 'clean:\n\tdoomsday made\n' >Makefile
printf 'import subprocess\nsubprocess.call(["doomsday", "py"])\n' >clean.py
is "the agent by its name, the line with a variable that nothing sets" "$(origin sh -c './deploy.sh a; :')" \
	'robot > deploy.sh:5 > doomsday "$HERE" "$GONE"/x (GONE is not set)'
is "the environment sets it" "$(GONE=x origin sh -c './deploy.sh a; :')" 'robot > deploy.sh:5 > doomsday "$HERE" "$GONE"/x'
is "the script does" "$(origin sh -c 'bash fine.sh a; :')" 'robot > fine.sh:5 > doomsday "$HERE" "$GONE"/x'
is "another file may" "$(origin sh -c 'bash more.sh a; :')" 'robot > more.sh:5 > doomsday "$HERE" "$GONE"/x'
is "a subshell, and a variable with a default" "$(origin sh -c 'bash sub.sh; :')" 'robot > sub.sh:2 > ( doomsday "${THERE:-x}" ); true'
is "a function's own line" "$(origin sh -c 'bash calls.sh; :')" 'robot > calls.sh:3 > doomsday finish'
is "the agent is the script" "$(origin bash calls.sh)" 'robot > calls.sh:3 > doomsday finish'
is "make's goal" "$(origin sh -c 'make -s clean; :')" 'robot > make clean > doomsday'
is "python's file" "$(origin sh -c 'python3 -B clean.py; :')" 'robot > clean.py > doomsday'
is "a shell's text is left out" "$(origin sh -c 'sh -c "doomsday x; :"; :')" 'robot > doomsday'
is "a script that is not bash's" "$(printf 'doomsday x\n:\n' >plain.sh; origin sh -c 'dash plain.sh; :')" 'robot > plain.sh > doomsday'
if command -v npm >/dev/null; then
	printf '{"name":"x","scripts":{"wipe":"doomsday npm; true"}}' >package.json
	is "npm's script" "$(origin sh -c 'npm run --silent wipe; :')" 'robot > npm run wipe > doomsday'
fi
printf 'doomsday "\x1b[2J$UNSET"\n:\n' >moves.sh
"$GATESH" run --wait-for-answer -- sh -c 'bash moves.sh; :' </dev/null >/dev/null 2>&1 &
wait_for 20 any_question
is "nothing of it moves a cursor" "$("$GATESH" pending --json | grep -c $'\x1b')" 0
"$GATESH" deny "$("$GATESH" pending | awk '{ print $1 }')" >/dev/null; wait
like "the log has it" "$(grep -c '"origin":"robot > deploy.sh:5' "$XDG_STATE_HOME/gate/audit.jsonl")" '^[1-9]'
done_testing
