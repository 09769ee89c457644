#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# holder.t - gatesh is killed: what it would have judged is refused, at once and with a reason, and nothing hangs.
# shellcheck disable=SC2154 # files.sh sets base
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
cd "$base" || exit 99
mkdir -p "$T/bin" "$XDG_CONFIG_HOME/gate/rules"; export T PATH=$T/bin:$PATH
cat >"$XDG_CONFIG_HOME/gate/rules/doom.rules" <<'END'
rule: test.doom
on: exec
program: doomsday
severity: danger
reason: ends the world
hit: doomsday now
miss: echo doomsday
END
cp /bin/echo "$T/bin/doomsday"; printf '#!/bin/sh\n' >"$T/bin/script"; chmod +x "$T/bin/script"
# A command that does what it is told: unlink FILE and exec FILE by system calls of its own, write FILE, run COMMAND.
cat >"$T/servant.py" <<'END'
import ctypes, os, signal, subprocess, sys
libc = ctypes.CDLL("libc.so.6", use_errno=True) # not through the library's hooks
unlinkat, execve = {"x86_64": (263, 59), "aarch64": (35, 221)}[os.uname().machine]
T = os.environ["T"]
signal.signal(signal.SIGHUP, signal.SIG_IGN)
open(T + "/servant", "w").write("up\n") # has the image from here on
def unlink(name):
    return os.strerror(ctypes.get_errno()) if libc.syscall(unlinkat, -100, name.encode(), 0) else "done"
def execute(name):
    pid = os.fork()
    if not pid:
        words = [name.encode(), b"now"]
        libc.syscall(execve, words[0], (ctypes.c_char_p * 3)(*words), (ctypes.c_char_p * 2)(b"PATH=/bin"))
        os._exit(ctypes.get_errno())
    return os.strerror(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
def write(name):
    open(name, "w").write("new\n")
    return "done"
def run(command):
    r = subprocess.run(command.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return r.stdout
def end(arg): # a child of its own
    pid = os.fork()
    if not pid:
        signal.pause()
    said = os.strerror(ctypes.get_errno()) if libc.kill(pid, signal.SIGKILL) else "done"
    return said if said != "done" else "ended by %d" % os.WTERMSIG(os.waitpid(pid, 0)[1])
for order in open(T + "/orders"):
    what, _, arg = order.rstrip("\n").partition(" ")
    said = {"unlink": unlink, "exec": execute, "write": write, "run": run, "end": end}[what](arg)
    with open(T + "/said", "w") as f:
        f.write(said + "\nover\n")
END
mkfifo "$T/orders"
front=
test_cleanup() { exec 8>&-; [ -z "$front" ] || kill -9 "$front" 2>/dev/null; rm -rf "$base"; }
field() { "$GATESH" sessions --json | python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())[sys.argv[1]])' "$1"; }
start() {
	rm -f "$T"/{said,servant,front-err}
	setsid "$GATESH" run --wait-for-answer -- python3 "$T/servant.py" </dev/null 2>"$T/front-err" & front=$!
	exec 8>"$T/orders"; wait_for 10 test -s "$T/servant"
	gatesh=$(field pid); holder=$(pgrep -P "$gatesh" -f '' | while read -r p; do [ "$(cat "/proc/$p/comm")" != gate-holder ] || echo "$p"; done)
}
order() { rm -f "$T/said"; printf '%s\n' "$1" >&8; }
answer() { wait_for 10 grep -qx over "$T/said"; sed '$d' "$T/said"; }
do_it() { order "$1"; answer; }
killed() { kill -9 "$gatesh"; wait "$front" 2>/dev/null; status=$?; front=; }
finish() { exec 8>&-; wait_for 10 ended; }
ended() { ! kill -0 "$holder" 2>/dev/null; }
echo 1 >a; echo 1 >b; echo 1 >c

start
ok "the holder is there" test -n "$holder"
is "it leads a POSIX session and has no terminal" "$(ps -o sid=,tty= -p "$holder" | tr -d ' ')" "$holder?"
is "it blocks every signal" "$(awk '/^SigBlk/ { print $2 }' "/proc/$holder/status")" fffffffe7ffbfeff
[ "$(id -u)" != 0 ] || is "it has nothing open but its listener and gatesh" "$(readlink "/proc/$holder"/fd/* | sed 's/:.*//' | sort | uniq -c | tr -s ' \n' ' ')" \
	" 3 /dev/null 2 anon_inode 1 socket "
like "while gatesh lives, calls pass" "$(do_it 'unlink a')" "done"
killed
is "gatesh is killed: its foreground process says 128 + 9" "$status" 137
like "and why" "$(cat "$T/front-err")" "^gate: the session's supervisor was killed: Killed; what is left of the session is refused"
like "a raw call is refused" "$(do_it 'unlink b')" "Operation not permitted"
like "with the reason" "$(cat "$T/front-err")" "gate: refused: this session's gatesh has ended, so nobody can ask or keep anything"
ok "the file stays" test -e b
like "a raw exec is refused" "$(do_it 'exec /bin/true')" "Operation not permitted"
like "a command that a rule matches is refused" "$(do_it 'run doomsday now')" "gate: doomsday: refused: the session can't be reached"
like "a script, whose arguments are not known before, is refused" "$(do_it 'run script')" "gate: script: refused: the session can't be reached, not permitted"
is "a process ends its own child" "$(do_it end)" "ended by 9"
like "a harmless one runs" "$(do_it 'run ls -d /usr')" "^/usr$"
like "a new process can't keep, so it removes nothing" "$(do_it 'run rm c')" "rm: .*Operation not permitted|gate: "
ok "the file stays as well" test -e c
do_it 'write c' >/dev/null; is "a process with the image overwrites" "$(cat c)" new
ok "the holder stays" kill -0 "$holder"
finish; ok "and ends with the last process" ended
"$GATESH" undo --yes c >/dev/null; is "and what it overwrote was kept" "$(cat c)" 1

# --- calls that wait
start; order "exec $T/bin/doomsday"; wait_for 10 any_question; killed
like "a raw call that waits for a person is refused" "$(answer)" "Operation not permitted"
finish; "$GATESH" sessions >/dev/null
start; order 'run doomsday now'; wait_for 10 any_question; killed
like "so is a command that waits" "$(answer)" "gate: doomsday: refused: the session does not answer"
finish; "$GATESH" sessions >/dev/null

# --- no holder
start; kill -9 "$holder"
like "without the holder, the session goes on" "$(do_it 'unlink b')" "done"
wait_for 10 grep -q holder "$T/front-err"; like "and says so" "$(cat "$T/front-err")" "^gate: the seam's holder was killed"
echo 1 >b; killed; unlike "then the kernel refuses" "$(do_it 'unlink b')" "done"
finish
done_testing
