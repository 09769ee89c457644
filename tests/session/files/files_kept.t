#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# files_kept.t - the ladder, rung by rung: what passes, what is kept and how, what is asked, and what nobody can decide.
# shellcheck disable=SC2012 # the names in a store are numbers
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/askd.sh"

W=$T/work STORE=$T/store
small=
test_cleanup() { askd_stop; [ -z "$small" ] || umount "$small" 2>/dev/null; chmod -R u+w "$T" 2>/dev/null; }
# session VERDICT OPTION...: with whatever stands in the workspace now as old
session() {
	local verdict=$1; shift
	rm -rf "$STORE"; mkdir -p "$STORE/o"; : >"$STORE/journal"
	sleep 0.02
	askd "$verdict" +workspace="$W" +store="$STORE" +home="$HOME" "$@"
}
no='deny=gate: refused by the test'
questions() { grep -v '^ready' "$ASKLOG"; }
records() { grep -c '^1 ' "$STORE/journal"; }
record() { grep "^1 $1 " "$STORE/journal" | tail -1; }
field() { record "$1" | cut -d' ' -f "$2"; }
object() { cat "$STORE/o/$(field "$1" 3)"; }
mkdir -p "$W"; cd "$W" || exit 1

# What passes.
echo old >old; : >empty; mkfifo fifo; mkdir -p node_modules/x cache/a/b plain; echo y >node_modules/x/f
printf 'Signature: 8a477f597d28d172789f06886806bc55\n' >cache/CACHEDIR.TAG; echo y >cache/a/b/f; echo y >cache/a/g
echo y >plain/f; echo 'not a signature' >plain/CACHEDIR.TAG
session "$no" '+allow:node_modules/' '+allow-within-cache'
gated sh -c 'echo new >new; rm new; echo new >new; mv new new2; echo more >new2; rm new2 empty fifo'
gated rm -r node_modules cache
is "made in the session, empty, no file, allowed, a cache: nothing is kept" "$(records) $(ls "$STORE/o")" "0 "
gated rm -r plain
is "a CACHEDIR.TAG without its signature is none" "$(ls "$STORE/o" | wc -l)" 2

# What git ignores.
mkdir -p build/x dist sub/out sub/build env venv kept2/dist
for d in build/x dist sub/out sub/build env venv kept2/dist; do echo y >$d/f; done
printf '# comment\nbuild/\n/dist\nout\n!env\nen[v]\n' >.gitignore; echo '*' >venv/.gitignore
session "$no" '+allow-within-ignored'
gated rm -r build dist sub venv
is "directories that git ignores are not kept" "$(ls "$STORE/o")" ""
gated rm -r env kept2
is "what its exceptions, other places and patterns name is" "$(grep -c ' D\| C' "$STORE/journal")" 2

# What is kept, and how.
echo first >a; echo second >b; echo third >c; ln -s a link; echo two >n1; ln n1 n2; mkdir d; chmod 750 d
printf 'x' >$'odd %\n\xff name'; chmod 640 c; touch -d '2001-02-03 04:05:06.789' c; setfattr -n user.note -v hello c 2>/dev/null
session "$no"
before=$(stat -c %i a)
gated rm a; is "unlinked: the file itself" "$(object D) $(stat -c %i "$STORE/o/$(field D 3)")" "first $before"
like "its record" "$(record D)" "^1 D [0-9a-f-]+ [0-9]+\.[0-9]{9} [0-9]+ [0-9]+ rm $(id -u) $(id -g) 100644 6 [0-9]+\.[0-9]{9} 1 [0-9]+ $before $W/a -$"
gated rm link; is "a symbolic link" "$(readlink "$STORE/o/$(field D 3)")" a
gated sh -c 'echo new >t; mv t b'
is "replaced: the old one, and who replaced it" "$(object R) $(cat b) $(record R | cut -d' ' -f16-)" "second new $W/b $W/t"
gated sh -c 'echo new >c'
is "overwritten: a copy, with mode and times" "$(object T) $(stat -c '%a %y' "$STORE/o/$(field T 3)" | cut -c1-27)" \
	"third 640 2001-02-03 04:05:06.789"
if getfattr -n user.note c >/dev/null 2>&1; then
	is "and extended attributes" "$(getfattr --only-values -n user.note "$STORE/o/$(field T 3)" 2>/dev/null)" hello
else
	skip "and extended attributes" "no setfattr, or none on this file system"
fi
gated rm n1; is "one of two names: a record" "$(field L 3) $(field L 13) $(cat n2)" "- 2 two"
gated rmdir d; is "a directory: a record with its mode" "$(field X 3) $(field X 10)" "- 40750"
gated rm $'odd %\n\xff name'; is "names are encoded" "$(field D 16)" "$W/odd%20%25%0A%FF%20name"
echo old >moved; session "$no"
gated mv moved "$T/elsewhere"; is "moved out: a record" "$(record M | cut -d' ' -f3,16,17)" "- $W/moved $T/elsewhere"
is "nobody was asked" "$(questions)" ""

# What is asked.
mkdir -p "$T/out/deep"; echo x >"$T/out/f"; echo x >"$T/out/deep/f"; echo x >"$T/out/deep/g"; echo x >a.db; echo x >b.db; echo x >k
session "$no" '+ask:*.db' '+deny:k' +outside +covers="$T/out"
got=$(gated rm a.db 2>&1); like "protected: refused" "$got" "gate: refused by the test.*Operation not permitted"
is "and asked" "$(questions)" "unlink $W/a.db other=- size=2 flags=0 unkept=-"
got=$(gated mv b.db "$T/out/b.db" 2>&1)
is "protected and moved out" "$(questions | tail -1)" "rename $W/b.db other=$T/out/b.db size=2 flags=4 unkept=-"
gated rm k 2>/dev/null; is "denied: by the session" "$(questions | tail -1)" "unlink $W/k other=- size=2 flags=0 unkept=-"
session "$no" +outside +covers="$T/out"; got=$(gated rm -r "$T/out" 2>&1)
is "outside: once a directory" "$(questions | wc -l) $(grep -c 'gate:' <<<"$got") $(ls "$T/out/deep")" "1 1 f
g"
like "with its place" "$(questions)" "^unlink $T/out/.* flags=1 unkept=-$"
session allow '+ask:*.db' +outside +covers="$T/out"
gated rm a.db; gated rm -r "$T/out"; is "allowed" "$(ls -d a.db "$T/out" 2>/dev/null; questions | wc -l)" 2
is "what was allowed is kept all the same" "$(ls "$STORE/o" | wc -l)" 4
echo x >old; session "$no"; gated rm old
gated sh -c 'rm -r '"$STORE"'/o/* '"$STORE" 2>"$T/err"; ok "the store is nobody's to touch" test -e "$STORE/journal"
like "and says so" "$(cat "$T/err")" "gate: rm: refused: this file is in the session's undo store"
gated sh -c ': >'"$STORE"'/journal' 2>/dev/null
is "nor to empty" "$(records)" 1

# What can't be kept.
head -c 5000 /dev/zero >big; head -c 5000 /dev/zero >big2; session "$no" +max=4096
gated sh -c 'echo x >big' 2>/dev/null
is "too large to copy" "$(questions) $(stat -c %s big)" "truncate $W/big other=- size=5000 flags=0 unkept=4.9 KiB, too large to keep (max 4K) 5000"
is "no half copy stays" "$(ls "$STORE/o")" ""
gated rm big; is "... but to move" "$(ls "$STORE/o" | wc -l)" 1
if [ "$(id -u)" = 0 ]; then
	small=$T/small; mkdir "$small"
	if mount -t tmpfs -o size=64k,nr_inodes=6 tmpfs "$small" 2>/dev/null; then
		mkdir "$small/o"; : >"$small/journal"; echo old >a; echo old >b
		sleep 0.02; askd "$no" +workspace="$W" +store="$small" +home="$HOME"
		gated rm a; is "a store on another file system: a copy" "$(cat "$small"/o/*)" old
		gated sh -c 'echo x >big2' ; is "an overwrite too" "$(find "$small/o" -type f | wc -l)" 2
		head -c 100000 /dev/zero >big3 2>/dev/null; head -c 90000 /dev/zero >big4; askd "$no" +workspace="$W" +store="$small"
		gated sh -c 'echo x >big3' 2>/dev/null
		like "a full store: asked" "$(questions)" "^truncate $W/big3 .*unkept=the store's file system is full$"
		is "and left as it is" "$(stat -c %s big3)" 100000
	else
		small=; for w in copy overwrite full left; do skip "another file system: $w" "no tmpfs can be mounted"; done
	fi
else
	for w in copy overwrite full left; do skip "another file system: $w" "not root"; done
fi
echo old >a; session "$no"; rm -rf "$STORE"
gated rm a 2>/dev/null; like "no store: asked" "$(questions)" "unkept=the store is gone"
ok "and left" test -e a

# Nobody can decide.
session "$no" '+ask:a'; askd_stop
got=$(gated rm a 2>&1); like "no session: refused, with the reason" "$got" "gate: rm: refused: the session can't be reached, nothing is listening"
got=$(gated sh -c 'rm "$0/policy.img" && rm a b' "$SESSION" 2>&1); ok "no image: nothing goes" test -e a
session "$no" '+ask:a' +allow; askd_stop
got=$(gated rm a 2>&1); like "on-fault: allow says so" "$got" "not judged: the session can't be reached.*done anyway"
ok "and lets it" test ! -e a

# What no system call names: deeper than a path may be.
deep=$(printf 'd%.0s' {1..200})
python3 - "$deep" <<'P'
import os, sys
for _ in range(24):
    os.mkdir(sys.argv[1]); os.chdir(sys.argv[1])
open("f", "w").write("old")
P
session "$no"
got=$(gated python3 -c 'import shutil; shutil.rmtree("'"$deep"'")' 2>&1)
is "deeper than a path may be: nobody is asked, and nothing is refused" "$(questions)$got" ""
like "and it is recorded with its whole path" "$(cat "$STORE/journal")" "1 D [^ ]+ .* $W/($deep/){24}f -"
python3 -c 'import shutil; shutil.rmtree("'"$deep"'", True)'

# A file that is replaced between the judgement and the act: the one that was judged is kept, emptied is what was opened.
echo judged >a; session "$no"
gated python3 - <<'P'
import os, threading
stop = False
def swap():
    while not stop:
        with open("t", "w") as f: f.write("other")
        os.rename("t", "a")
thread = threading.Thread(target=swap); thread.start()
for _ in range(200):
    open("a", "w").close()
stop = True; thread.join()
P
is "a file replaced meanwhile: the judged one is kept, once" "$(cat "$STORE"/o/* | grep -c judged)" 1
done_testing
