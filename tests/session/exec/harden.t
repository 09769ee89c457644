#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# harden.t - from inside, gatesh can't be killed, traced, read or answered; what the kernel lacks is skipped by name.
. "${GATE_SRC:?}/tests/support/lib.sh"
run() { setsid -w "$GATESH" run "$@" </dev/null; }
# The pid of the session's gatesh, from its info.json.
# shellcheck disable=SC2016
PID='p=$(sed -n "s/.*\"pid\":\([0-9]*\).*/\1/p" "$GATE_SESSION/info.json");'
python=$(command -v python3) || { echo "1..0 # SKIP no python3"; exit 0; }
abi=$("$python" -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))')

if [ "$abi" -ge 6 ]; then
	run -- bash -c "$PID"' kill -0 $p; kill -9 $p; kill -STOP $p' 2>"$T/err"
	is "signals do not reach it: it saw its command end" $? 1
	is "none of them" "$(grep -c 'Operation not permitted' "$T/err")" 2
	is "nor ptrace" "$(run -- bash -c "$PID"' '"$python"' -c "import ctypes,sys; l=ctypes.CDLL(None,use_errno=True); print(l.ptrace(16,int(sys.argv[1]),0,0), ctypes.get_errno())" $p')" "-1 1"
	is "nor /proc/PID/mem" "$(run -- bash -c "$PID"' head -c 1 /proc/$p/mem' 2>&1 | grep -c denied)" 1
	like "the answer socket is out of reach" "$(run -- "$GATESH" pending 2>&1)" "a process inside a session cannot answer"
	like "which is all that gatesh allow says" "$(run -- "$GATESH" allow 1 2>&1)" '^gate: session [0-9a-f]+: a process inside a session cannot answer$'
	is "its own processes can be signalled" "$(run -- bash -c 'sleep 10 & kill $!; wait $!; echo $?')" 143
	# Signal 0 sends nothing: whoever asks whether a process lives gets the truth, or pid files of the living are deleted.
	sleep 1000 & living=$!
	sleep 0 & dead=$!; wait $dead
	lives='import ctypes, os, sys
l = ctypes.CDLL(None, use_errno=True)
pid = int(sys.argv[1])
def said(ret): return "lives" if not ret else os.strerror(ctypes.get_errno())
def fd():
    try: return os.pidfd_open(pid)
    except OSError: return -1
print(said(l.kill(pid, 0)), said(l.syscall(62 if os.uname().machine == "x86_64" else 129, pid, 0)), said(l.syscall(424, fd(), 0, None, 0)), sep=", ")'
	is "a living process outside lives" "$(run -- "$python" -c "$lives" $living)" "lives, lives, lives"
	like "a dead one does not" "$(run -- "$python" -c "$lives" $dead)" "^No such process, No such process, "
	is "nor does a signal reach the living one" "$(run -- "$python" -c 'import os, sys; os.kill(int(sys.argv[1]), 15)' $living 2>&1 | grep -c PermissionError)" 1
	kill -0 $living; is "it still lives" $? 0
	is "its own child lives" "$(run -- bash -c 'sleep 1000 & kill -0 $!; echo $?; kill $!')" 0
	if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
		is "a process that may not signal it hears so" \
			"$(run -- setpriv --reuid=65534 --clear-groups /bin/bash -c 'kill -0 $0' $living 2>&1 | grep -c 'not permitted')" 1
	else
		skip "a process that may not signal it" "not root, or no setpriv"
	fi
	kill $living
else
	skip "signals, ptrace, /proc and the answer socket" "this kernel's Landlock has ABI $abi, scopes came with 6"
fi
is "--allow-setuid: the answer socket says no itself" "$(run --allow-setuid -- "$GATESH" pending 2>&1 | grep -c 'a process inside a session cannot answer')" 1
is "also when the session's variable is taken away" \
	"$(run --allow-setuid -- bash -c 'd=$GATE_SESSION; env -i XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" '"$GATESH"' pending' 2>&1 | grep -c 'cannot answer')" 1
is "io_uring is refused" "$(run -- "$python" -c 'import ctypes; l = ctypes.CDLL(None, use_errno=True); b = ctypes.create_string_buffer(120); print(l.syscall(425, 4, b), ctypes.get_errno())')" "-1 38"
is "gatesh is not dumpable" "$(run -- bash -c "$PID"' stat -c %U /proc/$p/environ')" root
done_testing
