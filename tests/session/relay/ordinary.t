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
done_testing
