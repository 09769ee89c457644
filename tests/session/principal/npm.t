#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# npm.t - tool=npm: an installation from a private registry with a token that the session does not have.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 npm openssl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
mkdir -p "$XDG_CONFIG_HOME/gate" "$T/pkg/package" "$T/ws"; cd "$T" || exit 99
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
echo '{"name":"left-leg","version":"1.0.0"}' >pkg/package/package.json; tar -C pkg -czf left-leg.tgz package
cat >server.py <<'END'
import base64, hashlib, http.server, json, ssl
token = open('token').read().strip()
data = open('left-leg.tgz', 'rb').read()
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args): pass
    def do_GET(self):
        given = self.headers.get('Authorization')
        open('log', 'a').write('%s %s %s\n' % (self.path, self.headers['Host'], given == 'Bearer ' + token))
        if given != 'Bearer ' + token: status, body = 401, b'{}'
        elif self.path == '/left-leg':
            dist = {'tarball': 'https://localhost:%d/left-leg/-/left-leg-1.0.0.tgz' % port,
                    'integrity': 'sha512-' + base64.b64encode(hashlib.sha512(data).digest()).decode()}
            status, body = 200, json.dumps({'name': 'left-leg', 'dist-tags': {'latest': '1.0.0'}, 'versions': {
                '1.0.0': {'name': 'left-leg', 'version': '1.0.0', 'dist': dist}}}).encode()
        elif self.path.endswith('.tgz'): status, body = 200, data
        else: status, body = 404, b'{}'
        self.send_response(status); self.send_header('Content-Length', str(len(body))); self.send_header('Content-Type', 'application/json')
        self.end_headers(); self.wfile.write(body)
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
port = server.server_port
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('cert.pem', 'key.pem')
server.socket = context.wrap_socket(server.socket, server_side=True)
open('port', 'w').write(str(port)); server.serve_forever()
END
echo npm_realtokenaaaabbbbccccddddeeeeffff1111 >token; chmod 600 token
python3 server.py >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s port
export SSL_CERT_FILE=$T/cert.pem
url=https://localhost:$(cat port)
printf '%s\n' "//${url#https://}/:_authToken=the-persons-own" "registry=$url/" "save-exact=true" >"$HOME/.npmrc"
cat >"$XDG_CONFIG_HOME/gate/job.principal" <<END
name: job
network-allow: git.example
secret: packages from file:$T/token for $url tool=npm
END
run() { setsid -w "$GATESH" run -p job -- "$@" </dev/null; }
cd ws || exit 99; echo '{"name":"ws","version":"1.0.0"}' >package.json
run npm install --no-audit --no-fund --no-update-notifier left-leg >out 2>&1; is "npm install" $? 0
is "has the package" "$(cat node_modules/left-leg/package.json)" '{"name":"left-leg","version":"1.0.0"}'
is "the registry got the credential, and no other, under its own name" "$(awk '{ print $2, $3 }' ../log | sort -u)" "${url#https://} True"
like "package-lock.json has the registry's own address" "$(cat package-lock.json)" "\"resolved\": \"$url/left-leg/-/left-leg-1.0.0.tgz\""
is "and no file has gatesh's" "$(grep -rl 127.0.0.1 . | head -1)" ""
like "the person's other settings hold" "$(run npm config get save-exact 2>/dev/null)" true
is "their token does not reach the session" "$(run sh -c 'cat "$npm_config_userconfig"' 2>/dev/null | grep -c persons-own)" 0
rm -rf node_modules; run npm ci --no-audit --no-fund --no-update-notifier >out 2>&1; is "npm ci by that lock file" $? 0
is "the person's file is as it was" "$(wc -l <"$HOME/.npmrc")" 3
is "nothing of it is left in the session's directory" "$(find "$XDG_RUNTIME_DIR" -name npmrc)" ""
done_testing
