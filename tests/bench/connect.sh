#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# connect.sh - measures connections in a session to a destination that no rule matches, against libc's own functions.
# make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
"$GATESH" run -- "$GATE_BUILD/tests/bench/connect_bench" "${1:-200}" </dev/null
