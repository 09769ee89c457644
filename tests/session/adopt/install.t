#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# install.t - gatesh install, uninstall and status: the settings of agents and shells are changed as a careful person would, once,
# and become what they were, byte by byte.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99
unset CLAUDE_CONFIG_DIR CODEX_HOME COPILOT_HOME ZDOTDIR XDG_DATA_HOME
export SHELL=/bin/bash XDG_CONFIG_HOME=$HOME/.config

mkdir -p bin
for agent in claude codex gemini opencode qwen copilot; do
	printf '#!/bin/sh\necho "%s ran: $*; session=${GATE_SESSION:+yes} PATH=$PATH"\n' $agent >bin/$agent; chmod +x bin/$agent
done
PATH=$T/bin:$PATH
shims=$HOME/.local/share/gate/bin settings=$HOME/.claude/settings.json
install() { "$GATESH" install --yes "$@"; }
uninstall() { "$GATESH" uninstall --yes "$@"; }
sum() { (cd "$HOME" && find . -type f ! -path './.local/*' -exec sha256sum {} + | sort -k2); }

# --- a person's own settings: comments, tabs, order, a comma behind the last item
mkdir -p "$HOME/.claude" "$HOME/.gemini" "$HOME/.codex"
printf '// mine\n{\n\t"theme": "dark", // not light\n\t/* hooks of my own */\n\t"hooks": {\n\t\t"PreToolUse": [\n\t\t\t{"matcher": "Bash", "hooks": [{"type": "command", "command": "my-hook"}]}, // keep\n\t\t],\n\t},\n\t"model": "opus",\n}\n' >"$settings"
chmod 640 "$settings"
printf '{"security":{"auth":{"selectedType":"gemini-api-key"}}}' >"$HOME/.gemini/settings.json"
printf 'alias ll="ls -l"' >"$HOME/.bashrc"
cp "$settings" mine
before=$(sum)

is "--dry-run changes nothing" "$("$GATESH" install --dry-run claude >dry 2>&1; echo $?; sum)" "0"$'\n'"$before"
like "and shows the lines" "$(cat dry)" 'settings.json'
like "with a mark" "$(cat dry)" $'\n  \\+ .*gatesh hook claude'
is "without a terminal, it asks nobody" "$("$GATESH" install claude </dev/null 2>&1 >/dev/null; echo $?)" \
	"gatesh: install: no terminal to ask on; --yes does not ask; try gatesh install --help"$'\n'64
is "and has changed nothing" "$(sum)" "$before"

install claude >out 2>&1; is "install claude" "$? $(grep -c 'hook claude' "$settings")" "0 4"
is "every line that was there is still there" "$(diff mine "$settings" | grep '^<')" ""
is "its mode too" "$(stat -c %a "$settings")" 640
like "a new array at the end of the hooks, in the person's tabs" "$(cat "$settings")" $'\n\t\t"SessionStart": \\[\n\t\t\t\\{\n\t\t\t\t"hooks": \\['
like "the entry stands behind the person's own, and its comment" "$(cat "$settings")" $'// keep\n\t\t\t\\{\n\t\t\t\t"matcher": "Bash\\|Edit'
is "the shim runs the agent in a session" "$(PATH=$shims:$PATH claude -p 'two words' </dev/null 2>&1 | grep -o 'claude ran.*session=yes')" \
	"claude ran: -p two words; session=yes"
unlike "whose PATH has no shims" "$(PATH=$shims:$PATH claude </dev/null 2>&1 | grep ran)" "$shims"
like "the startup file puts the shims first in PATH" "$(bash -c '. "$HOME/.bashrc"; type -p claude')" "^$shims/claude\$"
after=$(sum)
is "again: nothing" "$(install claude; sum)" "Everything is installed already."$'\n'"$after"
like "status" "$(PATH=$shims:$PATH "$GATESH" status)" 'claude +starts in a session, tells Gate of each tool call'
like "of one that is not" "$("$GATESH" status)" 'codex +not gated'
like "by which way, and since which version" "$(PATH=$shims:$PATH "$GATESH" status)" "\(shim and hooks, since Gate $("$GATESH" --version | sed -n '1s/^gatesh //p')\)"
mkdir -p node/claude-code/bin elsewhere; cp bin/claude node/claude-code/bin/claude.exe; ln -s "$T/node/claude-code/bin/claude.exe" elsewhere/claude
echo '{"name": "claude-code", "version": "2.1.197"}' >node/claude-code/package.json
like "the version of the agent, which is not started" "$(PATH=$T/elsewhere:$PATH "$GATESH" status)" 'claude .*; version 2\.1\.197\)'
echo '{"version": "\u001b[2J"}' >node/claude-code/package.json
unlike "a version that is none is not shown" "$(PATH=$T/elsewhere:$PATH "$GATESH" status)" 'version'
like "as JSON" "$("$GATESH" status --json | head -1)" '"agent":"claude".*"hooks":true'
like "doctor says it" "$(PATH=$shims:$PATH "$GATESH" doctor)" 'claude +starts in a session'
like "and what is not gated" "$("$GATESH" doctor)" 'codex +not gated'

install --allow-tools claude >out 2>&1
is "other options replace the entries" "$(grep -c 'hook claude --allow-tools' "$settings") $(grep -c 'hook claude' "$settings")" "4 4"
uninstall claude >out 2>&1; is "uninstall: byte by byte" "$? $(sum)" "0 $before"
is "no shim is left" "$(ls "$shims")" ""
is "again: nothing" "$(uninstall claude)" "Nothing is installed."

# --- the agent has written its settings since: only Gate's part is taken out
install claude >out 2>&1
sed -i 's/"dark"/"light"/' "$settings"; sed 's/"dark"/"light"/' mine >expected
uninstall claude >out 2>&1
ok "what somebody changed since stays" cmp "$settings" expected
cp mine "$settings"

# --- a second hook of the person's in Gate's own entry
install --way hooks claude >out 2>&1
sed -i '0,/"hooks": \[$/s//"hooks": [{"command": "second"},/' "$settings"
uninstall claude >out 2>&1
is "the person's hook stays" "$(grep -c second "$settings") $(grep -c gatesh "$settings")" "1 0"
cp mine "$settings"

# --- all agents, each in its own file
rm -rf "$HOME/.local/state"
before=$(sum)
install >out 2>&1; is "install: all that are here" "$? $(cd "$shims" && printf "%s\n" * | tr '\n' ' ')" "0 claude codex copilot gemini opencode qwen "
like "codex: the person still has to trust the hooks" "$(cat out)" 'type /hooks in Codex'
is "all files are what the agents read" "$(python3 - "$HOME" <<'END'
import json, sys
h = sys.argv[1]
def commands(f, *events):
    hooks = json.load(open(h + f))["hooks"]
    return [h["command"].split("gatesh ")[1] for e in events for m in hooks[e] for h in m["hooks"]]
print(commands("/.codex/hooks.json", "SessionStart", "PreToolUse", "PostToolUse"))
print(commands("/.gemini/settings.json", "SessionStart", "BeforeTool", "AfterTool"))
print(commands("/.qwen/settings.json", "SessionStart", "PreToolUse", "PostToolUse", "PostToolUseFailure"))
c = json.load(open(h + "/.copilot/hooks/gate.json"))["hooks"]
print([c[e][0]["bash"].split("gatesh ")[1] for e in ("sessionStart", "preToolUse", "postToolUse")])
print("hook opencode" in open(h + "/.config/opencode/plugin/gate.js").read())
END
)" "['hook codex', 'hook codex', 'hook codex']
['hook gemini', 'hook gemini', 'hook gemini']
['hook qwen', 'hook qwen', 'hook qwen', 'hook qwen']
['hook copilot', 'hook copilot', 'hook copilot']
True"
like "a file on one line stays on one line" "$(cat "$HOME/.gemini/settings.json")" '^\{"security":\{"auth":\{"selectedType":"gemini-api-key"\}\},"hooks":\{"SessionStart":\[[^[:cntrl:]]*\}$'
uninstall >out 2>&1; is "uninstall: everything" "$? $(sum)" "0 $before"

# --- what is not JSON, or not gatesh's, is left alone
echo '{"hooks": {' >"$settings"
is "a broken file" "$(install claude --way hooks 2>&1; echo $?; cat "$settings")" \
	"gate: install: $settings:2: this is not JSON; nothing was changed"$'\n1\n{"hooks": {'
echo '{"hooks": ["x"]}' >"$settings"
like "hooks that are something else" "$(install claude --way hooks 2>&1)" 'something else stands where the hooks belong; nothing was changed'
cp mine "$settings"
mkdir -p "$shims"; printf '#!/bin/sh\nmine\n' >"$shims/claude"
like "somebody else's program where a shim belongs" "$(install claude --way shim 2>&1)" "is not gatesh's; move it away first"
is "uninstall leaves it" "$(uninstall claude >/dev/null 2>&1; cat "$shims/claude")" $'#!/bin/sh\nmine'
rm "$shims/claude"
mv "$settings" dotfile; ln -s "$T/dotfile" "$settings"
install claude --way hooks >out 2>&1
is "a symbolic link stays one" "$(readlink "$settings") $(grep -c 'hook claude' dotfile)" "$T/dotfile 4"
uninstall claude >out 2>&1; ok "and its file becomes what it was" cmp dotfile mine

# --- words
is "an unknown name" "$(install cursor 2>&1; echo $?)" \
	"gatesh: install: no agent or shell 'cursor': it is claude, codex, gemini, opencode, qwen, copilot, bash, zsh, fish or all; try gatesh install --help"$'\n'64
like "an unknown way" "$(install --way hook claude 2>&1)" "did you mean 'hooks'"
like "inside a session it refuses" "$("$GATESH" run -- "$GATESH" install --yes claude 2>&1 </dev/null; echo $?)" \
	'gate: install: this is inside a session.*126'
is "and changes nothing" "$(grep -c gatesh "$settings")" 0

# --- shells
for f in .bashrc .zshrc; do echo 'export A=1' >"$HOME/$f"; done
before=$(sum)
install bash zsh fish >out 2>&1
like "bash" "$(cat "$HOME/.bashrc")" 'shell-init bash'
like "zsh" "$(cat "$HOME/.zshrc")" 'shell-init zsh'
like "fish" "$(cat "$HOME/.config/fish/conf.d/gate.fish")" 'shell-init fish'
uninstall bash zsh fish >out 2>&1
is "byte by byte" "$(sum)" "$before"
done_testing
