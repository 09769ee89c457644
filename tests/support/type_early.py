# SPDX-License-Identifier: BSD-2-Clause
# type_early.py QUESTION COMMAND [ARG ...] - runs the command on a terminal that can't be drawn on, answers y at the very moment
# that the question is there, and n when it is there again and was there to be read.  Prints what the command wrote, and exits as
# it did.
import os, pty, sys, time

question = sys.argv[1].encode()
pid, fd = pty.fork()
if pid == 0:
    os.environ['TERM'] = 'dumb'
    os.execvp(sys.argv[2], sys.argv[2:])
seen, asked = b'', 0
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:  # EIO: the last descriptor was closed
        break
    if not data:
        break
    seen += data
    while seen.count(question) > asked:
        asked += 1
        if asked > 1:
            time.sleep(0.5)  # as a reader takes
        os.write(fd, b'y\n' if asked == 1 else b'n\n')
os.write(1, seen.replace(b'\r\n', b'\n'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
