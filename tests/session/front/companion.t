#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# companion.t - the companion shell: questions of every session at one prompt, in a terminal and from a script.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
cd "$T" || exit 99
# A session without a terminal: its pid in $job, stderr in $T/err.
session() { setsid "$GATESH" run "$@" </dev/null >"$T/out" 2>"$T/err" & job=$!; }
# Sets $status to that of the session.
ended() { wait "${1:-$job}"; status=$?; }
shows_line() { screen | grep -qE -- "$1"; }
at_prompt() { wait_for 10 is_last "$1"; }
asked() { [ -n "$("$GATESH" pending)" ]; }
is_asked() { wait_for 10 asked; }

# --- one terminal
term_start 100 40 "$GATESH; echo status \$? >$T/left; sleep 1000"
ok "a prompt" at_prompt "gate>"
typed "hel"
session -a bot -- doomsday a b; first=$job
ok "a new question is shown as it comes" sees "[1] danger: test.doom  ("
ok "with all that is needed" sees "    why      ends the world"
ok "exactly what the session would cover" sees "    session  test.doom with exactly these arguments in $T"
ok "and how to answer" sees "    allow 1  |  allow 1 session  |  deny 1 [sentence]  |  show 1"
is "the line being typed is not broken, and the prompt counts" "$(last)" "gate: 1 waiting> hel"
keys C-a; typed "# "; keys C-e; typed "p me"; keys Left Left Left; session -a other -- doomsday c; other=$job
ok "another one of another session" sees "[2] danger"
is "the line is still there" "$(last)" "gate: 2 waiting> # help me"
typed "!"; becomes "the cursor too" "gate: 2 waiting> # help! me" last
keys C-c; becomes "Ctrl-C clears the line" "gate: 2 waiting>" last
is "and answers nothing" "$("$GATESH" pending | wc -l)" 2
line "pending"; ok "pending" wait_for 5 shows_line '^2 +[0-9a-f]{8}\.1 +danger test.doom'
line "deny 2 use the staging stack instead"; ok "deny N sentence" sees "[2] refused"
ended "$other"; is "is a no" $status 126
like "with its sentence" "$(cat "$T/err")" 'The person said: "use the staging stack instead"'
line "why 1"; ok "why: the lines of the stack" wait_for 5 shows_line 'sufficient  gate_timestamp  finding, ignore'
ok "where the rule stands" shows "rule     test.doom (danger), $XDG_CONFIG_HOME/gate/rules/doom.rules:1"
ok "the preview" shows "preview  left: 3 worlds"
line "frobnicate"; ok "an unknown command" sees "no command 'frobnicate'; help lists them"
line "alow 1"; ok "did you mean" sees "did you mean 'allow'?"
line "allow 7"; ok "no such question" sees "no question '7' is open"
id=$("$GATESH" pending --json | sed -n 's/.*"session":"\([^"]*\)".*/\1/p')
typed "sho"; keys Tab; typed "$id"; keys Tab
becomes "commands and ids are completed" "gate: 1 waiting> show $id.1" last
keys C-u; typed "allow 1 s"; keys Tab; becomes "and session" "gate: 1 waiting> allow 1 session" last
keys C-u; typed "rules test.c"; keys Tab; becomes "and rules" "gate: 1 waiting> rules test.critical" last
keys Enter; ok "rules GLOB" wait_for 5 shows_line '^test.critical +critical +ends every world'
line "freeze $id"; ok "freeze" sees "session $id: refuses everything until you thaw it: thaw $id"
ended "$first"; is "refuses what waits" $status 126
keys Up; becomes "history" "gate> freeze $id" last; keys C-u
keys C-l; session -- doomsday critically; ok "a critical one" sees "critical: test.critical"
line "allow 3"; ok "wants its word" sees "a yes to this question takes its typed word: allow 3 critical"
line "allow 3 session"; sees "takes its typed word: allow 3 critical"; is "nothing else will do" "$("$GATESH" pending | wc -l)" 1
line "allow 3 critical"; ok "with it: allowed once" sees "[3] allowed once"
ended; is "and it runs" $status 0
session -- bash -c 'doomsday x; doomsday x'; sees "[4]"; line "allow 4 session"; ok "allow N session says what it covers" sees "[4] allowed for this session: test.doom with"
ended; is "and covers it" $status 0
line "log test.critical"; ok "log" wait_for 5 shows_line '  allow  gatesh companion.* test.critical  '
at_prompt "gate>"; keys C-d; ok "Ctrl-D leaves" wait_for 5 test -s "$T/left"; is "with 0" "$(cat "$T/left")" "status 0"
is "the history is the owner's alone" "$(stat -c %a "$XDG_STATE_HOME/gate/history")" 600
ok "it is kept" grep -qx "why 1" "$XDG_STATE_HOME/gate/history"
ok "without answers, whose numbers mean others next time" sh -c "! grep -qE '^(allow|deny)' '$XDG_STATE_HOME/gate/history'"

# --- orders for a whole session
term_start 80 24 "$GATESH; sleep 1000"; at_prompt "gate>"
(setsid "$GATESH" run -a bot -- sh -c 'echo up >up; while :; do sleep 1; done' </dev/null >"$T/out" 2>"$T/err") & job=$!
wait_for 10 test -s up; id=$("$GATESH" sessions | awk '{ print $1 }')
is_paused() { "$GATESH" sessions --json | grep -q paused_until; }
not_paused() { ! is_paused; }
line "pause"; ok "pause says what it does" sees "may do everything unasked for 10m: what a rule asks about or denies is done at"
ok "and to whom" sees "session $id (bot, in $T)"
ok "and which line does it" sees "    pause $id 10m pause"
ok "and does nothing without the word" not_paused
keys C-l; line "pause $id 5m pause"; ok "with its word: paused" sees "session $id: paused for 5m: resume $id ends that"
ok "it is" is_paused
line "sessions"; ok "sessions says so" sees "paused by gatesh companion"
keys C-l; line "resume"; ok "resume" sees "session $id: asks and refuses again"
ok "it is not paused" not_paused
keys C-l; line "pause 9h"; ok "a time that is too long" sees "a time is 30s, 10m or 2h, at most 8h"
typed "en"; keys Tab; typed "${id:0:3}"; keys Tab; becomes "end and the session are completed" "gate> end $id" last
keys Enter; ok "end says what it ends" sees "    sh -c "
ok "and which line does it" sees "    end $id end"
printf 'pause %s 5m pause\n' "$id" | "$GATESH" 2>"$T/e"; is "no script pauses a session" $? 1
like "and hears why" "$(cat "$T/e")" "only a person may pause a session"
ok "it is not paused" not_paused
keys C-l; line "end $id end"; ok "with its word: ended" sees "told to end"
ok "the session is gone" wait_for 10 no_session
ok "the companion says so" sees "session $id: ended"
ok "the history has no order with its word" sh -c "! grep -qE '^(pause|end)' '$XDG_STATE_HOME/gate/history'"
wait $job; term kill-server

# --- two of them, and one that hangs
term_start 100 40 "$GATESH"; term split-window "$GATESH"; term split-window "NO_COLOR=1 $GATESH; sleep 1000"
pane() { term capture-pane -p -t "$1"; }
pane_shows() { pane "$1" | grep -qF -- "$2"; }
third() { stopped=$(pgrep -P "$(term list-panes -F '#{pane_index} #{pane_pid}' | sed -n 's/^2 //p')" gatesh); }
attached() { term send-keys -t "$1" -l sessions; term send-keys -t "$1" Enter; sleep 0.2; pane_shows "$1" " $job "; }
wait_for 10 third; session -- bash -c 'until test -e go; do sleep 0.05; done; doomsday two'
for pane in 0 1 2; do wait_for 10 attached $pane; term send-keys -t $pane C-l; done
kill -STOP "$stopped"; touch go
ok "both show it" wait_for 10 pane_shows 0 "[1] danger"
ok "both" wait_for 10 pane_shows 1 "[1] danger"
term send-keys -t 0 -l "allow 1"; term send-keys -t 0 Enter
ended; is "one answers, though a third one hangs" $status 0
ok "the other is told who answered" wait_for 10 pane_shows 1 "[1] allowed once by gatesh companion pts/"
term send-keys -t 1 -l "deny 1"; term send-keys -t 1 Enter; ok "there is no second answer" wait_for 10 pane_shows 1 "no question '1' is open"
kill -CONT "$stopped"; ok "the one that hung hears it afterwards" wait_for 10 pane_shows 2 "allowed once by"
term kill-server

# --- what a terminal gets: a bell once, colour unless NO_COLOR, nothing of the command's raw
cat >"$T/terminal.py" <<'END'
import os, pty, select, sys, time
pid, fd = pty.fork()
if not pid:
    os.execv(sys.argv[1], sys.argv[1:2])
end, seen = time.time() + float(sys.argv[2]), b""
while time.time() < end:
    if b"|  show 1" in seen:
        end = min(end, time.time() + 0.3)  # and what comes right behind it
    if select.select([fd], [], [], 0.1)[0]:
        try:
            seen += os.read(fd, 65536)
        except OSError:
            break
os.write(fd, b"\x04")
sys.stdout.buffer.write(seen)
END
session --wait-for-answer -- doomsday $'\e]0;title\a\e[31m\u202e\n[2] danger'
is_asked
TERM=xterm-256color python3 "$T/terminal.py" "$GATESH" 10 >"$T/seen"
is "the bell rings once" "$(tr -cd '\a' <"$T/seen" | wc -c)" 1
like "escape sequences, newlines and bidi characters are shown" "$(cat "$T/seen")" '\\e\]0;title\\x07\\e\[31m\\u\{202E\}\\n'
like "there is colour" "$(cat "$T/seen")" $'\e''\[31mdanger'
NO_COLOR=1 TERM=xterm-256color python3 "$T/terminal.py" "$GATESH" 10 >"$T/seen"
unlike "and none with NO_COLOR" "$(cat "$T/seen")" $'\e''\[[0-9;]*[1-9]m'

# --- a script
printf '# a comment\n\npending\nshow 1\ndeny 1 by script\npending' | "$GATESH" >"$T/said" 2>"$T/e"; is "a script of commands" $? 0
ended; is "is a no" $status 126
like "prints what is asked for" "$(head -1 "$T/said")" '^1 +[0-9a-f]{8}\.1 +danger test.doom'
is "and knows what it did" "$(tail -1 "$T/said")" "[1] refused"
is "without a terminal's sequences" "$(tr -cd '\033\a' <"$T/said" | wc -c)" 0
echo "allow 99" >"$T/script"; "$GATESH" <"$T/script" 2>"$T/e"; is "a script in a file; a command that fails: 1" $? 1
like "and says so" "$(cat "$T/e")" "no question '99' is open"
printf 'quit\nallow 99\n' | "$GATESH"; is "quit ends it" $? 0
"$GATESH" </dev/null; is "nothing to do: 0" $? 0
"$GATESH" companion extra 2>/dev/null; is "an argument: 64" $? 64

# --- whoever is attached is somebody to ask, also in a session that only starts now
mkfifo "$T/commands"; "$GATESH" <"$T/commands" >"$T/said" 2>&1 & script=$!
exec 7>"$T/commands"
echo help >&7; wait_for 10 test -s "$T/said"
session -- bash -c 'until test -e attached; do sleep 0.05; done; doomsday late'
attached() { echo sessions >&7; sleep 0.2; grep -q " $job " "$T/said"; }
wait_for 10 attached; touch attached; is_asked; echo "allow 1" >&7
ended; is "a companion sees a session that starts" $status 0
exec 7>&-; wait "$script"

# --- never from inside a session
session --wait-for-answer -- bash -c 'echo allow 1 | '"$GATESH"' companion; doomsday inside & until test -e asked; do sleep 0.05; done; printf "sessions\nallow 1\n" | '"$GATESH"' companion; touch tried; wait'
is_asked; touch asked; wait_for 10 test -e tried; rm asked tried
is "a companion inside a session answers nothing" "$("$GATESH" pending | wc -l)" 1
"$GATESH" deny 1; ended
session --wait-for-answer --allow-setuid -- bash -c 'doomsday inside & until test -e asked; do sleep 0.05; done; printf "allow 1\n" | env -u GATE_SESSION -u LD_PRELOAD '"$GATESH"' companion; touch tried; wait'
is_asked; touch asked; wait_for 10 test -e tried
is "nor is one let in by the socket where nothing confines it" "$("$GATESH" pending | wc -l)" 1
"$GATESH" deny 1; ended
like "and the person is told" "$(cat "$T/err")" "answer socket: gatesh\([0-9]+\) tried to connect and was refused"
done_testing
