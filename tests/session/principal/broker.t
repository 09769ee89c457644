#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# broker.t - secret: lines: a program uses a credential over an address of its own and never has it.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 curl openssl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
run() { setsid -w "$GATESH" run -p job -- "$@" </dev/null; }
mkdir -p "$XDG_CONFIG_HOME/gate"; cd "$T" || exit 99
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null

# A server that says what it got: HTTPS on the port in `tls`, the same in the clear on the one in `plain`.
cat >server.py <<'END'
import http.server, socketserver, ssl, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def body(self):
        n = 0
        if self.headers.get('Transfer-Encoding') == 'chunked':
            while size := int(self.rfile.readline().split(b';')[0], 16):
                n += len(self.rfile.read(size)); self.rfile.readline()
            self.rfile.readline()
        left = int(self.headers.get('Content-Length') or 0)
        while left:
            part = self.rfile.read(min(left, 65536)); left -= len(part); n += len(part)
        return n
    def answer(self):
        text = '%s %s body=%d\n%s' % (self.command, self.path, self.body(), self.headers)
        data = b'x' * 20000000 if self.path.endswith('/big') else text.encode()
        self.send_response(200); self.send_header('Content-Length', str(len(data))); self.end_headers(); self.wfile.write(data)
    do_GET = do_POST = do_PUT = answer
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
def serve(name, context):
    s = Server(('127.0.0.1', 0), Handler)
    if context: s.socket = context.wrap_socket(s.socket, server_side=True)
    open(name, 'w').write(str(s.server_port)); s.serve_forever()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('cert.pem', 'key.pem')
threading.Thread(target=serve, args=('plain', None), daemon=True).start()
serve('tls', context)
END
python3 server.py >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s tls; wait_for 10 test -s plain
export SSL_CERT_FILE=$T/cert.pem MODEL_KEY=sk-real-aaaabbbbccccddddeeeeffff
echo "export FILED = 'filed-value'" >keys; chmod 600 keys
cat >"$XDG_CONFIG_HOME/gate/job.principal" <<END
name: job
network-allow: git.example
secret: model from env:MODEL_KEY for https://localhost:$(cat tls)/v1 env=MODEL_KEY base=MODEL_URL
secret: filed from file:$T/keys#FILED for http://127.0.0.1:$(cat plain) header=X-Key env=FILED_KEY base=FILED_URL
secret: gone from file:$T/none for https://localhost:$(cat tls) basic=me env=GONE_KEY base=GONE_URL
secret: wrong from env:MODEL_KEY for https://127.0.0.1:$(cat tls) env=WRONG_KEY base=WRONG_URL
END

cat >job <<'END'
echo "key $MODEL_KEY $FILED_KEY"
curl -s "$MODEL_URL/chat" -H "Authorization: Bearer $MODEL_KEY" -d '{"a":1}' | sed 's/^/model /'
curl -s "$FILED_URL" -H 'Transfer-Encoding: chunked' -d abcdef | sed 's/^/filed /'
head -c 20000000 /dev/zero | curl -s -T - "$FILED_URL/up" | sed -n '1s/^/up /p'
curl -s "$MODEL_URL/big" | wc -c | sed 's/^/big /'
curl -s "$GONE_URL/x" | sed 's/^/gone /'
curl -s "$WRONG_URL/x" | sed 's/^/wrong /'
curl -s -X TRACE "$MODEL_URL/x" | sed 's/^/trace /'
curl -s "${MODEL_URL%/*}/other" | sed 's/^/other /'
curl -s "${MODEL_URL%/*/*}/00000000000000000000000000000000/model" | sed 's/^/nokey /'
curl -s -w '%{http_code}' --connect-timeout 3 "http://127.0.0.1:$(cat plain)/" | sed 's/^/direct /'
END
out=$(run sh job 2>"$T/err")
like "the session has sentinels" "$out" "key sk-[a-z]{4}-[a-z]{24} gate-sentinel-of-filed"
like "the server gets the credential, at the path of the secret" "$out" "model POST /v1/chat body=7"
like "which is the real one" "$out" "model Authorization: Bearer sk-real-aaaabbbbccccddddeeeeffff"
is "and no second one" "$(grep -c '^model Authorization' <<<"$out")" 1
like "a file's key, in a field of its own" "$out" "filed X-Key: filed-value"
like "a body in chunks arrives whole" "$out" "filed POST / body=6"
like "20 MB there" "$out" "up PUT /up body=20000000"
like "20 MB back" "$out" "big 20000000"
like "a source that is not there: a clear error at the program" "$out" "gone gate: the secret gone from .*/none: No such file"
like "a certificate of another name is refused" "$out" "wrong gate: 127.0.0.1 and gatesh don't agree on TLS"
like "TRACE is refused" "$out" "trace gate: no such secret"
like "so is another secret" "$out" "other gate: no such secret"
like "and another key" "$out" "nokey gate: no such secret"
like "network-allow holds for everything but the broker" "$out" "direct 000"
# shellcheck disable=SC2016
is "no process of the session can find the value" "$(run sh -c 'for p in /proc/[0-9]*; do cat $p/environ $p/cmdline 2>/dev/null | tr "\0" "\n" | grep -a "^[^ ]*sk-real-aaaa" | head -1; done' 2>/dev/null)" ""
# Nor does the memory of gatesh, which has it, and of what is above.
cat >peek.py <<'END'
import os, re
process, hits = os.getppid(), []
while process > 1:
    try:
        for line in open(f'/proc/{process}/maps'):
            area = re.match(r'(\w+)-(\w+) rw', line)
            if area:
                begin, end = int(area[1], 16), int(area[2], 16)
                with open(f'/proc/{process}/mem', 'rb', 0) as memory:
                    memory.seek(begin)
                    if b'sk-real-' + b'aaaabbbb' in memory.read(end - begin): hits.append(process)
    except PermissionError:
        pass
    process = int(open(f'/proc/{process}/stat').read().rsplit(')', 1)[1].split()[1])
print('hits', hits)
END
is "nor in the memory of gatesh and its parents" "$(run python3 peek.py 2>/dev/null)" "hits []"
log=$("$GATESH" log --json | grep '"credential"')
like "the log has each use: secret and request" "$log" '"secret": ?"model", ?"request": ?"POST localhost/v1/chat"'
is "and no value" "$(grep -c 'sk-real' <<<"$log")" 0
like "gatesh log shows it" "$("$GATESH" log | grep credential)" "model for POST localhost/v1/chat"
chmod 644 keys
# shellcheck disable=SC2016
like "a file that others can read is not used" "$(run sh -c 'curl -s "$FILED_URL"' 2>/dev/null)" "gate: the secret filed from .*: others can read it"
chmod 600 keys

# --- requests that two readers would read differently, and what follows the one request of a connection
cat >raw.py <<'END'
import os, socket
url = os.environ['FILED_URL']; host, path = url[7:].split('/', 1); port = int(host.split(':')[1])
def raw(text):
    s = socket.create_connection(('127.0.0.1', port)); s.sendall(text.replace('URL', '/' + path).encode()); data = b''
    while part := s.recv(65536): data += part
    return data.decode()
print('both', raw('POST URL HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n').split('\r\n')[0])
print('fold', raw('GET URL HTTP/1.1\r\nA: b\r\n c\r\n\r\n').split('\r\n')[0])
print('line', raw('GARBAGE\r\n\r\n').split('\r\n')[0])
print('answers', raw('GET URL HTTP/1.1\r\n\r\nGET /second HTTP/1.1\r\n\r\n').count('HTTP/1.1 200'))
print('second', raw('GET URL HTTP/1.1\r\n\r\nGET /second HTTP/1.1\r\n\r\n').count('second'))
END
out=$(run python3 raw.py 2>/dev/null)
like "both framings: 400" "$out" "both HTTP/1.1 400"
like "a folded line: 400" "$out" "fold HTTP/1.1 400"
like "no request: 400" "$out" "line HTTP/1.1 400"
like "one request a connection" "$out" "answers 1.second 0"
like "principal show has the secrets, and no value" "$("$GATESH" principal show job)" "secret +model from env:MODEL_KEY for https://localhost:[0-9]+/v1 env=MODEL_KEY base=MODEL_URL"
done_testing
