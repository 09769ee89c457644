#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# docker-volume.sh - keeps the files of volumes as tar archives, and fills new volumes with them.
#
#     docker-volume.sh keep|undo PROGRAM [OPTION ...] -- VOLUME ...
#
# A container of an image that the machine already has reads the volume; nothing is pulled, and the volume is mounted read-only.
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "docker-volume.sh: no GATE_KEEP"
act=$1
program=$2 # for eval
export program
shift 2
options=''
quote() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
while [ $# -gt 0 ] && [ "$1" != -- ]; do options="$options$(quote "$1")"; shift; done
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || fail "no volume is named"
d() { eval "\"\$program\" $options\"\$@\""; }
image=''
for candidate in busybox alpine debian; do
	d image inspect "$candidate" >/dev/null 2>&1 && image=$candidate && break
done
[ "$image" ] || fail "a volume is read by an image with tar, and there is neither busybox nor alpine nor debian here"

for volume; do
	case $volume in */* | -*) fail "$volume is not kept" ;; esac
	if [ "$act" = undo ]; then
		d volume inspect "$volume" >/dev/null 2>&1 && fail "$volume exists: remove or rename it first"
		d volume create "$volume" >/dev/null || exit 1
		d run --rm -i --network none --pull never -v "$volume:/gate" "$image" tar -C /gate -xf - <"$GATE_KEEP/$volume.tar" || exit 1
		say "$volume is filled again"
		continue
	fi
	d volume inspect "$volume" >"$GATE_KEEP/$volume.json" || exit 2
	d run --rm --network none --pull never -v "$volume:/gate:ro" "$image" tar -C /gate -cf - . >"$GATE_KEEP/$volume.tar" || exit 2
	say "kept: the files of volume $volume ($(tar -tf "$GATE_KEEP/$volume.tar" | grep -vc '/$') files)"
	say "loses: the labels and driver options of volume $volume, which $GATE_KEEP/$volume.json has"
done
