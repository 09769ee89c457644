#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# in_place.t - what is written in place comes back as it was before the first open, and nothing else is offered.  What
# others make while the session runs is old; what the session makes is its own.
# shellcheck disable=SC1091,SC2016,SC2154 # base, from files.sh
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
cd "$W" || exit 1
other=
# shellcheck disable=SC2086 # none or one process
test_cleanup() { kill $other 2>/dev/null; rm -rf "$base"; }

session() { setsid -w timeout -k 5 60 "$GATESH" run -- "$@" </dev/null >"$T/out" 2>&1; }
undo() { "$GATESH" undo --yes --all --since 1h </dev/null >"$T/undo" 2>&1; }
listed() { "$GATESH" undo --all 2>/dev/null | sed -n 's/^      //p'; }
have() { command -v "$1" >/dev/null; }
forget() { rm -rf "$XDG_STATE_HOME/gate" "$base"/.gate-undo*; }
fresh() { # fresh: an old file
	forget; rm -rf "${W:?}"/*; seq 3000 >f; sync f; sum=$(sha256sum <f)
}
# back NAME COMMAND...: the command changes f in place, and it comes back as it was
back() {
	local name=$1; shift
	fresh; session "$@"
	if [ "$(sha256sum <f)" = "$sum" ]; then fail "$name: it changed nothing" "$(cat "$T/out")"; return; fi
	undo
	is "$name: it is as it was" "$(sha256sum <f)" "$sum"
}
quiet() { # quiet NAME COMMAND...: nothing is kept, nothing offered
	local name=$1; shift
	session "$@"
	is "$name: nothing is offered, and nothing said" "$(listed)$(grep -a 'gate: kept' "$T/out")" ""
}

# --- programs that write in place
back "python, r+ and truncate" python3 -c 'f = open("f", "r+"); f.write("new"); f.flush(); f.seek(9); f.write("new"); f.truncate()'
like "and says how it went" "$("$GATESH" undo --all --redo --dry-run 2>&1; cat "$T/undo")" "back, present one kept"
back "python, a mapping" python3 -c 'import mmap
with open("f", "r+b") as f:
    m = mmap.mmap(f.fileno(), 0); m[:3] = b"new"; m.flush()'
back "python, a+ and a mapping" python3 -c 'import mmap
with open("f", "a+b") as f:
    m = mmap.mmap(f.fileno(), 0); m[:3] = b"new"; m.flush()'
fresh; touch -d @1577836800 f; session python3 -c 'open("f", "r+").write("new")'; undo
is "its time comes back with it" "$(stat -c %Y f)" 1577836800
if have node; then
	back "node" node -e 'const fs = require("fs"), f = fs.openSync("f", "r+"); fs.writeSync(f, "new", 5); fs.ftruncateSync(f, 9)'
else skip "node" "no node"; fi
if have bun; then
	back "bun" bun -e 'require("fs").writeFileSync("f", "new")'
else skip "bun" "no bun"; fi
if have perl; then
	back "perl" perl -e 'open(my $f, "+<", "f"); print $f "new"; truncate($f, 9)'
else skip "perl" "no perl"; fi
if have rsync; then
	back "rsync --inplace" sh -c 'seq 2000 4000 >g; exec rsync --inplace -I g f'
else skip "rsync --inplace" "no rsync"; fi
back "dd conv=notrunc, which nobody is asked about" dd if=/dev/zero of=f bs=1 count=5 seek=7 conv=notrunc status=none
image() { # image NAME COMMAND...: a file system with content in f comes back
	local name=$1; shift
	fresh; truncate -s 2M f; mkfs.ext4 -qF f >/dev/null 2>&1; debugfs -w -R "write /etc/passwd content" f >/dev/null 2>&1; sum=$(sha256sum <f); sync f
	session "$@"
	if [ "$(sha256sum <f)" = "$sum" ]; then fail "$name: it changed nothing" "$(cat "$T/out")"; return; fi
	undo
	is "$name: a file system with content is as it was" "$(sha256sum <f)" "$sum"
}
PATH=$PATH:/usr/sbin:/sbin
if have mkfs.ext4 && have debugfs; then
	image "mkfs" mkfs.ext4 -qF f
	image "debugfs" debugfs -w -R "rm content" f
else skip "mkfs" "no mkfs.ext4"; skip "debugfs" "no debugfs"; fi
if have ed; then
	back "ed" sh -c 'printf "1d\nw\nq\n" | ed -s f'
else skip "ed" "no ed"; fi
back "a shell's <>" sh -c 'exec 3<>f; echo new >&3'
back ">>, then cut off" python3 -c 'import os
f = os.open("f", os.O_WRONLY); os.write(f, b"new"); os.close(f)
f = os.open("f", os.O_WRONLY | os.O_APPEND); os.write(f, b"new"); os.ftruncate(f, 0)'
fresh; session sh -c 'echo new >>f; truncate -s 9 f'; undo
is ">>, then cut off by another program: it is as before the cut" "$(head -n 3000 f | sha256sum) $(tail -n 1 f)" "$sum new"
back "fallocate -c" fallocate -c -o 0 -l 4096 f
back "fallocate -z" fallocate -z -o 0 -l 4096 f
back "fallocate -p" fallocate -p -o 0 -l 4096 f
back "through /proc/self/fd of an open for reading" python3 -c 'import os
r = os.open("f", os.O_RDONLY); w = os.open("/proc/self/fd/%d" % r, os.O_WRONLY); os.write(w, b"new")'
back "twice, by two programs" sh -c 'dd if=/dev/zero of=f bs=1 count=5 conv=notrunc status=none; dd if=/dev/zero of=f bs=1 seek=500 count=5 conv=notrunc status=none'
if have sqlite3; then
	for mode in wal delete; do
		fresh; sqlite3 d.db "pragma journal_mode=$mode; create table t(x); insert into t values(1),(2)" >/dev/null
		session sqlite3 d.db 'delete from t; insert into t values(9)'
		undo; is "sqlite, journal_mode=$mode: it is as it was" "$(sqlite3 d.db 'pragma integrity_check; select x from t' | tr '\n' ' ')" "ok 1 2 "
	done
else skip "sqlite, journal_mode=wal" "no sqlite3"; skip "sqlite, journal_mode=delete" "no sqlite3"; fi
python3 -c 'import sqlite3' 2>/dev/null && {
	fresh; python3 -c 'import sqlite3; d = sqlite3.connect("d.db"); d.execute("create table t(x)"); d.execute("insert into t values(1)"); d.commit()'
	session python3 -c 'import sqlite3; d = sqlite3.connect("d.db"); d.execute("update t set x = 7"); d.commit()'
	undo; is "python's sqlite: it is as it was" "$(python3 -c 'import sqlite3; print(sqlite3.connect("d.db").execute("select x from t").fetchall())')" "[(1,)]"
}
python3 -c 'import sqlite3' 2>/dev/null && {
	rows='import sqlite3; d = sqlite3.connect("d.db"); print(d.execute("pragma integrity_check").fetchall(), d.execute("select x from t").fetchall())'
	fresh; python3 -c 'import sqlite3; d = sqlite3.connect("d.db"); d.execute("pragma journal_mode=wal"); d.execute("create table t(x)"); d.execute("insert into t values(1)"); d.commit(); d.close()'
	session python3 -c 'import os, sqlite3; d = sqlite3.connect("d.db"); d.execute("update t set x = 7"); d.commit(); os._exit(0)'
	ok "a session leaves its log beside a database" test -s d.db-wal
	like "which counts" "$(listed)" "^d.db "
	undo; is "and goes with it" "$(python3 -c "$rows")" "[('ok',)] [(1,)]"
}
python3 -c 'import sqlite3' 2>/dev/null && {
	# begun MODE PROGRAM: a database whose last writer ended without closing it; what it left beside it is part of it
	begun() { fresh; python3 -c 'import os, sqlite3, sys; d = sqlite3.connect("d.db", isolation_level=None); d.execute("pragma journal_mode=" + sys.argv[1]); d.execute("create table t(x)"); d.executemany("insert into t values(?)", [("a" * 500,)] * 2000); exec(sys.argv[2]); os._exit(0)' "$@"; }
	sums() { sha256sum d.db "$1"; }
	for log in wal journal; do
		case $log in
		wal) begun wal 'd.execute("delete from t where rowid > 1000")' ;;
		*) begun delete 'd.execute("pragma cache_size=1"); d.execute("begin"); d.execute("update t set x = ?", ("b" * 500,))' ;;
		esac
		ok "a database has its -$log beside it" test -s "d.db-$log"
		whole=$(sums "d.db-$log")
		session python3 -c 'import sqlite3; d = sqlite3.connect("d.db"); d.execute("delete from t"); d.commit(); d.close()'
		ok "a session takes it in" test ! -e "d.db-$log"
		undo; is "both come back, to the byte" "$(sums "d.db-$log" 2>&1)" "$whole"
	done
}
if python3 -c 'import lmdb' 2>/dev/null; then
	fresh; python3 -c 'import lmdb; e = lmdb.open("l"); t = e.begin(write=True); t.put(b"k", b"old"); t.commit(); e.close()'
	sum=$(sha256sum l/data.mdb)
	session python3 -c 'import lmdb
for writemap in False, True:
    e = lmdb.open("l", writemap=writemap); t = e.begin(write=True); t.put(b"k", b"new"); t.commit(); e.close()'
	is "LMDB: it is changed" "$(python3 -c 'import lmdb; print(lmdb.open("l", readonly=True).begin().get(b"k"))')" "b'new'"
	undo; is "and as it was" "$(sha256sum l/data.mdb)" "$sum"
else skip "LMDB: it is changed" "no python3-lmdb"; skip "and as it was" "no python3-lmdb"; fi
fresh; session python3 -c 'f = open("f", "r+"); f.write("new"); f.close(); open("f", "w").write("newer")'
undo; is "in place, then emptied: the first state" "$(sha256sum <f)" "$sum"
fresh; ln f g; session dd if=/dev/zero of=f bs=1 count=5 conv=notrunc status=none
undo; is "one of two names: both have it back" "$(sha256sum <f) $(sha256sum <g)" "$sum $sum"

# --- what changes nothing
fresh; quiet "opened and not written" python3 -c 'open("f", "r+").close()'
fresh; quiet "the same written again" python3 -c 'f = open("f", "r+"); s = f.read(); f.seek(0); f.write(s)'
fresh; quiet "appended" sh -c 'echo more >>f'
fresh; quiet "touched" touch f
fresh; : >empty; quiet "an empty file, written" sh -c 'echo x 1<>empty'
fresh; mkdir node_modules; echo x >node_modules/y; echo {} >package-lock.json; quiet "what a rule lets pass" sh -c 'echo z 1<>node_modules/y'
fresh; quiet "made here, written, removed" sh -c 'echo x >n; echo y 1<>n; echo z >>n; : >n; echo z >n; mv n m; ln m k; rm m; rm k'

# --- whose it is
fresh; mkfifo "$base/go" "$base/done"
(read -r <"$base/go"; cd "$W" && echo precious >theirs; echo precious >moved; mv moved theirs2; sync theirs theirs2; echo >"$base/done") & other=$!
session sh -c 'echo go >"$0/go"; read -r x <"$0/done"; rm theirs; echo new >theirs2' "$base"
wait "$other"; other=
undo; is "made by another process meanwhile: old" "$(cat theirs theirs2)" "precious
precious"
fresh
session sh -c 'echo go >"$0/go"; read -r x <"$0/done"; rm theirs' "$base" & other=$!
(read -r <"$base/go"; setsid -w timeout 60 "$GATESH" run -- sh -c 'echo precious >theirs' </dev/null >"$T/out2" 2>&1; echo >"$base/done")
wait "$other"; other=
undo; is "made by another session: old" "$(cat theirs)" precious
fresh; touch -d '+1 year' f; session rm f
undo; is "dated in the future: old" "$(sha256sum <f)" "$sum"

# --- what can't be kept
fresh; truncate -s 300M huge; printf old | dd of=huge conv=notrunc status=none
session python3 -c 'f = open("huge", "r+"); f.write("new")'
if [ "$(head -c 3 huge)" = new ]; then # a file system that clones
	undo; is "over the limit, cloned" "$(head -c 3 huge)" old
	skip "and left as it is" "it was cloned"
else
	like "over the limit for copies: asked, and said why" "$(cat "$T/out")" "gate: .*write [^ ]*huge: .*300.0 MiB, too large to keep \(max 256M\)"
	is "and left as it is" "$(head -c 3 huge)" old
fi
rm -f huge

# --- a descriptor from before
fresh; exec 5<>f
session python3 -c 'import os; os.write(5, b"new"); os.ftruncate(5, 9)'
exec 5>&-
like "opened outside of the session: it says what it kept" "$(cat "$T/out")" "gate: python3.*: the file was opened outside of the session, and is kept as it is now"
done_testing
