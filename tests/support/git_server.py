# SPDX-License-Identifier: BSD-2-Clause
"""git_server.py ROOT CERT KEY TOKENS: git over HTTPS, with a token that reads and one that also writes (READ=..., WRITE=...).

Writes its port to ROOT/port and a line "METHOD PATH TOKEN STATUS" for each request to ROOT/log.  /redirect/PATH goes to PATH on another host,
/moved/PATH to PATH on this one."""
import base64, http.server, os, socketserver, ssl, subprocess, sys, urllib.parse
root, cert, key, tokens = sys.argv[1:]
read, write = (line.split('=')[1].strip() for line in open(tokens))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def body(self):
        if self.headers.get('Transfer-Encoding') != 'chunked':
            return self.rfile.read(int(self.headers.get('Content-Length') or 0))
        data = b''
        while size := int(self.rfile.readline().split(b';')[0], 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def token(self):
        kind, _, rest = (self.headers.get('Authorization') or '').partition(' ')
        return base64.b64decode(rest).decode().partition(':')[2] if kind == 'Basic' else rest

    def reply(self, status, data=b'', headers=()):
        with open(root + '/log', 'a') as f:
            f.write('%s %s %s %d\n' % (self.command, self.path, self.token() or '-', status))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def git(self, path, query, body):
        environ = dict(os.environ, GIT_PROJECT_ROOT=root + '/repos', GIT_HTTP_EXPORT_ALL='1', PATH_INFO=path, QUERY_STRING=query,
                       REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get('Content-Type', ''), CONTENT_LENGTH=str(len(body)),
                       REMOTE_USER='agent', GIT_PROTOCOL=self.headers.get('Git-Protocol', ''),
                       HTTP_CONTENT_ENCODING=self.headers.get('Content-Encoding', ''))
        out = subprocess.run(['git', 'http-backend'], input=body, env=environ, stdout=subprocess.PIPE).stdout
        head, _, data = out.partition(b'\r\n\r\n')
        fields = [line.split(': ', 1) for line in head.decode().split('\r\n') if line]
        status = next((int(v.split()[0]) for k, v in fields if k == 'Status'), 200)
        self.reply(status, data, [(k, v) for k, v in fields if k != 'Status'])

    def answer(self):
        body = self.body()
        path, _, query = self.path.partition('?')
        if path.startswith('/redirect/') or path.startswith('/moved/'):
            host = '127.0.0.1' if path.startswith('/redirect/') else 'localhost'
            return self.reply(302, headers=[('Location', 'https://%s:%d/%s' % (host, port, self.path.split('/', 2)[2]))])
        writes = 'receive-pack' in urllib.parse.unquote(self.path) or self.command == 'DELETE'
        if self.token() not in (read, write):
            return self.reply(401, headers=[('WWW-Authenticate', 'Basic realm="git"')])
        if writes and self.token() != write:
            return self.reply(403, b'this token only reads\n')
        self.git(path, query, body)

    do_GET = do_POST = do_DELETE = answer


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64


server = Server(('127.0.0.1', 0), Handler)
port = server.server_port
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(root + '/port.new', 'w') as f:
    f.write(str(port))
os.rename(root + '/port.new', root + '/port')
server.serve_forever()
