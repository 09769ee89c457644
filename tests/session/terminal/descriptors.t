#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# descriptors.t - gatesh started with some or all of descriptors 0 to 2 closed.
. "${GATE_SRC:?}/tests/support/lib.sh"
# Descriptors that are not closed are the test's own: no terminal, so that nobody is asked.
closed() { # CLOSED COMMAND...: run the command with the descriptors in CLOSED, such as "0 2", closed
	local fd redirections=""
	for fd in $1; do redirections+=" $fd<&-"; done
	shift
	eval 'setsid -w "$@" </dev/null >"$T/out" 2>"$T/err"'"$redirections"
}

for fds in 0 1 2 "0 1" "0 2" "1 2" "0 1 2"; do
	closed "$fds" "$GATESH" run -- true; is "closed $fds: run true" $? 0
	closed "$fds" "$GATESH" run -- sh -c 'exit 7'; is "closed $fds: run passes the exit status on" $? 7
	closed "$fds" "$GATESH" check -- true; is "closed $fds: check" $? 0
done
# What was given to the program, or the null device: never a descriptor of gatesh's.
closed "0 1 2" "$GATESH" run -- sh -c 'for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done >"$0"; exit 0' "$T/links"
is "a session's program gets the null device" "$(sed 2d "$T/links" | sort -u)" /dev/null
closed 0 "$GATESH" run -- sh -c 'cat >/dev/null'
like "reading a closed stdin fails in a session, too" "$(cat "$T/err")" "Bad file descriptor"
closed 1 "$GATESH" run -- sh -c 'echo lost'
like "writing a closed stdout, too" "$(cat "$T/err")" "Bad file descriptor|I/O error"

closed 1 "$GATESH" --help; is "help that nobody can read: 74" $? 74
closed 2 "$GATESH" log; is "log without stderr" $? 0
closed 0 "$GATESH" log; is "log without stdin" $? 0
closed "0 2" "$GATESH" doctor; status=$?
closed "" "$GATESH" doctor; is "doctor without stdin and stderr" $status $?
closed "0 1" "$GATESH" doctor; is "doctor without stdout: 74" $? 74
like "which it reports" "$(cat "$T/err")" "gatesh: stdout: can't be written"
done_testing
