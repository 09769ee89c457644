#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_outside.t - what a session removes or writes outside its workspace is kept as well, and comes back.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
D=$base/elsewhere; cd "$W" || exit 99
undo() { "$GATESH" undo "$@" </dev/null 2>&1; }
fresh() {
	"$GATESH" undo prune --all --yes </dev/null >/dev/null 2>&1
	rm -rf "$D"; mkdir -p "$D/d/e"; chmod 700 "$D/d"
	for i in 1 2 3; do echo "$i" >"$D/d/$i"; done; echo x >"$D/d/e/x"
	was=$(now); sleep 0.02
}
now() { (cd "$D" && find . -printf '%M %p\n' -type f -exec cat {} + | sort); }
pending() { "$GATESH" pending | awk '{ print $1; exit }'; }
# answered COMMAND...: in a session, with one yes
answered() {
	"$GATESH" run --wait-for-answer -- "$@" </dev/null >"$T/out" 2>&1 &
	wait_for 10 any_question
	"$GATESH" allow "$(pending)" >/dev/null; wait $!
}

fresh; answered rm -rf "$D/d"
is "removed after a yes" "$(ls "$D")" ""
like "kept" "$(cat "$T/out")" 'gate: kept 4 files '
like "where they go back is said" "$(undo -n --since 1h)" 'd/ +back +outside the workspace'
undo -y --since 1h >/dev/null
is "they come back, with their directories" "$(now)" "$was"
undo -y --redo >/dev/null
is "that can be taken back" "$(ls "$D")" ""
fresh; answered mv "$D/d/1" "$D/d/2"
undo -y "$D/d/2" >/dev/null
is "what was replaced comes back" "$(cat "$D/d/2")" 2
fresh; answered sh -c ": >'$D/d/3'"
undo -y "$D/d/3" >/dev/null
is "what was emptied comes back" "$(cat "$D/d/3")" 3
fresh
"$GATESH" run -- sh -c "exec 3<>'$D/d/3'; echo new >&3" </dev/null >"$T/out" 2>&1
is "what is written in place is not asked about" "$(cat "$D/d/3")" new
like "but kept" "$(cat "$T/out")" 'gate: kept 1 file '
undo -y "$D/d/3" >/dev/null
is "and comes back" "$(cat "$D/d/3")" 3
done_testing
