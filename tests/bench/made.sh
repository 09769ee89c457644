#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# made.sh - measures the table of made files, and the ways to open a file so that its creation is proved, against the
# plain open of the same run.  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
bench=$GATE_BUILD/tests/bench/made_bench
[ -x "$bench" ] || { echo "no $bench: make bench"; exit 1; }
cd "$T" && "$bench" "${1:-15}"
