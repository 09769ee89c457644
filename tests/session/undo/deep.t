#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# deep.t - trees that are deeper than PATH_MAX, names of every kind, and many files: kept and undone, in bounded memory.  GATE_FILES sets how
# many files the last test removes.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
W=$T/home/project; mkdir -p "$W"; cd "$W" || exit 99
undo() { "$GATESH" undo --yes --all --since 1h </dev/null >"$T/undo" 2>&1; }

# deep make|read NAME: 60 directories of NAME below each other, a file in every tenth, and a file with two names at the end
deep() {
	python3 - "$@" <<'PY'
import os, sys
make, name = sys.argv[1] == 'make', os.fsencode(sys.argv[2])
os.chdir('keep')
for i in range(60):
    if make: os.mkdir(name)
    os.chdir(name)
    if i % 10 == 0 or i == 59:
        f = b'a file\n%d' % i
        if make: open(f, 'w').write('data %d' % i)
        else: print(i, open(f).read())
if make: open('one', 'w').write('linked'); os.link('one', 'two'); os.symlink('one', 'link'); os.mkdir('empty')
else: print(open('one').read(), os.stat('two').st_nlink > 1, os.readlink('link'), os.path.isdir('empty'))
PY
}
long=$(printf 'd%.0s' {1..100})
for name in "$long" $'new\nline '"$long" "$(printf '\303\244%.0s' {1..45})$long"; do
	rm -rf keep "$XDG_STATE_HOME/gate/undo"; mkdir keep; deep make "$name"; deep read "$name" >"$T/before"; sleep 0.02
	what="names like $(printf %q "${name:0:12}")"
	is "$what: they are removed, and nobody is asked" "$("$GATESH" run -- rm -rf keep 2>&1 </dev/null | grep -v '^gate: kept'; ls)" ""
	undo
	is "$what: all is back" "$(deep read "$name" 2>&1 | diff "$T/before" - | head -5; tail -2 "$T/undo" | grep failed)" ""
done
# Overwriting: by a shell, in place, by truncate(2), by a rename; then ftruncate(2) of what was opened.
for act in 'open("a file\n59", "w").write("new")' 'f = open("a file\n59", "r+"); f.write("new"); f.truncate()' 'os.truncate("a file\n59", 1)' \
	'open("x", "w").write("new"); os.rename("x", "a file\n59")' 'open("../" * 3 + (NAME + "/") * 3 + "a file\n59", "w").write("new")'; do
	rm -rf keep "$XDG_STATE_HOME/gate/undo"; mkdir keep; deep make "$long"; deep read "$long" >"$T/before"; sleep 0.02
	is "overwritten: ${act:0:30}...: nobody is asked" "$("$GATESH" run -- python3 -c 'import os, sys
NAME = sys.argv[1]
for i in range(60): os.chdir(("keep/" if not i else "") + NAME)
exec(sys.argv[2])' "$long" "$act" 2>&1 </dev/null | grep -v '^gate: kept'; deep read "$long" | cmp -s "$T/before" && echo unchanged)" ""
	undo
	is "${act:0:30}...: it comes back" "$(deep read "$long" 2>&1 | diff "$T/before" - | head -5; tail -2 "$T/undo" | grep failed)" ""
done
rm -rf keep; mkdir keep; cd keep || exit 99
wide=$(printf '\001%.0s' {1..250})
python3 -c 'import os, sys
for i in range(90): os.mkdir(sys.argv[1]); os.chdir(sys.argv[1])
open("f", "w").write("old")' "$wide"
cd .. || exit 99; sleep 0.02
like "a path that no record can hold is asked about, not lost" "$("$GATESH" run -- rm -rf keep 2>&1 </dev/null; echo "status $?")" 'too long to record.*status 1'
rm -rf keep "$XDG_STATE_HOME/gate/undo"

# --- many files
files=${GATE_FILES:-3000}
python3 - "$files" <<'PY'
import os, sys
for i in range(int(sys.argv[1])):
    d = 'many/%d' % (i // 1000)
    if i % 1000 == 0: os.makedirs(d)
    with open('%s/%d' % (d, i), 'w') as f: f.write(str(i))
PY
sleep 0.02
cost=$(python3 - "$GATESH" <<'PY'
import resource, subprocess, sys
subprocess.run([sys.argv[1], 'run', '--', 'rm', '-rf', 'many'], stdin=subprocess.DEVNULL, stdout=2)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
PY
)
ok "$files files: they are gone" test ! -e many
diag "$files files: the largest process had $cost MiB"
ok "$files files: no process of the removal grows with them" test "$cost" -lt 100
is "$files files: each has its record" "$("$GATESH" undo --json --all | grep -c '"type":"file"')" "$files"
undo
is "$files files: all are back" "$(find many -type f | wc -l) $(find many -type f -exec cat {} + | wc -c)" "$files $(seq 0 $((files - 1)) | tr -d '\n' | wc -c)"
done_testing
