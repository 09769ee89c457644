#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# action.t - packages/action/action.yml: its steps, run as they stand.  bootstrap is a stand-in that finds this build done.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
yml=$GATE_SRC/packages/action/action.yml
cd "$T" || exit 99
# step NAME: the text of its `run: |`, without the indentation.
step() { awk -v name="$1" '
	$0 ~ "^    - name: " name "$" { here = 1; next }
	/^    - / { here = 0 }
	here && /^      run: \|$/ { text = 1; next }
	here && text { if (/^        / || /^$/) print substr($0, 9); else text = 0 }' "$yml"; }
do_step() { step "$1" >"step.$1"; "$BASH" -eo pipefail "step.$1" </dev/null; }

mkdir -p source/packages/action work
printf '#!/bin/sh\nmkdir -p build && ln -sfn "%s" build/prefix\n' "$GATE_STAGE" >source/bootstrap; chmod +x source/bootstrap
export GITHUB_ACTION_PATH=$T/source/packages/action GITHUB_PATH=$T/path GATE_ACTION_RUN GATE_ACTION_SERVICE=ci GATE_ACTION_AGENT=nightly
is "both steps are there" "$(for s in Install Run; do step $s | grep -c . | grep -qx 0 && echo $s; done)" ""
is "every variable of a step is set from an input" "$(step Run | grep -o 'GATE_ACTION_[A-Z]*' | sort -u | while read -r v; do grep -q "^        $v: \${{ inputs\." "$yml" || echo "$v"; done)" ""
ok "the installation" do_step Install
PATH=$(cat path):$PATH
is "gatesh is in PATH for the steps that follow" "$(command -v gatesh)" "$T/source/build/prefix/bin/gatesh"
cd work || exit 99
GATE_ACTION_RUN='echo "worked in ${GATE_SESSION:+a session}"'
is "what does no harm runs, in a session" "$(do_step Run 2>&1)" "worked in a session"
GATE_ACTION_RUN='false; echo on'
is "a command that fails ends the step" "$(do_step Run 2>/dev/null; echo $?)" 1
git init -q .
GATE_ACTION_RUN='git push --force origin main; echo "status $?"'
like "what destroys is refused" "$(do_step Run 2>&1; echo "=$?")" 'gate: refused: git push --force.*git\.force-push.*=126$'
is "and is in the log, by the agent's name" "$(gatesh log --json | python3 -c 'import json, sys; print({json.loads(l)["principal"]["agent"] for l in sys.stdin})')" "{'nightly'}"
done_testing
