#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# signal_others.t - a signal to the command that the person started, from a process of another group, is asked about; what an
# agent does to the tools that it starts, and a tool to its own, is not.
# shellcheck disable=SC2016 # single quotes: scripts of other shells
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
python=$(command -v python3) || { echo "1..0 # SKIP no python3"; exit 0; }
command -v pkill >/dev/null || { echo "1..0 # SKIP no pkill"; exit 0; }
mkdir -p "$T/bin"
mkfifo "$T/lines"
export T
job=
test_cleanup() { term kill-server 2>/dev/null; [ -z "$job" ] || { kill -9 "$job"; wait "$job"; } 2>/dev/null; }
# An agent: starts a shell for each line that it is told, as agents do, in a session of its own.
cat >"$T/bin/fake-agent" <<'END'
#!/usr/bin/env python3
import os, signal, subprocess, sys, threading
t = os.environ["T"]
threading.Thread(target=threading.Event().wait, daemon=True).start()
signal.signal(signal.SIGINT, signal.SIG_DFL)
with os.fdopen(os.open(t + "/lines", os.O_RDWR), "r") as lines:
    open(t + "/pid", "w").write(str(os.getpid()))
    for line in lines:
        out = open(t + "/said", "w")
        status = subprocess.run(["bash", "-c", line], start_new_session=True, stdin=subprocess.DEVNULL, stdout=out, stderr=out).returncode
        out.write("%d\n" % status)
        out.close()
        os.rename(t + "/said", t + "/out")
END
# signal WAY NUMBER PID: by a system call of its own
cat >"$T/bin/signal" <<'END'
#!/usr/bin/env python3
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == "x86_64"
way, sig, pid = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def thread(pid): return max(int(t) for t in os.listdir("/proc/%d/task" % pid))
info = (ctypes.c_int * 32)(sig, 0, -1)  # si_signo, si_errno, si_code SI_QUEUE
call = {
    "libc": lambda: libc.kill(pid, sig),
    "killpg": lambda: libc.killpg(os.getpgid(pid), sig),
    "kill": lambda: libc.syscall(62 if x86 else 129, pid, sig),
    "group": lambda: libc.syscall(62 if x86 else 129, -os.getpgid(pid), sig),
    "tkill": lambda: libc.syscall(200 if x86 else 130, pid, sig),
    "tgkill": lambda: libc.syscall(234 if x86 else 131, pid, pid, sig),
    "rt_sigqueueinfo": lambda: libc.syscall(129 if x86 else 138, pid, sig, info),
    "rt_tgsigqueueinfo": lambda: libc.syscall(297 if x86 else 240, pid, pid, sig, info),
    "pidfd_send_signal": lambda: libc.syscall(424, os.pidfd_open(pid), sig, None, 0),
    "pidfd of /proc": lambda: libc.syscall(424, os.open("/proc/%d" % pid, os.O_RDONLY | os.O_DIRECTORY), sig, None, 0),
    "pidfd of a thread": lambda: libc.syscall(424, libc.syscall(434, thread(pid), os.O_EXCL), sig, None, 0),
    "pidfd of a group": lambda: libc.syscall(424, os.pidfd_open(os.getpgid(pid)), sig, None, 4),
}[way]
print("sent" if not call() else os.strerror(ctypes.get_errno()))
END
chmod +x "$T/bin"/*
PATH=$T/bin:$PATH
send() { rm -f "$T/out"; echo "$1" 1<>"$T/lines"; } # an agent that is gone must not hang the test
lives() { [ -e "/proc/$1" ] && ! grep -q '^State:.*zombie' "/proc/$1/status"; }
gone() { ! lives "$1"; }
done_or_gone() { [ -e "$T/out" ] || gone "$agent"; }
answered() { wait_for 20 done_or_gone; cat "$T/out"; }
does() { send "$1"; answered; }
# start OPTION... -- COMMAND...: a session whose agent is at work; its pid is $agent
start() {
	rm -f "$T/pid"
	setsid "$GATESH" run "$@" </dev/null >"$T/err" 2>&1 & job=$!
	wait_for 20 test -s "$T/pid" || { cat "$T/err"; exit 99; }
	agent=$(cat "$T/pid")
}
stop() { kill -9 "$agent" 2>/dev/null; wait "$job" 2>/dev/null; job=; wait_for 10 no_session; }

# --- with nobody there to ask
start -- fake-agent
out=$(does 'pkill -f "[f]ake-agent$"')
like "pkill of the agent itself is refused, with a line" "$out" "gate: refused: pkill -f \[f\]ake-agent\\$: session.signal \(danger\): pkill sends TERM to fake-agent, the session's first process. Nobody is there to ask."
like "and says what to do instead" "$out" "use: kill PID, with the number of the process that you mean."
ok "the agent lives" lives "$agent"
like "a shell's kill as well" "$(does "kill -9 $agent; echo \$?")" "bash sends KILL to fake-agent, the session's first process.*"$'\n1\n'
ways=(libc killpg kill group tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal "pidfd of /proc")
# PIDFD_THREAD and PIDFD_SIGNAL_PROCESS_GROUP: Linux 6.9
! "$python" -c 'import ctypes, os, sys; sys.exit(ctypes.CDLL(None).syscall(434, os.getpid(), os.O_EXCL) < 0)' || ways+=("pidfd of a thread" "pidfd of a group")
for way in "${ways[@]}"; do
	like "$way: TERM is refused" "$(does "signal '$way' 15 $agent" | tail -2)" "Operation not permitted"
	ok "$way: the agent lives" lives "$agent"
done
for sig in HUP INT QUIT ABRT KILL STOP; do
	like "$sig is refused" "$(does "signal kill $(kill -l $sig) $agent")" "sends $sig to fake-agent.*Operation not permitted"
done
ok "the agent lives, and runs" grep -q '^State:.*[RS] ' "/proc/$agent/status"
like "a group is named as one" "$(does "signal group 15 $agent")" "sends TERM to the process group of fake-agent, the session's first process"
is "signal 0 is no question: it lives" "$(does "signal kill 0 $agent"; does "signal tkill 0 $agent")" $'sent\n0\nsent\n0'
is "nor is a signal that ends nothing" "$(does "signal kill $(kill -l WINCH) $agent"; does "signal kill $(kill -l CONT) $agent")" $'sent\n0\nsent\n0'
log=$("$GATESH" log --json)
like "the log has it as what it is" "$log" '"event": ?"signal".*"verdict": ?"deny".*"rules": ?\["session.signal"\]'
like "gatesh log shows it" "$("$GATESH" log --event signal --rule session.signal | head -1)" "deny .*session.signal +pkill"
unlike "replay leaves it out" "$("$GATESH" replay 2>&1)" "session.signal"

# --- one's own are free
is "a tool's own child" "$(does 'sleep 1000 & kill $!; wait $!; echo ended $?')" $'ended 143\n0'
is "its own group" "$(does 'trap : TERM; sleep 1000 & kill -TERM 0; wait $!; echo ended $?')" $'ended 143\n0'
is "a child in a group of its own" "$(does 'setsid sleep 1000 & sleep 0.2; kill -KILL -- -$!; wait $! 2>/dev/null; echo ended $?')" $'ended 137\n0'
is "timeout" "$(does 'timeout 0.2 sleep 1000; echo ended $?')" $'ended 124\n0'
is "abort and raise" "$(does "$python -c 'import os; os.abort()'"' 2>/dev/null; echo ended $?' | tail -2)" $'ended 134\n0'
is "another tool's process" "$(does 'setsid sleep 1000.1 & sleep 0.2; setsid -w pkill -fx "sleep 1000[.]1"; echo $?; wait $!; echo ended $?')" $'0\nended 143\n0'
stop
cat >"$T/tools.py" <<'END'
import os, signal, subprocess, sys, time
out = open(os.environ["T"] + "/result", "w")
def tool():
    p = subprocess.Popen(["bash", "-c", "sleep 1000 & wait"], start_new_session=True)
    time.sleep(0.1)
    return p
p = tool(); os.killpg(p.pid, signal.SIGTERM); print(p.wait(), file=out)
p = tool(); os.killpg(p.pid, signal.SIGINT); os.killpg(p.pid, signal.SIGKILL); print(p.wait() in (-2, -9), file=out)
p = tool(); os.kill(p.pid, signal.SIGSTOP); os.waitpid(p.pid, os.WUNTRACED); os.kill(p.pid, signal.SIGCONT); os.killpg(p.pid, signal.SIGKILL); print(p.wait(), file=out)
try: subprocess.run(["sleep", "1000"], timeout=0.1)
except subprocess.TimeoutExpired: print("timeout", file=out)
END
cat >"$T/tools.js" <<'END'
const {spawn} = require("child_process"), fs = require("fs"), t = process.env.T;
const p = spawn("bash", ["-c", "sleep 1000 & wait"], {detached: true});
setTimeout(() => process.kill(-p.pid, "SIGTERM"), 200);
p.on("exit", (code, sig) => {
	const q = spawn("sleep", ["1000"], {timeout: 100, killSignal: "SIGKILL"});
	q.on("exit", (code, other) => fs.writeFileSync(t + "/result", sig + " " + other + "\n"));
});
END
cat >"$T/tools.sh" <<'END'
set -m
bash -c 'sleep 1000 & wait' & kill -TERM -- -$!; wait $!; echo $? >"$T/result"
sleep 1000 & kill %%; wait $!; echo $? >>"$T/result"
coproc cat; kill -HUP "$COPROC_PID"; wait "$COPROC_PID"; echo $? >>"$T/result"
END
run() { rm -f "$T/result"; setsid -w "$GATESH" run -- "$@" </dev/null >"$T/err" 2>&1; cat "$T/result"; }
is "a Python agent ends its tools" "$(run "$python" "$T/tools.py")" $'-15\nTrue\n-9\ntimeout'
unlike "and reads no word of Gate" "$(cat "$T/err")" "gate: refused"
if command -v node >/dev/null; then
	is "a node agent ends its tools" "$(run node "$T/tools.js")" "SIGTERM SIGKILL"
	unlike "and reads no word of Gate" "$(cat "$T/err")" "gate: refused"
else
	skip "a node agent ends its tools" "no node"; skip "and reads no word of Gate" "no node"
fi
is "a shell ends its jobs" "$(run bash "$T/tools.sh" 2>/dev/null)" $'143\n143\n129'
is "the first process may signal itself" "$(setsid -w "$GATESH" run -- bash -c 'kill -TERM $$' </dev/null 2>&1; echo $?)" 143
is "and be signalled from its own group" "$(setsid -w "$GATESH" run -- bash -c '(kill -TERM $$); sleep 5' </dev/null 2>&1; echo $?)" 143

# --- an agent below a wrapper
start -- sh -c 'fake-agent; true'
like "a tool that ends the agent above it, which a shell started, asks as well" "$(does "kill -TERM $agent")" "bash sends TERM to python3, which it runs under"
ok "the agent lives" lives "$agent"
stop

# --- with somebody there
start --wait-for-answer -- fake-agent
send "kill -TERM $agent; echo \$?"; wait_for 10 any_question
like "the question is the command's" "$("$GATESH" pending)" "bash -c 'kill -TERM $agent; echo"
like "and says whom it hits" "$("$GATESH" pending --json)" "bash sends TERM to fake-agent, the session's first process"
ok "a no can have a sentence" "$GATESH" deny "$("$GATESH" pending | awk '{ print $1; exit }')" "that is you"
like "for the agent to read" "$(answered)" 'The person said: "that is you".*'$'\n1'
send "kill -TERM $agent"; wait_for 10 any_question
"$GATESH" allow "$("$GATESH" pending | awk '{ print $1; exit }')" >/dev/null
ok "a yes lets the signal through" wait_for 10 gone "$agent"
wait "$job"; is "the session ends by it" $? 143
job=
wait_for 10 no_session
like "the log has who said yes" "$("$GATESH" log --json | tail -1)" '"event": ?"signal".*"verdict": ?"allow".*"by": ?"gatesh allow'

# --- on a terminal
term_start 80 24 "bash --norc"
rm -f "$T/pid"
line "PS1='$ '; clear; $GATESH run -- $T/bin/fake-agent"
wait_for 20 test -s "$T/pid"; agent=$(cat "$T/pid")
send 'pkill -f "[f]ake-agent$"'
ok "the prompt says it" ready "pkill sends TERM to fake-agent, the session's first process"
ok "and its rule" sees "session.signal"
keys n; like "a no" "$(answered)" "The person said no"
ok "the agent lives" lives "$agent"
lost "session.signal"; keys C-c; ok "Ctrl-C ends it as ever" wait_for 10 gone "$agent"
done_testing
