# SPDX-License-Identifier: BSD-2-Clause
"""agent_step_servers.py DIR CERT KEY VALUES: what surrounds the job of examples/ci/agent-step.yml, each at an address of its own.

198.51.100.1:8200  a server with Vault's API: version 2 of the key-value engine, AppRole, renewal, revocation
198.51.100.3:443   a model, which answers what it was asked, with the key that it got
198.51.100.4:443   a host whose name only looks like git's
203.0.113.1:443    a control plane
Each request is a line "WHO METHOD PATH CREDENTIAL HOST SNI" of DIR/calls; VALUES is a JSON object with the values: role, secret, read, write, model.
The file DIR/ready says that all of them listen."""
import http.server, json, secrets, socketserver, ssl, sys, threading
home, cert, key, values = sys.argv[1:]
values = json.load(open(values))
tokens = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    who = ''

    def log_message(self, *args):
        pass

    def say(self, status, value=None):
        data = b'' if value is None else json.dumps(value).encode()
        self.send_response(status)
        if status != 204:
            self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def serve(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        credential = self.headers['X-Vault-Token'] or self.headers['X-API-Key'] or self.headers['Authorization'] or '-'
        with open(home + '/calls', 'a') as f:
            name = getattr(self.connection, 'name', None)
            f.write('%s %s %s %s %s %s\n' % (self.who, self.command, self.path, credential.replace(' ', '_'), self.headers['Host'], name))
        self.answer(body)

    def answer(self, body):
        self.say(200, {'text': 'you reached ' + self.who})

    do_GET = do_POST = do_PUT = do_DELETE = serve


class Vault(Handler):
    who = 'vault'

    def answer(self, body):
        token, path = self.headers['X-Vault-Token'], self.path
        if path == '/v1/auth/approle/login':
            if json.loads(body) != {'role_id': values['role'], 'secret_id': values['secret']}:
                return self.say(400, {'errors': ['invalid role or secret ID']})
            token = 'hvs.' + secrets.token_hex(12)
            tokens[token] = True
            return self.say(200, {'auth': {'client_token': token, 'lease_duration': 2, 'renewable': True}})
        if token not in tokens:
            return self.say(403, {'errors': ['permission denied']})
        if path == '/v1/auth/token/renew-self':
            return self.say(200, {'auth': {'client_token': token, 'lease_duration': 3600, 'renewable': True}})
        if path == '/v1/auth/token/revoke-self':
            del tokens[token]
            return self.say(204)
        if path == '/v1/ci/data/reviewer':
            return self.say(200, {'data': {'data': {k: values[k] for k in ('read', 'write', 'model')}}})
        self.say(404, {'errors': []})


class Model(Handler):
    who = 'model'

    def answer(self, body):
        if self.headers['X-API-Key'] != values['model']:
            return self.say(401, {'error': 'no such key'})
        self.say(200, {'text': 'the model was asked: ' + (json.loads(body)['prompt'] if body else self.path)})


class Lookalike(Handler):
    who = 'lookalike'


class Control(Handler):
    who = 'control'


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64


def server(address, port, handler):
    s = Server((address, port), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.sni_callback = lambda sock, name, _: setattr(sock, 'name', name)
    s.socket = context.wrap_socket(s.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=s.serve_forever).start()


server('198.51.100.1', 8200, Vault)
server('198.51.100.3', 443, Model)
server('198.51.100.4', 443, Lookalike)
server('203.0.113.1', 443, Control)
open(home + '/ready', 'w').close()
