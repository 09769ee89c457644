# SPDX-License-Identifier: BSD-2-Clause
"""actor.py - a process that does what its test tells it, one line at a time.

    actor.py NAME       reads "NUMBER COMMAND..." from $T/NAME.in, answers "NUMBER RESULT" in $T/NAME.out
"""
import errno
import os
import socket
import subprocess
import sys
import time

T = os.environ["T"]


def path(name, what):
    return os.path.join(T, name + "." + what)


def error(e):
    return errno.errorcode.get(e.errno, str(e.errno))


def connect(family, address, kind=socket.SOCK_STREAM):
    s = socket.socket(family, kind)
    try:
        s.connect(address)
    finally:
        s.close()


def await_file(name):
    while not os.path.exists(name):
        time.sleep(0.005)


# Remove FIRST; when SECOND is there, which another process moves, remove that at once: "late" if that took too long.
def moved(first, flag, second):
    os.remove(first)
    began = time.monotonic()
    open(flag, "a").close()
    await_file(second)
    if time.monotonic() - began > 0.8:
        return "late"
    os.remove(second)
    return "ok"


class Actor:
    def __init__(self, name):
        self.begin(name)

    def begin(self, name):
        self.name = name
        if not os.path.exists(path(name, "in")):
            os.mkfifo(path(name, "in"))
        self.commands = os.open(path(name, "in"), os.O_RDWR)
        err = os.open(path(name, "err"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(err, 2)
        os.close(err)
        self.say("ready %d" % os.getpid())

    def say(self, text):
        with open(path(self.name, "out"), "a") as out:
            out.write(text + "\n")

    def do(self, what, *args):
        if what == "rm":
            os.remove(args[0])
        elif what == "mv":
            os.rename(*args)
        elif what == "moved":
            return moved(*args)
        elif what == "tcp":
            connect(socket.AF_INET, (args[0], int(args[1])))
        elif what == "unix":
            connect(socket.AF_UNIX, args[0])
        elif what == "resolve":
            socket.getaddrinfo(args[0], 80, socket.AF_INET)
        elif what == "sh":
            return str(subprocess.call(["/bin/sh", "-c", " ".join(args)]))
        elif what == "start":  # NAME PROGRAM...: a child that executes it
            subprocess.Popen(list(args[1:]) + [args[0]], stdin=subprocess.DEVNULL)
        elif what == "fork":  # NAME: a child that does not
            if os.fork() == 0:
                os.close(self.commands)
                self.begin(args[0])
                return None
        elif what == "exec":
            os.execv(sys.executable, [sys.executable, "-B", sys.argv[0], self.name])
        elif what == "quit":
            os._exit(0)
        else:
            return "what?"
        return "ok"

    def run(self):
        pending = b""
        while True:
            while b"\n" not in pending:
                pending += os.read(self.commands, 4096)
            line, pending = pending.split(b"\n", 1)
            number, *words = line.decode().split(" ")
            try:
                result = self.do(*words)
            except OSError as e:
                result = error(e)
            if result is not None:
                self.say(number + " " + result)


Actor(sys.argv[1]).run()
