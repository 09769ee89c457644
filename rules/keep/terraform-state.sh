#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# terraform-state.sh - keeps a state, and pushes it back.
#
#     terraform-state.sh keep PROGRAM [OPTION ...] -- [state VERB]
#     terraform-state.sh undo PROGRAM [OPTION ...]
#
# A workspace, a lock and a taint are not kept.
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "terraform-state.sh: no GATE_KEEP"
act=$1
shift
if [ "$act" = undo ]; then
	"$@" state push -force "$GATE_KEEP/state.json"
	exit
fi
program=$1 options=''
shift
quote() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
while [ $# -gt 0 ] && [ "$1" != -- ]; do options="$options$(quote "$1")"; shift; done
[ "${2-}" = state ] || fail "only what changes the state itself is kept"
eval "$(quote "$program")$options state pull" >"$GATE_KEEP/state.json" || exit 2
grep -q '"serial"' "$GATE_KEEP/state.json" || fail "there is no state"
say "kept: the state, serial $(sed -n 's/^ *"serial": *\([0-9]*\).*/\1/p' "$GATE_KEEP/state.json" | head -n 1)"
say "loses: what others write into the state between this and the undo"
