#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# other_users.t - programs by which root becomes another user work in root's session, and are judged: su, runuser, sudo,
# setpriv, gosu, chroot, a program that drops its uid by itself.
# shellcheck disable=SC2016 # single quotes: scripts of other shells
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP not root"; exit 0; }
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
setpriv --reuid=nobody --clear-groups test -x "$GATE_BUILD" 2>/dev/null || { echo "1..0 # SKIP other users can't reach $GATE_BUILD, and so not its library"; exit 0; }
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
uid=$(id -u nobody) gid=$(id -g nobody)
chmod 755 "$base" "$T"
mkdir "$W/theirs"; chown nobody "$W/theirs"
export W
run() { (cd "$W" && setsid -w "$GATESH" run -- "$@" </dev/null 2>&1); }
# In a shell of the other user: who it is, a directory of its own, an old file that goes, and a command that is asked about,
# in a file that the rules don't read: the other user's program has to ask, not su's.
printf 'import os\nos.execvp("git", ["git", "push", "--force"])\n' >"$W/push"
work='id -un; mkdir "$W/theirs/d" && echo x >"$W/theirs/d/x" && mv "$W/theirs/d/x" "$W/theirs/y" && rm "$W/theirs/y" && rmdir "$W/theirs/d" && rm "$W/theirs/old" && echo done; python3 "$W/push"'
# way WHAT NEEDS COMMAND...: a shell and the work follow
way() {
	local what=$1 needs=$2 out
	shift 2
	command -v "$needs" >/dev/null || { for t in works "is judged" "is kept"; do skip "$what: $t" "no $needs here"; done; return; }
	echo old >"$W/theirs/old"; chown nobody "$W/theirs/old"
	out=$(run "$@")
	is "$what: works" "$(grep -v '^gate: ' <<<"$out")" $'nobody\ndone'
	like "$what: is judged" "$out" "gate: refused: git push --force"
	(cd "$W" && "$GATESH" undo --yes theirs/old >/dev/null 2>&1)
	is "$what: is kept, with its owner" "$(cat "$W/theirs/old" 2>&1) $(stat -c %U "$W/theirs/old" 2>&1)" "old nobody"
}
way su su su nobody -s /bin/sh -c "$work"
way runuser runuser runuser -u nobody -- sh -c "$work"
way sudo sudo sudo -n --preserve-env=W -u nobody sh -c "$work"
way setpriv setpriv setpriv --reuid="$uid" --regid="$gid" --clear-groups sh -c "$work"
way gosu gosu gosu nobody sh -c "$work"
way chroot chroot chroot --userspec="$uid:$gid" / sh -c "$work"
way 'a program that drops its uid' python3 python3 -c 'import os, sys
os.setgroups([]); os.setresgid(*[int(sys.argv[2])] * 3); os.setresuid(*[int(sys.argv[1])] * 3); os.execvp("sh", ["sh", "-c", sys.argv[3]])' "$uid" "$gid" "$work"

# a login shell has an environment of its own
like "su -: works, and is judged" "$(run su - nobody -s /bin/sh -c "id -un; python3 '$W/push'")" "nobody.*gate: refused: git push --force"
done_testing
