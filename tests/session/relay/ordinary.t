#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# ordinary.t - connections of ordinary programs that no rule speaks of: nothing is lost, and nothing waits.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99

# A program sends more than the server takes, and ends; so does its session.
cat >slow_server.py <<'EOS'
import os, socket, sys
l = socket.create_server(("127.0.0.1", 0))
print(l.getsockname()[1], file=open("port.new", "w"), flush=True); os.rename("port.new", "port")
c, n = l.accept()[0], 0
while not os.path.exists("go"): __import__("time").sleep(0.05)
try:
    while d := c.recv(65536): n += len(d)
    print(n)
except OSError as e: print(n, repr(e))
EOS
cat >send_and_end.py <<'EOS'
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.setblocking(False)
n = 0
try:
    while n < 2000000: n += s.send(b"z" * 50000)
except BlockingIOError: pass
print(n)
EOS
python3 slow_server.py >got & server=$!
wait_for 10 test -s port
sent=$(inside python3 send_and_end.py "$(cat port)"); touch go; wait "$server"
is "what was sent before the session ended arrives" "$(cat got)" "$sent"

# tunnel.py HEAD BYTES...: the server answers the head, and each of the bytes behind it once it has come.
cat >tunnel.py <<'EOS'
import socket, sys, threading
l = socket.create_server(("127.0.0.1", 0))
head, parts = sys.argv[1].encode().decode("unicode_escape").encode(), [a.encode() for a in sys.argv[2:]]
def serve():
    c, d = l.accept()[0], b""
    while not d.endswith(b"\r\n\r\n"): d += c.recv(999)
    c.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while d := c.recv(999): c.sendall(d)
threading.Thread(target=serve, daemon=True).start()
s = socket.create_connection(l.getsockname(), timeout=60)
s.sendall(head); print(s.recv(999))
for p in parts:
    s.sendall(p); print(s.recv(999))
EOS
same "a tunnel whose bytes could begin a request" python3 tunnel.py 'CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n' PING x
same "an upgrade to a terminal, typed in capitals" python3 tunnel.py \
	'POST /exec HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n' L S Q
same "a connection that is taken over without an upgrade" python3 tunnel.py 'POST /attach HTTP/1.1\r\n\r\n' L S

# connect() as the kernel's: its source address, its patience, its signals.
cat >ways.py <<'EOS'
import ctypes, errno, select, signal, socket, struct, sys, threading
def server(host="127.0.0.1", backlog=9):
    l = socket.socket(); l.bind((host, 0)); l.listen(backlog); return l
def bound():
    l, s = server(), socket.socket()
    s.setsockopt(socket.IPPROTO_IP, 24, 1) # IP_BIND_ADDRESS_NO_PORT
    s.bind(("127.0.0.7", 0)); s.connect(l.getsockname())
    return l.accept()[1][0]
def ends(host="127.0.0.1"):
    l = server(host); s = socket.create_connection(l.getsockname()); c, a = l.accept()
    return a == s.getsockname(), c.getsockname() == s.getpeername(), s.getsockname()[0]
def only_six():
    l, s = server(), socket.socket(socket.AF_INET6)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    e = s.connect_ex(("::ffff:127.0.0.1", l.getsockname()[1]))
    return e, select.select([l], [], [], 0)[0]
def full():
    l, v = server(backlog=0), []
    for i in range(8):
        s = socket.socket(); s.setblocking(False); s.bind(("127.0.0.1", 0)); s.connect_ex(l.getsockname()); v.append(s)
    return l, v
def limited():
    l, v = full(); s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 300000))
    return s.connect_ex(l.getsockname())
def interrupted():
    l, v = full(); s, c = socket.socket(), ctypes.CDLL(None, use_errno=True)
    signal.signal(signal.SIGALRM, lambda *a: None); signal.siginterrupt(signal.SIGALRM, True)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    a = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(l.getsockname()[1]), bytes([127, 0, 0, 1]))
    r, e = c.connect(s.fileno(), a, 16), ctypes.get_errno()
    p = select.poll(); p.register(s, select.POLLOUT)
    return r, errno.errorcode[e], p.poll(0), s.getblocking()
for f in ends, bound, only_six, limited, interrupted: print(f.__name__, f())
EOS
same "the two ends of a connection, a bound source, IPv6 alone, a limit on connect(), a signal in it" python3 ways.py
# Few descriptors: what does not fit is not turned, and the session goes on.
serve || exit 99
cat >some.py <<EOS
import os, socket, sys, time
v = [socket.create_connection(("127.0.0.1", $plain)) for i in range(10)]
for s in v: s.sendall(b"q.\n")
print(all(s.recv(9) == b"q.\n" for s in v), flush=True)
open("has." + sys.argv[1], "w")
while not os.path.exists("enough"): time.sleep(0.05)
EOS
few() { ulimit -n 64; inside bash -c 'for i in 1 2 3 4 5 6; do python3 some.py $i & done
	while [ "$(ls has.* 2>/dev/null | wc -l)" -lt 6 ] && [ -n "$(jobs -r)" ]; do sleep 0.05; done; touch enough; wait'; }
is "60 connections with 64 descriptors" "$(few 2>&1 | sort | uniq -c | tr -s ' ')" " 6 True"
done_testing
