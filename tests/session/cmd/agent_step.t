#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# agent_step.t - examples/ci/agent-step.yml: its steps, run as they stand.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
yml=$GATE_SRC/examples/ci/agent-step.yml
PATH=$GATE_STAGE/bin:$PATH
cd "$T" || exit 99
# step NAME: the text of its `run: |`, without the indentation.
step() { awk -v name="$1" '
	$0 ~ "^      - name: " name "$" { here = 1; next }
	/^      - / { here = 0 }
	here && /^        run: \|$/ { text = 1; next }
	here && text { if (/^          / || /^$/) print substr($0, 11); else text = 0 }' "$yml"; }
do_step() { step "$1" >"step.$1"; "$BASH" -eo pipefail "step.$1" </dev/null; }
export AGENT=reviewer AGENT_COMMAND CONFIRM

is "every step that is run is there" "$(for s in Identity Allow Deny Confirm Evidence; do step $s | wc -l | grep -q '^0$' && echo $s; done)" ""
ok "the identity's step" do_step Identity
is "a credential of the runner is not in its environment" "$(AWS_SECRET_ACCESS_KEY=x ./agent-env sh -c 'echo "${AWS_SECRET_ACCESS_KEY-none}"')" none
ok "the list's step" do_step Allow
AGENT_COMMAND='echo worked'
is "an agent that does nothing forbidden" "$(do_step Deny 2>&1)" worked
AGENT_COMMAND='python3 -c "
import socket
for to in ((\"127.0.0.1\", 1), (\"192.0.2.7\", 443), (\"169.254.169.254\", 80)):
    s = socket.socket(); s.settimeout(2)
    try: s.connect(to)
    except OSError as e: print(to[0], type(e).__name__)"'
is "the list decides where it may go" "$(do_step Deny 2>/dev/null)" $'127.0.0.1 ConnectionRefusedError\n192.0.2.7 PermissionError\n169.254.169.254 PermissionError'
git init -q . && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m one
AGENT_COMMAND='git push --force origin main'
is "what destroys is refused" "$(do_step Deny >out 2>&1; echo $?)" 126
like "and named" "$(cat out)" 'git\.force-push'
is "by its name in the log" "$(gatesh log --json | python3 -c 'import json, sys; print({json.loads(l)["principal"]["agent"] for l in sys.stdin})')" "{'reviewer'}"

# release.sh pushes for real, to a repository of its own
git init -q --bare remote && git remote add origin "$T/remote" && git push -q origin HEAD:main
git -c user.name=t -c user.email=t@t commit -q --amend --allow-empty -m two
echo 'git push -q --force origin HEAD:main' >release.sh
CONFIRM=''
is "without a name in CONFIRM it is refused" "$(do_step Confirm >out 2>&1; echo $?)" 126
is "and nothing was pushed" "$(git -C remote log -1 --format=%s main)" one
CONFIRM='sql.drop git.force-push'
is "with it, it is done" "$(do_step Confirm >out 2>&1; echo $?)" 0
is "really" "$(git -C remote log -1 --format=%s main)" two
ok "the evidence" do_step Evidence
like "has what was refused" "$(cat audit.jsonl)" '"verdict": ?"deny".*git\.force-push'
like "and where it wanted to go" "$(cat destinations.txt)" '192\.0\.2\.7 +443 .*deny'
done_testing
