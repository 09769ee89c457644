#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# late.t - an agent waits for less long than a person needs: its command is refused before that, the question stays open, and the
# answer counts when the command is run again.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/term.sh"
mkdir "$T/ws"; cd "$T/ws" || exit 99
echo "3 worlds" >"$T/worlds"
cat >"$XDG_CONFIG_HOME/gate/rules/late.rules" <<END
rule: test.shrink
on: exec
program: shrink
match: ^shrink\b
severity: danger
reason: shrinks a world
preview: cat $T/worlds
hit: shrink now
miss: echo shrink
END
cp "$T/bin/doomsday" "$T/bin/shrink"
log=$XDG_STATE_HOME/gate/audit.jsonl

# --- on the terminal
export GATE_TOOL_LIMIT=4s
gated_shell 80 24; unset GATE_TOOL_LIMIT
line "doomsday now"; ready "ends the world"
ok "at first the question says nothing of it" hides "told to run this again"
sees "told to run this again"; screen >"$T/late.screen"
like "then the panel says that the agent waits no longer" "$(cat "$T/late.screen")" 'later    the agent was told to run this again; an answer counts once for'
like "and gatesh pending" "$("$GATESH" pending)" ' s, later +danger +test.doom'
keys y; wait_for 20 no_question; lost "told to run this again"
like "the command was refused, and says why" "$(screen | tr -d '\n')" 'gate: refused for now: doomsday now: test.doom \(danger\): ends the world\. *A person is being asked; run it again *later\.'
line "clear"; line "doomsday now; echo status \$?"; sees "status 0"
is "run again it runs, unasked" "$(cat "$DONE")" now
line "clear"; line "doomsday now; echo status \$?"; ready "ends the world"; keys n; sees "status 126"
like "once" "$(screen | tr -d '\n')" 'The person said *no'

line "clear"; line "shrink a; echo status \$?"; ready "3 worlds"; sees "told to run this again"; keys y; sees "status 126"
echo "9 worlds" >"$T/worlds"
line "clear"; line "shrink a; echo status \$?"; ready "9 worlds"
like "a preview that shows something else asks anew" "$(screen)" 'later    you allowed this [0-9]+ s ago; the preview shows something else now'
keys y; sees "status 0"
line "clear"; line "shrink b; echo status \$?"; ready "9 worlds"; sees "told to run this again"; keys y; sees "status 126"
line "clear"; line "shrink b; echo status \$?"; sees "status 0"
is "one that shows the same does not" "$(grep -c . "$DONE")" 3
line "clear"; line "doomsday critically; echo status \$?"; ready "ends every world"; sees "status 126"
like "an answer to a critical question can't count later" "$(screen | tr -d '\n')" 'Nobody answered in time'
ok "so it is closed" no_question

# run again while the question is open, it waits for the same answer
line "clear"; line "doomsday twice; echo status \$?"; ready "ends the world"; sees "told to run this again"
"$GATESH" pending --json | grep -q '"askers": *0'; is "nobody waits" $? 0
keys e; typed "not on a Friday"; keys Enter; sees "status 126"
line "clear"; line "doomsday twice; echo status \$?"; sees "status 126"
like "a no counts too, with the person's sentence" "$(screen | tr -d '\n')" 'The person said: "not on a Friday"'
grep '"twice"' "$log" >"$T/twice"
is "the log has the refusal, the answer and its use" "$(grep -c '"come_back":true' "$T/twice") $(grep -c '"late":true.*"by":"terminal"' "$T/twice") $(grep -c '"by":"terminal, [0-9]* s before"' "$T/twice")" "1 1 1"
keys C-d; wait_for 20 sh -c "[ -z \"\$('$GATESH' sessions)\" ]"

# --- where a hook tells of the limit
cat >"$T/agent.sh" <<'END'
#!/bin/bash
# tell TIMEOUT COMMAND: a tool call of Claude Code's, and its shell
call() {
	printf '{"hook_event_name":"PreToolUse","cwd":"%s","tool_use_id":"t","tool_name":"Bash","tool_input":{"command":"%s"%s}}' "$PWD" "$2" "$1" | "$GATESH" hook claude >/dev/null
	bash -c "$2; :"; echo "$2: $?"
}
call ',"timeout":3000' "doomsday hooked"
until [ -e "$T/go" ]; do sleep 0.05; done
call ',"timeout":3000' "doomsday hooked"
END
export T GATESH
"$GATESH" run --wait-for-answer -- bash "$T/agent.sh" </dev/null >"$T/out" 2>"$T/err" &
agent=$!
wait_for 20 grep -q 'run it again later' "$T/err"; ok "the call's own limit counts" test $? = 0
"$GATESH" allow "$("$GATESH" pending | awk '{ print $1 }')"; wait_for 20 no_question; : >"$T/go"; wait $agent
like "and its second call runs" "$(tail -1 "$DONE")" hooked

is "a limit that is none" "$(GATE_TOOL_LIMIT=soon "$GATESH" run -- true 2>&1; echo $?)" \
	"gate: GATE_TOOL_LIMIT: 'soon': it takes a time of up to 24 hours, such as 110s or 2m"$'\n'64
done_testing
