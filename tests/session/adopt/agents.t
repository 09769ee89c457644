#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# agents.t - real agents, where they are installed, with a scripted model: gatesh install, then the agent by its name and with its hooks
# alone.  GATE_AGENTS is a directory of their programs, if PATH does not have them.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99
unset CLAUDE_CONFIG_DIR XDG_DATA_HOME
export SHELL=/bin/bash
PATH=${GATE_AGENTS:+$GATE_AGENTS:}$PATH
shims=$HOME/.local/share/gate/bin
pids=()
test_cleanup() { [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null; }
# model SCRIPT-JSON: start the model; sets $port.
model() {
	printf '%s' "$1" >script; : >said; : >port
	"$GATE_SRC/tests/support/scripted_model.py" script said >port & pids+=($!)
	wait_for 20 test -s port; port=$(cat port)
}
# read_by_model TEXT: did the model read it?
read_by_model() { python3 -c 'import json,sys; sys.exit(not any(sys.argv[1] in json.loads(l)["text"] for l in open("said")))' "$1"; }
workspace() { # a repository whose remote has a commit of somebody else, and files that are old
	rm -rf "$T/ws" "$T/remote.git"; git init -q --bare -b main "$T/remote.git"
	git -c init.defaultBranch=main clone -q "$T/remote.git" "$T/ws" 2>/dev/null; cd "$T/ws" || exit
	git config user.name a; git config user.email a@example.org; git checkout -q -b main 2>/dev/null
	mkdir old; echo 1 >old/a; echo 2 >old/b; echo kept >notes.md; git add .; git commit -qm one; git push -q origin main
	sleep 1.1 # files are older than the session
}
run_claude() {
	(cd "$T/ws" && ANTHROPIC_BASE_URL=http://127.0.0.1:$port ANTHROPIC_API_KEY=sk-ant-dummy IS_SANDBOX=1 DISABLE_AUTOUPDATER=1 \
		timeout 180 claude -p "do it" </dev/null >"$T/out" 2>"$T/err")
}

if command -v claude >/dev/null && [ "$(command -v claude)" != "$shims/claude" ]; then
	printf '{"hasCompletedOnboarding":true,"bypassPermissionsModeAccepted":true,"customApiKeyResponses":{"approved":["sk-ant-dummy"],"rejected":[]}}' >"$HOME/.claude.json"
	"$GATESH" install --yes --allow-tools claude >install.out 2>&1
	is "claude: installed" "$(grep -c 'hook claude' "$HOME/.claude/settings.json")" 4
	workspace
	cd "$T" || exit
	model '[["Bash",{"command":"rm -rf old","description":"clean old builds"}],["Bash",{"command":"git push --force origin main","description":"publish"}],["Write",{"file_path":"'"$T"'/ws/new.md","content":"x"}]]'
	PATH=$shims:$PATH run_claude; status=$?
	is "by its name: no prompt of its own stood in its way" "$status $(grep -c . "$T/ws/new.md")" "0 1"
	ok "its model was told at the start" read_by_model "This agent runs in a session of Gate"
	ok "and what was kept" read_by_model "gate: 2 files were kept; the user restores them by \`gatesh undo --command"
	ok "and the refusal" read_by_model "git push --force"
	like "the log joins the refusal to what the agent said" "$(grep '"says"' "$XDG_STATE_HOME/gate/audit.jsonl")" 'claude says: \\"publish\\"'
	is "gatesh undo brings the files back" "$(cd ws && "$GATESH" undo --yes old >/dev/null 2>&1; cat old/a old/b | tr '\n' ' ')" "1 2 "

	workspace
	cd "$T" || exit
	model '[["Bash",{"command":"rm -rf old && echo done","description":"clean old builds"}]]'
	run_claude; status=$?
	is "by its hooks alone: its commands run in a session" "$status $(cd ws && "$GATESH" undo --yes old >/dev/null 2>&1; cat old/a)" "0 1"
	ok "its model was told at the start" read_by_model "Gate (gatesh) judges the shell commands of this agent"
	ok "and has the command's output" read_by_model "done"
	"$GATESH" uninstall --yes claude >/dev/null 2>&1
	is "uninstalled" "$(grep -c gatesh "$HOME/.claude/settings.json" 2>/dev/null) $(ls "$shims")" "0 "
else
	skip "claude" "Claude Code is not installed"
fi
done_testing
