#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# run.t - gatesh run: exit statuses, signals, pipes, terminals, job control, environment, confinement.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
# Without any terminal, as from a job or an editor.
run() { setsid -w "$GATESH" run "$@" </dev/null; }

run -- true; is "exit status 0" $? 0
run -- sh -c 'exit 7'; is "exit status 7" $? 7
run -- sh -c 'kill -9 $$'; is "killed by 9: 128 + 9" $? 137
run -- sh -c 'kill -15 $$'; is "killed by 15: 128 + 15" $? 143
run -- "$T/no-such-thing" 2>"$T/err"; is "no such command: 127" $? 127
touch "$T/plain"; run -- "$T/plain" 2>/dev/null; is "not executable: 126" $? 126
"$GATESH" run 2>/dev/null; is "no command: 64" $? 64
"$GATESH" run --nonsense -- true 2>/dev/null; is "unknown option: 64" $? 64
like "--help goes to stdout" "$("$GATESH" run --help 2>/dev/null)" "usage: gatesh run"
run -s no-such-service -- touch "$T/started" 2>"$T/err"; is "no such service: 78" $? 78
ok "and nothing was started" test ! -e "$T/started"

head -c 300000 /dev/urandom >"$T/random"
setsid -w "$GATESH" run -- cat <"$T/random" >"$T/copy"; ok "300 KB through stdin and stdout unchanged" cmp -s "$T/random" "$T/copy"
is "stdout and stderr stay apart" "$(run -- sh -c 'echo out; echo err >&2' 2>/dev/null)" out
like "without a terminal there is none" "$(run -- tty)" "not a tty"

is "GATE_SESSION is the session's directory" "$(run -- sh -c 'ls "$GATE_SESSION"; stat -c %a "$GATE_SESSION"')" $'info.json\n700'
is "without the seam the policy and the socket are there" "$(run --allow-setuid -- sh -c 'ls "$GATE_SESSION"' | tr '\n' ' ')" "ask.sock info.json policy.img preview "
is "the directory is gone afterwards" "$(ls "$XDG_RUNTIME_DIR/gate")" ""
like "another LD_PRELOAD stays" "$(LD_PRELOAD=libpthread.so.0 run -- printenv LD_PRELOAD)" 'libgate-preload.so:libpthread.so.0$'
is "no_new_privs" "$(run -- awk '/NoNewPrivs/ { print $2 }' /proc/self/status)" 1
is "--allow-setuid leaves it out" "$(run --allow-setuid -- awk '/NoNewPrivs/ { print $2 }' /proc/self/status)" 0
is "no descriptor of gatesh's is open inside" "$(run -- sh -c 'ls /proc/self/fd' | wc -l)" "$(sh -c 'ls /proc/self/fd' </dev/null | wc -l)"
is "no signal is blocked inside" "$(run -- awk '/SigBlk/ { print $2 }' /proc/self/status)" 0000000000000000
is "a run within a session joins it" "$(run -- sh -c 'echo "$GATE_SESSION"; '"$GATESH"' run -- printenv GATE_SESSION' 2>"$T/err" | sort -u | wc -l)" 1
like "and says so" "$(cat "$T/err")" "already in a session"

setsid "$GATESH" run -- sh -c 'trap "exit 5" TERM; echo up >"'"$T"'/up"; while :; do sleep 0.05; done' </dev/null & pid=$!
wait_for 5 test -e "$T/up"; kill -TERM $pid; wait $pid; is "SIGTERM is passed on" $? 5
run -- sh -c '(sleep 0.5; doomsday later 2>"'"$T"'/late"; echo $? >"'"$T"'/status") & exit 0'
wait_for 5 test -s "$T/status"
is "a child that outlives the command is refused" "$(cat "$T/status")" 126
like "and told why" "$(cat "$T/late")" "^gate: "

# --- on a terminal
term_start 100 30 "bash --norc"
line "PS1='$ '; clear; stty -a >$T/before"; wait_for 10 is_last "$"
line "$GATESH run -- bash --norc; echo status \$?; stty -a >$T/after"
line "PS1='inside$ '; stty size; tty"
ok "the inner terminal has the outer size" sees "30 100"
ok "and is another one" sees "/dev/pts/"
line 'trap "echo now \$(stty size)" WINCH; echo set $((1 + 1))'; sees "set 2"; term resize-window -x 90 -y 25
# bash runs a trap when it has read a line
resized() { keys Enter; sleep 0.2; shows "now 25 90"; }
ok "a new size is passed on" wait_for 10 resized
started() { wait_for 10 pgrep -fx "sleep $1[.]$$"; }
line "sleep 100.$$"; started 100; keys C-z; ok "Ctrl-Z stops a job inside" sees "Stopped"
line "bg; jobs"; ok "bg works" sees "Running"
line "kill %1; fg; echo gone"; ok "fg works" sees "gone"
line "sleep 200.$$"; started 200; keys C-c; line "echo back \$?"; ok "Ctrl-C interrupts what is inside only" sees "back 130"
line "exit 3"; ok "the exit status comes out" sees "status 3"
wait_for 5 test -s "$T/after"
ok "the terminal's modes are as before" cmp -s <(sed 1d "$T/before") <(sed 1d "$T/after")

term resize-window -x 100 -y 30; line clear
line "$GATESH run -- sh -c 'echo wai\"\"ting; read x; echo got \$x'"; sees waiting; keys C-z
ok "Ctrl-Z stops gatesh when its command is no shell" sees "Stopped"
in_front() { ps -o tpgid=,pgid= -p "$(pgrep -nf "$GATESH run -- sh")" | awk '{ exit $1 != $2 }'; }
has_terminal() { in_front && stty -a <"$(term display-message -p '#{pane_tty}')" | grep -q -- -icanon; }
line "fg"; wait_for 10 has_terminal; line "hello"; ok "fg brings both back, and keys reach it" sees "got hello"
line "clear; seq 3 | $GATESH run -- cat | tac"; ok "in a pipeline" sees "3"
line "clear; echo typed | $GATESH run -- sh -c 'cat; read y </dev/tty; echo tty \$y'"; ok "a pipe for stdin" sees "typed"
line "key"; ok "and keys for whoever reads the terminal" sees "tty key"
line "clear; $GATESH run -- ls -d /usr | cat; $GATESH run -- sleep 100.$$ &"; ok "stdout to a pipe" sees "/usr"
started 100; line ""; line "jobs; kill %1; wait; echo finished"; ok "in the background nothing is taken from the terminal" sees "finished"

# --- a terminal that is far away: its reply comes when a short command has ended, and no shell may read it as typed
late=$(python3 "$GATE_SRC/tests/support/late_reply.py" 0.3 sh -c "'$GATESH' run -- true; read -r x; echo \"read <\$x>\"")
like "a late reply of the terminal is not left to the next program" "$late" 'read <hello>'

# --- a closed window
term_start 80 24 "sh -c 'trap \"\" HUP; exec $GATESH run -- bash --norc'"
wait_for 5 pgrep -f "$GATESH run -- bash --norc"
term kill-server
ended() { ! pgrep -f "$GATESH run -- bash --norc" >/dev/null; }
ok "takes the session with it, though SIGHUP is ignored" wait_for 5 ended
done_testing
