#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# watchers.t - who watches a directory (inotify) sees the same in a session as outside of one: a removed file is deleted, not moved.
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
W=$T/home/project
inside() { "$GATESH" run -- "$@"; }
watch() { python3 "$GATE_SRC/tests/support/watch.py" "$@"; }
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
export GIT_AUTHOR_DATE='2020-01-01T00:00:00Z' GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
fresh() {
	cd "$T" && rm -rf "$W" "$T/out" "$XDG_STATE_HOME/gate/undo" && mkdir -p "$W/d/e" "$T/out" && cd "$W" || exit 99
	for f in a b c d/f d/g d/e/h; do echo "content of $f" >$f; done
	ln -s a link; ln c d/second
	"${made[@]:-:}"
	sleep 0.02
}
repository() {
	git init -q -b main . && git add -A && git commit -qm first && git checkout -qb other && git rm -q b d/e/h &&
		echo more >>a && git commit -qam second && git checkout -q main
}
# same WHAT COMMAND...: the events of W, natively and in a session; the file is gone or changed in both
same() {
	local what=$1 native; shift
	fresh; native=$(watch "$W" -- "$@" 2>"$T/err") || diag "$(tail -3 "$T/err")"
	fresh; session=$(watch "$W" -- "$GATESH" run -- "$@" 2>"$T/err") || diag "$(tail -3 "$T/err")"
	if [ -n "$native" ]; then is "$what" "$session" "$native"; else fail "$what" "no event"; fi
}

same "rm" rm a
like "it is a deletion" "$session" 'project/a delete$'
"$GATESH" undo --yes --since 1h >/dev/null 2>&1 </dev/null
is "and comes back" "$(cat a)" "content of a"
same "rm of a symbolic link, and of one of two names" rm link c
same "rm of both names" rm c d/second
same "rm by a path" rm d/e/h "$W/d/f"
same "rm -rf" rm -rf d
same "find -delete" find d -delete
same "rename over a file" mv -f a b
same "mv out of the workspace" mv a "$T/out/a"
same "mv within it" mv a d/a
same "an editor's way" sh -c 'echo new >.a.tmp && mv .a.tmp a'
same "an overwriting open" sh -c 'echo new >a'
same "an open that writes in place" python3 -c 'with open("a", "r+") as f: f.write("new")'
same "truncate" truncate -s 3 a
same "python's os.remove, os.replace and shutil.rmtree" python3 -c 'import os, shutil
os.remove("a"); os.replace("b", "c"); shutil.rmtree("d")'
same "a file that the session made" sh -c 'echo x >new; rm new'
same "node's fs.rmSync" node -e 'require("fs").rmSync("d", {recursive: true}); require("fs").unlinkSync("a")'
made=(repository)
same "git checkout" git checkout -q other
same "git rm" git rm -q a
made=()

cat >"$T/raw.c" <<'C'
#include <fcntl.h>
#include <unistd.h>
int main(void) { return unlink("a") || unlink("d/f") || unlinkat(AT_FDCWD, "link", 0); }
C
if ${CC:-cc} -static -o "$T/raw" "$T/raw.c" 2>/dev/null; then same "a static program" "$T/raw"; else skip "a static program" "no static libc"; fi

# Where the kernel refuses the link (a file system without links, protected_hardlinks), the file is moved.
for error in EPERM ENOSYS; do
	fresh
	is "linkat fails with $error: a move" "$(watch "$W" -- "$GATESH" run -- "$GATE_BUILD/tests/support/refuse" $error linkat rm d/f)" "$W/d/f moved_from"
	"$GATESH" undo --yes --since 1h >/dev/null 2>&1 </dev/null
	is "and the file comes back" "$(cat d/f)" "content of d/f"
done

# The file itself: its content lives on in the store, which is to watchers as if another program had it open.
fresh
is "a watch on the file says that it has lost its name" "$(watch "$W/a" -- "$GATESH" run -- rm a)" "$W/a attrib"
fresh; exec 3<a
is "as natively where another program has it open" "$(watch "$W/a" -- rm a)" "$W/a attrib"
exec 3<&-

fresh
tail -F a >"$T/tail" 2>&1 3<&- & tail=$!
ok "tail -F begins" wait_for 10 grep -q 'content of a' "$T/tail"
inside rm a
ok "and sees that the file has gone" wait_for 10 grep -q 'No such file' "$T/tail"
inside sh -c 'echo again >a'
ok "and the new one" wait_for 10 grep -q again "$T/tail"
kill $tail; wait $tail 2>/dev/null

if command -v node >/dev/null; then
	fresh
	node -e 'const fs = require("fs"); for (const n of [".", "a"]) fs.watch(n, (event, name) =>
		console.log(n, name, fs.existsSync("a") ? "there" : "gone")); console.log("ready")' >"$T/node" 2>&1 & node=$!
	wait_for 10 grep -q ready "$T/node"
	inside rm a
	ok "node's fs.watch of the directory" wait_for 10 grep -q '^\. a gone' "$T/node"
	ok "and of the file" wait_for 10 grep -q '^a a gone' "$T/node"
	kill $node; wait $node 2>/dev/null
else
	skip "node's fs.watch of the directory" "no node"; skip "and of the file" "no node"
fi

done_testing
