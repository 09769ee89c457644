#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# audit.t - every decision is in the log, whole; what can't be written down is not allowed.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
LOG=$XDG_STATE_HOME/gate/audit.jsonl
run() { setsid -w "$GATESH" run "$@" </dev/null; }
last() { tail -n 1 "$LOG"; }
field() { python3 -c 'import json,sys; o = json.loads(sys.stdin.readlines()[-1]); print(eval("o" + sys.argv[1]))' "$1" <"$LOG"; }
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }

run --agent claude -- sh -c 'cd /; doomsday "a	b" "$(printf "\377")"' 2>/dev/null
is "0600" "$(stat -c %a "$LOG")" 600
is "in a directory of one's own" "$(stat -c %a "$XDG_STATE_HOME/gate")" 700
is "version" "$(field '["v"]')" 1
like "time, UTC" "$(field '["time"]')" '^20[0-9-]+T[0-9:]+\.[0-9]{3}Z$'
is "event" "$(field '["event"]')" exec
is "verdict" "$(field '["verdict"]')" deny
is "ret" "$(field '["ret"]')" no_agent
is "the agent as a principal" "$(field '["principal"]["agent"]')" claude
is "its uid" "$(field '["principal"]["uid"]')" "$(id -u)"
like "ancestry" "$(field '["ancestry"]')" "'sh\([0-9]+\)', 'doomsday\([0-9]+\)'"
like "argv" "$(field '["argv"]')" "doomsday', 'a\\\\tb', '\\\\\\\\xFF'"
is "cwd" "$(field '["cwd"]')" /
is "rules" "$(field '["rules"]')" "['test.doom']"
is "severity" "$(field '["severity"]')" danger
like "subjects" "$(field '["subjects"]')" 'doomsday'
like "reason" "$(field '["reason"]')" "nobody to ask"
is "no member of an answer when nobody answered" "$(field '.get("by")')" None

setsid -w "$GATESH" run --wait-for-answer -- doomsday </dev/null 2>/dev/null & job=$!
wait_for 5 "$GATESH" deny 1 not today; wait $job
is "by whom" "$(field '["by"].split()[0:2]')" "['gatesh', 'deny']"
is "with what sentence" "$(field '["text"]')" "not today"
is "how long it took" "$(field '["ms"] >= 0')" True
is "the question" "$(field '["id"]')" 1
run -- true; like "gatesh log reads it" "$("$GATESH" log --verdict deny)" "doomsday"

# Many at once: every line whole.
rm "$LOG"
run -- sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do doomsday $i 2>/dev/null & done; wait' &
run -- sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do doomsday $i 2>/dev/null & done; wait' &
wait
is "two sessions, forty at once: whole lines" "$(python3 -c 'import json,sys; print(sum("test.doom" in json.loads(l).get("rules", []) for l in sys.stdin))' <"$LOG")" 40

# A log that can't be written: nothing is allowed, and it is said.
rm -f "$DONE"
setsid -w "$GATESH" run --wait-for-answer -- doomsday full </dev/null 2>"$T/err" & job=$!
wait_for 5 any_session; wait_for 5 "$GATESH" pending
prlimit --pid "$("$GATESH" sessions --json | sed -n 's/.*"pid":\([0-9]*\).*/\1/p')" --fsize=1
wait_for 5 "$GATESH" allow 1; wait $job; is "a full log: refused in spite of the yes" $? 126
ok "it did not run" test ! -e "$DONE"
like "and why" "$(cat "$T/err")" "the audit log cannot be written: File too large"
chmod 500 "$XDG_STATE_HOME/gate"; mv "$LOG" "$T/kept" 2>/dev/null || { chmod 700 "$XDG_STATE_HOME/gate"; mv "$LOG" "$T/kept"; }
ln -s "$T/kept" "$LOG"; run -- true 2>"$T/err"; is "a log that is a symbolic link: no session" $? 70
like "and why" "$(cat "$T/err")" "gate: audit log: .*audit.jsonl: .*set XDG_STATE_HOME"
rm "$LOG"; chmod 700 "$XDG_STATE_HOME/gate"
if mkdir "$T/small" && mount -t tmpfs -o size=16k none "$T/small" 2>/dev/null; then
	test_cleanup() { term kill-server 2>/dev/null; umount "$T/small"; }
	export XDG_STATE_HOME=$T/small; mkdir -p "$T/small/gate"
	printf 'exec sufficient gate_rules.so\nexec requisite gate_permit.so\n' >"$GATE_STAGE/lib/gate.d/test-permit.$$"
	rm -f "$DONE"; head -c 1M /dev/zero >"$T/small/full" 2>/dev/null
	setsid -w "$GATESH" run --service "test-permit.$$" -- doomsday </dev/null 2>"$T/err"; is "a full disk: refused" $? 126
	ok "it did not run either" test ! -e "$DONE"
	like "and why" "$(cat "$T/err")" "No space left on device"
	rm -f "$T/small/full" "$GATE_STAGE/lib/gate.d/test-permit.$$"
else
	skip "a full disk" "no tmpfs can be mounted here"
fi
done_testing
