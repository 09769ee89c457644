# SPDX-License-Identifier: BSD-2-Clause
# askd.sh - simulates a session with tests/support/askd, to test the interposer alone.  Source it after lib.sh.
# shellcheck shell=bash
: "${T:?source lib.sh first}"
PRELOAD=$GATE_STAGE/lib/libgate-preload.so
GATE_EXEC=$(dirname "$(realpath "$PRELOAD")")/gate-standin
SESSION=$T/session
ASKLOG=$T/ask.log
askd_pid=
# askd VERDICT RULE...: simulate a session that gives this verdict
askd() {
	askd_stop
	mkdir -p "$SESSION"
	: >"$ASKLOG"
	"$GATE_BUILD/tests/support/askd" "$SESSION" "$GATE_EXEC" "$@" >"$ASKLOG" 2>&1 &
	askd_pid=$!
	wait_for 5 grep -q '^ready' "$ASKLOG" || { echo "Bail out! askd does not start: $(cat "$ASKLOG")"; exit 99; }
}
askd_stop() {
	[ -z "$askd_pid" ] || { kill -9 "$askd_pid" && wait "$askd_pid"; } 2>/dev/null
	askd_pid=
}
test_cleanup() { askd_stop; }
# gated COMMAND...: run it inside that session
gated() { env LD_PRELOAD="$PRELOAD" GATE_SESSION="$SESSION" "$@"; }
asked() { grep -c '^exec' "$ASKLOG"; }
