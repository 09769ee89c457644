#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_live.t - what programs in a session remove and overwrite comes back by gatesh undo, as it was.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
W=$T/home/project; export W
snapshot() { python3 "$GATE_SRC/tests/session/undo/snapshot.py" "$W"; }
inside() { "$GATESH" run -- "$@" </dev/null; }
undo() { "$GATESH" undo "$@" </dev/null; }
fresh() {
	cd "$T" && rm -rf "$W" "$XDG_STATE_HOME/gate/undo" && mkdir -p "$W/src/deep/empty" "$W/data" && cd "$W" || exit 99
	python3 - <<'PY'
import os
def put(p, t):
    with open(p, 'w') as f: f.write(t)
for i in range(30): put('src/f%d' % i, 'content %d' % i)
os.mkdir(b'src/nl\nname'); put(b'src/nl\nname/\xff\xfe\x1b[31m', 'odd'); put('src/% 100%', 'percent'); put('data/big', 'x' * 300000)
os.link('src/f1', 'src/deep/link'); os.link('data/big', 'src/big'); os.symlink('f1', 'src/symlink'); os.symlink('/nowhere', 'src/dangling')
os.chmod('src/f2', 0o4750); os.chmod('src/deep', 0o2710); os.utime('src/f4', ns=(1, 1234567890123456789))
try: os.setxattr('src/f5', 'user.note', b'kept\0too')
except OSError: pass
if os.geteuid() == 0: os.chown('src/f6', 1234, 5678)
PY
	snapshot >"$T/before"; sleep 0.02
}
# comes_back WHAT COMMAND...: run in a session it changes something; undone, all is as before
comes_back() {
	local what=$1 out; shift
	fresh
	out=$(inside "$@" 2>&1) || diag "status $?: $out"
	if snapshot | cmp -s "$T/before" -; then fail "$what: it did something" "$out"; else pass "$what: it did something"; fi
	undo -y --since 1h >"$T/undone" 2>&1
	is "$what: all is as before" "$(snapshot | diff "$T/before" - | head -5)" ""
}

comes_back "rm -rf" rm -rf src data
comes_back "find -delete" find src -delete
comes_back "emptied after its removal" python3 -c 'import os; fd = os.open("src/f2", os.O_WRONLY | os.O_APPEND); os.remove("src/f2"); os.ftruncate(fd, 0)'
comes_back "mv onto" mv src/f3 src/f2
comes_back "an editor's way" sh -c 'echo new >src/.f2.tmp && mv src/.f2.tmp src/f2'
comes_back "a shell's >" sh -c 'echo new >src/f2; : >data/big; echo more >src/f7'
comes_back "truncate" truncate -s 3 data/big src/f9
comes_back "python open(w), rmtree" python3 -c 'import shutil; open("src/f5", "w").write("new"); shutil.rmtree("src/deep"); open("data/big", "w").close()'
comes_back "cp over" cp src/f8 src/f9
comes_back "sed -i" sed -i s/content/changed/ src/f1 src/f2 src/f3
comes_back "xargs, many processes" sh -c 'ls -d src/f* | xargs -n 3 -P 4 rm'
comes_back "the whole tree by a wildcard" sh -c 'rm -rf -- *'
if command -v node >/dev/null; then
	comes_back "node" node -e 'const fs = require("fs"); fs.rmSync("src", {recursive: true}); fs.writeFileSync("data/big", "new")'
else skip "node" "no node"; skip "node" "no node"; fi
if command -v perl >/dev/null; then
	comes_back "perl" perl -e 'unlink glob("src/f*"); rename "data/big", "src/% 100%"'
else skip "perl" "no perl"; skip "perl" "no perl"; fi

fresh; git init -q . && git add -A 2>/dev/null && git -c user.name=t -c user.email=t@t commit -qm one
for f in src/f3 src/f4 src/f5; do echo "work of a week" >$f; done
sleep 0.02
"$GATESH" run --wait-for-answer -- git checkout -q . </dev/null 2>&1 &
wait_for 10 eval '"$GATESH" pending | grep -q checkout' # a rule asks about it; a yes does not mean that nothing is kept
"$GATESH" allow "$("$GATESH" pending | awk '{ print $1; exit }')" >/dev/null; wait $!
is "git overwrote it" "$(cat src/f3)" "content 3"
is "git status shows nothing of a store" "$(git status --porcelain | grep -v src/f)" ""
undo -y src >/dev/null
is "what git overwrote comes back" "$(cat src/f3 src/f4 src/f5)" $'work of a week\nwork of a week\nwork of a week'

# a command is what one process did
fresh
inside sh -c 'rm src/f10; rm src/f11 src/f12; echo new >src/f13' 2>&1
is "listed by process" "$(undo | grep -c '\[[0-9]*\]$')" 3
id=$(undo --json | python3 -c 'import json, sys; print([o["command"] for o in map(json.loads, sys.stdin) if o["path"].endswith("f11")][0])')
undo -y --command "$id" >/dev/null
is "one of them is undone" "$(for i in 10 11 12; do [ -e src/f$i ] && echo -n "$i "; done)" "11 12 "

# two sessions, one undo; and the state of another directory does not matter
fresh
inside rm src/f1; inside sh -c 'echo new >src/f2'
is "two sessions are listed" "$(undo | grep -c '^session ')" 2
(cd / && undo -y "$W/src" >/dev/null)
is "both are undone, from anywhere" "$(snapshot | diff "$T/before" -)" ""

# a path of more than 4,000 bytes, reached as its owner would
fresh
inside python3 - <<'PY' 2>&1
PY
python3 - <<'PY'
import os
os.chdir(os.environ['W'])
for _ in range(40): os.mkdir('d' * 100); os.chdir('d' * 100)
open('file', 'w').write('deep')
PY
sleep 0.02
inside rm -rf "$(printf 'd%.0s' {1..100})" 2>"$T/err"
if [ -e "$(printf 'd%.0s' {1..100})" ]; then
	like "a path over 4,096 bytes that can't be kept is not removed, and that is said" "$(cat "$T/err")" 'gate: '
else
	undo -y --since 1h >/dev/null 2>&1
	is "a path over 4,000 bytes comes back" "$(python3 -c '
import os
os.chdir(os.environ["W"])
for _ in range(40): os.chdir("d" * 100)
print(open("file").read())' 2>&1)" deep
fi
done_testing
