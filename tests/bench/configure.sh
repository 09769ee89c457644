#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# configure.sh - measures an autotools ./configure in a session by its CPU time, against native and under an empty library, and under the
# interposer alone, whose questions are counted.
# Configures this very tree, in turns.  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
lib=$GATE_STAGE/lib/libgate-preload.so
mkdir "$T/session"
"$GATE_BUILD/tests/bench/exec_bench" --image "$T/session/policy.img" "$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")/gate-standin" \
	"$GATE_STAGE/share/gate/rules" || exit 1
# askd allows every command of configure that a rule could match.
"$GATE_BUILD/tests/support/askd" "$T/session" "$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")/gate-standin" allow >"$T/log" &
askd=$!
test_cleanup() { kill "$askd"; }
wait_for 5 grep -q ready "$T/log"
"$GATE_BUILD/tests/bench/exec_bench" --image "$T/session/policy.img" "$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")/gate-standin" \
	"$GATE_STAGE/share/gate/rules" >/dev/null
once() {
	rm -rf "$T/build" && mkdir "$T/build" && cd "$T/build" || exit 1
	took=$("$@" "$GATE_BUILD/tests/bench/file_bench" run "$GATE_SRC/configure" -q 2>"$T/configure.log" </dev/null | tr -d '\r') ||
		{ tail -3 "$T/configure.log"; exit 1; }
}
echo 'static int nothing __attribute__((unused));' >"$T/empty.c"
"${CC:-cc}" -O2 -shared -fPIC -o "$T/empty.so" "$T/empty.c" || exit 1
native=() empty=() gate=() session=()
for ((i = 0; i < ${1:-5}; i++)); do
	once env; native+=("$took")
	once env LD_PRELOAD="$T/empty.so"; empty+=("$took")
	once env LD_PRELOAD="$lib" GATE_SESSION="$T/session"; gate+=("$took")
	once "$GATESH" run --; session+=("$took")
done
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
awk -v n="$(median "${native[@]}")" -v e="$(median "${empty[@]}")" -v g="$(median "${gate[@]}")" -v s="$(median "${session[@]}")" -v q="$(grep -c '^exec' "$T/log")" -v runs="${#gate[@]}" \
	'BEGIN { printf "./configure: native %.2f s, an empty library %.2f s, ratio %.3f, the interposer alone %.2f s, ratio %.3f, %d questions a run, a session %.2f s, ratio %.3f, %+.3f over the empty library (0.02)\n", n/1e6, e/1e6, e/n, g/1e6, g/n, q/runs, s/1e6, s/n, (s-e)/n }'
