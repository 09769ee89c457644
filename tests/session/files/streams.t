#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# streams.t - the libc functions that open files for writing by calls of their own give what they give without Gate, and the
# session has to look at none of those calls.
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
# shellcheck disable=SC2154 # files.sh sets base
test_cleanup() { rm -rf "$base"; }

fresh() { rm -rf "$base/work"; mkdir "$base/work" && cd "$base/work" || exit 99; }
# calls: how many calls of files the session has looked at, but for the request of the session's page (which leaves no line) and execs
calls() { grep 'system call' "$T/debug" | grep -vc "system call $execve,"; }
execve=$(printf '#include <sys/syscall.h>\nSYS_execve\n' | "${CC:-cc}" -E - | tail -n 1)
# compare NAME PROGRAM ARGUMENT...: the program's output outside and inside; calls in $seen
compare() {
	local what=$1; shift
	fresh; "$@" >"$T/outside" 2>&1
	fresh; rm -f "$T/debug"; "$GATESH" run --debug "$T/debug" -- "$@" >"$T/inside" 2>"$T/err" </dev/null
	if diff "$T/outside" "$T/inside" >"$T/diff"; then pass "$what"; else fail "$what" "$(head -40 "$T/diff")" "$(cat "$T/err")"; fi
	seen=$(calls)
}

calls=$GATE_BUILD/tests/support/streamcalls
compare "glibc: as without Gate" "$calls"
ok "all of it was run" grep -q 'small stack: 1 1 1 1' "$T/inside"
# Those are the modes that libc keeps for itself; without the hooks it is over a thousand.
ok "the session looked at few of the calls: $seen" test "$seen" -lt 100
compare "freopen: as without Gate" "$calls" again

if command -v musl-gcc >/dev/null; then
	musl-gcc -O1 -o "$T/streamcalls-musl" "$GATE_SRC/tests/support/streamcalls.c" >"$T/build.log" 2>&1 ||
		diag "$(tail -3 "$T/build.log")"
	compare "musl: as without Gate" "$T/streamcalls-musl"
	ok "musl: the interposer was there, and the session looked at few calls: $seen" test "$seen" -lt 100
	compare "musl, freopen: as without Gate" "$T/streamcalls-musl" again
else
	skip "musl: as without Gate" "no musl-gcc"; skip "musl: few calls" "no musl-gcc"; skip "musl, freopen: as without Gate" "no musl-gcc"
fi
done_testing
