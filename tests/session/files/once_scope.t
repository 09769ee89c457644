#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# once_scope.t - a yes to the session's first process, as an agent is one, is for one path, and the question counts that path.
# shellcheck disable=SC1091,SC2016,SC2154 # base, from files.sh
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
cd "$W" || exit 1
mkdir "$HOME/other"
for f in config a b c; do echo old >"$HOME/other/$f"; done
cat >agent.py <<'END'
import os, subprocess
home = os.environ["HOME"]
open(home + "/other/config", "w").write("new")
print("edited", flush=True)
subprocess.call(["sh", "-c", "echo new >~/other/a"])
print("told", flush=True)
open(home + "/other/config", "w").write("newer")
print("again", flush=True)
END
g() { "$GATESH" "$@"; }
waiting() { [ "$(g pending --json | wc -l)" = 1 ]; }
number() { g pending --json | sed -nE 's/.*"id":([0-9]+).*/\1/p'; }
counted() { g pending --json | grep -q '"preview":"[0-9]'; }
setsid "$GATESH" run --wait-for-answer -a tester -- python3 agent.py </dev/null >"$T/out" 2>"$T/err" &
run=$!
wait_for 10 any_session
wait_for 20 waiting
question=$(g pending --json)
like "the question is about the file" "$question" '"command":"overwrite [^"]*/home/other/config"'
like "and a yes is for that path" "$question" '"once":"what python3[^(]*\([0-9]+\) and its children overwrite at [^"]*/home/other/config"'
like "one for the session is for the directory" "$question" '"covers":"files.outside under [^"]*/home/other"'
wait_for 20 counted
like "it counts what is lost, not what is beside it" "$(g pending --json)" '"preview":"1 file, 4 B'
g allow "$(number)" >/dev/null
wait_for 20 grep -q edited "$T/out"
wait_for 20 waiting
like "the next file is asked about" "$(g pending --json)" '"command":"overwrite [^"]*/home/other/a"'
g deny "$(number)" >/dev/null
wait_for 20 grep -q told "$T/out"
is "and is left as it is" "$(cat "$HOME/other/a")" old
wait "$run"
is "the first path stays allowed" "$(tail -1 "$T/out") $(cat "$HOME/other/config")" "again newer"
done_testing
