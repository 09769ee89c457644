#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# match.sh - measures judging 1,000 command lines with 10,000 rules, in the engine and in the prefilter.  PCRE2's JIT, which
# Gate does not use, is there for comparison.  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
bench=$GATE_BUILD/tests/bench/match_bench
rules=$GATE_STAGE/share/gate/rules
for how in --names --patterns --programs --jit; do
	"$bench" $how "${1:-10000}" "${2:-1000}" "$rules/everyday.txt" "$rules"/*.rules || exit 1
done
"$bench" --names 1 "${2:-1000}" "$rules/everyday.txt" "$rules"/*.rules
