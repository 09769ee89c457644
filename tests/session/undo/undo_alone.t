#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_alone.t - one undo at a time: the second says who is at work, and changes nothing.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
keep() { python3 "$GATE_SRC/tests/session/undo/keep.py" "$@"; }
store=$XDG_STATE_HOME/gate/undo W=$T/work FILES=2000
mkdir "$W"; cd "$W" || exit 99
keep new aaaa0001 "$W" agent
python3 -c 'import os, sys
for i in range(int(sys.argv[1])):
    d = "src/d%d/sub" % (i // 20)
    os.makedirs(d, exist_ok=True)
    open("%s/f%d" % (d, i), "w").write("content %d" % i)' "$FILES"
keep aaaa0001 rm-r "$W/src"

# --- two at once, again and again: an undo moves what is in the way of a directory aside, also what the other has just put there
busy=0
for round in 1 2 3; do
	"$GATESH" undo -y src </dev/null >"$T/out1" 2>"$T/err1" & one=$!
	"$GATESH" undo -y src </dev/null >"$T/out2" 2>"$T/err2" & two=$!
	wait $one; wait $two
	grep -q 'another gatesh undo' "$T/err1" "$T/err2" && busy=$((busy + 1))
	is "two undos at once hide no file ($round)" "$(find src -type f | wc -l)" "$FILES"
	[ "$round" = 3 ] || "$GATESH" undo -y --redo </dev/null >/dev/null 2>&1
done
diag "$busy of 3 times one found the other at work"

# --- one that waits for its answer
"$GATESH" undo -y --redo </dev/null >/dev/null
mkfifo "$T/keys"
python3 "$GATE_SRC/tests/support/on_terminal.py" 80 "$GATESH" undo src <"$T/keys" >"$T/asked" 2>&1 & waiting=$!
exec 7>"$T/keys"
wait_for 10 test -s "$store/.lock"
read -r pid _ <"$store/.lock"
is "the lock names its holder" "$(cat "/proc/$pid/comm")" gatesh
"$GATESH" undo -y src </dev/null >"$T/out" 2>"$T/err"; status=$?
is "the second restores nothing: 1" "$status $(cat "$T/out")" "1 "
like "it says who is at work, and since when" "$(cat "$T/err")" "^gatesh: undo: another gatesh undo \\(pid $pid, since $(date +%Y)-[-0-9]* [0-9:]*\\) is at work, or waits for its answer: nothing was changed$"
is "prune changes nothing either" "$("$GATESH" undo prune --all --yes </dev/null 2>&1 | grep -c "pid $pid")" 1
is "a list and a dry run go on" "$("$GATESH" undo -n src </dev/null | tail -1 | grep -c 'to restore')" 1
kill -9 "$pid"; exec 7>&-; wait $waiting
like "if it is killed, the lock goes with it" "$("$GATESH" undo -y src </dev/null | tail -1)" 'restored'
done_testing
