# SPDX-License-Identifier: BSD-2-Clause
# files.sh - makes a directory outside /tmp for the tests of file events, because files below /tmp pass unasked.
# shellcheck shell=bash
: "${T:?source lib.sh first}"

# Make a workspace $W and a home beside it, in a directory that is not a temporary one.  False if there is none.
files_base() {
	local dir
	for dir in "$GATE_BUILD" "$PWD" /srv /opt; do
		case $(realpath "$dir" 2>/dev/null)/ in /tmp/* | /var/tmp/* | /dev/shm/* | "${TMPDIR:-/tmp}"/* | /) continue ;; esac
		files_outer=$(mktemp -d "$dir/gate-files.XXXXXX" 2>/dev/null) && break
	done
	[ -n "${files_outer:-}" ] || return 1
	# A session whose workspace is $base has its store beside it.
	base=$files_outer/base
	mkdir -m 700 "$base"; chmod 711 "$files_outer"
	trap 'test_cleanup; rm -rf "$T" "$files_outer"' EXIT
	export HOME=$base/home XDG_STATE_HOME=$base/home/.local/state
	W=$base/work
	mkdir -p "$HOME" "$XDG_STATE_HOME" "$W"
}
