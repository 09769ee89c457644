#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# keep.py - what the interposer does to a store (libgate/formats/store.h), for tests of gatesh undo that need no session.
#   keep.py new NAME WORKSPACE [COMMAND]     an entry with one store in the registry
#   keep.py [-p PID] [-t SECONDS_AGO] NAME ACT ARG ...   acts: unlink PATH ..., rmdir PATH ..., rm-r PATH ...,
#       mv FROM TO, write PATH TEXT, away PATH (copied, then unlinked), refused OP PATH (D R: linked, C T: copied; and nothing follows), out PATH TO, record TEXT, only-record ACT PATH
import json, os, shutil, stat, sys, time

state = os.environ['XDG_STATE_HOME'] + '/gate/undo'

def enc(p):
    b = os.fsencode(p)
    return '%' if not b else ''.join(chr(c) if 0x20 < c < 0x7f and c != 0x25 else '%%%02X' % c for c in b)

def ns(v):
    return '%d.%09d' % (v // 10**9, v % 10**9)

class Store:
    def __init__(self, name, pid, ago):
        self.dir = state + '/' + name
        self.pid, self.ago = pid, ago
        self.n = len(os.listdir(self.dir + '/o'))

    def record(self, op, st, path, other=None, obj=True):
        self.n += 1
        ident = '%x-%x-%x' % (self.pid, os.getpid(), self.n) if obj else '-'
        text = '\n1 %s %s %s %d %d %s %d %d %o %d %s %d %d %d %s %s\n' % (
            op, ident, ns(time.time_ns() - int(self.ago * 10**9)), self.pid, self.pid, os.environ.get('COMM', 'rm'), st.st_uid,
            st.st_gid, st.st_mode, st.st_size, ns(st.st_mtime_ns), st.st_nlink, st.st_dev, st.st_ino, enc(path),
            enc(other) if other else '-')
        with open(self.dir + '/journal', 'ab', buffering=0) as f:
            f.write(text.encode())
        return self.dir + '/o/' + ident

    def unlink(self, path):
        st = os.lstat(path)
        if st.st_nlink > 1:
            self.record('L', st, path, obj=False)
            os.unlink(path)
        else:
            os.rename(path, self.record('D', st, path))

    def rmdir(self, path):
        self.record('X', os.lstat(path), path, obj=False)
        os.rmdir(path)

    def rm_r(self, path):
        if os.path.isdir(path) and not os.path.islink(path):
            for name in sorted(os.listdir(os.fsencode(path))):
                self.rm_r(os.path.join(os.fsencode(path), name) if isinstance(path, bytes) else os.path.join(path, os.fsdecode(name)))
            self.rmdir(path)
        else:
            self.unlink(path)

    def mv(self, a, b):
        if os.path.lexists(b):
            os.link(b, self.record('R', os.lstat(b), b, a), follow_symlinks=False)
        os.rename(a, b)

    def write(self, path, text):
        shutil.copy2(path, self.record('T', os.stat(path), path))
        with open(path, 'w') as f:
            f.write(text)

    def away(self, path):
        shutil.copy2(path, self.record('C', os.stat(path), path))
        os.unlink(path)

    def refused(self, op, path):
        if op in 'DR':
            os.link(path, self.record(op, os.lstat(path), path), follow_symlinks=False)
        else:
            shutil.copy2(path, self.record(op, os.lstat(path), path))

    def out(self, path, to):
        self.record('M', os.lstat(path), path, to, obj=False)
        os.rename(path, to)

def main(argv):
    pid, ago = 4711, 0
    if argv[0] == 'new':
        d = state + '/' + argv[1]
        os.makedirs(d + '/o', 0o700)
        for x in (state, d, d + '/o'):
            os.chmod(x, 0o700)
        open(d + '/journal', 'a').close()
        with open(d + '/session.json', 'w') as f:
            json.dump({'v': 1, 'kind': 'session', 'workspaces': [enc(argv[2])], 'stores': [enc(d)], 'agent': 'test',
                       'command': argv[3] if len(argv) > 3 else 'bash', 'pid': 0, 'start_time': 0,
                       'started': time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(time.time() - 3600)) + '.000Z'}, f)
        return
    while argv[0].startswith('-'):
        if argv[0] == '-p':
            pid = int(argv[1])
        else:
            ago = float(argv[1])
        argv = argv[2:]
    s, act, args = Store(argv[0], pid, ago), argv[1], argv[2:]
    if act in ('unlink', 'rmdir', 'rm-r', 'away'):
        for a in args:
            getattr(s, act.replace('-', '_'))(a)
    elif act == 'record':
        with open(s.dir + '/journal', 'ab') as f:
            f.write(os.fsencode(args[0]))
    elif act == 'only-record':
        s.record(args[0], os.lstat(args[1]), args[1], obj=args[0] in 'DCRT')
    else:
        getattr(s, act)(*args)

main(sys.argv[1:])
