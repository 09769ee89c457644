#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# refused.t - somebody's seccomp filter, or an old kernel, refuses the system calls that keeping needs: the program works as before, and
# what it removes or overwrites is kept another way.
# shellcheck disable=SC1091,SC2154 # base, from files.sh
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
cd "$W" || exit 1
refuse=$GATE_BUILD/tests/support/refuse
"$refuse" EPERM statx true || { echo "1..0 # SKIP no filter here"; exit 0; }

fresh() {
	rm -rf "$XDG_STATE_HOME/gate" "$base"/.gate-undo* "${W:?}"/*
	for f in removed replaced moved emptied written named; do echo "old $f" >$f; done
	ln named name2; sleep 0.02
}
# What a program does, without the tools that would fail by themselves, as mv(1) for renameat2.
act='import os
def say(what, f):
    try: f()
    except OSError as e: print(what, e.strerror)
say("unlink", lambda: os.unlink("removed"))
say("rename over", lambda: os.rename("moved", "replaced"))
say("open to write", lambda: open("emptied", "w").write("new"))
say("write in place", lambda: open("written", "r+").write("new"))
say("one of two names", lambda: os.unlink("named"))
say("the other", lambda: os.unlink("name2"))'

for error in ENOSYS EPERM; do
	for calls in statx copy_file_range copy_file_range,sendfile,ioctl linkat renameat2 linkat,renameat2 \
		copy_file_range,sendfile,ioctl,linkat,renameat2; do
		fresh
		"$GATESH" run -- "$refuse" "$error" "$calls" python3 -c "$act" >"$T/out" 2>&1 </dev/null
		is "$error for $calls: the program does what it does" \
			"$(grep -v 'gate: kept' "$T/out"; printf '%s\n' * | xargs)" "emptied replaced written"
		"$GATESH" undo --yes --all --since 1h >"$T/undo" 2>&1 </dev/null
		is "$error for $calls: all is kept" "$(cat removed replaced moved emptied written named name2 2>&1)" \
			"$(printf 'old %s\n' removed replaced moved emptied written named named)"
	done
done
done_testing
