#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# sessions_end.t - gatesh sessions end: a person ends a session with its processes, from outside, after a word.
# shellcheck disable=SC2016 # single quotes: scripts of other shells
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
g() { "$GATESH" "$@" 2>&1; }
id() { "$GATESH" sessions | awk '{ print $1; exit }'; }
field() { "$GATESH" sessions --json | python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())[sys.argv[1]])' "$1"; }
gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.*zombie' "/proc/$1/status"; }
# start WORDS: a session without a terminal, in the background; waits for $T/up.  Its pid in $job.
start() { rm -f "$T/up"; setsid -w "$GATESH" run "$@" </dev/null 2>"$T/err" & job=$!; wait_for 10 test -s "$T/up"; }
export T

# --- a session whose command runs
start -- sh -c 'sleep 1000 & echo $! >"$T/up"; wait'
like "without a terminal it wants --yes" "$(g sessions end "$(id)"; echo $?)" 'no terminal to ask on.*64$'
ok "and ends nothing" any_session
is "from inside it is refused" "$(g run -- "$GATESH" sessions end --yes "$(id)" | grep -c 'inside a session')" 1
ok "and ends nothing" any_session
session=$(id)
is "--yes ends it, and waits for that" "$(g sessions end --yes "$session")" "session $session has ended, with 2 processes"
wait $job; is "its command was ended by TERM" $? 143
ok "what it had started as well" gone "$(cat "$T/up")"
is "no session is left" "$(g sessions)" ""
like "the session says who" "$(cat "$T/err")" "gate: gatesh sessions end.* ends this session"
like "the log has it" "$(g log --session "$session" | tail -1)" "  end +gatesh sessions end.* session $session"
like "as an order, which decides nothing" "$(g log --json --session "$session" | tail -1)" '"event": ?"end"'
is "and which replay leaves out" "$(g replay | grep -c end)" 0

# --- TERM is not enough
start -- sh -c 'trap "" TERM; echo $$ >"$T/up"; while :; do sleep 0.1; done'
like "KILL follows" "$(g sessions end --yes "$(id)")" "has ended"
wait $job; is "the status says so" $? 137

# --- a session without the seam
start --allow-setuid -- sh -c 'sleep 1000 & echo $! >"$T/up"; wait'
like "without the seam it ends as well" "$(g sessions end --yes "$(id)")" "has ended, with 2 processes"
ok "with its processes" gone "$(cat "$T/up")"
wait $job

# --- a session that has outlived its command
start -- sh -c 'sleep 1000 & echo $! >"$T/up"'; wait $job
is "the status came at once" $? 0
like "sessions says since when, and how many" "$(g sessions)" "command ended [0-9][0-9]:[0-9][0-9], 1 process left"
now=$(date +%s); since=$(field left_since)
ok "in JSON as seconds" test $((now - since)) -lt 60 -a "$since" -le "$now"
like "end ends it" "$(g sessions end --yes "$(id)")" "has ended, with 1 process"
ok "with what was left" gone "$(cat "$T/up")"

# --- a word, on a terminal
start -- sh -c 'echo $$ >"$T/up"; sleep 1000'
session=$(id)
term_start 80 24 "bash --norc"
line "PS1='$ '; clear; $GATESH sessions end $session; echo status \$?"
ok "it says what it will end" sees "Session $session (sh)"
ok "and asks for a word" sees "Type end to go on:"
line "yes"; ok "another word ends nothing" sees "Nothing was done."
ok "with 1" sees "status 1"
ok "the session lives" any_session
line "clear"; lost "Type end"; line "$GATESH sessions end $session"; sees "Type end"; line "end"
ok "the word ends it" sees "session $session has ended"
wait $job; is "it has ended" $? 143

# --- mistakes
like "no session of that name" "$(g sessions end --yes ffff; echo $?)" "no session 'ffff'.*1$"
like "a missing one" "$(g sessions end; echo $?)" "takes one session.*64$"
like "another word" "$(g sessions ned; echo $?)" "did you mean 'end'.*64$"
done_testing
