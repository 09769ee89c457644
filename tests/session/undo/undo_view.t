#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_view.t - gatesh undo FILE --show and --diff, what is known of a path that was never kept, and files that are open.
# shellcheck disable=SC1091,SC2012
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
keep() { python3 "$GATE_SRC/tests/session/undo/keep.py" "$@"; }
undo() { "$GATESH" undo "$@" </dev/null; }
terminal() { python3 "$GATE_SRC/tests/support/on_terminal.py" 80 "$@"; }
store=$XDG_STATE_HOME/gate/undo W=$T/work
mkdir "$W"
fresh() { cd "$T" && rm -rf "$W" "$store" && mkdir "$W" && cd "$W" && keep new aaaa0001 "$W" agent; }

# --- a look before
fresh
printf 'one\ttab\ntwo\e[2J\n' >f; cp f "$T/one"
keep -t 60 aaaa0001 write "$W/f" $'one\ttab\nthree\n'; keep aaaa0001 write "$W/f" last
undo f --show >"$T/out"
is "--show prints the version that would come back" "$(cat "$T/out")" $'one\ttab\nthree'
is "--since and its like choose another one" "$(undo f --show --since 10m | cmp - "$T/one" && echo same)" same
is "on a terminal it is escaped, but for tabs" "$(terminal "$GATESH" undo f --show --since 10m)" $'one\ttab\ntwo\\e[2J'
undo f --diff >"$T/out"
is "--diff goes from what is there to what would come back" "$(sed -n '3,$p' "$T/out")" $'@@ -1 +1,2 @@\n-last\n\\ No newline at end of file\n+one\ttab\n+three'
like "and says which is which" "$(head -2 "$T/out")" "^--- $W/f	\\(as it is now\\).\\+\\+\\+ $W/f	\\(kept $(date +%Y)-.*\\)$"
is "on a terminal it is escaped" "$(terminal "$GATESH" undo f --diff --since 10m | grep -c 'two\\e\[2J')" 1
is "nothing was restored, nothing asked" "$(cat f)" last
rm f
like "what is not there" "$(undo f --diff)" 'not there.*\+three'
is "inside a session as well" "$("$GATESH" run -- "$GATESH" undo f --show </dev/null 2>/dev/null | tail -1)" three
is "a directory: 1" "$(mkdir d; echo x >d/x; keep aaaa0001 rm-r "$W/d"; undo d --show 2>&1; echo $?)" "gatesh: undo: $W/d: is a directory: --dry-run shows what would come back"$'\n1'
is "a symbolic link: its target" "$(ln -s $'to\e' l; keep aaaa0001 unlink "$W/l"; undo l --show)" 'symbolic link to to\e'
# shellcheck disable=SC2086 # a list of words
is "bad usage: 64" "$(for a in "--show" "f g --diff" "f --show --yes" "f --show --json"; do undo $a 2>/dev/null; echo -n "$? "; done)" "64 64 64 64 "
mkdir "$T/bin"; ln -s "$GATESH" "$T/bin/gatesh"
like "without diff(1) it says so" "$(PATH=$T/bin "$GATESH" undo f --diff </dev/null 2>&1)" 'diff\(1\) is not installed'

# --- a path without a kept version
fresh
echo x >a; keep aaaa0001 unlink "$W/a"; undo -y a >/dev/null
like "once kept: says so" "$(undo -y a 2>&1)" "^gatesh: undo: $W/a: was kept at $(date +%Y)-.* \\(session aaaa0001\\), and has been put back"
touch -d '2 hours ago' b
like "never there" "$(undo -y nothing 2>&1)" "^gatesh: undo: $W/nothing: nothing is known of it"
like "there, and made while a session ran" "$(undo -y b 2>&1)" "$W/b: is there, (made at .* after session aaaa0001 began|and no session has removed)"
like "never touched" "$(cd "$T" && echo x >c && undo -y c 2>&1)" "$T/c: is there, and no session has removed or overwritten it"
mkdir -p "$XDG_STATE_HOME/gate"
printf '%s\n' '{"v":1,"time":"2026-11-23T10:00:00.000Z","session":"0badcafe","event":"unlink","verdict":"allow","path":"'"$W"'/out","rules":["files.some"],"argv":[]}' >>"$XDG_STATE_HOME/gate/audit.jsonl"
is "allowed by a rule: which, when, where" "$(undo -y out/x 2>&1 | head -1)" "gatesh: undo: $W/out/x: not kept: allowed by rule files.some at 2026-11-23T10:00:00.000Z in session 0badcafe"

# --- open in another program
fresh
echo old >db; keep aaaa0001 write "$W/db" new
exec 8<>db
undo -y db >"$T/out" 2>"$T/err"; status=$?
is "open for writing: named, and nothing restored" "$status $(cat db)" "1 new"
like "with the process" "$(cat "$T/err")" "^gatesh: undo: $W/db: is open for writing in bash\\[[0-9]*\\].gatesh: undo: nothing restored: end the program first"
like "a dry run says so, too" "$(undo -n db 2>&1)" 'is open for writing in bash'
is "--force restores" "$(undo -y --force db >/dev/null 2>&1; cat db)" old
exec 8<&-
fresh
echo old >db; keep aaaa0001 write "$W/db" new; echo log >db-wal; exec 8<>db-wal
like "so it is if the log beside it is open" "$(undo -y db 2>&1)" "$W/db-wal: is open for writing in bash"
exec 8<&-
exec 8<db; is "open for reading is no reason" "$(undo -y db >/dev/null 2>&1; cat db)" old; exec 8<&-
fresh
echo old >db; echo log >db-wal; keep aaaa0001 write "$W/db" new; keep aaaa0001 write "$W/db-wal" new
like "a database and its log, both copied: as after a crash" "$(undo -n . 2>&1)" "$W/db and its -wal are copies, taken one after the other"
unlike "not said of a file alone" "$(undo -n db 2>&1)" "copies"
done_testing
