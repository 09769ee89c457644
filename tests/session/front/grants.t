#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# grants.t - "this session": what it covers, gatesh grants, taking it back; gatesh freeze and thaw.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
cd "$T" || exit 99

# A session without a terminal, whose shell reads commands from a pipe.  inside COMMAND: run it there; its status in $T/status.
mkfifo "$T/in"
setsid "$GATESH" run --wait-for-answer -a tester -- bash --norc <"$T/in" >"$T/out" 2>"$T/err" &
exec 7>"$T/in"
inside() { rm -f "$T/status"; echo "$1; echo \$? >$T/status" >&7; }
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }
waiting() { [ "$("$GATESH" pending --json | wc -l)" = "$1" ]; }
asked() { inside "$1"; wait_for 10 waiting 1; }
g() { "$GATESH" "$@"; }
wait_for 10 any_session

asked "doomsday a"
like "what the session would cover is told before" "$(g pending --json)" '"covers":"test.doom with exactly these arguments in '
ok "allowed for the session" g allow 1 session
is "it runs" "$(status)" 0
like "the grant is listed" "$(g grants)" "^[0-9a-f]{8}\.1 +[0-9:]{8} +used 0 +gatesh allow.* test.doom: doomsday a, in $T\$"
inside "doomsday a; doomsday a"; is "what it covers is not asked again" "$(status)" 0
like "and counted" "$(g grants --json)" '"covers":"test.doom: doomsday a, in [^"]*","by":"gatesh allow","since":[0-9]+,"used":2'
like "with its rule and session" "$(g grants --json)" '"id":1,"rule":"test.doom".*"session":"[0-9a-f]{8}"'
asked "doomsday a b"; ok "it never grows: more arguments ask" waiting 1; g deny 2; is "and are refused" "$(status)" 126
mkdir -p "$T/other"; asked "cd $T/other; doomsday a"; ok "another directory asks" waiting 1; g deny 3; status >/dev/null
inside "cd $T; doomsday a"; is "the first one still goes" "$(status)" 0

g grants revoke 7 2>"$T/e"; is "no such grant: 1" $? 1
like "and says so" "$(cat "$T/e")" "no grant 7 is in force \(gatesh grants lists them\)"
ok "revoke" g grants revoke 1
is "it is gone from the list" "$(g grants)" ""
asked "doomsday a"; ok "and is asked again" waiting 1; g deny 4; is "and refused" "$(status)" 126
g grants revoke 2>/dev/null; is "revoke nothing: 64" $? 64
g grants remove 1 2>/dev/null; is "another word: 64" $? 64

asked "doomsday critically"
unlike "nothing is offered for the session when it is critical" "$(g pending --json)" '"covers"'
g allow 5 session 2>"$T/e"; is "and it cannot be given" $? 1
like "and says so" "$(cat "$T/e")" "cannot be allowed for the session"
g allow 5 2>/dev/null; is "nor allowed without its word" $? 1
ok "its word does" g allow --word critical 5
is "it runs" "$(status)" 0
is "and there is no grant" "$(g grants)" ""

# --- freeze
asked "doomsday f"; ok "freeze" g freeze
is "the open question is refused" "$(status)" 126
inside "/bin/ls $T/other"; is "everything is: also what no rule is about" "$(status)" 126
like "and the agent is told" "$(cat "$T/err")" "gate: refused: .*ls: the person has frozen this session; nothing runs until it is thawed"
inside "echo builtin"; is "what runs already goes on" "$(status)" 0
g freeze deadbeef 2>"$T/e"; is "no such session: 1" $? 1
is "and says so" "$(cat "$T/e")" "gate: no session 'deadbeef' is running (gatesh sessions lists them)"
like "the log has it" "$(g log --json | grep '"frozen\|is frozen by' | tail -1)" '"verdict":"deny".*"reason":"the session is frozen by gatesh freeze'
id=$(g sessions | awk '{ print $1 }')
ok "thaw, by the beginning of its id" g thaw "${id:0:3}"
inside "/bin/ls $T/other"; is "and all is as before" "$(status)" 0
asked "doomsday f"; ok "questions are asked" waiting 1; g allow 7; is "and answered" "$(status)" 0

asked "doomsday g"; g allow 8 session; status >/dev/null
exec 7>&-; wait
is "a grant ends with its session" "$(g grants)" ""

# --- a policy can forbid grants: the person's own stack asks without offering one, and one made elsewhere is nothing to it
mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"
echo "exec required gate_confirm.so session=no" >"$XDG_CONFIG_HOME/gate/gate.d/agent"
setsid "$GATESH" run --wait-for-answer -- bash --norc <"$T/in" >"$T/out" 2>"$T/err" &
exec 7>"$T/in"
wait_for 10 any_session
asked "doomsday a"; g allow 1 session; status >/dev/null
asked "doomsday a"; unlike "session=no: it is asked again, and the session not offered" "$(g pending --json)" '"covers"'
g allow 2 session 2>"$T/e"; is "nor can it be given" $? 1
g deny 2; is "no" "$(status)" 126
exec 7>&-; wait
done_testing
