# SPDX-License-Identifier: BSD-2-Clause
# files.sh - makes a directory outside /tmp for the tests of file events, because files below /tmp pass unasked.
# shellcheck shell=bash
: "${T:?source lib.sh first}"

# Make a workspace $W and a home beside it, in a directory that is not a temporary one.  False if there is none.
files_base() {
	local dir
	for dir in "$GATE_BUILD" "$PWD" /srv /opt; do
		case $(realpath "$dir" 2>/dev/null)/ in /tmp/* | /var/tmp/* | /dev/shm/* | "${TMPDIR:-/tmp}"/* | /) continue ;; esac
		base=$(mktemp -d "$dir/gate-files.XXXXXX" 2>/dev/null) && break
	done
	[ -n "${base:-}" ] || return 1
	test_cleanup() { rm -rf "$base"; }
	export HOME=$base/home XDG_STATE_HOME=$base/home/.local/state
	W=$base/work
	mkdir -p "$HOME" "$XDG_STATE_HOME" "$W"
}
