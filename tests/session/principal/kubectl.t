#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# kubectl.t - tool=kubectl: a kubeconfig of the session without a credential; gatesh has the token or the client certificate.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 curl openssl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
run() { setsid -w "$GATESH" run -p job -- "$@" </dev/null; }
mkdir -p "$XDG_CONFIG_HOME/gate" "$HOME/.kube"; cd "$T" || exit 99
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout me.key -out me.crt -days 2 -subj /CN=me 2>/dev/null
cat me.crt me.key >me.pem; chmod 600 me.pem

# A cluster that says who asks for what; a client certificate is its own root.
cat >server.py <<'END'
import http.server, json, socketserver, ssl
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def serve(self):
        self.rfile.read(int(self.headers.get('Content-Length') or 0))
        certificate = self.connection.getpeercert()
        who = 'certificate' if certificate else self.headers['Authorization'] or 'nobody'
        open('requests', 'a').write('%s %s %s\n' % (who, self.command, self.path))
        path = self.path.split('?')[0]
        def resource(name, kind): return {'name': name, 'singularName': '', 'namespaced': True, 'kind': kind, 'verbs': ['get', 'list', 'delete', 'deletecollection']}
        answer = {'kind': 'Status', 'apiVersion': 'v1', 'status': 'Success', 'code': 200}
        if path == '/api': answer = {'kind': 'APIVersions', 'versions': ['v1']}
        if path == '/apis': answer = {'kind': 'APIGroupList', 'apiVersion': 'v1', 'groups': []}
        if path == '/api/v1': answer = {'kind': 'APIResourceList', 'groupVersion': 'v1', 'resources': [resource('pods', 'Pod')]}
        if path.endswith('/pods') and self.command == 'GET': answer = {'kind': 'PodList', 'apiVersion': 'v1', 'metadata': {}, 'items': [{'metadata': {'name': 'web-1', 'namespace': 'shop'}, 'spec': {'containers': []}, 'status': {'phase': 'Running'}}]}
        data = json.dumps(answer).encode()
        self.send_response(200); self.send_header('Content-Type', 'application/json'); self.send_header('Content-Length', str(len(data))); self.end_headers(); self.wfile.write(data)
    do_GET = do_POST = do_DELETE = do_PATCH = serve
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
s = Server(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('cert.pem', 'key.pem')
context.load_verify_locations('me.crt'); context.verify_mode = ssl.CERT_OPTIONAL
s.socket = context.wrap_socket(s.socket, server_side=True)
open('port', 'w').write(str(s.server_port)); s.serve_forever()
END
python3 server.py >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s port
cat >"$HOME/.kube/config" <<END
apiVersion: v1
clusters:
- cluster:
    server: https://localhost:$(cat port)
  name: prod
contexts:
- context:
    cluster: other
    namespace: elsewhere
    user: me
  name: staging
- context:
    cluster: prod
    namespace: shop
    user: me
  name: admin@prod
current-context: admin@prod
kind: Config
users:
- name: me
  user:
    token: person-token
END
before=$(md5sum "$HOME/.kube/config")
echo cluster-token >token; chmod 600 token
principal() { printf 'name: job\nsecret: cluster from %s for https://localhost:%s tool=kubectl %s\n' "$1" "$(cat port)" "${2-ca=$T/cert.pem}" >"$XDG_CONFIG_HOME/gate/job.principal"; } # principal SOURCE [OPTION]
principal "file:$T/token"

# --- the session's kubeconfig
# shellcheck disable=SC2016
out=$(run sh -c 'cat "$KUBECONFIG"' 2>/dev/null)
like "the cluster is the address" "$out" "server: http://127.0.0.1:[0-9]+/[0-9a-f]{32}/cluster"
like "the person's context" "$out" 'current-context: "admin@prod"'
like "with its namespace" "$out" 'namespace: "shop"'
unlike "and no token" "$out" "token"
is "the person's own is as it was" "$(md5sum "$HOME/.kube/config")" "$before"
is "the session's is gone with it" "$(find "$XDG_RUNTIME_DIR" -name kubeconfig)" ""

# --- requests
cat >ask <<'END'
url=$(sed -n 's/ *server: //p' "$KUBECONFIG"); curl -s "$@" "$url/api/v1/namespaces/shop/pods"
END
like "the token is added" "$(run sh ask 2>/dev/null; cat requests)" '"web-1".*Bearer cluster-token GET /api/v1/namespaces/shop/pods'
cat >destroy.py <<'END'
import http.client, os, re
host, path = re.search('server: http://([^/]*)(.*)', open(os.environ['KUBECONFIG']).read()).groups()
c = http.client.HTTPConnection(host); c.request('DELETE', path + '/api/v1/namespaces/shop/pods'); print(c.getresponse().read().decode())
END
like "what destroys is known by its operation" "$(run python3 destroy.py 2>/dev/null)" "k8s-api.delete-collection .critical.: deletes all objects of a kind"
like "the log has the operations" "$("$GATESH" log --json | grep '"credential"' | tail -1)" '"operation": ?"k8s:list:pods"'
printf 'name: job\nconfirm-destructive: true\nsecret: cluster from file:%s for https://localhost:%s tool=kubectl ca=%s scope=read\nsecret: cluster from file:%s for https://localhost:%s scope=write\n' \
	"$T/token" "$(cat port)" "$T/cert.pem" "$T/me.pem" "$(cat port)" >"$XDG_CONFIG_HOME/gate/job.principal"
rm -f requests
(
	wait_for 20 any_question && "$GATESH" pending >question
	"$GATESH" allow --word "$("$GATESH" pending --json | sed -nE 's/.*"word": ?"([^"]*)".*/\1/p')" "$(awk 'NR == 1 { print $1 }' question)" >/dev/null
) &
run python3 destroy.py >/dev/null 2>&1; wait $!; run sh ask >/dev/null 2>&1
like "the question has the operation" "$(cat question)" "k8s:deletecollection:pods"
is "after a yes the stronger credential is used, for that alone" "$(cut -d' ' -f1,2,3 requests | tr '\n' ' ')" "certificate DELETE /api/v1/namespaces/shop/pods Bearer cluster-token GET "
principal "file:$T/token" ""
like "without ca= the system's roots hold" "$(run sh ask 2>/dev/null)" "localhost and gatesh don't agree on TLS"
principal "file:$T/me.pem"; rm requests
like "a client certificate is shown to the cluster" "$(run sh ask 2>/dev/null; cat requests)" '"web-1".*certificate GET'
sed '/PRIVATE/,/PRIVATE/d' me.pem >half.pem; chmod 600 half.pem
principal "file:$T/half.pem"
like "one without its key is not" "$(run sh ask 2>/dev/null)" "gate: the secret cluster: its ca= or its certificate can't be read"
principal "file:$T/token" "ca=$T/none"
like "nor roots that are not there" "$(run sh ask 2>/dev/null)" "gate: the secret cluster: its ca= or its certificate can't be read"

# --- the real client, where it is
principal "file:$T/token"
if command -v kubectl >/dev/null; then
	rm -f requests
	like "kubectl get" "$(run kubectl get pods -o name 2>&1)" "pod/web-1"
	is "each request has the principal's token" "$(grep -vc '^Bearer cluster-token ' requests)" 0
else
	skip 2 "no kubectl"
fi
done_testing
