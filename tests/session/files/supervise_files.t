#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# supervise_files.t - what static programs remove and overwrite is judged and kept as if they had the library.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
run() { (cd "$W" && setsid -w "$GATESH" run "$@" </dev/null 2>&1); }
undo() { (cd "$W" && "$GATESH" undo "$@" </dev/null 2>&1); }
mkdir "$T/bin" "$HOME/elsewhere"
call=$T/bin/filecalls
if ! ${CC:-cc} -D_GNU_SOURCE -static -o "$call" "$GATE_SRC/tests/support/filecalls.c" 2>"$T/log"; then
	plan 1; skip "everything here" "no static libc: $(tail -1 "$T/log")"; exit 0
fi
fresh() { rm -rf "$W/d"; mkdir -p "$W/d/empty"; echo old >"$W/d/a"; echo other >"$W/d/b"; ln -s a "$W/d/link"; }

# shellcheck disable=SC2086 # a list of words
for what in "unlink d/a" "rename d/b d/a" "truncate d/a 0" "ftruncate d/a 1" "open d/a" "creat d/a" "openat2 d/a" "open d/link"; do
	fresh
	like "$what goes on, and is kept" "$(run -- "$call" $what)" "^0
gate: kept 1 file "
	unlike "$what was done" "$(cat "$W/d/a" 2>&1)" "^old"
	undo --yes --since 1m >"$T/out"
	is "$what comes back" "$(cat "$W/d/a" 2>&1)" old
done
fresh
is "unlink of a symbolic link" "$(run -- "$call" unlink d/link | head -1)" 0
is "rmdir" "$(run -- "$call" rmdir d/empty | head -1)" 0
is "rmdir of one that is not empty: the kernel's word" "$(run -- "$call" rmdir d)" "-1 ENOTEMPTY"
is "a name with a slash behind it: the kernel's word" "$(run -- "$call" unlink d/a/)" "-1 ENOTDIR"
is "nothing there: the kernel's word" "$(run -- "$call" unlink d/none)" "-1 ENOENT"
is "made in this session: not kept" "$(run -- sh -c "echo x >d/new; '$call' unlink d/new")" 0
is "shortened at once after it was made: not kept, and no word about it" "$(run -- "$call" shrink d/new2 2)" 0

echo precious >"$HOME/elsewhere/f"
like "outside the workspace: asked, and nobody is there" "$(run -- "$call" unlink "$HOME/elsewhere/f")" "gate: refused: unlink $HOME/elsewhere/f: .*
-1 EPERM$"
mkdir "$HOME/many"; for i in 1 2 3 4 5; do echo $i >"$HOME/many/$i"; done
if busybox=$(command -v busybox) && ! ldd "$busybox" >/dev/null 2>&1; then
	is "one directory: one line" "$(run -- "$busybox" rm -rf "$HOME/many" | grep -c '^gate: refused')" 1
else
	skip "one directory: one line" "no static busybox here"
fi
like "through a link of the workspace" "$(ln -s "$HOME/elsewhere" "$W/d/out"; run -- "$call" open d/out/f)" "-1 EPERM$"
is "it is still there" "$(cat "$HOME/elsewhere/f")" precious

fresh
${CC:-cc} -D_GNU_SOURCE -static -o "$T/bin/launch" "$GATE_SRC/tests/support/launch.c"
like "a dynamic program that a static one starts keeps once" "$(run -- "$T/bin/launch" execve /bin/rm d/a)" "^gate: kept 1 file "
like "and without its environment, too" "$(run -- "$T/bin/launch" -e execve /bin/rm d/b)" "^gate: kept 1 file "
undo --yes --since 1m >/dev/null
is "both come back" "$(cat "$W/d/a" "$W/d/b" 2>&1 | tr '\n' ' ')" "old other "

# --- several programs at once: gatesh may judge each in a thread of its own
fresh; mkdir "$HOME/outside"; for t in {0..7}; do echo x >"$HOME/outside/$t"; for i in {0..99}; do echo "$t $i" >"$W/d/$t-$i"; done; done
like "eight threads keep 800 files, and each asks its own questions" \
	"$(cd "$W" && setsid -w "$GATE_BUILD/tests/support/listener" "$GATESH" run -- sh -c "cd d && exec '$GATE_BUILD/tests/support/keepthreads' '$HOME/outside' 100" </dev/null 2>&1)" "gate: kept 800 files"
is "every record names its own program" "$(cat "$XDG_STATE_HOME"/gate/undo/*/journal | awk '$2 == "D" && $16 ~ "/d/[0-7]-" { n++; sub(".*/d/", "", $16); wrong += $7 != "thread" substr($16, 1, 1) } END { print n + 0, wrong + 0 }')" "800 0"
undo --yes --since 1m >/dev/null
is "and all come back" "$(cd "$W/d" && cat ./?-* | wc -l)" 800

if busybox=$(command -v busybox) && ! ldd "$busybox" >/dev/null 2>&1; then
	fresh; seq 300 | sed "s#^#$W/d/n#" | xargs touch; for i in $(seq 300); do echo "$i" >"$W/d/n$i"; done
	before=$(cd "$W" && find d -type f -exec cat {} + | sort | cksum)
	like "busybox rm -rf: 302 files, a link, directories" "$(run -- "$busybox" rm -rf d)" "kept 30[0-9] files"
	ok "they are gone" test ! -e "$W/d"
	undo --yes --since 1m >/dev/null
	is "and come back" "$(cd "$W" && find d -type f -exec cat {} + | sort | cksum)" "$before"
else
	skip "busybox rm -rf" "no static busybox here"
fi
done_testing
