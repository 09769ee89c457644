#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# attributes.t - chmod, chown, access control lists, extended attributes and exchanges of old files come back; of the session's own files
# nothing is said.
# shellcheck disable=SC1091,SC2016,SC2154,SC2089,SC2090 # base, from files.sh
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
cd "$W" || exit 1

session() { setsid -w timeout -k 5 60 "$GATESH" run -- "$@" </dev/null >"$T/out" 2>&1; }
undo() { "$GATESH" undo --yes --all --since 1h </dev/null >"$T/undo" 2>&1; }
forget() { rm -rf "$XDG_STATE_HOME/gate" "$base"/.gate-undo*; }
# Every path with its attributes and its content.
snapshot() {
	python3 - <<'PY'
import os
for d, dirs, files in os.walk('.'):
    for n in sorted(dirs + files):
        p = os.path.join(d, n); st = os.lstat(p)
        x = sorted((k, os.getxattr(p, k, follow_symlinks=False)) for k in os.listxattr(p, follow_symlinks=False))
        print(p, oct(st.st_mode), st.st_uid, st.st_gid, st.st_ino, x, '' if not os.path.isfile(p) else open(p).read().strip())
PY
}
fresh() {
	forget; chmod -R u+rwX "$W"; rm -rf "${W:?}"/*; mkdir -p d/e; echo old >f; echo other >g; echo in >d/e/h; chmod 640 f; chmod 750 d
	python3 -c 'import os
for n in ("f", "d"): os.setxattr(n, "user.note", b"a\0b")' 2>/dev/null
	snapshot | sort >"$T/before"; sleep 0.02
}
# back NAME WORD COMMAND...: it changes something, `gatesh undo` lists it by the word, and it comes back
back() {
	local name=$1 word=$2; shift 2
	fresh; session "$@"
	ok "$name: it changes something" differs
	like "$name: it is listed" "$("$GATESH" undo --all)" "$word"
	undo
	is "$name: it is as it was" "$(snapshot | sort | diff "$T/before" - 2>&1; tail -3 "$T/undo" | grep failed)" ""
	is "$name: nothing is left to undo" "$("$GATESH" undo --json --all | grep -v '"comm":"gatesh"')" ""
}
differs() { ! snapshot | sort | cmp -s "$T/before" -; }
attribute() { python3 -c 'import os; os.setxattr("f", "user.try", b"x"); os.removexattr("f", "user.try")' 2>/dev/null; }

changed='attributes changed'
back "chmod 000" "f +$changed" chmod 000 f
back "chmod -R 000 of a directory" "d/? +$changed" chmod -R 000 d
back "chmod in several forms" "$changed" python3 -c 'import os
os.chmod("f", 0o600); os.chmod("g", 0, follow_symlinks=True); fd = os.open("d/e/h", os.O_RDONLY); os.fchmod(fd, 0o444); os.chmod("e", 0o700, dir_fd=os.open("d", os.O_RDONLY))'
if [ "$(id -u)" = 0 ]; then
	back "chown" "$changed" chown 1234:4321 f
	back "chown -R, and its forms" "$changed" python3 -c 'import os
os.lchown("g", 5, 6); os.chown("d", 7, 8); fd = os.open("f", os.O_RDONLY); os.fchown(fd, 9, 10)'
else skip "chown" "not root"; fi
echo >f; if attribute; then
	back "an extended attribute is removed" "$changed" python3 -c 'import os; os.removexattr("f", "user.note")'
	back "one is changed, one is added" "$changed" python3 -c 'import os
os.setxattr("f", "user.note", b"new"); fd = os.open("d", os.O_RDONLY); os.setxattr(fd, "user.more", b"new")'
else skip "extended attributes" "the file system has none"; fi
# an access control list, as setfacl(1) sets it: version 2; the user, the user 1, the group, the mask, others
if python3 -c 'import os, struct
os.setxattr("f", "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in ((1, 6, 2**32 - 1), (2, 7, 1), (4, 4, 2**32 - 1), (16, 7, 2**32 - 1), (32, 0, 2**32 - 1))))' 2>/dev/null; then
	back "an access control list" "$changed" python3 -c 'import os, struct
os.setxattr("f", "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in ((1, 6, 2**32 - 1), (2, 7, 1), (4, 4, 2**32 - 1), (16, 7, 2**32 - 1), (32, 0, 2**32 - 1))))'
else skip "an access control list" "the file system has none"; fi
back "chmod, then removal" "f +removed" sh -c 'chmod 000 f; rm -f f'
fresh; session chmod 600 f; snapshot | sort >"$T/changed"; undo; "$GATESH" undo --yes --redo </dev/null >/dev/null 2>&1
is "the undo can be undone" "$(snapshot | sort | diff "$T/changed" -)" ""
fresh; session sh -c 'chmod 600 f; chmod 644 f; chmod 600 f'
is "once for a file and session" "$(cat "$base"/.gate-undo*/*/journal "$XDG_STATE_HOME"/gate/undo/*/journal 2>/dev/null | grep -c '^1 A')" 1
fresh; session sh -c 'chmod 600 f; chmod 640 f; echo new >n; chmod 000 n; mkdir m; chmod 700 m; chmod 0 /dev/null/x'
is "what was changed back, and the session's own, is not listed" "$("$GATESH" undo --all 2>&1 | grep -c "$changed")" 0

# --- the content as well: it comes back as another inode
fresh; chmod 644 f; session sh -c 'chmod 600 f; echo new >f'; undo
is "changed and overwritten: both come back" "$(stat -c %a f) $(cat f)" "644 old"
fresh; chmod 644 f; session sh -c 'chmod 600 f'; cp -p f f2; mv f2 f; "$GATESH" undo --yes f </dev/null >"$T/undo" 2>&1
like "another file is there: it is said, and nothing is done" "$(stat -c %a f; cat "$T/undo")" '^600.*another file is there now'

# --- exchanges: by the library's renameat2, and by one that the library does not see
for how in None '"libc.so.6"'; do
	exchange="import ctypes; ctypes.CDLL($how).renameat2(-100, b'%s', -100, b'%s', 2)"
	# shellcheck disable=SC2059
	x() { python3 -c "$(printf "$exchange" "$1" "$2")"; }
	where=$([ "$how" = None ] && echo library || echo raw)
	fresh; x f g; sleep 0.02
	if [ "$(cat f)" != other ]; then skip "exchanges" "not here"; break; fi
	export -f x; export exchange
	back "$where: two files" 'exchanged +with' bash -c 'x f g'
	back "$where: a file and a directory" 'exchanged +with' bash -c 'x f d'
	back "$where: then one is removed" 'exchanged +with' bash -c 'x f g; rm -f f'
	back "$where: then the other one" 'exchanged +with' bash -c 'x f g; rm -f g'
	back "$where: three times" 'exchanged +with' bash -c 'x f g; x f g; x g f'
	fresh; session bash -c 'echo new >n; x f n; rm n'; undo
	is "$where: with a new file, and the old one is removed at its new place" "$(grep -h . f n; snapshot | grep -F -c "$(grep '^./f ' "$T/before")")" "old
new
1"
	# RENAME_WHITEOUT, an overlay's rename: a device 0:0 takes the old name
	w() { python3 -c "import ctypes; ctypes.CDLL($how).renameat2(-100, b'$1', -100, b'$2', 4)"; }
	export -f w; export how
	fresh; session bash -c 'echo new >n; w n g; w f f2; rm f2'
	if [ -c n ]; then undo; is "$where: a whiteout: the replaced and the moved file" "$(cat f g)" "old
other"
	else skip "$where: a whiteout" "not root, or the file system has none"; fi
	fresh; session bash -c 'echo 1 >n; echo 2 >m; x n m; x f g; x f g'
	is "$where: new files, and exchanged twice: nothing is listed" "$("$GATESH" undo --all 2>&1 | grep -c exchanged)" 0
done
done_testing
