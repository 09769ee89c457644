# SPDX-License-Identifier: BSD-2-Clause
# late_reply.py SECONDS COMMAND [ARG ...] - runs the command on a terminal that reports its cursor so many seconds after it was asked,
# then types "hello" and a new line.  Prints what the command wrote, and exits as it did.
import os, pty, sys, threading

pid, fd = pty.fork()
if pid == 0:
    os.environ['TERM'] = 'xterm-256color'
    os.execvp(sys.argv[2], sys.argv[2:])
seen, timer = b'', None
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:  # EIO: the last descriptor was closed
        break
    if not data:
        break
    seen += data
    if not timer and b'\033[6n' in seen:
        timer = threading.Timer(float(sys.argv[1]), lambda: (os.write(fd, b'\033[3;1R'), os.write(fd, b'hello\n')))
        timer.start()
os.write(1, seen.replace(b'\r\n', b'\n'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
