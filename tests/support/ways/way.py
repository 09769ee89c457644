# SPDX-License-Identifier: BSD-2-Clause
# way.py - the acts of way.c, in Python's three ways: os, ctypes (libc's functions), syscall (libc's syscall() by ctypes).
#
#   python3 way.py WAY ACT A B [ACT A B]...
import ctypes, os, platform, socket, struct, subprocess, sys, tempfile

NEW, MIDDLE, AT_FDCWD = b"new", 100, -100
# unlink, rename, truncate, openat, execve, connect
NUMBERS = {"x86_64": (87, 82, 76, 257, 59, 42)}
libc = ctypes.CDLL(None, use_errno=True)


def checked(ret):
    if ret < 0:
        raise OSError(ctypes.get_errno(), "")
    return ret


class Os:
    unlink, rename, truncate = staticmethod(os.unlink), staticmethod(os.rename), staticmethod(os.truncate)

    def open(self, path, flags):
        return os.open(path, flags, 0o666)

    def run(self, path, argument):
        return subprocess.call([path, argument], env={"OWN": "environment"})

    def connect(self, s, address, port):
        s.connect((address, port))


class Ctypes:
    """Makes the calls by `call`, which gets a name, and arguments that ctypes understands."""

    def __init__(self, call):
        self.call = call

    def unlink(self, path):
        self.call("unlink", path.encode())

    def rename(self, a, b):
        self.call("rename", a.encode(), b.encode())

    def truncate(self, path, length):
        self.call("truncate", path.encode(), ctypes.c_long(length))

    def open(self, path, flags):
        return self.call("openat", AT_FDCWD, path.encode(), flags, 0o666)

    def run(self, path, argument):
        argv = (ctypes.c_char_p * 3)(path.encode(), argument.encode(), None)
        env = (ctypes.c_char_p * 2)(b"OWN=environment", None)
        child = os.fork()
        if not child:
            try:
                self.call("execve", path.encode(), argv, env)
            except OSError as e:
                os._exit(200 + (e.errno & 63))
        return os.waitpid(child, 0)[1] >> 8

    def connect(self, s, address, port):
        to = struct.pack("=H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_aton(address) + bytes(8)
        self.call("connect", s.fileno(), to, len(to))


def by_libc(name, *args):
    return checked(getattr(libc, name)(*args))


def by_number(name, *args):
    names = "unlink rename truncate openat execve connect".split()
    number = NUMBERS[platform.machine()][names.index(name)]
    args = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    return checked(libc.syscall(ctypes.c_long(number), *args))


def put(way, path, flags, where):
    fd = way.open(path, flags)
    try:
        os.pwrite(fd, NEW, where)
    finally:
        os.close(fd)


def connect(way, address, port):
    with socket.socket() as s:
        way.connect(s, address, int(port))


def temp(way, a, b):
    with tempfile.NamedTemporaryFile(dir="own") as f, tempfile.TemporaryFile() as g:
        f.write(NEW), g.write(NEW)


ACTS = {
    "make": lambda way, a, b: put(way, a, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0),
    "unlink": lambda way, a, b: way.unlink(a),
    "rename": lambda way, a, b: way.rename(a, b),
    "truncate": lambda way, a, b: way.truncate(a, 1),
    "overwrite": lambda way, a, b: put(way, a, os.O_WRONLY | os.O_TRUNC, 0),
    "inplace": lambda way, a, b: put(way, a, os.O_WRONLY, MIDDLE),
    "exec": lambda way, a, b: way.run(a, b),
    "connect": connect,
    "temp": temp,
}


def main():
    way = {"os": Os(), "ctypes": Ctypes(by_libc), "syscall": Ctypes(by_number)}[sys.argv[1]]
    for act, a, b in zip(*[iter(sys.argv[2:])] * 3):
        said = "n/a"
        if act in ACTS:
            try:
                status = ACTS[act](way, a, b)
                said = "status %d" % status if status else "ok"
            except OSError as e:
                said = "errno %d" % e.errno
        print("= %s %s: %s" % (act, a, said), flush=True)


main()
