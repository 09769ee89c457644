#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# files.t - file operations give what they give without Gate, whether nothing, a record, a copy or the file itself is kept; and
# what is kept is what was there.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/askd.sh"

ops=$T/fileops
cp "$GATE_BUILD/tests/support/fileops" "$ops"
# Another user runs both, who can't look into a build below /root.
cp "$PRELOAD" "$T/"; PRELOAD=$T/${PRELOAD##*/}
W=$T/work STORE=$T/store
mkdir "$T/ro" "$T/other" "$T/mnt"; echo text >"$T/ro/f"; mkdir "$T/ro/d"
chmod 755 "$T"; chmod -R a+rX "$T/ro"; chmod 777 "$T/other"
ro=() other=()
if mount --bind "$T/ro" "$T/mnt" 2>/dev/null && mount -o remount,ro,bind "$T/mnt" 2>/dev/null; then ro=("ro=$T/mnt"); fi
shm=$(mktemp -d /dev/shm/gate-test.XXXXXX 2>/dev/null) && chmod 777 "$shm" && other=("other=$shm/x")
test_cleanup() { askd_stop; umount "$T/mnt" 2>/dev/null; [ -z "$shm" ] || rm -rf "$shm"; chmod -R u+w "$T" 2>/dev/null; }

# fresh: an empty workspace and store, and the session's files in it, all older than the session
fresh() {
	chmod -R u+w "$W" 2>/dev/null; rm -rf "$W" "$STORE"; [ -z "$shm" ] || rm -rf "$shm/x"
	mkdir -p "$W" "$STORE/o"; : >"$STORE/journal"; [ -z "$shm" ] || mkdir -m 777 "$shm/x"
	[ "$(id -u)" != 0 ] || chown "${owner:-0}" "$W" "$STORE" "$STORE/o" "$STORE/journal"
	(cd "$W" && $as "$ops" make) || { echo "Bail out! the files can't be made"; exit 99; }
}
# An old file that moved, was exchanged, or lost one of several names, has exactly one link more while the session runs (store_guard.h).
# guarded: count such lines of $T/inside, of these names and no others, and write them as they are outside
guarded() {
	paste -d '\n' "$T/outside" "$T/inside" | awk -v out="$T/inside" '
		BEGIN { for (n = split("linked2 linked3 f2 to-h h k k2 l2 m2 v2 z2 small3", names, " "); n; n--) moved[names[n] ":"] = 1 }
		NR % 2 { line = $0; split($0, was, " "); next }
		{ n = was[4] + 1; same = line; sub(/ links [0-9]+/, " links " n, same)
		  if (moved[$1] && was[3] == "links" && $0 == same) { more++; $0 = line }
		  print >out }
		END { print more + 0 }'
}
as='' owner=0
# shellcheck disable=SC2086 # $as is a list of words
# compare NAME OPTION...: the operations outside, and in a session of these options
compare() {
	local what=$1; shift
	fresh; (cd "$W" && $as "$ops" run "${ro[@]}" "${other[@]}") >"$T/outside" 2>&1
	fresh; askd 'deny=gate: refused by the test' +workspace="$W" +store="$STORE" "$@"
	[ "$(id -u)" != 0 ] || chmod -R a+rwX "$SESSION"
	(cd "$W" && gated $as "$ops" run "${ro[@]}" "${other[@]}") >"$T/inside" 2>&1
	more=0
	case $what in kept*) more=$(guarded) ;; esac
	if diff "$T/outside" "$T/inside" >"$T/diff"; then pass "$what"; else fail "$what" "$(head -20 "$T/diff"; echo ...; grep "^>" "$T/diff" | head -20)"; fi
	grep -v '^ready' "$ASKLOG" >"$T/asked"
}
objects() { find "$STORE/o" -type f -o -type l | wc -l; }

compare "kept: as without Gate"
case ${#ro[@]}${#other[@]} in
11) is "but for one link more of what moved, was exchanged, or lost one of its names" "$more" 15 ;;
*) ok "but for one link more of what moved, was exchanged, or lost one of its names" test "$more" -gt 0 ;;
esac
ok "all of it was run" grep -q 'threads: 800 handlers: 50' "$T/outside"
is "nobody was asked" "$(cat "$T/asked")" ""
ok "files are kept" test "$(objects)" -gt 850
is "no copy is left half made" "$(find "$STORE/o" -name '*.part')" ""
compare "of no concern: as without Gate" '+allow:/'
is "nothing is kept" "$(objects)$(cat "$STORE/journal")" 0
compare "the word is pass: as without Gate" +keep=pass
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	as='setpriv --reuid=65534 --regid=65534 --clear-groups' owner=65534
	compare "kept, without root's rights: as without Gate"
	ok "files are kept" test "$(objects)" -gt 850
	as='' owner=0
else
	skip "kept, without root's rights" "not root"; skip "files are kept" "not root"
fi
[ ${#ro[@]} -gt 0 ] || diag "no read-only mount: that part was left out"
[ ${#other[@]} -gt 0 ] || diag "no other file system: that part was left out"
done_testing
