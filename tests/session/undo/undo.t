#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo.t - gatesh undo over stores as the interposer writes them (keep.py): what comes back, what stays, and what is refused.
# shellcheck disable=SC1091,SC2010,SC2012
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
keep() { python3 "$GATE_SRC/tests/session/undo/keep.py" "$@"; }
snapshot() { python3 "$GATE_SRC/tests/session/undo/snapshot.py" "$1"; }
undo() { "$GATESH" undo "$@" </dev/null; }
store=$XDG_STATE_HOME/gate/undo
W=$T/work; mkdir "$W"; cd "$W" || exit 99
fresh() { cd "$T" && rm -rf "$W" "$store" && mkdir "$W" && cd "$W" && keep new aaaa0001 "$W" agent; }

fresh
is "nothing kept: 0, and said" "$(undo 2>&1; echo $?)" $'gatesh: undo: nothing was kept here (--all lists every session)\n0'
is "nothing to restore: 1" "$(undo -y --since 10m 2>&1; echo $?)" $'gatesh: undo: nothing to restore; gatesh undo lists what was kept here\n1'

# --- a tree, and everything in it
python3 - <<'PY'
import os
os.makedirs('src/deep/empty'); os.makedirs(b'src/nl\nname'); os.makedirs(b'src/\xff\xfe')
def put(p, t='x'):
    with open(p, 'w') as f: f.write(t)
for i in range(40): put('src/f%d' % i, 'content %d' % i)
put(b'src/nl\nname/a\nb'); put(b'src/\xff\xfe/\x80\x1b[2J'); put('src/% 100%'); put('src/empty', '')
os.link('src/f1', 'src/deep/link1'); os.link('src/f1', 'src/link2'); os.symlink('f1', 'src/symlink'); os.symlink('/nowhere', 'src/dangling')
os.chmod('src/f2', 0o4750); os.chmod('src/deep', 0o2710); os.chmod('src/f3', 0)
os.utime('src/f4', ns=(1, 1234567890123456789)); os.utime('src/symlink', ns=(5, 5), follow_symlinks=False)
try: os.setxattr('src/f5', 'user.note', b'kept\0too')
except OSError: pass
if os.geteuid() == 0: os.chown('src/f6', 1234, 5678); os.chown('src/deep/empty', 1234, 5678); os.chown('src/symlink', 9, 9, follow_symlinks=False)
PY
snapshot "$W/src" >"$T/before"
keep aaaa0001 rm-r "$W/src"
is "it is gone" "$(ls "$W")" ""
undo --json >"$T/json" 2>&1
is "JSON: an object a thing" "$(python3 -c 'import json,sys; v=[json.loads(l) for l in open(sys.argv[1])]; print(len(v), len({o["command"] for o in v}), sum(o.get("size", 0) for o in v))' "$T/json")" "53 1 403"
undo >"$T/list"
is "the list: escaped" "$(LC_ALL=C grep -c '[^ -~]' "$T/list")" 0
like "big trees by their directories" "$(cat "$T/list")" 'aaaa0001\.1 .* rm\[4711\].*src/ +removed'
is "--long has every file" "$(undo -l | grep -c ' f[0-9]')" 40
is "nobody to ask: 64, nothing done" "$(undo src 2>"$T/err" >/dev/null; echo $? "$(ls "$W")" "$(wc -l <"$T/err")")" "64  1"
is "--dry-run: 0, nothing done" "$(undo -n src >/dev/null; echo $? "$(ls "$W")")" "0 "
like "restored" "$(undo -y src)" '53 restored\. To take this back: gatesh undo --redo'
snapshot "$W/src" >"$T/after"
is "owner, mode, times, attributes, hard and symbolic links, odd names" "$(diff "$T/before" "$T/after")" ""
is "again: nothing left to restore" "$(undo -y src 2>&1 | tail -1; echo "${PIPESTATUS[0]}")" $'gatesh: undo: nothing to restore; gatesh undo lists what was kept here\n1'
undo -y --redo >/dev/null
is "the undo is undone" "$(ls "$W")" ""
undo -y src >/dev/null
snapshot "$W/src" >"$T/after"
is "and that too" "$(diff "$T/before" "$T/after")" ""
keep aaaa0001 unlink "$W/src/f7" "$W/src/f8"
undo -y src/f7 >/dev/null
is "one path of several" "$(cat src/f7; ls src/f8 2>/dev/null)" "content 7"
keep aaaa0001 unlink "$W/src/link2"
undo -y src/link2 >/dev/null
is "a name whose file is still there: the same file" "$(stat -c %i src/link2) $(stat -c %h src/f1)" "$(stat -c %i src/f1) 3"
keep aaaa0001 unlink "$W/src/link2"; mv src/f1 src/elsewhere; mv src/deep/link1 other
undo -y src/link2 >/dev/null
is "also when it is called something else by now" "$(stat -c %i src/link2)" "$(stat -c %i src/elsewhere)"

# --- overwritten and replaced
fresh
echo old >a; chmod 640 a; touch -d '2020-01-01 12:00' a; snapshot "$W" >"$T/before"
keep aaaa0001 write "$W/a" new
like "listed" "$(undo)" 'a +overwritten +4 B'
like "what is newer is said before" "$(undo -n a)" 'a +back, present one kept +4 B'
is "and restored, mode and time" "$(undo -y a >/dev/null; snapshot "$W" | diff "$T/before" -)" ""
undo -y --redo >/dev/null
is "the newer one was kept" "$(cat a)" new
undo -y --all --since 2h >/dev/null
is "everything since a time" "$(cat a)" old
fresh
echo old >a; ln a b; inode=$(stat -c %i a)
keep aaaa0001 write "$W/a" new
undo -y a >/dev/null
is "a file with another name stays that file" "$(stat -c '%i %h' a) $(cat a b | tr '\n' ' ')" "$inode 2 old old "
echo old >c; keep aaaa0001 write "$W/c" new; inode=$(stat -c %i c); exec 7<c
undo -y c >/dev/null
is "and one that is open" "$(stat -c %i c) $(cat <&7)" "$inode old"; exec 7<&-
is "its newer content was kept" "$(undo -y --redo >/dev/null; cat c)" new
fresh
for v in one two three; do echo "$v" >"$v"; done
touch -d '10 days ago' one two three
keep -t 300 aaaa0001 mv "$W/two" "$W/one"; keep -t 200 aaaa0001 write "$W/one" four; keep -t 10 aaaa0001 write "$W/one" five
undo -y one >/dev/null
is "a path: before the last command that touched it" "$(cat one)" four
undo -y --redo >/dev/null
undo -y --since 250s >/dev/null
is "--since: before the first since then" "$(cat one)" two
undo -y --since 1h >/dev/null
is "the later ones stayed kept, the first comes back" "$(cat one)" one
fresh
echo one >one; echo two >two
sleep 0.02; keep new bbbb0002 "$W" later; sed -i "s/\"started\": \"[^\"]*\"/\"started\": \"$(date -u +%FT%T.%3NZ)\"/" "$store/bbbb0002/session.json"
keep bbbb0002 mv "$W/two" "$W/one"
undo -y --session bbbb one >/dev/null
if [ "$(stat -c %W one)" = 0 ]; then skip "mv a b: both are back" "no birth times here"; else
	is "mv a b: both are back" "$(cat one two | tr '\n' ' ')" "one two "; fi
mkdir out; keep bbbb0002 out "$W/one" "$T/moved-out"
undo -y --command bbbb0002.1 >/dev/null
is "what was moved out of the workspace is moved back" "$(cat one; ls "$T/moved-out" 2>/dev/null)" one
echo x >gone; keep bbbb0002 away "$W/gone"
is "a copy where the file could not be moved" "$(undo -y gone >/dev/null; cat gone)" x

# --- what the kernel refused after it had been kept
fresh
dead=$(sh -c 'echo $$')
objects() { find "$store/aaaa0001/o" -type f | wc -l; }
for op in D R C T; do fresh
	echo x >a; keep -p $$ aaaa0001 refused $op "$W/a"
	is "$op: the file is still there, and nothing is offered" "$(undo 2>/dev/null; undo -y --since 1h 2>/dev/null; cat a)" x
	is "$op: its object stays while the process lives" "$(objects)" 1
	fresh; echo x >a; keep -p "$dead" aaaa0001 refused $op "$W/a"
	undo >/dev/null 2>&1
	is "$op: and goes when it has ended" "$(objects) $(stat -c %h a)" "0 1"
	fresh; echo x >a; keep -p "$dead" aaaa0001 refused $op "$W/a"; rm a
	is "$op: if it went after all, it comes back" "$(undo -y a >/dev/null; cat a)" x
done
fresh
echo x >a; inode=$(stat -c %i a); keep -p "$dead" -t 5 aaaa0001 refused C "$W/a"
sleep 0.02; rm a; echo newer >a
if [ "$inode" != "$(stat -c %i a)" ] || [ "$(stat -c %W a)" = 0 ]; then skip "a new file with the old one's inode" "no such file here"; else
	is "a new file with the old one's inode is not taken for it" "$(undo -y a >/dev/null; cat a)" x; fi

# --- commands
fresh
for f in a b c d; do echo $f >$f; done
keep -p 10 -t 60 aaaa0001 unlink "$W/a"; keep -p 11 -t 40 aaaa0001 unlink "$W/b"; keep -p 10 -t 39 aaaa0001 unlink "$W/c"; keep -p 10 -t 38 aaaa0001 unlink "$W/d"
is "a process's acts with a pause between are two commands, the newest first" "$(undo | sed -n 's/^  aaaa0001\.\([0-9]*\).*\[\(.*\)\]$/\1:\2/p' | tr '\n' ' ')" "3:10 2:11 1:10 "
undo -y --command 3 >/dev/null
is "one command's effects" "$(echo ./*)" "./c ./d"
undo -y --command aaaa.1 >/dev/null
is "named with its session" "$(echo ./*)" "./a ./c ./d"
is "no such command: 1" "$(undo -y --command 9 2>/dev/null; echo $?)" 1
is "bad ones: 64" "$(for c in x 0 -1 '' .1 aaaa0001. 1x; do undo -y "--command=$c" 2>/dev/null; echo -n "$? "; done)" "64 64 64 64 64 64 64 "
is "another directory: not its sessions" "$(cd "$T/home" && undo 2>&1 | head -1)" "gatesh: undo: nothing was kept here (--all lists every session)"
like "but with --all" "$(cd "$T/home" && undo --all)" aaaa0001.2

# --- in the way
fresh
mkdir -p d/e; echo x >d/e/f; mkdir other
keep aaaa0001 unlink "$W/d/e/f"
mv d/e other/e; ln -s ../other/e d/e
like "a directory above that is a link by now: refused, said" "$(undo -y d 2>&1; echo $?)" 'd/e/f +can.t .* a directory above it is a symbolic link by now.*1$'
is "nothing was written where it leads" "$(ls other/e)" ""
rm d/e; undo -y d >/dev/null
is "a directory that was moved away is made again" "$(cat d/e/f)" x
keep aaaa0001 rm-r "$W/d"; echo "a file" >d
like "a file where a directory was" "$(undo -y d)" '3 restored, and the version that was there is kept\. To take this back'
is "the tree is back" "$(cat d/e/f)" x
undo -y --redo >/dev/null
is "and so is the file" "$(cat d)" "a file"
rm d; echo x >f; keep aaaa0001 unlink "$W/f"; mkdir f; echo y >f/y
is "a directory where a file was" "$(undo -y f >/dev/null; cat f; undo -y --redo >/dev/null; cat f/y)" $'x\ny'
fresh
echo x >"$T/secret"
keep aaaa0001 unlink "$T/secret"
like "outside of the workspace: said beforehand" "$(undo -n --all --since 1h 2>&1; echo $?)" 'secret +back .* outside the workspace.*0$'
rm -rf "$W"
is "the workspace itself is gone: found by its name" "$(PWD=$W undo 2>&1 | grep -c secret)" 1
mkdir "$W"; cd "$W" || exit 99

# --- while directories are moved and replaced by links
fresh
mkdir d "$T/outside"; for i in {1..200}; do echo "$i" >"d/f$i"; done
keep aaaa0001 unlink "$W"/d/f*
python3 - "$W" "$T/outside" <<'PY' &
import os, sys, time
os.chdir(sys.argv[1])
end = time.time() + 1.5
while time.time() < end:
    os.rename('d', 'away'); os.symlink(sys.argv[2], 'd'); os.unlink('d'); os.mkdir('d') if os.urandom(1) < b'\x80' else None
    try: os.rename('away', 'd')
    except OSError: os.rename('away', 'aside%d' % time.time_ns())
    os.path.isdir('d') or os.mkdir('d')
PY
for _ in 1 2 3 4 5 6 7 8; do undo -y --since 1h >/dev/null 2>&1; done; wait $!
is "a directory moved and replaced during restores: nothing outside is written" "$(ls "$T/outside")" ""
undo -y --since 1h >/dev/null 2>&1
is "and every file is in the workspace" "$(find . -name 'f*' -type f | wc -l)" 200

# --- long paths
fresh
python3 - "$W" <<'PY'
import os, sys
p = sys.argv[1]
os.chdir(p)
while len(p) + 201 < 4090:
    n = 'd' * 200
    os.mkdir(n); os.chdir(n); p += '/' + n
n = 'f' * (4095 - len(p) - 1)
open(n, 'w').write('deep')
open(os.environ['T'] + '/longpath' if 'T' in os.environ else '/dev/null', 'w').write(p + '/' + n)
PY
long=$(python3 -c '
import os
p = os.getcwd()
while True:
    d = p + "/" + "d" * 200
    if not os.path.isdir(d): break
    p = d
print(p + "/" + os.listdir(p)[0])')
is "a path of 4,095 bytes" "${#long}" 4095
keep aaaa0001 rm-r "$W/$(printf 'd%.0s' {1..200})"
undo -y --since 1h >/dev/null
is "comes back" "$(cat "$long")" deep

# --- bad stores
fresh
echo x >a; echo y >b
keep aaaa0001 unlink "$W/a"; keep aaaa0001 record $'\n1 D 1a-2 17000'; keep aaaa0001 record $'\0\xff garbage\n'; keep aaaa0001 unlink "$W/b"
like "a journal with garbage: said" "$(undo 2>&1 >/dev/null)" 'lines that are torn or not records'
is "what is good in it is restored" "$(undo -y --since 1h >/dev/null 2>&1; cat a b)" $'x\ny'
keep aaaa0001 only-record D "$W/a"; keep aaaa0001 only-record T "$W/a"; keep aaaa0001 only-record L "$W/a"; keep aaaa0001 only-record R "$W/a"
is "a record without its act is none" "$(undo --session aaaa0001 2>/dev/null | grep -c 'rm\[')" 0
fresh; echo x >a; keep aaaa0001 unlink "$W/a"; rm "$store"/aaaa0001/o/*
is "nor is one whose object is gone" "$(undo --session aaaa0001 2>/dev/null | grep -c 'rm\[')" 0
fresh
echo x >a; keep aaaa0001 unlink "$W/a"
mv "$store/aaaa0001" "$T/elsewhere"; ln -s "$T/elsewhere" "$store/aaaa0001"
like "an entry that is a symbolic link: said, left alone" "$(undo --all 2>&1; ls "$T/elsewhere/o" | wc -l)" 'not a directory of yours with mode 0700.*1$'
rm "$store/aaaa0001"; mv "$T/elsewhere" "$store/aaaa0001"; chmod 777 "$store/aaaa0001"
like "one that others can write to" "$(undo --all 2>&1)" 'not a directory of yours with mode 0700'
chmod 700 "$store/aaaa0001"
if [ "$(id -u)" = 0 ]; then
	chown 1234 "$store/aaaa0001"; like "another's" "$(undo --all 2>&1)" 'not a directory of yours with mode 0700'; chown 0 "$store/aaaa0001"
else skip "another's" "not root"; fi
mv "$store/aaaa0001/o" "$store/aaaa0001/p"; ln -s p "$store/aaaa0001/o"
like "objects behind a symbolic link" "$(undo --all 2>&1)" 'not a directory of yours with mode 0700'
rm "$store/aaaa0001/o"; mv "$store/aaaa0001/p" "$store/aaaa0001/o"
mv "$store/aaaa0001/journal" "$T/j"; mkfifo "$store/aaaa0001/journal"
is "a journal that is no file: no hang" "$(timeout 5 "$GATESH" undo --all >/dev/null 2>"$T/err"; echo $?; grep -c aaaa0001 "$T/err")" $'0\n1'
rm "$store/aaaa0001/journal"; mv "$T/j" "$store/aaaa0001/journal"
for json in '' '[]' '{"v":2}' '{"v":1,"workspaces":["w"],"stores":[],"started":"2026-01-01"}' '{"v":1,"workspaces":["/w"],"stores":[1],"started":"2026-01-01"}' \
	'{"v":1,"workspaces":["/w"],"stores":["/a"],"started":"x"}'; do
	mkdir -m 700 "$store/bad"; printf '%s' "$json" >"$store/bad/session.json"
	like "session.json '$json': said, the others go on" "$(undo 2>&1)" 'undo/bad: .*aaaa0001\.1'
	rm -r "$store/bad"
done
is "the good one still restores" "$(undo -y a >/dev/null; cat a)" x

# --- from inside a session
keep aaaa0001 unlink "$W/a"
is "inside: listed, not restored: 126" "$("$GATESH" run -- "$GATESH" undo --session aaaa0001 2>"$T/inside" </dev/null | grep -c aaaa0001.1 || cat "$T/inside"; "$GATESH" run -- "$GATESH" undo -y a </dev/null >/dev/null 2>&1; echo $?; ls a 2>/dev/null)" $'1\n126'

# --- prune
is "prune: what it needs" "$(undo prune 2>/dev/null; echo $?) $(undo prune --all 2>/dev/null; echo $?) $(undo prune --quota x 2>/dev/null; echo $?) $(undo prune --older x 2>/dev/null; echo $?)" "64 64 64 64"
fresh
for f in a b c; do head -c 8192 /dev/zero >$f; done
keep -t 300 aaaa0001 unlink "$W/a"; keep -t 200 aaaa0001 unlink "$W/b"; keep -t 100 aaaa0001 unlink "$W/c"
is "--older" "$(undo prune --older 250s; undo | grep -c ' removed')" $'1 deleted, 8.0 KiB; 16.0 KiB are still kept.\n2'
is "--quota: oldest first" "$(undo prune --quota 10K; undo | grep ' removed')" $'1 deleted, 8.0 KiB; 8.0 KiB are still kept.\n      c  removed  8.0 KiB'
is "what is left comes back" "$(undo -y c >/dev/null; wc -c <c)" 8192
keep aaaa0001 unlink "$W/c"
is "--quota 0, and nothing is left of the session" "$(undo prune --session aaaa0001 --quota 0; ls "$store" | grep -c aaaa0001)" $'1 deleted, 8.0 KiB; 0 B are still kept.\n0'
fresh; echo a >a; keep aaaa0001 unlink "$W/a"
is "no such session: 1" "$(undo prune --session zzzz 2>/dev/null; echo $?)" 1
is "--all --yes" "$(undo prune --all --yes >/dev/null; ls "$store")" ""
done_testing
