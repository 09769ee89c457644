#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_past.t - undo knows the whole history: names that a session linked or replaced, an undo that came before, and the way back from one.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
out=$(mktemp -d /tmp/gate-past.XXXXXX)
test_cleanup() { rm -rf "$out"; }
[ "$(stat -c %d "$out")" = "$(stat -c %d "$W")" ] || { echo "1..0 # SKIP /tmp is another file system"; exit 0; }
undo() { "$GATESH" undo "$@" </dev/null 2>&1; }
now() { find . "$out" -type f -printf '%p ' -exec cat {} \; | sort | tr '\n' ';'; }
fresh() {
	cd "$base" && undo prune --all --yes >/dev/null
	rm -rf "$W" "$out"; mkdir "$W" "$out"; cd "$W" || exit 99
	mkdir -p tree/sub; echo one >tree/a; echo two >tree/sub/b; echo three >f; echo four >g
	was=$(now); sleep 0.02
}
session() { "$GATESH" run -- bash -c "$1" "$out" </dev/null >"$T/out" 2>&1 || diag "$(cat "$T/out")"; }

# --- a second undo finds nothing that an earlier one has dealt with
for how in 'echo new >f|echo newer >f' 'echo new >f|rm f' 'exec 3<>f; echo n >&3|mv g f' 'mv f g|mv g tree/a' 'sed -i s/three/3/ f|sed -i s/3/4/ f'; do
	fresh; session "${how%|*}"; session "${how#*|}"; undo -y --since 1h >"$T/undo"
	is "$how: undone" "$(now)" "$was" || diag "$(cat "$T/undo")"
	undo -y --since 1h >"$T/undo"
	is "a second time: nothing changes" "$(now)" "$was" || diag "$(cat "$T/undo")"
done

# --- links
fresh; inode=$(stat -c %i f); session 'ln f "$0/x"; rm f'
is "a name is linked again from another one outside" "$(undo -y --since 1h >"$T/undo"; cat f; stat -c '%i %h' f)" "three
$inode 2" || diag "$(cat "$T/undo")"
fresh; inode=$(stat -c %i f); session 'ln f "$0/x"; rm f'; undo >/dev/null; rm "$out/x"
is "or from the store, if that one goes afterwards" "$(undo -y --since 1h >"$T/undo"; cat f)" three || diag "$(cat "$T/undo")"
fresh; session 'ln f "$0/x"; echo new >"$0/x"; rm f'
is "and it gets its content" "$(undo -y --since 1h >"$T/undo"; cat f "$out/x" | tr '\n' ' ')" "three three " || diag "$(cat "$T/undo")"
fresh; ln f h; session 'ln "$PWD/f" "$0/x"; exec 3<>"$0/x"; echo new >&3'
is "a link that was made and written outside is the same file" "$(undo -y --since 1h >"$T/undo"; cat f h | tr '\n' ' ')" "three three " || diag "$(cat "$T/undo")"
fresh; session 'ln -f f g'
is "ln -f: both are back, and no name is left over" "$(undo -y --since 1h >"$T/undo"; now)" "$was" || diag "$(cat "$T/undo")"
fresh; session 'ln -f f g; echo new >g'
is "and written by that name: both contents are" "$(undo -y --since 1h >"$T/undo"; now)" "$was" || diag "$(cat "$T/undo")"
is "they are two files again" "$([ f -ef g ] && echo one)" ""

for gone in 'rm f' 'rm d/h' 'rm f d/h' 'mv d/h x; rm x f' 'mv -f d/h f; rm f' 'echo >n; mv n f; rm -r d'; do
	for how in '-- f d/h' '--since 1h'; do
		fresh; mkdir d; ln f d/h; session ": >f; $gone"
		# shellcheck disable=SC2086
		is "emptied by one name, then $gone; undo $how: both names are back, and the content" "$(undo -y $how >"$T/undo"
			cat f d/h 2>&1 | tr '\n' ' '; [ f -ef d/h ] || echo two)" "three three " || diag "$(cat "$T/undo")"
	done
done

# --- places that change
fresh; session 'rm -r tree/sub; mv tree "$0/t"; mkdir tree; mv f tree/f; rmdir tree 2>/dev/null; mv tree/f tree/sub; rm tree/sub'
is "a directory that was moved out, and another one in its place" "$(undo -y --since 1h >"$T/undo"; cat f "$out/t/a" 2>&1; cat tree/a 2>&1)" "three
$(printf 'cat: %s/t/a: No such file or directory\none' "$out")" || diag "$(cat "$T/undo")"
fresh; session 'mkdir d; mv f d; mv tree d; mv d e; rm -rf e/tree/sub; mv e "$0/e"; mv "$0/e/tree/a" "$0/a"; rm -rf "$0/e" "$0/a"'
is "from directories of the session's own" "$(undo -y --since 1h >"$T/undo"; now)" "$was" || diag "$(cat "$T/undo")"
fresh; session 'mv tree/sub s; mv tree s/tree; mv s "$0/s"'
is "a directory that went into the one that it held" "$(undo -y --since 1h >"$T/undo"; now)" "$was" || diag "$(cat "$T/undo")"
fresh; session 'rm f; mv g f; rm tree/a; mv f tree/a; mv tree/sub/b f; rm f; mv tree/a g; mv g f'
is "one name after another" "$(undo -y --since 1h >"$T/undo"; now)" "$was" || diag "$(cat "$T/undo")"
unlike "the plan names no step in between" "$(cat "$T/undo")" gate-undo-move

# --- one session after another
fresh; session 'mv f "$0/x"; mv tree "$0/t"'; session 'mv "$0/x" "$0/y"; mv "$0/t" "$0/u"'; session 'rm "$0/y"; rm -rf "$0/u"'
is "moved out, moved on by a second session, removed by a third" "$(undo -y --since 1h >"$T/undo"; now)" "$was" || diag "$(cat "$T/undo")"

# --- back and forth
fresh; session 'mv f "$0/x"; mv tree "$0/t"'; changed=$(now); undo -y --since 1h >"$T/undo"
is "moved out: back" "$(now)" "$was" || diag "$(cat "$T/undo")"
undo -y --redo >"$T/undo"
is "--redo moves it out again" "$(now)" "$changed" || diag "$(cat "$T/undo")"
undo -y --since 1h >"$T/undo"
is "and an undo brings it back again" "$(now)" "$was" || diag "$(cat "$T/undo")"

# --- attributes
fresh; chmod 750 tree/sub; session 'rm tree/sub/b; chmod 700 tree/sub; rmdir tree/sub'
undo -y --since 1h >"$T/undo"
is "of a directory that was removed afterwards" "$(stat -c %a tree/sub)" 750 || diag "$(cat "$T/undo")"
fresh; session 'chmod 600 f'; rm f
like "of a file that is gone: it is said" "$(undo -y f; echo $?)" 'f +can.t +it is not there any more.*1$'
done_testing
