#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# fallback.t - where the kernel's seam can't be had, the session says so and goes on with the interposer alone.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
test_cleanup() { rm -rf "$base"; }
LISTENER=$GATE_BUILD/tests/support/listener
run() { "$LISTENER" "$GATESH" run -- "$@" </dev/null 2>"$T/err"; }

mkdir "$base/w"; cd "$base/w" || exit 99
echo precious >old
is "the command runs" "$(run sh -c 'echo "$GATE_SESSION" | grep -c "/$"; rm old; git push --force; echo $?')" $'0\n126'
like "the session says what is missing" "$(cat "$T/err")" "gate: the kernel's seam is not available: another program already watches"
like "the interposer asks by the session's socket" "$(cat "$T/err")" 'gate: refused: git push --force'
is "what is removed is kept" "$("$GATESH" undo --yes --all --since 1h >/dev/null 2>&1; cat old)" precious
is "io_uring is refused as ever" "$(run python3 -c 'import ctypes; l = ctypes.CDLL(None, use_errno=True); print(l.syscall(425, 1, 0), ctypes.get_errno())')" "-1 38"

# --- --tier preload: no listener of the session's, so that a program may have its own
tier() { "$GATESH" run --tier preload -- "$@" </dev/null 2>"$T/err"; }
echo precious >old
like "a second listener is busy behind the seam" "$("$GATESH" run -- "$LISTENER" true </dev/null 2>&1)" 'busy'
is "without it a program has its own" "$(tier "$LISTENER" echo ran; cat "$T/err")" ran
is "nothing is said of a missing seam" "$(tier true; cat "$T/err")" ""
like "the interposer asks" "$(tier git push --force; cat "$T/err")" 'gate: refused: git push --force'
is "what is removed is kept" "$(tier rm old; "$GATESH" undo --yes --all --since 1h >/dev/null 2>&1; cat old)" precious
is "the command is confined" "$(tier grep NoNewPrivs /proc/self/status)" $'NoNewPrivs:\t1'
is "io_uring is refused" "$(tier python3 -c 'import ctypes; l = ctypes.CDLL(None, use_errno=True); print(l.syscall(425, 1, 0), ctypes.get_errno())')" "-1 38"
like "another tier is a mistake" "$("$GATESH" run --tier sea -- true 2>&1; echo $?)" "did you mean 'seam'.*64$"

# --- a kernel or a sandbox without listeners
for operation in 2 1; do # as an old kernel, as a sandbox
	LISTENER="$GATE_BUILD/tests/support/listener -$operation"
	run() { $LISTENER "$GATESH" run -- "$@" </dev/null 2>"$T/err"; }
	echo precious >old
	is "seccomp(2) refuses operation $operation: the command runs" "$(run sh -c 'echo "$GATE_SESSION" | grep -c "/$"; rm old; git push --force; echo $?')" $'0\n126'
	is "the session says once that the seam is missing" "$(grep -c "^gate: the kernel's seam is not available: " "$T/err")" 1
	like "the interposer asks" "$(cat "$T/err")" 'gate: refused: git push --force'
	is "what is removed is kept" "$("$GATESH" undo --yes --all --since 1h >/dev/null 2>&1; cat old)" precious
done
# --- a kernel with the seam, but without Landlock's scopes
older() { "$GATE_BUILD/tests/support/refuse" ENOSYS landlock_create_ruleset "$GATESH" "$@" </dev/null 2>&1; }
lacks="Landlock's scopes (Linux 6.12): a session can signal your other processes, and reach their abstract sockets"
is "the session says in one line what an older kernel lacks" "$(older run -- echo ran)" "gate: this kernel lacks $lacks; gatesh doctor says more
ran"
like "doctor says the same" "$(older doctor | grep landlock | tr -s ' ')" "a session can signal your other processes"
# shellcheck disable=SC2016 # for the inner shell
# shellcheck disable=SC2089 # a command line for bash -c
kill_gatesh='setsid bash -c "kill -9 $(sed -n "s/.*\"pid\":\([0-9]*\).*/\1/p" "$GATE_SESSION/info.json"); echo \$?"'
refused="gate: refused: bash sends KILL to gatesh, which watches over this session.*"$'\n1$'
like "there gatesh refuses what would end it" "$(older run -- bash -c "$kill_gatesh")" "$refused"
# Under unshare, as under nsenter, the group's leader is in the outer pid namespace: its number is 0 here.
if unshare -Urpf --mount-proc true 2>/dev/null; then
	# shellcheck disable=SC2090
	like "also where its process group is another pid namespace's" "$(export GATE_BUILD GATESH kill_gatesh
		unshare -Urpf --mount-proc bash -c '"$GATE_BUILD/tests/support/refuse" ENOSYS landlock_create_ruleset "$GATESH" run -- bash -c "$kill_gatesh"; exit' </dev/null 2>&1)" "$refused"
else
	skip "also where its process group is another pid namespace's" "no user namespaces here"
fi
is "with the seam nothing is said" "$("$GATESH" run -- true </dev/null 2>&1)" ""
is "nor without one on purpose" "$("$GATE_BUILD/tests/support/listener" -2 "$GATESH" run --allow-setuid -- true </dev/null 2>&1 | grep -c seam)" 0
done_testing
