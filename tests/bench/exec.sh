#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# exec.sh - measures the start of /bin/true under the interposer with all shipped rules, against native, an empty library
# and, if it is installed, snoopy, in one run.  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
lib=$GATE_STAGE/lib/libgate-preload.so
bench=$GATE_BUILD/tests/bench/exec_bench
mkdir "$T/session"
"$bench" --image "$T/session/policy.img" "$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")/gate-standin" "$GATE_STAGE/share/gate/rules" || exit 1
echo 'static int nothing __attribute__((unused));' >"$T/empty.c"
"${CC:-cc}" -O2 -shared -fPIC -o "$T/empty.so" "$T/empty.c" || exit 1
ways=("native=" "an empty library=$T/empty.so" "gate, in a session=$lib,GATE_SESSION=$T/session"
	"gate, inert=$lib,GATE_SESSION=")
snoopy=$(ldconfig -p | awk '/libsnoopy.so/ { print $NF; exit }')
[ -z "$snoopy" ] || ways+=("snoopy=$snoopy")
"$bench" "${1:-200}" /bin/true "${ways[@]}" "native again="
