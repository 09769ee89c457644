#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# random.t - random acts on a tree, in one session or in two, and gatesh undo: everything is there again.  GATE_SEEDS runs others, and
# GATE_ACTS says how many acts a session does.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
out=$(mktemp -d /tmp/gate-random.XXXXXX)
test_cleanup() { rm -rf "$out"; }
[ "$(stat -c %d "$out")" = "$(stat -c %d "$W")" ] || { echo "1..0 # SKIP /tmp is another file system"; exit 0; }
python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.id", b"x")' "$W" 2>/dev/null || { echo "1..0 # SKIP no extended attributes here"; exit 0; }
random() { python3 "$GATE_SRC/tests/session/undo/random_acts.py" "$@"; }
look() { random look "$W" "$out" >"$T/$1"; }

# once SEED ACTS SESSIONS
once() {
	cd "$base" || exit 99
	"$GATESH" undo prune --all --yes </dev/null >/dev/null 2>&1
	rm -rf "$W" "$out"; mkdir "$W" "$out"; cd "$W" || exit 99
	random make "$W"; look before; sleep 0.02
	: >"$T/acts"
	for session in $(seq "$3"); do
		"$GATESH" run -- python3 "$GATE_SRC/tests/session/undo/random_acts.py" act "$1$session" "$2" "$W" "$out" \
			</dev/null >>"$T/acts" 2>"$T/said"
		echo "-- end of session $session" >>"$T/acts"
	done
	look after
	"$GATESH" undo -y --since 1h </dev/null >"$T/undo" 2>&1
	look now
	is "seed $1, $2 acts in $3 session(s)" "$(random check "$T/before" "$T/after" "$T/now")" "" || diag "$(cat "$T/acts" "$T/undo")"
}
for seed in ${GATE_SEEDS:-102 106 108 114 117 141 161 178 184 191 195 205}; do once "$seed" "${GATE_ACTS:-6}" 1; done
for seed in ${GATE_SEEDS:-401 402 403 404 421 428}; do once "$seed" "${GATE_ACTS:-5}" 2; done
# histories in which names go round
if [ -z "${GATE_SEEDS:-}" ]; then
	for seed in 267 508 517; do once "$seed" 6 1; done
	for seed in 529 579 600; do once "$seed" 12 1; done
	for seed in 504 570 597; do once "$seed" 20 1; done
	for seed in 507 582 612; do once "$seed" 5 2; done
fi
done_testing
