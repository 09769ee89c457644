# SPDX-License-Identifier: BSD-2-Clause
# on_terminal.py COLUMNS COMMAND [ARG ...] - runs the command on a terminal of that width, with nothing to read, prints what
# it wrote there, and exits as it did.
import fcntl, os, pty, struct, sys, termios

pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, int(sys.argv[1]), 0, 0))
    os.environ['TERM'] = 'xterm-256color'
    os.execvp(sys.argv[2], sys.argv[2:])
written = b''
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:  # EIO: the last descriptor was closed
        break
    if not data:
        break
    written += data  # a read may end between CR and LF
sys.stdout.buffer.write(written.replace(b'\r\n', b'\n'))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
