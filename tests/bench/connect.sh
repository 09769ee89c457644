#!/bin/bash
# connect.sh - connections of a session to a destination that no rule speaks of, against libc's own functions.  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
"$GATESH" run -- "$GATE_BUILD/tests/bench/connect_bench" "${1:-200}" </dev/null
