#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# desktop.t - examples/vscode and examples/systemd: the commands that they name do what they say.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99
PATH=$GATE_STAGE/bin:$PATH

# --- VS Code: path and arguments of a profile
profile() { # profile KEY [NAME] -- WORD...: its command with these words behind it
	python3 - "$GATE_SRC/examples/vscode/settings.json" "$@" <<'END'
import json, re, subprocess, sys
settings = json.loads(re.sub(r'(?m)^\s*//.*$', '', open(sys.argv[1]).read()))
split = sys.argv.index('--')
entry = settings['terminal.integrated.' + sys.argv[2]]
for name in sys.argv[3:split]:
    entry = entry[name]
if split + 1 == len(sys.argv):
    run = dict(input=b'echo "in ${GATE_SESSION:+a session}"\n')
else:
    run = dict(stdin=subprocess.DEVNULL)
sys.exit(subprocess.run([entry['path']] + entry.get('args', []) + sys.argv[split + 1:], stderr=subprocess.DEVNULL, **run).returncode)
END
}
is "a terminal is a session" "$(profile profiles.linux gate --)" "in a session"
is "a task runs in one" "$(profile automationProfile.linux -- -c 'echo "in ${GATE_SESSION:+a session}"')" "in a session"
is "the default is a profile that is there" "$(grep -c '"defaultProfile.linux": "gate"\|linux": "gate"' "$GATE_SRC/examples/vscode/settings.json")" 1

# --- systemd
unit=$GATE_SRC/examples/systemd/gate-companion.service
if command -v systemd-analyze >/dev/null; then
	is "systemd has nothing to say about the unit" "$(systemd-analyze --user verify "$unit" 2>&1 | grep -F gate-companion)" ""
else
	skip "systemd has nothing to say about the unit" "no systemd-analyze here"
fi
mkdir bin; printf '#!/bin/sh\n[ "$1" = -e ] && shift && exec "$@"\n' >bin/x-terminal-emulator; chmod +x bin/x-terminal-emulator
command=$(sed -n 's/^ExecStart=//p' "$unit")
is "its command is the companion" "$(echo help | PATH=$T/bin:$PATH sh -c "$command" 2>&1 | grep -c 'allow')" "$(echo help | gatesh companion 2>&1 | grep -c allow)"
like "which knows how to answer" "$(echo help | gatesh companion 2>&1)" 'allow'
done_testing
