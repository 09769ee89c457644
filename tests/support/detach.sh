# SPDX-License-Identifier: BSD-2-Clause
# detach.sh - runs a test script without a terminal.  lib.sh sources it first.
# shellcheck shell=bash
#
# A session shows its questions on the terminal it finds: the controlling terminal of the program that started it, or one
# behind descriptors 0 to 2.  A test must never put a question to the person who runs it.  So a script that has a terminal
# is run again in a session of the kernel that has none, and the shell that the person started only waits, and passes
# Ctrl-C on.  No variable marks the second run, which sees for itself that it has no terminal.
#
# A script that was started with signals ignored (nohup, a background job) is run again with the defaults: a shell can't trap
# such a signal, and every program that a test starts would ignore it too.

# Field SigIgn of status.  Not of SIGQUIT, which bash itself ignores, nor of the real-time signals, which are libc's and nobody's.
detach_ignores() {
	local key value
	while read -r key value; do
		[ "$key" != SigIgn: ] || return $(((0x$value & 0x7ffffffb) == 0))
	done <"/proc/$$/status"
	return 1
}
if detach_ignores && env --default-signal true 2>/dev/null; then exec env --default-signal "$BASH" "$0" "$@"; fi

# Field 7 of stat is the controlling terminal; 0: none.
detach_needed() {
	local stat
	[ ! -t 1 ] && [ ! -t 2 ] || return 0
	stat=$(<"/proc/$$/stat")
	# shellcheck disable=SC2086 # the fields
	set -- ${stat##*) }
	[ "$5" != 0 ]
}
# A process and all that descend from it, also those in sessions of their own.
detach_tree() {
	local child
	echo "$1"
	for child in $(pgrep -P "$1"); do detach_tree "$child"; done
}
detach_end() {
	local doomed
	trap '' INT QUIT HUP TERM # a second one would cut short how the test cleans up
	mapfile -t doomed < <(detach_tree "$detach_run")
	kill "${doomed[@]}" 2>/dev/null
}
detach() {
	local status relay
	exec > >(trap '' INT HUP; exec cat) 2>&1 # not a terminal either
	relay=$!
	# A shell starts a background command with SIGINT and SIGQUIT ignored.
	(trap - INT QUIT; exec setsid -w "$BASH" "$0" "$@") </dev/null &
	detach_run=$!
	trap detach_end INT QUIT HUP TERM
	wait "$detach_run"; status=$?
	while kill -0 "$detach_run" 2>/dev/null; do wait "$detach_run"; status=$?; done # a signal interrupted the wait
	exec >&- 2>&-
	wait "$relay"
	exit "$status"
}
if detach_needed; then detach "$@"; fi
exec </dev/null
