#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# fileask.t - questions about files: what asks, whom an answer is for and how far it goes, what is kept and told.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }

# A session without a terminal, whose shell reads commands from a pipe.  inside COMMAND: run it there; its status in $T/status.
mkfifo "$T/in"
mkdir -p "$XDG_CONFIG_HOME/gate/rules" "$T/bin"; PATH=$T/bin:$PATH
printf '#!/bin/sh\nrm -rf "$@"\n' >"$T/bin/wipe"; chmod +x "$T/bin/wipe"
cat >"$XDG_CONFIG_HOME/gate/rules/test.rules" <<'END'
rule: test.wipe
on: exec
program: wipe
match: ^wipe\b
severity: danger
reason: wipes
hit: wipe x
miss: echo wipe

rule: test.never
on: unlink
path: *.never
action: deny
severity: notice
reason: never
hit: x.never
miss: x
END
cd "$W" || exit 99
git init -q . 2>/dev/null; printf 'dist/\n' >.gitignore
mkdir -p src old dist "$HOME/docs/sub" "$HOME/more" "$HOME/.ssh" "$HOME/covered" "$HOME/covered2"
for i in x y z z.never; do echo x >"$HOME/covered/$i"; done; echo x >"$HOME/covered2/x"
for i in 1 2 3 4; do echo "text $i" >"src/f$i"; echo "text $i" >"$HOME/docs/d$i"; echo "text $i" >"$HOME/more/m$i"; done
echo deep >"$HOME/docs/sub/x"; echo key >"$HOME/.ssh/id"; echo S=1 >.env; echo '#' >.env.example; echo b >dist/bundle.js; echo v >victim
python3 -c 'import sqlite3; c = sqlite3.connect("old.db"); c.execute("create table t(a)"); c.executemany("insert into t values(?)", [("x" * 500,)] * 500); c.commit()'
sleep 0.05
setsid "$GATESH" run --wait-for-answer -a tester -- bash --norc <"$T/in" >"$T/out" 2>"$T/err" &
run=$!
exec 7>"$T/in"
inside() { rm -f "$T/status" "$T/e"; echo "{ $1; } 2>$T/e; echo \$? >$T/status" >&7; }
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }
waiting() { [ "$("$GATESH" pending --json | wc -l)" = "$1" ]; }
asked() { inside "$1"; wait_for 10 waiting 1; }
g() { "$GATESH" "$@"; }
number() { g pending --json | sed -nE 's/.*"id":([0-9]+).*/\1/p'; }
question() { g pending --json; }
wait_for 10 any_session

# --- what asks nobody
inside "rm -r src && echo new >src && rm src && mv victim v2 && rm dist/bundle.js .env.example"; is "the workspace: nothing is asked" "$(status)" 0
ok "and it is gone as asked" test ! -e src -a ! -e .env.example -a ! -e dist/bundle.js
inside "echo x >$HOME/mine && rm $HOME/mine && sed -i s/x/y/ v2"; is "made in this session, wherever" "$(status)" 0
inside "python3 -c 'import sqlite3, os; c = sqlite3.connect(\"t.db\"); c.execute(\"create table t(a)\"); c.close(); os.remove(\"t.db\")'"
is "a database that a test made" "$(status)" 0

inside "python3 -c 'import sqlite3; c = sqlite3.connect(\"old.db\"); c.execute(\"delete from t\"); c.commit(); c.execute(\"vacuum\"); c.close()'"
is "a database that makes its own file shorter" "$(status)" 0
asked "cp v2 old.db"; ok "overwritten by another it asks" waiting 1
g deny "$(number)"; status >/dev/null

# --- outside: once for the command and its directory
asked "rm -rf $HOME/docs"
like "the question names the file" "$(question)" '"command":"delete [^"]*/home/docs/'
like "and who does it" "$(question)" '"argv":\["rm","-rf","[^"]*docs"\]'
like "and how far a yes goes" "$(question)" '"once":"what rm\([0-9]+\) and its children delete under [^"]*/home/docs"'
like "and what a grant would cover" "$(question)" '"covers":"files.outside under [^"]*/home/docs"'
wait_for 5 grep -q preview <(question); sleep 0.3
like "how much is under it" "$(question)" '"preview":"5 files, [0-9]+ B; git has none of it"'
g deny "$(number)" 'not those'
is "no: it fails" "$(status)" 1
is "once for all files" "$(g pending)" ""
is "and none is gone" "$(find "$HOME/docs" -type f | wc -l)" 5
like "the agent is told once, with the sentence" "$(grep -c '^gate:' "$T/e") $(cat "$T/e")" '^1 .*gate: refused: unlink [^ ]*docs/[^ ]*: files.outside \(danger\): removes or overwrites a file outside the workspace. The person said: "not those". Do not work around this; ask the person'
asked "rm -rf $HOME/docs"; ok "another command asks again" waiting 1
g allow "$(number)"; is "yes: it goes" "$(status)" 0
ok "all of it" test ! -e "$HOME/docs"
like "what went is kept" "$(g undo --json --all | grep -c '/home/docs/')" '^[5-9]'

asked "find $HOME/more -name 'm[12]' -exec rm {} \;"
like "find and what it starts are one tree" "$(question)" '"once":"what find\([0-9]+\) and its children are told to delete in [^"]*/home/more"'
g allow "$(number)"; is "one yes for both processes" "$(status)" 0
is "and nothing waits" "$(g pending)" ""
ok "both are gone" test ! -e "$HOME/more/m1" -a ! -e "$HOME/more/m2"
asked "python3 -c 'import shutil; shutil.rmtree(\"$HOME/more\")'"
like "without an operand: the first directory below the home" "$(question)" '"once":"what python3\([0-9]+\) and its children delete under [^"]*/home/more"'
g deny "$(number)"; is "refused" "$(status)" 1
like "as an exception" "$(cat "$T/e")" "PermissionError"
ok "still there" test -e "$HOME/more/m3"
asked "rm $HOME/more/m3 $HOME/more/m4"
like "files as operands: they alone" "$(question)" '"once":"what rm\([0-9]+\) and its children are told to delete in [^"]*/home/more"'
like "and a grant is for the one" "$(question)" '"covers":"files.outside under [^"]*/home/more/m[34]"'
g allow "$(number)"; is "one yes for all of them" "$(status)" 0
ok "gone" test ! -e "$HOME/more/m3" -a ! -e "$HOME/more/m4"

# --- overwriting and moving
asked "cp v2 $HOME/.ssh/id"
like "overwriting a key is critical" "$(question)" '"command":"overwrite [^"]*/.ssh/id".*"severity":"critical"|"severity":"critical".*"command":"overwrite'
unlike "and never for the session" "$(question)" '"covers"'
g allow "$(number)" 2>/dev/null; is "nor without its word" $? 1
g allow --word keys "$(number)"; is "its word does" "$(status)" 0
is "it is overwritten" "$(cat "$HOME/.ssh/id")" "$(cat v2)"
asked "mv v2 .env"
like "replacing is told with both names" "$(question)" '"command":"replace [^"]*/work/.env with [^"]*/work/v2"'
g deny "$(number)"; is "no" "$(status)" 1
is "and nothing has changed" "$(cat .env) $(test -e v2 && echo there)" "S=1 there"

# --- this session
asked "rm -rf .git/hooks"
g allow "$(number)" session; is "for the session" "$(status)" 0
like "listed as rule and directory" "$(g grants)" 'files.repositories: under [^ ]*/work/.git/hooks$'
inside "mkdir .git/hooks; cp $T/e .git/hooks/a; touch -d '1 hour ago' .git/hooks/a; rm -rf .git/hooks"; is "under it nothing more is asked" "$(status)" 0
asked "python3 -c 'import shutil; shutil.rmtree(\".git/refs\")'"; ok "beside it, it is, also about an empty directory" waiting 1
g deny "$(number)"; status >/dev/null
ok "taken back" g grants revoke 1

# --- a yes to a command covers its files
asked "wipe $HOME/covered .env"
like "the command asks" "$(question)" '"id":"test.wipe"'
g allow "$(number)"; is "allowed, but for what a rule denies" "$(status)" 1
ok "its files, protected or outside, go" test ! -e "$HOME/covered/x" -a ! -e "$HOME/covered/z" -a ! -e .env
ok "what is denied stays" test -e "$HOME/covered/z.never"
is "the process asks once for all of them" "$(g log --json --event unlink | grep -v never | grep -c '/covered/\|work/.env"')" 1
like "the log says by whose yes" "$(g log --json --event unlink | grep '/covered/' | grep '"verdict":"allow"')" '"by":"gatesh allow[^"]*, with its command"'
asked "rm -rf $HOME/covered2"; ok "another command has no part in it" waiting 1
g deny "$(number)"; status >/dev/null

# --- the log
like "the log has path, size and what the yes was about" "$(g log --json --event unlink | grep '/docs/' | tail -1)" '"path":"[^"]*/home/docs/[^"]*".*"once":"what rm'
like "for people too" "$(g log --event unlink)" 'deny .*files.repositories +unlink [^ ]*/.git/refs'

exec 7>&-; wait "$run"
like "at the end: what was kept" "$(tail -1 "$T/err")" '^gate: kept [0-9]+ files \([0-9.]+ [KMGi]*B\) for undo: gatesh undo$'

# --- nobody to ask
echo x >"$HOME/x"; for i in 1 2 3; do echo x >"$HOME/more-$i"; done; mkdir "$HOME/many"; for i in 1 2 3; do echo $i >"$HOME/many/$i"; done; sleep 0.05
"$GATESH" run -- rm -r "$HOME/many" </dev/null 2>"$T/e"; is "nobody there: refused" $? 1
is "told once" "$(grep -c "^gate: refused: .*Nobody is there" "$T/e")" 1
is "nothing is gone" "$(find "$HOME/many" -type f | wc -l)" 3
"$GATESH" run -s ci -- rm "$HOME/x" </dev/null 2>"$T/e"; is "ci: refused" $? 1
like "and says so" "$(cat "$T/e")" "The policy forbids it: nobody is asked in this service"
out=$("$GATESH" run -- true 2>&1 </dev/null); is "nothing kept, nothing said" "$out" ""

# --- workspaces
"$GATESH" run --workspace "$HOME/many" -- rm "$HOME/many/1" </dev/null 2>"$T/e"; is "a second workspace" $? 0
ln -s "$HOME/many" "$T/link"
"$GATESH" run --workspace "$T/link" -- rm "$T/link/2" </dev/null 2>"$T/e"; is "over a link" $? 0
"$GATESH" run --workspace "$HOME/x" -- true 2>"$T/e"; is "a workspace that is a file: 64" $? 64
like "and says so" "$(cat "$T/e")" "gate: .*/home/x can't be a workspace: Not a directory"
"$GATESH" run --workspace "$HOME/none" -- true 2>"$T/e"; is "one that is not there: 64" $? 64
(mkdir "$T/gone"; cd "$T/gone" && rmdir "$T/gone" && "$GATESH" run -- true) 2>"$T/e" </dev/null; is "a deleted directory: it runs" $? 0

# --- the quota, while the session runs
mkdir q && for i in $(seq 1 20); do head -c 100000 /dev/urandom >"q/$i"; done; sleep 0.05
service() { mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"; for e in unlink rename truncate write; do echo "$e sufficient gate_rules"; echo "$e sufficient gate_keep $1"; echo "$e requisite gate_confirm"; done >"$XDG_CONFIG_HOME/gate/gate.d/agent"; }
kept() { find "$XDG_STATE_HOME/gate/undo" "$base" -path '*/o/*' -type f -size +50k 2>/dev/null | sort -u | wc -l; }
few() { [ "$(kept)" -le 10 ]; }
service quota=1M; rm -rf "$XDG_STATE_HOME/gate/undo" # what earlier sessions hold is counted a moment after the start
"$GATESH" run -- sh -c "rm -r q; touch $T/removed; while test ! -e $T/over; do sleep 0.1; done" </dev/null 2>"$T/e" & run=$!
wait_for 10 test -e "$T/removed"; ok "over the quota: no more is kept than fits" wait_for 10 few
ok "but not all" test "$(kept)" -ge 5
touch "$T/over"; wait "$run"

# --- one word in the service file
for i in 1 2 3 4 5; do echo "$i" >"w$i"; done; sleep 0.05
service deny; "$GATESH" run -- rm w1 </dev/null 2>"$T/e"; is "deny" $? 1
like "by the service" "$(cat "$T/e")" "gate_keep.*nothing may be removed or overwritten here"
service ask; "$GATESH" run -- rm w1 </dev/null 2>"$T/e"; is "ask" $? 1
like "nobody there" "$(cat "$T/e")" "gate_keep \(danger\): Gate asks before anything is removed or overwritten here"
service quota=0; "$GATESH" run -- rm w2 </dev/null 2>"$T/e"; is "a quota of 0: nothing can be kept, so it is asked" $? 1
ok "still there" test -e w2
service max=1; head -c 100 /dev/zero >big; sleep 0.05
"$GATESH" run -- rm w3 </dev/null 2>"$T/e"; is "a deletion needs no copy, whatever max" $? 0
mkdir -p "$XDG_STATE_HOME/gate"; rm -rf "$XDG_STATE_HOME/gate/undo"; ln -s "$T" "$XDG_STATE_HOME/gate/undo"; service keep
"$GATESH" run -- rm w4 </dev/null 2>"$T/e"; is "a registry that is a link elsewhere: asked" $? 1
like "and why" "$(cat "$T/e")" "gate: undo: "
ok "nothing is written there" test ! -e "$T/session.json"
done_testing
