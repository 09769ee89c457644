#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# leak.t - the event leak: a sentinel on its way to a server that its credential is not for is refused in a request's head, logged in a
# body.
# shellcheck disable=SC2016
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 curl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
run() { setsid -w "$GATESH" run -p job -- "$@" </dev/null; }
mkdir -p "$XDG_CONFIG_HOME/gate"; cd "$T" || exit 99
cat >server.py <<'END'
import http.server, socketserver
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args): pass
    def answer(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode()
        open('got', 'a').write('%s %s %s\n' % (self.path, self.headers['Authorization'], body))
        self.send_response(200); self.end_headers(); self.wfile.write(b'arrived\n')
    do_GET = do_POST = answer
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
s = Server(('127.0.0.1', 0), Handler)
open('port', 'w').write(str(s.server_port)); s.serve_forever()
END
python3 server.py >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s port
export GH_TOKEN=ghp_aaaabbbbccccddddeeeeffff0000111122 MODEL_KEY=sk-real-aaaabbbbccccddddeeeeffff OTHER_KEY=sk-other-aaaabbbbccccddddeeeeffff
for s in model:MODEL other:OTHER; do echo "secret: ${s%:*} from env:${s#*:}_KEY for http://127.0.0.1:$(cat port) env=${s#*:}_KEY base=${s#*:}_URL"; done >secrets
{ echo "name: job"; cat secrets; } >"$XDG_CONFIG_HOME/gate/job.principal"
leaks() { "$GATESH" log --json | grep -c '"event": \?"leak"'; }
one() { rm -f got; run sh -c "$1" 2>/dev/null; }

# --- what is no leak
like "a request with the secret's own sentinel passes" "$(one 'curl -s "$MODEL_URL/a?key=$MODEL_KEY" -H "X-Key: $MODEL_KEY" -d "$MODEL_KEY"')" arrived
like "with the real one" "$(cat got)" "Bearer sk-real-"
like "another's stays behind where credentials do" "$(one 'curl -s "$MODEL_URL/a" -H "Authorization: Bearer $GH_TOKEN"')" arrived
unlike "as the server sees" "$(cat got)" "ghp_"
is "nothing of it is a leak" "$(leaks)" 0

# --- in the head
for where in '"$MODEL_URL/a?token=$GH_TOKEN"' '"$MODEL_URL/a" -H "X-Token: $GH_TOKEN"' '"$MODEL_URL/a" -H "X-Other: $OTHER_KEY"'; do
	like "refused: ${where#*/a}" "$(one "curl -s -w ' %{http_code}' $where")" "the request has the sentinel of (GH_TOKEN|other), which is not for 127.0.0.1"
	ok "and not sent" test ! -e got
done
is "each is a leak in the log" "$(leaks)" 3
line=$("$GATESH" log --json | grep '"leak"' | head -1)
like "by the credential's name" "$line" '"principal": ?\{"agent": ?"job"\}, ?"secret": ?"GH_TOKEN"'
like "with what became of it" "$line" '"verdict": ?"deny", ?"reason": ?"the sentinel of GH_TOKEN in the head of a request to 127.0.0.1"'
like "gatesh log shows it" "$("$GATESH" log | grep leak)" "the sentinel of other in the head"
unlike "and no log has the sentinel" "$(cat "$XDG_STATE_HOME"/gate/*.jsonl)" "$(run printenv GH_TOKEN 2>/dev/null)"

# --- in a body: an agent that has printed its environment
before=$(leaks)
like "a body passes" "$(one 'curl -s "$MODEL_URL/a" -d "{\"text\": \"GH_TOKEN=$GH_TOKEN\"}"; curl -s "$MODEL_URL/a" -d "again $GH_TOKEN"')" $'arrived\narrived'
is "and is logged once a session" "$(leaks)" $((before + 1))
like "as allowed" "$("$GATESH" log --json | grep '"leak"' | tail -1)" '"request": ?"POST 127.0.0.1/a", ?"verdict": ?"allow", ?"reason": ?"the sentinel of GH_TOKEN in the body'
done_testing
