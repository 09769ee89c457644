#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_limits.t - under a resource limit, of a program or of gatesh, a file is kept or the removal is refused with a reason.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
W=$T/ws; mkdir "$W"; cd "$W" || exit 99
acts='rm f; : >g; rm h'
fresh() {
	"$GATESH" undo prune --all --yes </dev/null >/dev/null 2>&1
	rm -f f g h l; echo one >f; echo two >g; echo three >h; ln h l; sleep 0.02
}
kept() {
	is "$1: it is done" "$(cat f g h 2>/dev/null)" ""
	"$GATESH" undo -y --since 1h </dev/null >/dev/null 2>&1
	is "$1: all comes back" "$(cat f g h 2>&1)" $'one\ntwo\nthree'
}
for limit in '-f 0' '-f 1' '-v 10000'; do
	fresh; "$GATESH" run -- bash -c "ulimit -S $limit; $acts" </dev/null >"$T/out" 2>&1
	kept "a program with ulimit $limit"
	# The address sanitizer reserves terabytes.
	if [[ $limit = -v* ]] && ldd "$GATESH" | grep -q libasan; then skip "gatesh with ulimit -S $limit" "instrumented"; continue; fi
	fresh; bash -c "ulimit -S $limit; exec \"\$0\" run -- sh -c '$acts'" "$GATESH" </dev/null >"$T/out" 2>&1
	kept "gatesh with ulimit -S $limit"
done
fresh; "$GATESH" run -- python3 -c 'import os, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3)); os.truncate("f", 0)' </dev/null >"$T/out" 2>&1
is "a program without a descriptor left truncates a file: it comes back" "$(wc -c <f; "$GATESH" undo -y f </dev/null >"$T/out"; cat f)" "0
one" || diag "$(cat "$T/out")"
fresh; "$GATESH" run -- bash -c "ulimit -s 64; $acts" </dev/null >"$T/out" 2>&1
kept "a program with ulimit -s 64"
for c in "run -- true" "check -- ls" undo doctor lint; do # each of them, but undo, crashed
	# shellcheck disable=SC2086 # a list of words
	is "gatesh $c with ulimit -s 64: refused, and why" "$(bash -c 'ulimit -s 64; exec "$@"' - "$GATESH" $c 2>&1 </dev/null; echo $?)" \
		$'gatesh: the stack is limited to 64 KiB, and gatesh needs 256: raise it (ulimit -s)\n70'
done
is "with 256 KiB it works" "$(bash -c 'ulimit -s 256; exec "$0" run -- echo works' "$GATESH" 2>&1 </dev/null)" works
fresh; bash -c "ulimit -f 0; exec \"\$0\" run -- sh -c 'rm f'" "$GATESH" </dev/null 2>&1 | cat >"$T/out"
like "gatesh with a hard limit of 0: nothing is lost, and the reason is said" "$(cat f; cat "$T/out")" '^one.*gate: .*File too large'
look='ulimit -f; sed -n "s/^SigIgn:.*\(.\)......$/\1/p" /proc/self/status' # the digit that has SIGXFSZ
is "the session's programs have gatesh's limits, and its SIGXFSZ" \
	"$(bash -c "ulimit -S -f 7; exec \"\$0\" run -- bash -c '$look'" "$GATESH" </dev/null)" "$(bash -c "ulimit -S -f 7; bash -c '$look'")"
done_testing
