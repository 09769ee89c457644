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
#
# Where 32-bit programs can run, a session names it DIR/ID/$PLATFORM/libgate-preload.so, and each loader puts its own machine there (ld.so(8)).  The wide ones
# lead back to DIR/ID, the narrow ones to DIR/ID/narrow, which has the library without code; so does '$PLATFORM' itself for
# a loader that replaces nothing (musl), and for the access(2) of programs.
set -eu
library=libgate-preload.so
# dl_platform of glibc: the kernel's AT_PLATFORM, or what x86 loaders make of it.
# shellcheck disable=SC2016 # a file is called so
wide='x86_64 haswell xeon_phi aarch64 $PLATFORM'
narrow='i386 i486 i586 i686 v6l v7l v8l'

# Does a session hold the directory, or is a process that outlived its session still gated from it?  Without flock(1), nobody
# can tell.
is_used() { # is_used DIR/ID
	command -v flock >/dev/null 2>&1 || return 0
	flock -n "$1" true || return 0
	grep -qsF "$1/" /proc/[0-9]*/maps
}

# remove_unused DIR KEEP: all but DIR/KEEP.  The lock keeps a session from starting on what is being removed.
remove_unused() {
	for d in "$1"/*; do
		if [ -d "$d" ] && [ "${d##*/}" != "$2" ] && ! is_used "$d"; then
			flock -n "$d" rm -rf "$d" || :
		fi
	done
}

# A link that is there is left alone: a session may be looking through it.
put_link() { # put_link WHERE TO
	[ "$(readlink "$1")" = "$2" ] || ln -sfn "$2" "$1"
}

put_links() { # put_links DIR/ID
	for name in $wide; do put_link "$1/$name" .; done
	for name in $narrow; do put_link "$1/$name" narrow; done
}

put() { # put DIR LIBDIR NEW
	id=$(cat "$3/$library" "$3/gate-standin" "$3/narrow/$library" | cksum | { read -r sum size; printf '%08x-%x' "$sum" "$size"; })
	chmod 755 "$3" "$3/narrow"
	put_links "$3"
	if [ ! -d "$1/$id" ]; then
		mv "$3" "$1/$id"
	else
		put_links "$1/$id"
		mkdir -p "$1/$id/narrow"
		for f in "$library" gate-standin "narrow/$library"; do
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
