# SPDX-License-Identifier: BSD-2-Clause
# type_line.py QUESTION LINE COMMAND [ARG ...] - runs the command on a terminal, types LINE when it has written QUESTION, prints
# what it wrote, and exits as it did.
import os, pty, sys

question, line = sys.argv[1].encode(), sys.argv[2].encode()
pid, fd = pty.fork()
if pid == 0:
    os.environ['TERM'] = 'xterm-256color'
    os.execvp(sys.argv[3], sys.argv[3:])
seen, typed = b'', False
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:  # EIO: the last descriptor was closed
        break
    if not data:
        break
    seen += data
    if not typed and question in seen:
        typed = True
        os.write(fd, line + b'\n')
os.write(1, seen.replace(b'\r\n', b'\n'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
