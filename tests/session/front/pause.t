#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# pause.t - gatesh pause: for a while nothing is asked or refused; files are kept, everything is logged, nothing is remembered.
# shellcheck disable=SC2016,SC2154 # scripts of other shells; files.sh sets base
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
test_cleanup() { term kill-server 2>/dev/null; kill "${job:-}" 2>/dev/null; rm -rf "$base"; }
cat >>"$XDG_CONFIG_HOME/gate/rules/doom.rules" <<'END'

rule: test.never
on: unlink
path: *.never
action: deny
severity: notice
reason: never
hit: x.never
miss: x
END
# raw PATH: removes a file by a system call of its own.  connect: what a connection to a port that nobody listens on says.
cat >"$T/bin/raw" <<'END'
#!/usr/bin/env python3
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 263, "aarch64": 35}[os.uname().machine]
if libc.syscall(number, -100, sys.argv[1].encode(), 0):
    sys.exit(os.strerror(ctypes.get_errno()))
END
cat >"$T/bin/connects" <<'END'
#!/usr/bin/env python3
import errno, socket
s = socket.socket()
try:
    s.connect(("127.0.0.9", 9))
except OSError as e:
    print(errno.errorcode[e.errno])
END
chmod +x "$T/bin"/*
g() { "$GATESH" "$@" 2>&1; }
# pause [TIME]: a person types the word
pause() { python3 "$GATE_SRC/tests/support/type_line.py" "go on:" "${WORD-pause}" "$GATESH" pause "$@" 2>&1; }
paused() { g sessions --json | grep -q paused_until; }
not_paused() { ! paused; }
pending() { g pending | wc -l; }
# The session's command is a shell that reads lines: send starts one, does waits for its output.
mkfifo "$T/lines"
send() { rm -f "$T/out"; printf '{ %s; } >"$T/said" 2>&1; echo $? >>"$T/said"; mv "$T/said" "$T/out"\n' "$1" >"$T/lines"; }
answered() { wait_for 20 test -e "$T/out"; cat "$T/out"; }
does() { send "$1"; answered; }
export T
cd "$W" || exit 99
echo old >kept; echo old >kept-raw; echo old >kept.never
mkdir "$HOME/docs"; echo 1 >"$HOME/docs/1"; echo 2 >"$HOME/docs/2"
sleep 0.05 # a file's time of birth is coarse: those there are to be older than the session
setsid "$GATESH" run --network allow-listed --wait-for-answer -- sh -c 'while read -r line; do eval "$line"; done <>"$T/lines"' </dev/null >"$T/session.log" 2>&1 & job=$!
wait_for 20 any_session
id=$(g sessions | awk '{ print $1 }')

# --- before
like "a rule denies" "$(does 'rm kept.never')" "gate: refused"
is "and a destination is refused" "$(does connects | grep -v ^gate)" $'EPERM\n0'
send 'doomsday now'; wait_for 20 any_question

# --- who may
like "without a terminal there is no pause" "$(g pause </dev/null; echo $?)" 'no terminal to ask on.*64$'
like "another word is none" "$(WORD=yes pause)" "Nothing was done"
is "a front end without the word is refused" "$(python3 - "$id" <<'END'
import json, os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect("\0gate/%d/%s" % (os.geteuid(), sys.argv[1]))
s.sendall(b'{"op":"pause","seconds":60,"by":"x"}\n')
print(json.loads(s.makefile().readline())["error"])
END
)" "a pause must come with its typed word"
ok "it is not paused" not_paused
is "the question still waits" "$(pending)" 1

# --- paused
out=$(pause 10m)
like "it says what it does" "$out" "For 10m, session $id may do everything unasked"
like "also to the question that waits" "$out" "every question that waits now gets a yes"
like "and what ends it" "$out" "session $id is paused for 10m: gatesh resume $id ends that"
is "the question that waited got a yes" "$(answered) $(cat "$DONE")" "0 now"
like "sessions says until when" "$(g sessions)" "0 waiting, paused until ([0-9]+-[0-9]+-[0-9]+ )?[0-9][0-9]:[0-9][0-9]" # the day, shortly before midnight
like "the session's own line" "$(cat "$T/session.log")" "gate: paused until [0-9:]+ by gatesh pause.*: nothing is asked or refused; files are still kept"
is "a rule that asks does not ask" "$(does 'doomsday critically') $(tail -1 "$DONE")" "0 critically"
is "a file is removed" "$(does 'rm kept') $(ls kept 2>/dev/null)" "0 "
is "by a raw call as well" "$(does 'raw kept-raw') $(ls kept-raw 2>/dev/null)" "0 "
is "and one that a rule denies" "$(does 'rm kept.never') $(ls kept.never 2>/dev/null)" "0 "
is "and one outside the workspace" "$(does "rm $HOME/docs/1") $(ls "$HOME/docs")" "0 2"
is "a destination is not refused" "$(does connects)" $'ECONNREFUSED\n0'
is "nothing waits" "$(pending)" 0
log=$(g log --json --session "$id" | grep '"paused"')
for what in critically '/kept"' kept-raw kept.never docs/1 127.0.0.9; do
	ok "the log has $what, and who paused" grep -q "\"verdict\":\"allow\".*$what.*\"by\":\"gatesh pause" <<<"${log//\": /\":}"
done
ok "with the rule that asked" grep -q '"rules":\["test.critical"' <<<"${log//\": /\":}"

# --- its end
like "resume" "$(g resume)" "session $id asks and refuses again"
ok "it is not paused" not_paused
like "the session's own line" "$(cat "$T/session.log")" "gate: the pause is over \(gatesh resume"
like "again there is nothing to resume" "$(g resume; echo $?)" 'it is not paused.*1$'
send 'doomsday critically'; wait_for 20 any_question
is "a rule asks again: no yes was remembered" "$(pending)" 1
g deny "$(g pending | awk '{ print $1 }')" >/dev/null; answered >/dev/null
is "a destination is refused again" "$(does connects | grep -v ^gate)" $'EPERM\n0'
like "the log has begin and end" "$(g log --session "$id" | grep -E ' (pause|resume) ')" "pause +gatesh pause.*for 600 s nothing is asked or refused.*resume +gatesh resume"
is "what was removed was kept" "$(g undo --yes --since 1h >/dev/null; cat kept kept-raw kept.never)" $'old\nold\nold'

# --- by itself, and with a freeze
pause 1s >/dev/null; ok "it ends by itself" wait_for 10 not_paused
like "and says so" "$(cat "$T/session.log")" "the pause is over \(its time\)"
pause >/dev/null; g freeze; ok "a freeze ends a pause" not_paused
like "a frozen session can't be paused" "$(pause)" "it is frozen: gatesh thaw comes first"
g thaw
like "from inside it is refused" "$(does "python3 $GATE_SRC/tests/support/type_line.py 'go on:' pause $GATESH pause")" "inside a session"
ok "and does nothing" not_paused

# --- mistakes
for t in 0s 9h x5m 5; do like "not a time: $t" "$(g pause "$id" $t; echo $?)" '64$'; done
g sessions end --yes "$id" >/dev/null; wait_for 10 no_session

# --- on the session's terminal
term_start 80 24 "$GATESH run -- bash --norc"
line "PS1='in''> '; clear"; ok "a shell in a session" sees "in>" # which the echo of this line does not have
ok "which can be found" wait_for 20 any_session
like "it is paused" "$(pause 1m; echo $?)" "0$"
ok "the panel says when it begins" sees "gate: paused until"
keys Enter; lost "paused until"
line "doomsday panel"; ok "nothing is asked" wait_for 10 grep -q panel "$DONE"
g resume >/dev/null
ok "and when it ends" sees "the pause is over"
done_testing
