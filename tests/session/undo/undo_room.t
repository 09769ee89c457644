#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_room.t - Gate keeps what fits: the quota and the disk are looked at before the act, and what was promised stays.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
W=$T/ws; mkdir "$W"
# keep OPTION...: the service with gate_keep's options
keep() {
	mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"
	sed "s/gate_keep.so\$/gate_keep.so $*/" "$GATE_SRC/rules/policy/gate.d/agent" >"$XDG_CONFIG_HOME/gate/gate.d/agent"
}
# fill DIR FILES KILOBYTES
fill() { rm -rf "$1"; mkdir -p "$1"; for i in $(seq "$2"); do head -c "$3"000 /dev/urandom >"$1/$i"; done; sleep 0.02; }
inside() { "$GATESH" run -- "$@" </dev/null 2>&1; }
undo() { "$GATESH" undo "$@" </dev/null 2>&1; }
sums() { (cd "$1" && sha256sum -- * 2>/dev/null); }
forget() { "$GATESH" undo prune --all --yes </dev/null >/dev/null 2>&1; }
kept() { grep -o 'kept [0-9]* file' <<<"$1" | grep -o '[0-9]*'; }

# --- the quota
cd "$W" || exit 99
keep quota=1M
fill a 8 300; before=$(sums a)
out=$(inside rm -rf a)
like "more than the quota: refused before anything is lost, and why" "$out" 'refused: unlink .*the quota for kept files is used up'
is "what fits is kept" "$(kept "$out")" 3
is "a next session takes nothing of it" "$(inside true; undo -y a | tail -1)" "3 restored. To take this back: gatesh undo --redo"
is "and all is there again" "$(sums a)" "$before"
forget; keep quota=1M
fill a 8 300; before=$(sums a)
out=$(inside sh -c 'for i in 1 2 3 4 5 6 7 8; do : >a/$i || exit 1; done')
like "files that are emptied: refused as well" "$out" 'refused: truncate .*the quota for kept files is used up'
is "kept, and no more" "$(kept "$out")" 3
undo -y a >/dev/null; is "and all is there again" "$(sums a)" "$before"
forget
fill a 8 300; before=$(sums a)
out=$(inside sh -c 'for i in 1 2 3 4 5 6 7 8; do rm -f a/$i; done; wait')
is "many processes share one account" "$(kept "$out")" 3
forget
keep quota=8G
fill a 4 300; inside rm -rf a >/dev/null; keep quota=10K
inside true
is "a smaller quota: what was kept in the last day stays" "$(undo -y a | tail -1)" "5 restored. To take this back: gatesh undo --redo"
out=$(inside rm a/1)
like "and nothing more fits" "$out" 'refused: unlink .*the quota for kept files is used up'
forget; keep quota=8G
fill a 4 300; inside rm -rf a >/dev/null; keep quota=10K hold=0s
inside true
like "hold=0s: an ended session's files go for the quota" "$(undo -y a)" '0 files and'
keep quota=1M hold=0s age=0s
fill a 3 300; before=$(sums a)
# The second session prunes when it begins: it has ended when the first removes its last file.
out=$(inside sh -c 'rm a/1 a/2; env -u GATE_SESSION true; touch "$1"; until [ -e "$2" ]; do sleep 0.05; done; rm a/3' sh "$T/half" "$T/go" &
	wait_for 10 test -e "$T/half"; (cd "$T" && inside true); touch "$T/go"; wait)
undo -y a >/dev/null
is "not those of a living session, whatever the limits" "$(sums a)" "$before"
forget; rm -f "$XDG_CONFIG_HOME/gate/gate.d/agent"

# --- the disk
D=$T/disk
if [ "$(id -u)" = 0 ] && mkdir "$D" && mount -t tmpfs -o size=24m gate-test "$D" 2>/dev/null; then
	test_cleanup() { umount -l "$D" 2>/dev/null; }
	mkdir "$D/ws"; cd "$D/ws" || exit 99
	fill a 1 16000; before=$(sums a)
	out=$(inside sh -c 'rm a/1; head -c 16000000 /dev/zero >new && echo written')
	like "a disk with less free than the file has: the removal frees it" "$out" written
	is "and it is kept on another disk" "$(kept "$out")" 1
	rm -f new; undo -y "$D/ws/a" >/dev/null
	is "from which it comes back" "$(sums a)" "$before"
	forget; keep max=1M
	fill a 1 16000; before=$(sums a)
	like "too large for a copy: refused, and why" "$(inside rm a/1)" 'refused: unlink .*its disk is nearly full.*for good'
	is "nothing is lost" "$(sums a)" "$before"
	"$GATESH" run --wait-for-answer -- rm a/1 </dev/null >"$T/out" 2>&1 &
	wait_for 10 any_question
	"$GATESH" allow "$("$GATESH" pending | awk '{ print $1; exit }')" >/dev/null; wait $!
	is "after a yes it is gone for good" "$(ls a) $(kept "$(cat "$T/out")")" " "
	ok "and its space is free" [ "$(df --output=avail -k "$D" | tail -1)" -gt 20000 ]
	forget; keep hold=0s
	fill a 1 8000; inside rm a/1 >/dev/null
	head -c 16200000 /dev/zero >full; out=$(inside true)
	like "nearly full: the old files of ended sessions go, and that is said" "$out" 'deleted 1 old file of ended sessions \(7\.6 MiB\): the disk was nearly full'
	forget; rm -f full; keep hold=1h
	fill a 1 8000; before=$(sums a); inside rm a/1 >/dev/null
	head -c 16200000 /dev/zero >full; inside true
	rm -f full; undo -y "$D/ws/a" >/dev/null
	is "not those of the last hour" "$(sums a)" "$before"
	cd "$T" || exit 99
else
	skip "the disk" "not root, or no tmpfs can be mounted"
fi
done_testing
