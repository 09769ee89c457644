#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# user.t - gatesh run --user: root's session runs its programs as another user, who has no way back and is judged all the same.
# shellcheck disable=SC2016 # single quotes: scripts of the session's shell
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP not root"; exit 0; }
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
setpriv --reuid=nobody --clear-groups test -x "$GATE_BUILD" 2>/dev/null || { echo "1..0 # SKIP other users can't reach $GATE_BUILD, and so not its library"; exit 0; }
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
chmod 755 "$base" "$T" "$W"
mkdir "$W/theirs"; chown nobody "$W/theirs"
echo mine >"$W/mine"; chmod 600 "$W/mine"; echo read >"$W/read"
echo old >"$W/theirs/old"; chown nobody "$W/theirs/old"
export W SECRET_OF_ROOT=hidden XDG_DATA_HOME=$HOME/data
run() { (cd "$W" && setsid -w "$GATESH" run --user nobody "$@" </dev/null 2>&1); }

is "the command is that user's" "$(run -- id -un)" nobody
is "with its groups alone" "$(run -- id -G)" "$(id -G nobody)"
is "its home" "$(run -- sh -c 'echo "$HOME $USER $LOGNAME"')" "$(getent passwd nobody | cut -d: -f6) nobody nobody"
is "and nothing that names root's directories" "$(run -- sh -c 'env | grep -c "^XDG_"')" 0
is "it has no capability, and no way to get one" "$(run -- sed -n 's/^\(CapEff\|CapPrm\|CapAmb\|NoNewPrivs\):\t*//p' /proc/self/status | tr '\n' ' ')" "0000000000000000 0000000000000000 0000000000000000 1 "
is "root is not taken back" "$(run -- python3 -c 'import os
for f in os.setuid, os.setgid:
    try: f(0); print("root")
    except PermissionError: print("no")' | tr '\n' ' ')" "no no "
like "a file of root's is out of reach" "$(run -- cat mine)" "Permission denied"
is "one that everybody may read is not" "$(run -- cat read)" read
run -- sh -c 'echo new >theirs/new'; is "files belong to the user who made them" "$(stat -c %U "$W/theirs/new")" nobody
is "gatesh's environment is out of reach" "$(run -- sh -c 'cat /proc/$PPID/environ 2>/dev/null | tr "\0" "\n" | grep -c SECRET_OF_ROOT')" 0
like "a command is judged" "$(run -- git push --force)" "gate: refused: git push --force"
like "and one of its children, whose name no rule has seen" "$(run -- python3 -c 'import os; os.execvp("git", ["git", "push", "--force"])')" "gate: refused: git push --force"
run -- rm theirs/old >/dev/null; ok "an old file goes" test ! -e "$W/theirs/old"
(cd "$W" && "$GATESH" undo --yes theirs/old >/dev/null 2>&1); is "and comes back, with its owner" "$(cat "$W/theirs/old" 2>&1) $(stat -c %U "$W/theirs/old" 2>&1)" "old nobody"
run -- sh -c 'exit 7'; is "the exit status" $? 7
is "a terminal is the user's" "$(cd "$W" && TERM=xterm timeout 60 script -qec "'$GATESH' run --user nobody -- sh -c 'stat -c %U \$(tty)'" /dev/null </dev/null | tr -d '\r' | grep -c nobody)" 1

# --- faults
(cd "$W" && "$GATESH" run --user no-such-user -- true 2>"$T/err"); is "no such user: 64" $? 64
like "with the name" "$(cat "$T/err")" "gatesh: run: no user 'no-such-user'"
"$GATESH" run --user root -- true 2>/dev/null; is "root is no other user: 64" $? 64
"$GATESH" run --user nobody --allow-setuid -- true 2>/dev/null; is "--allow-setuid would lead back: 64" $? 64
setpriv --reuid=nobody --clear-groups "$GATESH" run --user nobody -- true 2>"$T/err"; is "another user than root: 64" $? 64
like "the reason" "$(cat "$T/err")" "gatesh: run: --user needs root"
done_testing
