#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# apt_chroot.t - apt-get update, upgrade and install in a minbase chroot, inside root's session: the chroot is as it is after
# the same commands outside.  GATE_NETWORK=1 lets it use the network; GATE_CHROOT names a minbase system to copy, instead
# of one that debootstrap makes.
# shellcheck disable=SC2016 # single quotes: scripts of other shells
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
none() { echo "1..0 # SKIP $*"; exit 0; }
[ "$(id -u)" = 0 ] || none "not root"
[ -n "${GATE_NETWORK:-}" ] || none "GATE_NETWORK=1 lets this test use the network"
[ -n "${GATE_CHROOT:-}" ] || command -v debootstrap >/dev/null || none "no debootstrap here"
files_base || none "no directory to write to that is not a temporary one"
mounted=()
test_cleanup() { local m; for m in "${mounted[@]}"; do umount "$m"; done; }
chmod 755 "$base"
cd "$base" || exit 99
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -m1 '/debian$')
if [ -n "${GATE_CHROOT:-}" ]; then
	cp -a "$GATE_CHROOT" out || none "$GATE_CHROOT can't be copied"
	release=$(sed -n 's/^VERSION_CODENAME=//p' out/etc/os-release)
else
	debootstrap --variant=minbase "$release" out "${mirror:-http://deb.debian.org/debian}" >"$T/log" 2>&1 || none "debootstrap: $(tail -1 "$T/log")"
fi
cp /etc/resolv.conf out/etc/resolv.conf
echo "deb ${mirror:-http://deb.debian.org/debian}-security $release-security main" >out/etc/apt/sources.list.d/security.list
cp -a out in
for dir in out in; do mount -t proc proc "$base/$dir/proc" && mounted+=("$base/$dir/proc"); done

commands='export DEBIAN_FRONTEND=noninteractive SOURCE_DATE_EPOCH=1700000000; apt-get -q update && apt-get -q -y upgrade && apt-get -q -y install --no-install-recommends hello less'
chroot out sh -c "$commands" >"$T/out" 2>&1 </dev/null || none "apt-get does not work here, without Gate either: $(grep -m1 '^E:' "$T/out")"
diag "$(grep -m1 '^[0-9]* upgraded' "$T/out")"
setsid -w "$GATESH" run -- chroot in sh -c "$commands" >"$T/in" 2>&1 </dev/null
is "update, upgrade, install: all work" $? 0
is "nothing is said about it but what is kept" "$(grep -aE '^gate|ld\.so' "$T/in" | grep -vE '^gate: kept [0-9]+ files? ')" ""
is "apt and dpkg say the same" "$(grep -aE '^(Unpacking|Setting up|Removing|[0-9]+ upgraded)' "$T/in" | sort)" "$(grep -aE '^(Unpacking|Setting up|Removing|[0-9]+ upgraded)' "$T/out" | sort)"
is "dpkg finds nothing wrong" "$(chroot in dpkg --audit)" ""
is "what was installed runs" "$(chroot in hello)" "Hello, world!"
# names, modes, owners, links, contents; logs and caches have times in them
state() {
	(cd "$1" && find . -xdev \( -path ./proc -o -path ./var/log -o -path ./var/cache -o -path ./var/lib/apt \) -prune -o -printf '%p %y %m %U:%G %n %l\n' | sort
		find . -xdev \( -path ./proc -o -path ./var/log -o -path ./var/cache -o -path ./var/lib/apt \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum)
}
state out >"$T/state.out"; state in >"$T/state.in"
is "every file is as it is outside ($(grep -c ' f ' "$T/state.out") files)" "$(diff "$T/state.out" "$T/state.in" | head -10)" ""
done_testing
