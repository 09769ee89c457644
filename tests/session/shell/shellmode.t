#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# shellmode.t - gatesh in the place of a shell: arguments, exit status, stdin and signals are the real shell's, and what is
# destructive is gated.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
cd "$T" || exit 99
# As a tool starts it: without a terminal.
sh() { setsid -w "$GATESH" "$@"; }
ends() { python3 -c 'import subprocess, sys; print(subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL).returncode)' setsid -w "$@"; }

# --- the same as the real one
for args in "-c 'exit 7'" "-c 'echo \"\$0 \$1 \$2\"' name 'a  b' c" "-ec 'false; echo not reached'" "-euo pipefail -c 'false | true'" \
	"-c 'cat; read x; echo \"[\$x]\"'" "-xc 'echo traced'" "-c 'no-such-command-here'" "-c" "-lc 'shopt login_shell'" \
	"-ic 'echo \$-'" "+e -c 'echo \$-'" "-s one two" "--login -c 'echo \$0'"; do
	eval "echo 'echo in: \$# \$1' | sh $args" >"$T/ours" 2>"$T/ours.err"; ours=$?
	eval "echo 'echo in: \$# \$1' | setsid -w /bin/bash $args" >"$T/real" 2>"$T/real.err"; real=$?
	is "status of bash $args" "$ours" "$real"
	is "stdout of bash $args" "$(cat "$T/ours")" "$(cat "$T/real")"
	is "stderr of bash $args" "$(sed 's/([0-9-]*)//' "$T/ours.err")" "$(sed 's/([0-9-]*)//' "$T/real.err")" # bash -i has a pid in it
done
printf 'echo "script $0: $# $1 $2"; exit 5\n' >"$T/script"; mkdir -p "$T/d"; cp "$T/script" "$T/d/run"
is "gatesh SCRIPT ARG..." "$(sh script a 'b c'; echo $?)" $'script script: 2 a b c\n5'
is "a path is a script, whatever its name" "$(sh d/run x)" "script d/run: 1 x "
is "a script that is called like a command needs its path" "$(cd d && sh ./run x)" "script ./run: 1 x "
sh ./nothing-here 2>"$T/e"; is "no such script: 127, as bash says" $? 127
sh nothing-here 2>"$T/e"; is "neither a command nor a file: 64" $? 64
like "and says so" "$(cat "$T/e")" "no command 'nothing-here'"
is "300 KB through stdin" "$(head -c 300000 /dev/zero | sh -c 'cat' | wc -c)" 300000
is "ended by a signal: so is gatesh" "$(ends "$GATESH" -c 'kill -TERM $$')" "$(ends /bin/bash -c 'kill -TERM $$')"
setsid "$GATESH" -c 'trap "exit 9" TERM; touch up; while :; do sleep 0.05; done' </dev/null & pid=$!
wait_for 5 test -e up; kill -TERM $pid; wait $pid; is "a signal for gatesh reaches the shell" $? 9

# --- gated
is "a destructive command is refused" "$(sh -c 'doomsday now; echo $?' 2>"$T/e" </dev/null)" 126
like "and told so" "$(cat "$T/e")" "gate: refused: .*doomsday now: test.doom"
is "a login name" "$(bash -c "exec -a -gatesh $GATESH" <<<"$T/bin/"'doomsday x 2>/dev/null; echo $?; shopt -q login_shell && echo login')" $'126\nlogin'
is "inside a session it joins that one" \
	"$(sh -c 'echo $GATE_SESSION; '"$GATESH"' -c "echo \$GATE_SESSION"; '"$GATESH"' <<<"echo \$GATE_SESSION"' </dev/null 2>&1 | sort | uniq -c | awk '{ print $1 }')" 3
is "also when LD_PRELOAD was lost" "$(sh -c 'env LD_PRELOAD= '"$GATESH"' -c "doomsday now"; echo $?' 2>/dev/null </dev/null)" 126
is "without arguments, as \$SHELL" "$(SHELL=$GATESH sh <<<'doomsday now 2>/dev/null; echo $?')" 126
is "the service is gate.conf's" "$(sh -c '"$0" sessions' "$GATESH" </dev/null | awk '{ print $3 }')" agent
is "or shell, when somebody types" "$(sh -ic '"$0" sessions' "$GATESH" </dev/null 2>/dev/null | awk '{ print $3 }')" shell

# --- tools that call $SHELL -c
printf 'all:\n\t@doomsday from make\n' >"$T/Makefile"
setsid -w make -s SHELL="$GATESH" 2>"$T/e" </dev/null; is "make SHELL=gatesh fails" $? 2
like "with the refusal" "$(cat "$T/e")" "gate: refused: .*doomsday from make"
printf 'all:\n\t@echo harmless $$((1 + 1))\n' >"$T/Makefile"; is "and builds what is harmless" "$(setsid -w make -s SHELL="$GATESH" </dev/null)" "harmless 2"
is "subprocess(executable=)" "$(setsid -w python3 -c '
import subprocess, sys
print(subprocess.run("doomsday py", shell=True, executable=sys.argv[1], stderr=subprocess.DEVNULL).returncode)
print(subprocess.run("echo $((6*7))", shell=True, executable=sys.argv[1], capture_output=True, text=True).stdout, end="")' "$GATESH" </dev/null)" $'126\n42'
term_start 90 20 "bash --norc"
line "PS1='\$ '; SHELL=$GATESH script -qc 'doomsday by script; echo status \$?' /dev/null"
ok "script(1): the question is on its terminal" ready "? more"; keys n; ok "and no is no" sees "status 126"
term kill-server; TMUX_SOCKET=$T/tmux.$((++terminals))
env -u NO_COLOR TERM=xterm-256color tmux -S "$TMUX_SOCKET" -f /dev/null new-session -d -x 90 -y 20 "sleep 1000"
term set -g default-shell "$GATESH"; term new-window; wait_for 10 eval 'screen | grep -q .'; sleep 0.3
line 'PS1="in$ "; shopt -q login_shell && echo it is a login shell'; ok "tmux default-shell: a login shell" sees "it is a login shell"
line "clear; $T/bin/doomsday in tmux"; ok "its questions are asked there" ready "? more"; keys y; ok "and answered" wait_for 10 grep -q "in tmux" "$DONE"
line "exit"
term new-window "doomsday window; sleep 1"; ok "and of a window's command" ready "? more"; keys n; lost "? more"
unlike "which is refused" "$(cat "$DONE")" "window"

# --- which shell
mkdir -p "$XDG_CONFIG_HOME/gate"
echo "shell: /bin/dash" >"$XDG_CONFIG_HOME/gate/gate.conf"
is "gate.conf says which" "$(sh -c 'readlink /proc/$$/exe' </dev/null)" "$(readlink -f /bin/dash)"
echo "shell: $GATESH" >"$XDG_CONFIG_HOME/gate/gate.conf"
sh -c true 2>"$T/e"; is "gatesh itself: 78" $? 78
like "and says so" "$(cat "$T/e")" "gate.conf: 'shell' names gatesh itself"
ln -s "$GATESH" "$T/mysh"; echo "shell: $T/mysh" >"$XDG_CONFIG_HOME/gate/gate.conf"
sh -c true 2>/dev/null; is "under another name too" $? 78
echo "shell: /no/such/shell" >"$XDG_CONFIG_HOME/gate/gate.conf"
sh -c true 2>/dev/null; is "no such shell: 127" $? 127
echo "nonsense" >"$XDG_CONFIG_HOME/gate/gate.conf"
sh -c "touch $T/ran" 2>/dev/null; is "a bad gate.conf: 78" $? 78
ok "and nothing runs" test ! -e "$T/ran"
done_testing
