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

done_testing
