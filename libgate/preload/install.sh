#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# install.sh - installs and uninstalls the interposer under living sessions; called by make install and make uninstall.
#
#   install.sh put DIR LIBDIR NEW    make NEW, a directory in DIR with the interposer and gate-standin, the current one
#   install.sh remove DIR LIBDIR     remove every one that no session uses
#
# DIR/ID is named after the content.  A session names DIR/ID/libgate-preload.so in LD_PRELOAD and holds a lock on DIR/ID while
# it lasts (gatesh/util/spawn.c), so the library that its programs load neither changes nor goes.  LIBDIR/libgate-preload.so
# is a link to the current one.
set -eu
library=libgate-preload.so

# Does a session hold the directory, or is a process that outlived its session still gated from it?  Without flock(1), nobody
# can tell.
is_used() { # is_used DIR/ID
	command -v flock >/dev/null 2>&1 || return 0
	flock -n "$1" true || return 0
	grep -qsF "$1/$library" /proc/[0-9]*/maps
}

# remove_unused DIR KEEP: all but DIR/KEEP.  The lock keeps a session from starting on what is being removed.
remove_unused() {
	for d in "$1"/*; do
		if [ -d "$d" ] && [ "${d##*/}" != "$2" ] && ! is_used "$d"; then
			flock -n "$d" rm -rf "$d" || :
		fi
	done
}

put() { # put DIR LIBDIR NEW
	id=$(cat "$3/$library" "$3/gate-standin" | cksum | { read -r sum size; printf '%08x-%x' "$sum" "$size"; })
	chmod 755 "$3"
	if [ ! -d "$1/$id" ]; then
		mv "$3" "$1/$id"
	else
		for f in "$library" gate-standin; do
			cmp -s "$3/$f" "$1/$id/$f" || mv -f "$3/$f" "$1/$id/$f"
		done
		rm -rf "$3"
	fi
	ln -s "${1#"$2"/}/$id/$library" "$2/.$library.$$"
	mv -f "$2/.$library.$$" "$2/$library"
	remove_unused "$(cd "$1" && pwd -P)" "$id"
}

remove() { # remove DIR LIBDIR
	rm -f "$2/$library"
	[ -d "$1" ] || return 0
	rm -rf "$1"/.new.*
	remove_unused "$(cd "$1" && pwd -P)" ''
	rmdir "$1" 2>/dev/null || {
		echo "gate: uninstall: a session may still use $1, so it stays; run make uninstall again after the session" >&2
	}
}

case $1 in
put) put "$2" "$3" "$4" ;;
remove) remove "$2" "$3" ;;
esac
