#!/bin/bash
# configure.sh - what an autotools ./configure takes in a gated session, against native: configures this very tree, in
# turns.  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/session/lib.sh"
lib=$GATE_STAGE/lib/libgate-preload.so
mkdir "$T/session"
"$GATE_BUILD/tests/bench/exec_bench" --image "$T/session/policy.img" "$GATE_STAGE/libexec/gate/gate-exec" \
	"$GATE_STAGE/share/gate/rules" || exit 1
# What configure runs and a rule could concern is allowed.
"$GATE_BUILD/tests/session/askd" "$T/session" "$GATE_STAGE/libexec/gate/gate-exec" allow >"$T/log" &
askd=$!
test_cleanup() { kill "$askd"; }
wait_for 5 grep -q ready "$T/log"
"$GATE_BUILD/tests/bench/exec_bench" --image "$T/session/policy.img" "$GATE_STAGE/libexec/gate/gate-exec" \
	"$GATE_STAGE/share/gate/rules" >/dev/null
once() {
	rm -rf "$T/build" && mkdir "$T/build" && cd "$T/build" || exit 1
	local start=${EPOCHREALTIME/./}
	env "$@" "$GATE_SRC/configure" -q >"$T/configure.log" 2>&1 || { tail -3 "$T/configure.log"; exit 1; }
	took=$((${EPOCHREALTIME/./} - start))
}
native=() gate=()
for ((i = 0; i < ${1:-3}; i++)); do
	once; native+=("$took")
	once LD_PRELOAD="$lib" GATE_SESSION="$T/session"; gate+=("$took")
done
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
awk -v n="$(median "${native[@]}")" -v g="$(median "${gate[@]}")" -v q="$(grep -c '^exec' "$T/log")" \
	'BEGIN { printf "./configure: native %.2f s, gate %.2f s, ratio %.3f, %d questions\n", n/1e6, g/1e6, g/n, q }'
