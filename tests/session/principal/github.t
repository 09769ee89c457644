#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# github.t - github-app: the app's key signs for a token of the installation, of the repositories and permissions of the line.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 curl openssl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
run() { setsid -w "$GATESH" run -p job -- "$@" </dev/null; }
mkdir -p "$XDG_CONFIG_HOME/gate"; cd "$T" || exit 99
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
openssl genrsa -out app.pem 2048 2>/dev/null; openssl rsa -in app.pem -pubout -out app.pub 2>/dev/null; chmod 600 app.pem

# GitHub, which gives out tokens for a signature by the app's key and takes them; `life` has their seconds.
cat >server.py <<'END'
import base64, datetime, http.server, json, socketserver, ssl, subprocess, time
def plain(text): return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def say(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status); self.send_header('Content-Length', str(len(data))); self.end_headers(); self.wfile.write(data)
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        head, claims, signature = self.headers['Authorization'].split()[1].split('.')
        open('signature', 'wb').write(plain(signature)); open('signed', 'w').write(head + '.' + claims)
        good = subprocess.run(['openssl', 'dgst', '-sha256', '-verify', 'app.pub', '-signature', 'signature', 'signed'], stdout=subprocess.DEVNULL).returncode == 0
        claims = json.loads(plain(claims))
        good = good and json.loads(plain(head)) == {'alg': 'RS256', 'typ': 'JWT'} and claims['iss'] == '123' and claims['iat'] <= time.time() < claims['exp'] <= time.time() + 600
        open('calls', 'a').write('%s %s %s\n' % (good, self.path, json.dumps(body, sort_keys=True)))
        if not good: return self.say(401, {'message': 'A JSON web token could not be decoded'})
        if 'secret' in body.get('repositories', []): return self.say(422, {'message': 'There is at least one repository that does not exist\x1b[2J'})
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=int(open('life').read()))
        self.say(201, {'token': 'ghs_real-token', 'expires_at': end.strftime('%Y-%m-%dT%H:%M:%SZ')})
    def do_GET(self): self.say(200, {'got': self.headers['Authorization']})
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
s = Server(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('cert.pem', 'key.pem')
s.socket = context.wrap_socket(s.socket, server_side=True)
open('port', 'w').write(str(s.server_port)); s.serve_forever()
END
echo 3600 >life
python3 server.py >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s port
export SSL_CERT_FILE=$T/cert.pem
principal() { # principal KEY OPTION...
	rm -f calls; local key=$1; shift
	echo "name: job
secret: hub from github-app:id=123 installation=456 key=$key api=https://localhost:$(cat port)/api/v3 $* for https://localhost:$(cat port) env=GH_TOKEN base=GH_URL" >"$XDG_CONFIG_HOME/gate/job.principal"
}
cat >ask <<'END'
curl -s "$GH_URL/user"; curl -s -w '(%{http_code})' "$GH_URL/user"
END

principal "$T/app.pem" repository=org/app permission=contents:write permission=issues:read
like "a token of the installation is used" "$(run sh ask 2>/dev/null)" '"got": "Bearer ghs_real-token".*"got": "Bearer ghs_real-token"'
is "for the line's repositories and permissions, once" "$(cat calls)" 'True /api/v3/app/installations/456/access_tokens {"permissions": {"contents": "write", "issues": "read"}, "repositories": ["app"]}'
principal "$T/app.pem"; echo 200 >life
run sh ask >/dev/null 2>&1
is "before its end another one is fetched, and without words for all that there is" "$(sort calls | uniq -c | sed 's/^ *//')" '2 True /api/v3/app/installations/456/access_tokens {}'
principal "$T/app.pem" repository=org/secret
like "a refusal: the secret, and GitHub's reason" "$(run sh ask 2>/dev/null)" "gate: the secret hub from 123: GitHub refuses a token: There is at least one repository that does not exist .2J .422.*.403."
principal "$T/cert.pem"; chmod 600 cert.pem
like "a key that is none" "$(run sh ask 2>/dev/null)" "the app's key in .*/cert.pem is not an RSA key in PEM"
chmod 644 app.pem; principal "$T/app.pem"
like "a key that others can read is not used" "$(run sh ask 2>/dev/null)" "the app's key in .*/app.pem: others can read it"
done_testing
