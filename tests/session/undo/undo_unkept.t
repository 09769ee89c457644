#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_unkept.t - a yes about files that are kept is none about files that can't be; of those, one yes is enough.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
D=$base/elsewhere; cd "$W" || exit 99
mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"
sed 's/gate_keep.so$/gate_keep.so quota=30K/' "$GATE_SRC/rules/policy/gate.d/agent" >"$XDG_CONFIG_HOME/gate/gate.d/agent"
fresh() {
	"$GATESH" undo prune --all --yes </dev/null >/dev/null 2>&1
	rm -rf "$D"; mkdir "$D"
	for i in 1 2; do echo "$i" >"$D/small$i"; done
	for i in 1 2 3; do head -c 200000 /dev/urandom >"$D/big$i"; done
	sleep 0.02
}
pending() { "$GATESH" pending 2>/dev/null | awk '{ print $1; exit }'; }
another() { local id; id=$(pending); [ -n "$id" ] && [ "$id" != "${last:-}" ]; }
# run COMMAND...: in a session that waits; its questions are answered by answer
run() { last=; "$GATESH" run --wait-for-answer -- "$@" </dev/null >"$T/out" 2>&1 & session=$!; }
answer() { wait_for 5 another; last=$(pending); question=$("$GATESH" pending --json 2>&1); "$GATESH" "$1" "$last" >/dev/null 2>&1; }
ended() { ! kill -0 "$session" 2>/dev/null; }

one_process() { run python3 -c 'import os, sys
for n in "small1 big1 small2 big2 big3".split(): os.unlink(sys.argv[1] + "/" + n)' "$D"; }
several() { run sh -c 'for n in small1 big1 small2 big2 big3; do "$0" -c "import os, sys; os.unlink(sys.argv[1])" "$1/$n" || exit; done' python3 "$D"; }
raw() { run env -u LD_PRELOAD python3 -c 'import os, sys
for n in "small1 big1 small2 big2 big3".split(): os.unlink(sys.argv[1] + "/" + n)' "$D"; }
for how in one_process several raw; do
	fresh; $how; answer allow
	ok "$how: asked again before the first one that can't be kept" wait_for 5 another
	answer allow; wait_for 5 ended
	like "$how: the question says so" "$question" "can't be kept for undo"
	wait "$session"; is "$how: once, not for each file" "$? $(ls "$D")" "0 "
	"$GATESH" undo -y --since 1h </dev/null >/dev/null 2>&1
	is "$how: what was kept comes back" "$(cd "$D" && echo *)" "small1 small2"
	fresh; $how; answer allow; answer deny; wait_for 5 ended; wait "$session"
	is "$how: after a no nothing is lost" "$(cd "$D" && echo big*)" "big1 big2 big3"
done
done_testing
