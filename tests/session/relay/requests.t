#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# requests.t - HTTP requests: byte for byte as without Gate, asked about before the server hears of them, refused as the server
# would.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
serve || exit 99
url=http://127.0.0.1:$web log=$XDG_STATE_HOME/gate/audit.jsonl
head -c 3000000 /dev/urandom >big
cat >client.py <<EOF
import sys, urllib.error, urllib.request
method, path, data = sys.argv[1], sys.argv[2], sys.argv[3].encode() if len(sys.argv) > 3 else None
r = urllib.request.Request("$url" + path, method=method, data=data, headers={"Accept": "application/json"})
try:
    print(urllib.request.urlopen(r).read().decode(), end="")
except urllib.error.HTTPError as e:
    print(e.code, e.read().decode(), end="")
EOF
cat >node.js <<EOF
fetch("$url" + process.argv[3], {method: process.argv[2]}).then(async r => console.log(r.status, (await r.text()).trim()))
EOF

# same WHAT COMMAND...: the same output and the same requests at the server as without Gate
same() {
	local what=$1 want got
	shift
	: >seen; want=$("$@" </dev/null 2>&1; echo "$?"; cat seen)
	: >seen; got=$(inside "$@" 2>&1; echo "$?"; cat seen)
	is "$what" "$got" "$want"
}
same "GET" curl -s "$url/a?b=c"
same "HEAD" curl -sI -H 'X: y' -o /dev/null -w '%{http_code}' "$url/a"
same "two requests over one connection" curl -s "$url/one" "$url/two"
same "a deletion that no rule speaks of" curl -s -X PUT "$url/items/1"
same "a large body" curl -s -T big -H 'Expect:' "$url/put"
same "a large body that waits for the server" curl -s -T big -H 'Expect: 100-continue' "$url/put"
same "a body in chunks" bash -c 'curl -s -T - "$0/chunks" <big' "$url"
# Longer than the part that Gate reads of a body.
python3 -c 'print("{\"model\": \"m\", \"messages\": [{\"content\": \"mutation { deleteUser }" + 200000 * "x" + "\"}]}")' >prompt
same "a long prompt for a model" curl -s --data-binary @prompt "$url/v1/messages"
same "python" python3 client.py POST /x '{"a": 1}'
command -v node >/dev/null && same "node" node node.js PUT /x
same "a server that is not there" curl -s http://127.0.0.1:1/
same "in any way" python3 -c 'import socket
for t in None, 3:
    try: socket.create_connection(("127.0.0.1", 1), timeout=t)
    except OSError as e: print(repr(e))'

# Sockets behave as without.
cat >sockets.py <<EOF
import socket, sys, threading
def connect(timeout=None):
    return socket.create_connection(("127.0.0.1", $plain), timeout=timeout)
for timeout in None, 30:
    s = connect(timeout)
    print(s.getpeername() == ("127.0.0.1", $plain), s.getsockname()[0])
    s.sendall(b"EHLO x\r\n"); print(s.recv(99))
    s.shutdown(socket.SHUT_WR); print(s.recv(99))
s = connect()
s.sendall(b"R"); print(s.recv(9)); s.sendall(b"RST")
try: print(s.recv(9))
except OSError as e: print(repr(e))
s = connect()
total, back = b"".join(bytes([i % 256]) * 1000 for i in range(5000)), bytearray()
threading.Thread(target=lambda: (s.sendall(total), s.shutdown(socket.SHUT_WR))).start()
while d := s.recv(100000): back += d
print(bytes(back) == total)
EOF
same "half-closes, resets, the peer's address, 5 MB both ways" python3 sockets.py
cat >many.py <<EOF
import resource, socket
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
v = [socket.create_connection(("127.0.0.1", $plain)) for i in range(1000)]
for i, s in enumerate(v): s.sendall(b"%d" % i)
print(all(s.recv(9) == b"%d" % i for i, s in enumerate(v)))
EOF
is "1,000 connections at once" "$(inside python3 many.py 2>&1)" True

# Refused by a policy: the server hears nothing, the client gets a 403 with the reason.
policy request requisite gate_deny.so '[reason=not here]'
: >seen
like "curl: refused" "$(inside curl -s -w '%{http_code}' -X PUT "$url/items")" '^gate: refused: PUT .*not here.*403$'
like "python: refused, as JSON" "$(inside python3 client.py PUT /items)" '^403 \{"error": "gate: refused: PUT .*not here'
command -v node >/dev/null && like "node: refused" "$(inside node node.js PUT /items 2>&1)" '^403 gate: refused'
like "0.0.0.0 is this machine, and is judged as well" "$(inside curl -s -X PUT "http://0.0.0.0:$web/items")" '^gate: refused: PUT 0\.0\.0\.0:'"$web"'/items.*not here'
is "a large body is refused" "$(inside curl -s -o /dev/null -w '%{http_code}' -T big "$url/put")" 403
is "the server has heard nothing" "$(cat seen)" ""
is "the log has it" "$(python3 -c '
import json, sys
print(sorted({(o["event"], o["verdict"]) for o in map(json.loads, open(sys.argv[1])) if o["event"] == "request"}))' "$log")" "[('request', 'deny')]"

policy

# Asked: the server hears nothing before the answer.
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/t.rules" <<'EOF'
rule: t.put
on: request
method: PUT
severity: danger
reason: replaces a thing
hit: PUT h/items/7
miss: GET h/items/7
EOF
: >seen
asking curl -s -X PUT "$url/items/7"
wait_for 20 any_question
like "the question says it" "$("$GATESH" pending)" 'PUT .*/items/7'
is "and the server has not heard of it" "$(cat seen)" ""
settle allow 1
like "yes" "$got" '^PUT /items/7 0 '
is "once" "$(wc -l <seen)" 1
asking curl -s -w '%{http_code}' -X PUT "$url/items/7"
settle deny 1 "use the archive"
like "no" "$got" '^gate: refused: .*use the archive.*403$'
is "the server has heard of one" "$(wc -l <seen)" 1
# Nothing behind it is forwarded.
cat >pipeline.py <<EOF
import socket
s = socket.create_connection(("127.0.0.1", $web))
s.sendall(b"PUT /1 HTTP/1.1\r\nHost: h\r\n\r\nPUT /2 HTTP/1.1\r\nHost: h\r\n\r\n")
back = b""
while d := s.recv(9999): back += d
print(back.count(b" 200 "), back.count(b" 403 "))
EOF
: >seen
asking python3 pipeline.py
wait_for 20 any_question; is "a pipeline: nothing at first" "$(cat seen)" ""
"$GATESH" allow 1 >/dev/null; second() { "$GATESH" pending | grep -q /2; }; wait_for 20 second
is "then the first" "$(cut -d' ' -f1,2 seen)" "PUT /1"
settle deny 2
is "and no to the second" "$got" "1 1"
# The client is killed while its question is open.
: >seen
asking bash -c 'curl -s -X PUT "$0/gone" & echo $! >client; wait' "$url"
wait_for 20 any_question; kill -9 "$(cat client)"
ok "a client that is killed takes its question with it" wait_for 20 no_question
wait "$job"; is "and nothing has happened" "$(cat seen)" ""
rm "$XDG_CONFIG_HOME/gate/rules/t.rules"

# The relay serves those who registered, and nobody else.
GATE_DEBUG=$T/debug asking bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0"; touch ready; until [ -e go ]; do sleep 0.05; done; curl -s -X PUT "$1/after"' "$plain" "$url"
wait_for 20 test -e ready
pid=$("$GATESH" sessions --json | sed -n 's/.*"pid":\([0-9]*\).*/\1/p') # others have relays, too
relay=$(ss -Hltnp 2>/dev/null | awk -v of="pid=$pid," 'index($0, of) && /127\.0\.0\.1/ { sub(/.*:/, "", $4); print $4; exit }')
if [ -n "$relay" ]; then
	is "another process gets nothing from the relay" "$(python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=30)
try:
    s.sendall(b"GET / HTTP/1.1\r\n\r\n")
    print(s.recv(9))
except ConnectionError: print(b"")' "$relay")" "b''"
	like "the relay looks after the connection to the server" "$(ss -Htno state established "dport = :$plain" | grep -v "dport = :$relay")" 'timer:\(keepalive'
	# Without descriptors, its thread waits, and goes on when there are some.
	files=$(prlimit --pid "$pid" --nofile --noheadings --output SOFT)
	prlimit --pid "$pid" --nofile=1:
	exec 4<>"/dev/tcp/127.0.0.1/$relay"
	ok "a relay without descriptors rests" wait_for 20 grep -q 'no connection is accepted for' debug
	prlimit --pid "$pid" --nofile="$files":
	exec 4>&-
else
	skip "another process gets nothing from the relay" "ss is missing, or does not say whose a port is"
fi
touch go; wait "$job"; like "then it serves again" "$(cat out)" '^PUT /after 0 '
# A server that is not there, for a socket that does not block: refused where the program looks for it.
cat >async.py <<EOF
import select, socket
s = socket.socket(); s.setblocking(False)
print(s.connect_ex(("127.0.0.1", 1)))
print(bool(select.select([], [s], [], 30)[1]), s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
EOF
same "a server that is not there, and a socket that does not block" python3 async.py
# A server in a private network, which is this machine's own here.
private() {
	unshare -rn bash -c 'ip link set lo up; ip addr add 10.9.9.9/32 dev lo
		mkdir private; python3 "$0" private 10.9.9.9 & until [ -s private/ports ]; do sleep 0.05; done
		read -r web plain <private/ports
		"$1" run -- curl -s -w "%{remote_ip} %{http_code}" "http://10.9.9.9:$web/a"; cat private/seen; kill $!' \
		"$GATE_SRC/tests/support/said_server.py" "$GATESH" </dev/null
}
if unshare -rn true 2>/dev/null; then
	policy request requisite gate_deny.so '[reason=not here]'
	like "a server in a private network is judged as well" "$(private)" '^gate: refused: GET 10\.9\.9\.9:[0-9]+/a.*not here.*10\.9\.9\.9 403$'
	policy
else
	skip "a server in a private network is judged as well" "no namespaces here"
fi
# A network of its own: its loopback has no relay.
if unshare -rn true 2>/dev/null; then
	is "another network namespace has no relay, and works" "$(inside unshare -rn bash -c 'ip link set lo up
		mkdir there; python3 "$0" there & until [ -s there/ports ]; do sleep 0.05; done
		read -r web plain <there/ports; curl -s "http://127.0.0.1:$web/a"; kill $!' "$GATE_SRC/tests/support/said_server.py" 2>&1)" "GET /a 0 d41d8cd9"
else
	skip "another network namespace has no relay, and works" "no namespaces here"
fi
done_testing
