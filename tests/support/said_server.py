# SPDX-License-Identifier: BSD-2-Clause
"""said_server.py DIR [ADDRESS]: an HTTP server that writes each request to DIR/seen, and a server that sends back what it gets (or resets the
connection that says RST).  Their ports are in DIR/ports.  A request may say how it is answered: X-Status, X-Location, X-Body."""
import hashlib, http.server, os, socket, struct, sys, threading

address = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
seen = open(sys.argv[1] + "/seen", "a", buffering=1)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        out = b""
        while n := int(self.rfile.readline().split(b";")[0], 16):
            out += self.rfile.read(n)
            self.rfile.readline()
        self.rfile.readline()
        return out

    def answer(self):
        b = self.body()
        line = f"{self.command} {self.path} {len(b)} {hashlib.md5(b).hexdigest()[:8]}"
        print(line, file=seen)
        text = (self.headers.get("X-Body") or line) + "\n"
        self.send_response(int(self.headers.get("X-Status") or 200))
        if self.headers.get("X-Location"):
            self.send_header("Location", self.headers["X-Location"])
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text.encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *args):
        pass


def echo(s):
    while data := s.recv(65536):
        if data == b"RST":
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            break
        s.sendall(data)
    s.close()


def serve_echo(listener):
    while True:
        threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 1024


web = Server((address, 0), Handler)
plain = socket.create_server((address, 0), backlog=1024)
threading.Thread(target=serve_echo, args=(plain,), daemon=True).start()
with open(sys.argv[1] + "/ports.new", "w") as f:
    print(web.server_address[1], plain.getsockname()[1], file=f)
os.rename(sys.argv[1] + "/ports.new", sys.argv[1] + "/ports")
web.serve_forever()
