# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# chroot.sh - minbase systems to build and to install in; .ci/deb sources it.  GATE_CHROOT names one to copy instead
# of one that debootstrap makes.  77 and the reason: not possible here.
not_here() { printf 'not possible here: %s\n' "$*"; exit 77; }
[ "$(id -u)" = 0 ] || not_here 'not root'
for tool in unshare dpkg-deb apt-get; do command -v $tool >/dev/null || not_here "no $tool"; done
unshare --mount --pid --fork true 2>/dev/null || not_here 'no namespaces'
work=$(mktemp -d "$PWD/build/deb.XXXXXX") || exit 2
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
failed=0
ok() { # ok WHAT COMMAND...
	local what=$1
	shift
	if "$@"; then printf 'ok: %s\n' "$what"; else printf 'FAILED: %s\n' "$what"; failed=$((failed + 1)); return 1; fi
}

make_chroot() { # make_chroot NAME
	if [ -n "${GATE_CHROOT:-}" ]; then
		cp -a "$GATE_CHROOT" "$work/$1"
	elif [ -d "$work/base" ]; then
		cp -a "$work/base" "$work/$1"
	else
		command -v debootstrap >/dev/null || not_here 'no debootstrap'
		debootstrap --variant=minbase "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$work/base" >"$work/log" 2>&1 ||
			not_here "debootstrap: $(tail -n 1 "$work/log")"
		cp -a "$work/base" "$work/$1"
	fi
	cp -L /etc/resolv.conf "$work/$1/etc/resolv.conf"
	printf 'Acquire::Languages "none";\n' >"$work/$1/etc/apt/apt.conf.d/no-languages"
}
# in_chroot NAME SCRIPT: as root, with processes, /proc, terminals and a /tmp of its own; they end with the script.
in_chroot() {
	unshare --mount --pid --fork --kill-child --propagation private bash -c '
		set -e
		mount --bind "$1" "$1"
		cd "$1"
		mount -t proc proc proc
		mount -t tmpfs -o mode=755 tmpfs dev
		for n in null zero full random urandom tty; do touch dev/$n; mount --bind /dev/$n dev/$n; done
		mkdir dev/pts dev/shm
		mount -t devpts -o newinstance,ptmxmode=0666,gid=5,mode=620 devpts dev/pts
		ln -s pts/ptmx dev/ptmx
		ln -s /proc/self/fd dev/fd
		mount -t tmpfs -o mode=1777 tmpfs dev/shm
		mount -t tmpfs -o mode=755 tmpfs run
		exec chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
			DEB_BUILD_OPTIONS=nocheck bash -c "$2"
	' - "$work/$1" "$2" </dev/null
}
shown() { # shown COMMAND...: its end when it fails
	"$@" >"$work/log" 2>&1 || { tail -n 25 "$work/log"; return 1; }
}
has_network() { # has_network NAME: apt-get update, or 77
	in_chroot "$1" 'apt-get -q update' >"$work/log" 2>&1 || not_here "apt-get update: $(grep -m 1 '^[EW]:' "$work/log")"
}
