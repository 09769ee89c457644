#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# vault.t - secrets from a server with Vault's API: AppRole and token, renewed, refused, revoked at the end.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 curl openssl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
run() { setsid -w "$GATESH" run -p job -- "$@" </dev/null; }
mkdir -p "$XDG_CONFIG_HOME/gate"; cd "$T" || exit 99
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null

# Version 2 of the key-value engine, AppRole, renewal and revocation, over TLS; each call is a line of `calls`.  A file `sealed` seals
# it, `ttl` has the seconds of a token, `chunks` makes it answer in chunks.  Beside it, a server that says which credential it got.
cat >server.py <<'END'
import http.server, json, os, secrets, socketserver, ssl, threading, time
tokens = {'hvs.person': 2e9}
class Base(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
class Vault(Base):
    def say(self, status, value=None):
        data = b'' if value is None else json.dumps(value).encode()
        open('calls', 'a').write('%s %s %d %s\n' % (self.command, self.path, status, self.headers['X-Vault-Namespace'] or '-'))
        self.send_response(status)
        if os.path.exists('chunks') and data:
            self.send_header('Transfer-Encoding', 'chunked'); self.end_headers()
            for i in range(0, len(data), 7): self.wfile.write(b'%x\r\n%s\r\n' % (len(data[i:i + 7]), data[i:i + 7]))
            return self.wfile.write(b'0\r\n\r\n')
        if status != 204: self.send_header('Content-Length', str(len(data)))
        self.end_headers(); self.wfile.write(data)
    def auth(self, token, ttl): self.say(200, {'auth': {'client_token': token, 'lease_duration': ttl, 'renewable': True}})
    def serve(self):
        body = json.loads(self.rfile.read(int(self.headers.get('Content-Length') or 0)) or '{}')
        ttl, path, token = int(open('ttl').read()), self.path, self.headers['X-Vault-Token']
        if os.path.exists('revoke'): tokens.pop(token); os.unlink('revoke')
        if os.path.exists('sealed'): return self.say(503, {'errors': ['Vault is sealed']})
        if path == '/v1/auth/approle/login':
            if body != {'role_id': 'role', 'secret_id': 's"cret'}: return self.say(400, {'errors': ['invalid role or secret ID\x1b[2J']})
            token = 'hvs.' + secrets.token_hex(12); tokens[token] = time.time() + ttl
            return self.auth(token, ttl)
        if tokens.get(token, 0) < time.time(): return self.say(403, {'errors': ['permission denied']})
        if path == '/v1/auth/token/lookup-self': return self.say(200, {'data': {'ttl': ttl}})
        if path == '/v1/auth/token/renew-self': tokens[token] = time.time() + ttl; return self.auth(token, ttl)
        if path == '/v1/auth/token/revoke-self': del tokens[token]; return self.say(204)
        if path == '/v1/agent/data/team/model': return self.say(200, {'data': {'data': {'key': 'model-value', 'n': 1}, 'metadata': {'version': 1}}})
        if path == '/v1/agent/data/closed': return self.say(403, {'errors': ['1 error occurred:\n\t* permission denied']})
        self.say(404, {'errors': []})
    do_GET = do_POST = serve
class Echo(Base):
    def do_GET(self):
        data = ('got %s\n' % self.headers['Authorization']).encode()
        self.send_response(200); self.send_header('Content-Length', str(len(data))); self.end_headers(); self.wfile.write(data)
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
def serve(name, handler, context):
    s = Server(('127.0.0.1', 0), handler)
    if context: s.socket = context.wrap_socket(s.socket, server_side=True)
    open(name, 'w').write(str(s.server_port)); s.serve_forever()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('cert.pem', 'key.pem')
threading.Thread(target=serve, args=('echo', Echo, None), daemon=True).start()
serve('vault', Vault, context)
END
echo 3600 >ttl
python3 server.py >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s vault; wait_for 10 test -s echo
export SSL_CERT_FILE=$T/cert.pem PERSON_TOKEN=hvs.person
secret() { echo "secret: $1 from $2 for http://127.0.0.1:$(cat echo) env=$3_KEY base=$3_URL"; }
principal() { rm -f calls; { echo "name: job"; cat; } >"$XDG_CONFIG_HOME/gate/job.principal"; } # principal: from standard input
server() { echo "secrets-from: vault https://localhost:$(cat vault) $*"; }
calls() { cut -d' ' -f1-3 calls | tr '\n' ';'; }

printf 'role s"cret\n' >approle; chmod 600 approle
{ secret model vault://agent/team/model#key A; secret closed vault://agent/closed#key B; secret none vault://agent/none#key C; secret number vault://agent/team/model#n D
  server "approle=$T/approle"; } | principal
run true 2>/dev/null
ok "nothing is fetched before its use" test ! -e calls
cat >job <<'END'
curl -s "$A_URL" | sed 's/^/A /'; curl -s "$A_URL" | sed 's/^/A /'
for i in B C D; do eval "curl -s -w '(%{http_code})\n' \$${i}_URL" | sed "s/^/$i /"; done
END
out=$(run sh job 2>/dev/null)
is "a field of the key-value engine" "$(grep -c '^A got Bearer model-value$' <<<"$out")" 2
like "one login, one read a secret, and the token is given back" "$(calls)" \
	'^POST /v1/auth/approle/login 200;GET /v1/agent/data/team/model 200;(GET /v1/(agent/data/closed 403|auth/token/lookup-self 200|agent/data/none 404|agent/data/team/model 200);)*POST /v1/auth/token/revoke-self 204;$'
is "which the second use does not repeat" "$(grep -c login calls)" 1
like "a refusal: which secret, and the server's reason" "$out" "B gate: the secret closed from agent/closed: Vault refuses agent/closed: 1 error occurred:  . permission denied .403."
like "is a 403" "$out" "B .403."
like "a secret that is not there: 502" "$out" "C gate: the secret none from agent/none: Vault has no agent/none.C .502."
like "a field that is no text" "$out" "D gate: .*: agent/team/model has no text in n"
unlike "the values are in no log" "$(cat "$XDG_STATE_HOME"/gate/*.jsonl)" "model-value|hvs\."

# --- the server's ways
rm calls
out=$(run sh -c 'curl -s "$C_URL"; touch revoke; curl -s "$A_URL"' 2>/dev/null)
like "a token that was revoked meanwhile is replaced" "$out" "got Bearer model-value"
like "after the server was asked about it" "$(calls)" "none 404;GET /v1/agent/data/team/model 403;GET /v1/auth/token/lookup-self 403;POST /v1/auth/approle/login 200;GET"
touch chunks; rm calls
like "an answer in chunks" "$(run sh -c 'curl -s "$A_URL"' 2>/dev/null)" "got Bearer model-value"
rm chunks; touch sealed
like "a sealed server" "$(run sh -c 'curl -s "$A_URL"' 2>/dev/null)" "the secret model from agent/team/model: Vault refuses the AppRole: Vault is sealed .503."
rm sealed
like "a server that is not there" "$(sed -i 's/localhost:[0-9]*/localhost:1/' "$XDG_CONFIG_HOME/gate/job.principal"; run sh -c 'curl -s "$A_URL"' 2>/dev/null)" "Vault: localhost:1 can't be reached"
{ secret model vault://agent/team/model#key A; secret closed vault://agent/closed#key B; server "approle=$T/approle" namespace=team/a; } | principal
echo 1 >ttl
out=$(run sh -c 'curl -s "$A_URL"; sleep 0.6; curl -s "$B_URL"; sleep 1.2; curl -s "$B_URL"' 2>/dev/null)
like "a token is renewed in the second half of its life, and a dead one replaced" "$(calls)" 'login 200;GET /v1/agent/data/team/model 200;(POST /v1/auth/token/renew-self 200;GET /v1/agent/data/closed 403;)?(.*)POST /v1/auth/approle/login 200;'
is "each call names the namespace" "$(grep -vc ' team/a$' calls)" 0
echo 3600 >ttl
printf '{"role_id": "role", "secret_id": "other"}' >approle
like "a role that the server does not know; nothing of the answer moves a cursor" "$(run sh -c 'curl -s "$A_URL"' 2>/dev/null | cat -v)" "Vault refuses the AppRole: invalid role or secret ID .2J .400."
chmod 644 approle
like "a role's file that others can read is not used" "$(run sh -c 'curl -s "$A_URL"' 2>/dev/null)" "the AppRole's file: others can read it"

# --- a token of the person's
{ secret model vault://agent/team/model#key A; server token=env:PERSON_TOKEN; } | principal
like "a token from the environment" "$(run sh -c 'curl -s "$A_URL"' 2>/dev/null)" "got Bearer model-value"
is "is the person's, and not given back" "$(calls)" "GET /v1/agent/data/team/model 200;"
like "principal test asks the server" "$("$GATESH" principal test job)" "model +answers +vault://agent/team/model#key"
like "principal show has the server" "$("$GATESH" principal show job)" "secrets-from +vault https://localhost:[0-9]+ token=env:PERSON_TOKEN"
secret model vault://agent/team/model#key A | principal
run true 2>"$T/err"; is "a secret of a server that no line names: 78" $? 78
like "says so" "$(cat "$T/err")" "model comes from vault://, but no .secrets-from. names the server"
done_testing
