#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# bugreport.t - gatesh bugreport: what it has, what it never has, and that it is shown before it is written.
. "${GATE_SRC:?}/tests/support/lib.sh"
cd "$T" || exit 99
SECRET=hunter2 setsid -w "$GATESH" run --debug "$T/trace" -- git push --force tok3n "$HOME/x" </dev/null >/dev/null 2>&1
like "without a terminal it wants --yes" "$("$GATESH" bugreport </dev/null 2>&1 >/dev/null; echo $?)" 'no terminal to ask on.*64$'
ok "and writes nothing" test ! -e gate-bugreport.txt
out=$(SECRET=hunter2 "$GATESH" bugreport --yes --trace "$T/trace"); report=$(cat gate-bugreport.txt)
like "it says where it is" "$out" "The report is in gate-bugreport.txt"
ok "and has shown all of it" test "${out#"$report"}" != "$out"
like "versions, kernel, doctor, policy, decisions, trace" "$report" "# gatesh [0-9].*Linux .*# doctor.*ok +service.*(ok|warn|open) +place: .*# policy.*agent.*git.*rules.*# the last session.*exec deny no_agent .*rule git.force-push argument lengths 3 4 7 5.*# the debug trace.*question q1"
unlike "no argument, no environment, no home" "$report" "tok3n|hunter2|--force|$HOME"
is "only the user can read it" "$(stat -c %a gate-bugreport.txt)" 600
is "another file is not overwritten" "$("$GATESH" bugreport --yes >/dev/null 2>&1; echo $?)" 74

# --- lines of a trace as long as a command line, another file, sessions at one time
words=(); for _ in {1..60}; do words+=(zqzqzqzqzqzq); done
setsid -w "$GATESH" run --debug "$T/trace" -- git push --force "${words[@]}" " question zq" </dev/null >/dev/null 2>&1
unlike "a long command line is not in it, nor a part of one" "$("$GATESH" bugreport --yes -o long --trace "$T/trace"; cat long)" "zq|qz"
is "each line is a line" "$(sed -n '/^# the debug/,$p' long | sed 1d | wc -l)" "$(wc -l <"$T/trace")"
printf 'machine host login me password hunter2\n' >"$T/netrc"
out=$("$GATESH" bugreport --yes -o netrc --trace "$T/netrc")
unlike "another file than a trace: not a word of it" "$out" "host login|hunter2"
like "but its length" "$out" "no trace \(38 bytes\)"
like "a file that is not there: the reason" "$("$GATESH" bugreport --yes -o none --trace "$T/none")" "# the debug trace.*not read: No such file"
log=$XDG_STATE_HOME/gate/audit.jsonl
tail -1 "$log" >"$T/last"; sed -E 's/("session": ?")[0-9a-f]+/\1deadbeef/' "$T/last" >>"$log"; cat "$T/last" >>"$log"
"$GATESH" bugreport --yes -o two >/dev/null
is "another session's record between two of the last one" "$(grep -c 'exec deny no_agent' two)" 2
done_testing
