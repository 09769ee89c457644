#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# fault.t - what is broken refuses, soon, and says so: a session that is killed or stopped, peers that lie, files that are bad.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
run() { setsid -w "$GATESH" run "$@" </dev/null; }
session() { "$GATESH" sessions --json | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -1; }
pending() { [ -n "$("$GATESH" pending 2>/dev/null)" ]; }

# Bad files: 78, with the place, and nothing is started.
mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"
printf 'rule: x.y\non: exec\nmatch: (\n' >"$XDG_CONFIG_HOME/gate/rules/bad.rules"
run -- touch "$T/started" 2>"$T/err"; is "a bad rule pack: 78" $? 78
like "where" "$(cat "$T/err")" "bad\.rules:3:[0-9]+: "
rm "$XDG_CONFIG_HOME/gate/rules/bad.rules"
printf 'exec sometimes gate_rules.so\n' >"$XDG_CONFIG_HOME/gate/gate.d/agent"
run -- touch "$T/started" 2>"$T/err"; is "a bad service file: 78" $? 78
like "where" "$(cat "$T/err")" "gate\.d/agent:1:6: "
rm "$XDG_CONFIG_HOME/gate/gate.d/agent" "$T/err"
ok "nothing was started" test ! -e "$T/started"
is "and nothing is left" "$(ls "$XDG_RUNTIME_DIR/gate")" ""

# gatesh dies in the middle of a question.
rm -f "$T/err" # to overwrite it would be a question too
(setsid -w "$GATESH" run --wait-for-answer -- sh -c "doomsday 2>$T/err; echo \$? >$T/status; sleep 1" </dev/null 2>/dev/null &)
wait_for 5 pending; kill -9 "$(session pid)"
wait_for 5 test -s "$T/status"; is "killed in the middle of a question: refused" "$(cat "$T/status")" 126
like "and why" "$(cat "$T/err")" "^gate: "
ok "nothing ran" test ! -e "$DONE"

# gatesh is stopped: the asker hears nothing for ten seconds.
rm -f "$T/status" "$T/err"
(setsid -w "$GATESH" run --wait-for-answer -- sh -c "doomsday 2>$T/err; echo \$? >$T/status" </dev/null 2>/dev/null &)
wait_for 5 pending; pid=$(session pid); kill -STOP "$pid"
wait_for 15 test -s "$T/status"; is "stopped in the middle of a question: refused after a while" "$(cat "$T/status")" 126
kill -CONT "$pid"; wait_for 5 no_session

# An asker that goes takes its question with it; 200 at once; peers that lie, stall or talk too much hold up nobody.  The
# socket is there in a session without the kernel's seam.
(setsid -w "$GATE_BUILD/tests/support/listener" "$GATESH" run --wait-for-answer -- sh -c "doomsday & echo \$! >$T/asker; touch $T/up; while test ! -e $T/over; do sleep 0.1; done" </dev/null 2>/dev/null &)
wait_for 5 pending; dir=$(session directory); pid=$(session pid)
kill -9 "$(cat "$T/asker")"; wait_for 5 no_question
is "a killed asker's question is gone" "$("$GATESH" pending)" ""
cat >"$T/peers.py" <<'END'
import resource, socket, struct, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
path, wire = sys.argv[1] + "/ask.sock", int(sys.argv[2])
def connect():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.settimeout(8)
    s.connect(path)
    return s
def head(n, kind=1, version=wire, magic=0x45544147):
    return struct.pack("=IHHI", magic, version, kind, n)
def event(argv, exe=b"/bin/doomsday\0", cwd=b"/\0"):
    words = b"".join(w + b"\0" for w in argv)
    body = struct.pack("=IIQ8I", 0, 0, 0, len(exe), len(cwd), 0, len(argv), len(words), 0, 0, 0) + exe + cwd + words
    return head(12 + len(body)) + body
def answer(s):
    try:
        p = s.recv(65536)
        if len(p) >= 12 and struct.unpack("=IHHI", p[:12])[2] == 3:
            return "asked" # alive: a person has the question
        return struct.unpack("=I", p[12:16])[0] if len(p) >= 16 else "hung up"
    except OSError as e:
        return type(e).__name__
bad = {
    "garbage": [b"\0" * 100], "a short packet": [b"x"], "another version": [head(40, version=wire + 1) + b"\0" * 28],
    "too long": [head(1 << 30) + b"\0" * 100], "longer than it says": [head(20) + b"\0" * 100],
    "an answer": [head(20, kind=2) + b"\0" * 8], "lengths that lie": [head(68) + struct.pack("=IIQ8I", 0, 0, 0, 1 << 31, 9, 0, 5, 9, 0, 0, 0) + b"\0" * 8],
}
for what, packets in bad.items():
    s = connect()
    for p in packets:
        s.send(p)
    print(what, "refused" if answer(s) not in (0, "timeout") else "LET THROUGH")
stalled = [connect() for _ in range(40)]
for i, s in enumerate(stalled):
    s.send((head(200000) + b"\0" * 1000)[:1012] if i % 2 else head(400))
t = time.time()
s = connect(); s.send(event([b"true"], exe=b"/bin/true\0"))
print("forty that stall", "hold up nobody" if answer(s) == 0 and time.time() - t < 1 else "HOLD UP")
big = event([b"true"] + [b"a" * 300] * 1000)
s = connect()
for i in range(0, len(big), 65536):
    s.send(big[i:i + 65536])
print("300 KB of argv", "judged or asked" if answer(s) in (0, "asked") else "LOST")
s = connect(); s.send(event([b"true"] + [b"x"] * 10000)); print("10,000 arguments", "judged or asked" if answer(s) in (0, "asked") else "LOST")
s = connect(); s.send(event([])); print("no argv at all:", answer(s) not in ("TimeoutError",) and "answered")
many = [connect() for _ in range(200)]
for i, s in enumerate(many):
    s.send(event([b"doomsday", b"%d" % i]))
time.sleep(1)
print("200 questions"); sys.stdout.flush(); sys.stdin.readline()
END
mkfifo "$T/stdin"; exec 8<>"$T/stdin"
python3 "$T/peers.py" "$dir" "$(sed -n 's/.*WIRE_VERSION = \([0-9]*\).*/\1/p' "$GATE_SRC/libgate/formats/wire.h")" <"$T/stdin" >"$T/peers" & peers=$!
wait_for 20 grep -q "200 questions" "$T/peers"
is "every peer" "$(cat "$T/peers")" "garbage refused
a short packet refused
another version refused
too long refused
longer than it says refused
an answer refused
lengths that lie refused
forty that stall hold up nobody
300 KB of argv judged or asked
10,000 arguments judged or asked
no argv at all: answered
200 questions"
all_open() { [ "$("$GATESH" pending | wc -l)" = 200 ]; }
wait_for 15 all_open
is "200 questions are open at once" "$("$GATESH" pending | wc -l)" 200
rss=$(awk '/VmRSS/ { print $2 }' "/proc/$pid/status")
diag "gatesh with 200 questions and 40 stalled peers: $rss KB"
if ldd "$GATESH" | grep -q libasan; then skip "in less than 50 MB" "instrumented"
else ok "in less than 50 MB" test "$rss" -lt 51200; fi
"$GATESH" deny 150; is "any of them can be answered" "$("$GATESH" pending | wc -l)" 199
echo >&8; wait $peers; wait_for 5 no_question
is "and all go with their askers" "$("$GATESH" pending | wc -l)" 0
touch "$T/over"; wait_for 5 no_session
done_testing
