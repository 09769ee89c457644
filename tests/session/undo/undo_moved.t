#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_moved.t - what was moved and then removed comes back: to its first place, or to the one that is asked for.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
out=$(mktemp -d /tmp/gate-moved.XXXXXX)
test_cleanup() { rm -rf "$out"; [ -z "${far:-}" ] || rm -rf "$far"; }
cd "$W" || exit 99
undo() { "$GATESH" undo "$@" </dev/null 2>&1; }
now() { find . "$out" -type f -printf '%p ' -exec cat {} \; | sort | tr '\n' ';'; }
fresh() {
	cd "$W" && undo prune --all --yes >/dev/null
	rm -rf "$W" "$out"; mkdir -m 711 "$W" "$out"; cd "$W" || exit 99
	mkdir -p tree/sub node_modules; chmod 750 tree/sub
	echo one >tree/a; echo two >tree/sub/b; echo three >f; echo {} >package-lock.json
	was=$(now); sleep 0.02
}
session() { "$GATESH" run -- bash -c "$1" "$out" "${@:2}" </dev/null >"$T/out" 2>&1 || diag "$(cat "$T/out")"; }
newest() { undo | awk '$1 ~ /\.[0-9]+$/ { print $1; exit }'; } # the last command
# back NAME SCRIPT: after it, all is as it was before
back() {
	fresh; session "$2"
	[ "$(now)" != "$was" ] || diag "$1: nothing was lost"
	undo -y --since 1h >"$T/undo"
	is "$1" "$(now)" "$was" || diag "$(cat "$T/undo" "$T/out")"
}

# --- everything since a time: its first place
if [ "$(stat -c %d "$out")" = "$(stat -c %d "$W")" ]; then
	back "a file, moved out and removed" 'mv f "$0/f"; rm "$0/f"'
	back "a directory" 'mv tree "$0/t"; rm -rf "$0/t"'
	is "its directories have their modes" "$(stat -c %a tree/sub)" 750
	fresh; mkdir tree/e; touch -d 2001-02-03 tree/e; session 'mv tree "$0/t"; rm -rf "$0/t"'; undo -y --since 1h >/dev/null
	is "an empty one has its time" "$(stat -c %y tree/e | cut -c1-10)" 2001-02-03
	back "onto another one, and out" 'mv f tree/a; mv tree/a "$0/x"'
	back "to where something was removed, and out" 'rm f; mv tree f; mv f "$0/x"'
	back "moved on outside, and removed" 'mv tree "$0/t"; mv "$0/t" "$0/u"; mv "$0/u/sub" "$0/v"; rm -rf "$0/u" "$0/v"'
	back "moved on outside, and still there" 'mv tree "$0/t"; mv "$0/t" "$0/u"'
	back "removed in part" 'mv tree "$0/t"; rm "$0/t/sub/b"'
	back "removed in part before it was moved" 'rm tree/a; mv tree "$0/t"'
	back "removed in part, moved on" 'mv tree "$0/t"; rm "$0/t/a"; mv "$0/t" "$0/u"; rm "$0/u/sub/b"'
	back "written there, and removed" 'exec 3<>f; echo new >&3; mv f "$0/f"; rm "$0/f"'
	for how in 'echo new >"$0/f"; echo newer >f' 'exec 3<>"$0/f"; echo new >&3'; do
		fresh; session "ln f \"\$0/f\"; $how"; undo -y --since 1h >/dev/null
		is "written there by a further name: $how" "$(cat f)" three
	done
	back "in a directory that the session made" 'mkdir d; mv f tree d; mv d "$0/d"; rm -rf "$0/d"'
	back "moved out, back, and removed" 'mv tree "$0/t"; mv "$0/t" tree; rm -rf tree'
	back "moved out, back to another name, and removed" 'mv tree "$0/t"; mv "$0/t" other; rm -rf other'
	back "by one program" 'python3 -c "import os, shutil, sys; shutil.move(\"tree\", sys.argv[1] + \"/t\"); shutil.rmtree(sys.argv[1] + \"/t\")" "$0"'
	fresh; session 'mv tree "$0/t"; rm -rf "$0/t"; mkdir tree; echo newer >tree/a; echo own >tree/c'
	undo -y --since 1h >"$T/undo"
	is "a newer directory there is not replaced" "$(cat tree/a tree/c tree/sub/b | tr '\n' ' ')" "one own two "
	like "the file there is kept, and that is said" "$(cat "$T/undo")" 'present one kept'
	undo -y --redo >/dev/null; is "and comes back by --redo" "$(cat tree/a tree/c | tr '\n' ' ')" "newer own "
	fresh; session 'mv tree "$0/t"; mkdir tree; echo newer >tree/a'
	like "what is still there is not moved back onto something newer" "$(undo -y --since 1h)" "tree .*can't .*something newer is there"
	is "and stays" "$(cat tree/a "$out/t/a" | tr '\n' ' ')" "newer one "
	fresh; session 'mv tree "$0/t"; rm "$0/t/a"; mkdir tree; echo newer >tree/x'; undo -y --since 1h >/dev/null
	is "nor is what was lost of it put elsewhere" "$(cat "$out/t/a" tree/x | tr '\n' ' ')" "one newer "
else
	skip "moved out" "/tmp is another file system"
fi
far=$(mktemp -d /dev/shm/gate-moved.XXXXXX 2>/dev/null)
if [ -n "$far" ] && [ "$(stat -c %d "$far")" != "$(stat -c %d "$W")" ]; then
	ln -s "$far" "$T/far"
	back "to another file system, where it is removed" "mv tree f $far; rm -rf $far/tree $far/f"
else
	skip "to another file system" "/dev/shm is none"
fi
back "into node_modules" 'mv tree node_modules/x; mv f node_modules; rm -rf node_modules; mkdir node_modules'
back "to the name node_modules" 'rmdir node_modules; mv tree node_modules; rm -rf node_modules; mkdir node_modules'
back "into node_modules, and still there" 'mv tree node_modules/x; mv f node_modules'
back "in the workspace" 'mv tree old; mv f g; rm -rf old g'
back "into a directory that is removed" 'mkdir d; mv tree f d; rm -rf d'
back "emptied there, and removed" 'mv f g; : >g; rm g'
back "twice" 'mv tree old; mv old older; rm -rf older'
back "without the library" 'env -u LD_PRELOAD python3 -c "import os; os.rename(\"tree\", \"old\"); os.rename(\"f\", \"g\")"; rm -rf old g'
back "one name after another" 'for i in 1 2 3; do mv f g; mv g f; done; rm f'
fresh; session 'mv tree lib; rm lib/a'; undo -y --since 1h >/dev/null
is "what is still at its new place stays there, and gets back what it lost" "$(cat lib/a lib/sub/b | tr '\n' ' ')$(compgen -G 'tree*')" "one two "
fresh; session 'mv f tree/a; rm tree/a'; undo -y --since 1h >/dev/null
is "moved onto another one and removed: both" "$(now)" "$was"
back "moved to where something was removed" 'rm f; mv tree/a f'
back "a directory" 'rm f; mv tree f'
back "a file to where a directory was removed" 'rm -rf tree; mv f tree'
back "and written there" 'rm f; mv tree/a f; echo new >f'
back "and written in place" 'rm f; mv tree/a f; exec 3<>f; echo new >&3'
back "moved onto another one, and written there" 'mv tree/a f; echo new >f; echo newer >f'
for how in 'rm f; mv tree/a f' 'mv tree/a f' 'rm f; mv tree f'; do
	fresh; chmod 700 tree; chmod 600 tree/a; session "$how; chmod 755 f"; undo -y --since 1h >"$T/undo"
	is "it has its mode: $how" "$(stat -c %a tree tree/a f | tr '\n' ' ')" "700 600 644 " || diag "$(cat "$T/undo")"
done
back "moved on, onto another one" 'mv f g; mv g tree/a'
fresh; session 'rm f; mv tree/a f'; undo -y --since 1h >"$T/undo"
unlike "nothing is said to be replaced there" "$(cat "$T/undo")" 'present one kept'
undo -y --redo >"$T/undo"; is "taken back by --redo: $(tail -n 1 "$T/undo")" "$(cat f; ls tree)" "$(printf 'one\nsub')"
fresh; session 'rm f; mv tree/a f; echo own >tree/a'; undo -y --since 1h >"$T/undo"
is "where the session made another one at its own place, that one is kept" "$(cat f tree/a | tr '\n' ' ')" "three one "
like "that is said" "$(cat "$T/undo")" 'the 1 there now is kept'
undo -y --redo >/dev/null; is "and both come back by --redo" "$(cat f tree/a | tr '\n' ' ')" "one own "
fresh; echo four >g; was=$(now); session 'mv f tree/a; mv g f'; undo -y --since 1h >"$T/undo"
is "each onto the old place of the one before" "$(now)" "$was" || diag "$(cat "$T/undo")"
fresh; echo four >g; echo five >h; was=$(now); session 'mv f tree/a; mv g f; mv h g; rm tree/sub/b; mv f tree/sub/b'; undo -y --since 1h >"$T/undo"
is "one of them moved on" "$(now)" "$was" || diag "$(cat "$T/undo")"
fresh; ln tree/a h; was=$(now); session 'mv f h'; undo -y --since 1h >"$T/undo"
is "onto one of several names" "$(now)" "$was" || diag "$(cat "$T/undo")"
back "a directory to where a file was removed, and written there" 'rm f; mv tree f; echo new >f/a'
back "and removed there" 'rm f; mv tree f; rm f/a'
fresh; mkdir d; echo >d/x; session 'mv tree d; rm d/tree/a d/x' # mv(1) tries the directory's own name first
undo -y --since 1h >/dev/null; is "a rename that failed before another one counts for nothing" "$(cat d/tree/a; ls . d)" "$(printf 'one\n.:\nd\nf\nnode_modules\npackage-lock.json\n\nd:\ntree\nx')"
fresh; mkdir -m 700 e; touch -d 2001-02-03 e; session 'mv -T tree e'; undo -y --since 1h >"$T/undo"
is "a directory onto an empty one" "$(now)$(stat -c ' %a %y' e | cut -c1-15)" "$was 700 2001-02-03" || diag "$(cat "$T/undo")"
fresh; session 'echo new >f; chmod 755 f; mv f g; echo new >tree/sub/b; chmod 700 tree/sub; mv tree lib'; undo -y --since 1h >"$T/undo"
is "written, then moved: it gets its content and its mode where it is" "$(cat g lib/sub/b | tr '\n' ' ')$(stat -c %a g lib/sub | tr '\n' ' ')$(ls)" \
	"three two 644 750 $(printf 'g\nlib\nnode_modules\npackage-lock.json')" || diag "$(cat "$T/undo")"
fresh; session 'rm tree/a; rm -r tree/sub; mv tree lib'; undo -y --since 1h >"$T/undo"
is "so does what was removed of it before" "$(cat lib/a lib/sub/b | tr '\n' ' ')$(stat -c %a lib/sub)$(compgen -G 'tree*')" "one two 750" || diag "$(cat "$T/undo")"

# --- exchanged directories
exchange='python3 -c "import ctypes, sys; ctypes.CDLL(None).renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2)"'
with() { # with NAME SCRIPT: back() with a second tree, lib
	fresh; mkdir -p lib/sub; echo six >lib/a; echo seven >lib/c; was=$(now)
	session "x() { $exchange \"\$@\"; }; $2"; undo -y --since 1h >"$T/undo"
	is "exchanged: $1" "$(now)" "$was" || diag "$(cat "$T/undo")"
}
with "a file removed below" 'x tree lib; rm tree/a'
with "one removed" 'x tree lib; rm -rf tree'
with "both removed" 'x tree lib; rm -rf tree lib'
with "files written below" 'echo new >lib/c; x tree lib; echo new >tree/a; echo new >lib/a'
with "with a file, and removed below" 'rm tree/a; x tree f; rm f/sub/b'
with "two files, one removed" 'x f tree/a; rm f'
with "two files, both removed" 'x f tree/a; rm f tree/a'
with "two files, one moved on and removed" 'x f tree/a; mv f g; rm g'
fresh; session 'mv tree old; mv tree old/tree 2>/dev/null; mkdir tree; mv tree old/sub/b 2>/dev/null; rm -rf old; exit 0'; undo -y --since 1h >/dev/null
is "a rename that failed counts for nothing" "$(now)" "$was"

# --- one file of several names, written by one of them: the names that are removed are of that file again
for how in 'echo new >g; rm g f' 'echo new >f; rm f g' 'rm f; echo new >g; rm g' 'exec 3<>g; echo new >&3; exec 3>&-; rm f g' \
	'echo new >f; echo newer >g' 'echo new >g; echo newer >f' 'echo new >f; echo newer >g; rm f g' \
	'echo new >f; rm f' 'exec 3<>f; echo new >&3; exec 3>&-; rm f' 'echo new >f; mv tree/a f' 'echo new >f; rm f; echo newer >g' 'echo new >f; mv g tree/x; rm f; mv tree/x g'; do
	fresh; ln f g; session "$how"; undo -y --since 1h >/dev/null
	is "two names: $how" "$(cat f g | tr '\n' ' ')$([ f -ef g ] || echo apart)" "three three "
done
fresh; session 'mv f g; echo new >g; rm g'; undo -y --since 1h >"$T/undo"
is "not the one that a moved file had" "$(cat f; undo g --show)" "$(printf 'three\nnew')"

# --- moved in one session, lost in another one
for later in 'rm "$0/g"; rm -rf "$0/lib"' 'mv "$0/lib" "$0/l"; mv "$0/g" "$0/l/g"; rm -rf "$0/l"'; do
	fresh; session 'mv f "$0/g"; mv tree "$0/lib"'; session "$later"; undo -y --since 1h >"$T/undo"
	is "removed in a later session: $later" "$(now)" "$was" || diag "$(cat "$T/undo")"
done
for how in 'ln f "$0/g"; rm f' 'ln f "$0/g"; ln tree/a h; mv h f'; do
	for later in 'rm "$0/g"' 'echo new >"$0/g"' 'exec 3<>"$0/g"; echo new >&3'; do
		fresh; session "$how"; session "$later"; undo -y --since 1h >"$T/undo"
		is "its last name, $how, then $later" "$(cat f tree/a | tr '\n' ' ')" "three one " || diag "$(cat "$T/undo")"
	done
done
if [ "$(stat -c %d "$out")" = "$(stat -c %d "$W")" ]; then
	for lost in 'rm -f' 'truncate -s 30' 'sed -i "1s/[0-9]*$/1/"'; do
		fresh; session 'mv tree "$0/t"'; find "$XDG_STATE_HOME/gate/undo" "$base" -name carried -exec sh -c "$lost \"\$@\"" sh {} +
		session 'rm "$0/t/a"'; undo -y --since 1h >"$T/undo"
		is "a list of an earlier session that is torn or gone is made again ($lost)" "$(now)" "$was" || diag "$(cat "$T/undo")"
	done
else skip "a list of an earlier session that is torn or gone" "/tmp is another file system: mv copies"; fi
fresh; session 'mv f g'; session 'rm g'; undo -y --since 1h >"$T/undo"
is "moved in the workspace, where nobody asks for a record: the place of the removal" "$(cat g)" three || diag "$(cat "$T/undo")"

# --- the removal alone, and paths
fresh; session 'mv tree old; rm -rf old'
id=$(newest)
like "the list says where it was" "$(undo)" 'old/.*a .*removed .*was .*tree/a'
like "so does a dry run" "$(undo -n --since 1h)" "tree/.*a .*was moved to $W/old/a"
undo -y --command "$id" >/dev/null
is "the removal alone is undone at the place of the removal" "$(cat old/a old/sub/b | tr '\n' ' ')" "one two "
fresh; session 'mv tree old; rm -rf old'; undo -y old >/dev/null
is "so is the path that it had then" "$(cat old/a old/sub/b | tr '\n' ' ')" "one two "
fresh; session 'mv tree old; rm -rf old'; undo -y tree >/dev/null
is "its first path brings it back there" "$(cat tree/a tree/sub/b | tr '\n' ' ')" "one two "
fresh; session 'mv tree old; rm -rf old'; is "--show finds it by its first path" "$(undo tree/a --show)" one
fresh; session 'mv tree old; rm -rf old'; undo -y . >/dev/null
is "a directory that holds both: as before the last command" "$(cat old/a old/sub/b | tr '\n' ' ')" "one two "
fresh; session 'mv tree node_modules/x; rm -rf node_modules'; undo -y . >/dev/null
is "but not where files are given up" "$(cat tree/a tree/sub/b | tr '\n' ' ')" "one two "
fresh; session 'mv f "$0/g"; mv tree old; rm -rf old "$0/g"'; "$GATESH" undo forget --yes f tree </dev/null >/dev/null 2>&1
is "forget finds it by its first path" "$(find "$XDG_STATE_HOME/gate/undo" "$base" -path '*/o/*' -type f 2>/dev/null | wc -l)" 0
fresh; session 'mv tree old; rm -rf old'; undo -y --since 1h >/dev/null; undo -y --redo >/dev/null
is "taken back by --redo" "$(ls)" "$(printf 'f\nnode_modules\npackage-lock.json')"
done_testing
