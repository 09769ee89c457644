#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# hook.t - gatesh hook answers the events of six agents in their own words, in a session and outside; the events are as the agents
# send them, cut to what matters.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99
mkdir ws; cd ws || exit 99

# event AGENT MOMENT TOOL INPUT-JSON: as the agent sends it.
event() {
	local name id='"tool_use_id":"t1",'
	case $1 in
	claude | codex | qwen) case $2 in start) name=SessionStart ;; before) name=PreToolUse ;; after) name=PostToolUse ;; failed) name=PostToolUseFailure ;; esac ;;
	gemini) id=; case $2 in start) name=SessionStart ;; before) name=BeforeTool ;; after) name=AfterTool ;; esac ;;
	copilot)
		case $2 in
		start) printf '{"timestamp":1,"cwd":"%s","source":"new","initialPrompt":"x"}' "$PWD" ;;
		before) printf '{"timestamp":1,"cwd":"%s","toolName":"%s","toolArgs":%s}' "$PWD" "$3" "$(python3 -c 'import json,sys;print(json.dumps(sys.argv[1]))' "$4")" ;;
		after) printf '{"timestamp":1,"cwd":"%s","toolName":"%s","toolArgs":"{}","toolResult":{"resultType":"success"}}' "$PWD" "$3" ;;
		esac
		return ;;
	opencode) printf '{"event":"%s","tool":"%s","id":"c1","args":%s,"cwd":"%s"}' "$2" "$3" "${4:-null}" "$PWD"; return ;;
	esac
	printf '{"session_id":"s1","transcript_path":"/x","cwd":"%s","hook_event_name":"%s",%s"tool_name":"%s","tool_input":%s}' "$PWD" "$name" "$id" "$3" "${4:-null}"
}
# said AGENT MOMENT TOOL INPUT PYTHON [OPTION]: evaluate PYTHON on the answer `a`.
said() { event "$1" "$2" "$3" "$4" | "$GATESH" hook ${6:+"$6"} "$1" | python3 -c "import json,sys; a=json.load(sys.stdin); h=a.get('hookSpecificOutput',{}); print($5)"; }
shell_of() { case $1 in claude | codex) echo Bash ;; gemini | qwen) echo run_shell_command ;; *) echo bash ;; esac; }
file_of() { case $1 in claude) echo Write ;; codex) echo apply_patch ;; gemini | qwen) echo write_file ;; copilot) echo create ;; opencode) echo write ;; esac; }

# --- outside of a session
push='{"command":"git push --force origin main","description":"publish"}'
run="'$GATESH' -c 'git push --force origin main'"
is "claude: the command runs in a session instead, and its own prompts decide" "$(said claude before Bash "$push" "h")" \
	"{'hookEventName': 'PreToolUse', 'updatedInput': {'command': \"$run\", 'description': 'publish'}}"
is "with --allow-tools it says yes to it" "$(said claude before Bash "$push" "h['permissionDecision'], len(h)" --allow-tools)" "allow 3"
is "gemini" "$(said gemini before run_shell_command "$push" "h['tool_input']['command'], sorted(a)")" "$run ['hookSpecificOutput']"
like "qwen runs the model's own command whatever it is told: judged as text, and never allowed" \
	"$(said qwen before run_shell_command "$push" "h['permissionDecision'], h['permissionDecisionReason']" --allow-tools)" '^ask gate: git.force-push \(danger\): rewrites'
is "copilot" "$(said copilot before bash "$push" "a['modifiedArgs']['command'], len(a)")" "$run 1"
is "opencode" "$(said opencode before bash "$push" "a")" "{'args': {'command': \"$run\", 'description': 'publish'}}"
like "codex takes no other command without permission: judged as text" "$(said codex before Bash "$push" "h['permissionDecision'], h['permissionDecisionReason']")" \
	'^deny gate: git.force-push \(danger\): rewrites'
is "codex with --allow-tools" "$(said codex before Bash "$push" "h['permissionDecision'], h['updatedInput']['command']" --allow-tools)" "allow $run"
is "codex: a command that no rule speaks of" "$(said codex before Bash '{"command":"ls"}' "a")" "{}"
like "codex: files can't be looked at" "$(said codex before Bash '{"command":"rm -rf /srv/x"}' "h['permissionDecision'], h['permissionDecisionReason']")" '^deny gate: .*can.t look at the files, nor keep them'
is "a quote in the command" "$(said claude before Bash "$(python3 -c 'import json;print(json.dumps({"command":"echo it'"'"'s"}))')" "h['updatedInput']['command']")" \
	"'$GATESH' -c 'echo it'\\''s'"
ok "which a shell reads back" test "$(bash -c "$(said claude before Bash '{"command":"echo \"a  b\" $((6*7)) '"'c'"'"}' "h['updatedInput']['command']")" </dev/null 2>/dev/null)" = "a  b 42 c"
is "a cd is for the agent's own shell" "$(said claude before Bash '{"command":"cd src"}' "a")" "{}"
is "a file tool can't be judged here: nothing" "$(said claude before Write '{"file_path":"/x","content":"y"}' "a" --allow-tools)" "{}"
is "nor a tool of the web" "$(said claude before WebFetch '{"url":"http://x"}' "a" --allow-tools)" "{}"
for agent in claude codex gemini qwen; do
	is "$agent: at the start, three lines" "$(said $agent start '' '' "len(h['additionalContext'].split(chr(10))), 'Gate' in h['additionalContext'], h['hookEventName']")" "3 True SessionStart"
done
is "copilot too" "$(said copilot start '' '' "len(a['additionalContext'].split(chr(10)))")" 3
is "opencode too" "$(said opencode start '' '' "len(a['context'].split(chr(10)))")" 3

# --- in a session
printf '#!/bin/sh\nexec "$@"\n' >../in.sh
cat >../inside.sh <<'END'
#!/bin/bash
. "$1"/functions; shift
"$@"
END
mkdir ../f; { echo "GATESH=$GATESH"; declare -f event said shell_of file_of; } >../f/functions
in_session() { "$GATESH" run -- bash "$T/inside.sh" "$T/f" "$@" </dev/null 2>"$T/err"; }
is "claude: the session decides" "$(in_session said claude before Bash "$push" "a")" "{}"
like "the start says what is guarded" "$(in_session said claude start '' '' "h['additionalContext']")" 'runs in a session of Gate'
for agent in claude codex qwen; do
	is "$agent: --allow-tools answers its prompts for shell and files, not for others" \
		"$(in_session said $agent before "$(shell_of $agent)" '{"command":"ls"}' "h['permissionDecision']" --allow-tools) $(in_session said $agent before "$(file_of $agent)" '{}' "h['permissionDecision']" --allow-tools) $(in_session said $agent before WebFetch '{}' "a" --allow-tools) $(in_session said $agent before mcp__x__y '{}' "a" --allow-tools) $(in_session said $agent before Read '{}' "a" --allow-tools)" \
		"allow allow {} {} {}"
done
is "gemini" "$(in_session said gemini before run_shell_command '{"command":"ls"}' "a" --allow-tools)" "{'decision': 'allow'}"
is "copilot" "$(in_session said copilot before bash '{"command":"ls"}' "a" --allow-tools)" "{'permissionDecision': 'allow'}"

# --- the question says what the agent said, and the agent hears of the refusal
cat >../agent.sh <<'END'
#!/bin/bash
# An agent: its hooks around what its tools do, in a process of theirs or in its own.  One call before never ended.
. "$1/functions"
tell() { event claude "$1" "$2" "$3" | sed "s/t1/$4/" | "$GATESH" hook claude; }
tell before Bash '{"command":"make clean","description":"clean old builds"}' t1 >/dev/null
tell before Bash '{"command":"git push --force origin '\''main'\''","description":"publish \u001b[2J the site"}' t2 >/dev/null
bash -c "git push --force origin 'main'"; echo "status $?"
tell after Bash '{}' t2
tell before Write '{"file_path":"x"}' t3 >/dev/null
{ : <>/dev/tcp/192.0.2.1/80; } 2>/dev/null # in its own process
tell after Write '{}' t3
tell after Write '{}' t3
git push --force
END
answer() { wait_for 20 any_question; "$GATESH" pending --json >"$T/asked.$1"; "$GATESH" deny "$("$GATESH" pending | awk '{print $1}')" "not on a Friday" >/dev/null; wait_for 20 no_question; }
"$GATESH" run --wait-for-answer --network ask -- bash "$T/agent.sh" "$T/f" </dev/null >"$T/out" 2>"$T/err" &
agent=$!
answer 1; answer 2; answer 3; wait $agent
like "the question has the agent's words, and nothing that moves a cursor" "$(cat "$T/asked.1")" '"says":"claude says: \\"publish \\u001B\[2J the site\\""'
like "the log has them" "$(grep -c 'claude says' "$XDG_STATE_HOME/gate/audit.jsonl")" '^[1-9]'
is "a shell's command has printed its refusal" "$(sed -n 2p "$T/out")" "{}"
like "the model hears of a file tool's refusal, with the person's sentence" "$(sed -n 3p "$T/out")" 'PostToolUse.*gate: refused: .*not on a Friday'
is "once" "$(sed -n 4p "$T/out")" "{}"
is "a command of no call says nothing" "$(grep -c '"says"' "$T/asked.3")" 0

# --- what is not an event
is "not JSON" "$(echo 'x' | "$GATESH" hook claude 2>&1; echo $?)" "gate: hook: stdin: this is not a hook's event, which is a JSON object"$'\n'1
is "an event that nobody knows: nothing" "$(echo '{"hook_event_name":"Stop"}' | "$GATESH" hook claude)" "{}"
like "an unknown agent" "$("$GATESH" hook claud </dev/null 2>&1)" "did you mean 'claude'"
done_testing
