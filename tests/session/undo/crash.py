#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# crash.py WHAT MODE [FROM [STEP]]: what keeps and restores files is stopped at each system call that changes a file system, or finds the
# disk full from that call on (crashat.c: MODE kill, full, short), or gatesh is killed at STEP random moments (MODE session). WHAT is undo,
# or a command of ACTS, run in a session.  After each:
#   every content there was is still there: under its name, or in a store;
#   nothing is listed that did not happen;
#   gatesh undo then brings everything back, and loses nothing either.  (Of what goes while the disk is full and is no content, a directory's
#   mode and one of several names of a file, there is no record.)
# Prints how many points there were, and every failure.  Needs GATESH, CRASHAT, T (a directory), XDG_*.
import json, os, random, shutil, subprocess, sys, time

T, GATESH, CRASHAT = os.environ['T'], os.environ['GATESH'], os.environ['CRASHAT']
W, UNDO, KEEP = T + '/crash', os.environ['XDG_STATE_HOME'] + '/gate/undo', os.path.dirname(__file__) + '/keep.py'
ACTS = {
    'rm': ['rm', '-rf', 'd'],
    'mv': ['mv', '-f', 'a', 'b'],
    'sh': ['sh', '-c', 'echo new >a; : >b; echo >d/c'],
    'truncate': ['truncate', '-s', '1', 'a', 'b', 'd/c'],
    'kept': [os.path.dirname(CRASHAT) + '/keepcalls', 'unlink', 'd/c', 'rename', 'a', 'b', 'truncate', 'linked', 'open', 'd/e/f', 'unlink', 'd/one'],
    'inplace': ['python3', '-c', 'for n in ("a", "b", "d/c", "linked"):\n  with open(n, "r+") as f: f.write("new"); f.flush(); f.truncate(5)'],
    'chmod': ['chmod', '-R', '500', 'a', 'd/e', 'linked'], # what this test itself can still read
    'exchange': ['python3', '-c', 'import ctypes, os\nx = ctypes.CDLL(None).renameat2\nx(-100, b"a", -100, b"b", 2)\nx(-100, b"d/c", -100, b"d/e/f", 2)\nos.unlink("a")'],
    'names': ['sh', '-c', 'rm d/one d/e/two; rm linked d/e/linked'],
    'python': ['python3', '-c', 'import os, shutil; os.replace("a", "b"); shutil.rmtree("d")'],
}
failures = []

def contents(*tops):
    found = set()
    for top in tops:
        for d, _, files in os.walk(top):
            for name in files:
                p = os.path.join(d, name)
                if not os.path.islink(p) and name not in ('journal', 'session.json'):
                    with open(p) as f:
                        found.add(f.read())
    return found

def state():
    out = {}
    for d, dirs, files in os.walk(W):
        for name in dirs:
            st = os.lstat(os.path.join(d, name))
            out[os.path.relpath(os.path.join(d, name), W)] = ('directory', oct(st.st_mode))
        for name in files:
            p = os.path.join(d, name)
            st = os.lstat(p)
            with open(p) as f:
                out[os.path.relpath(p, W)] = (f.read(), oct(st.st_mode), st.st_nlink, st.st_mtime_ns)
    return out

def put(path, text, mode=0o640):
    os.makedirs(os.path.dirname(W + '/' + path), exist_ok=True)
    with open(W + '/' + path, 'w') as f:
        f.write(text)
    os.chmod(W + '/' + path, mode)
    os.utime(W + '/' + path, ns=(1, 1500000000000000000 + len(path)))

def setup():
    for p in (W, UNDO):
        subprocess.run(['chmod', '-Rf', 'u+rwx', p], stderr=subprocess.DEVNULL)
        shutil.rmtree(p, ignore_errors=True)
    for path in ('a', 'b', 'd/c', 'd/e/f', 'd/one', 'linked'):
        put(path, 'content of ' + path)
    os.link(W + '/d/one', W + '/d/e/two')
    os.link(W + '/linked', W + '/d/e/linked')
    os.chmod(W + '/d/e', 0o750)

def undo(*args, crash=()):
    return subprocess.run([*crash, GATESH, 'undo', *args], cwd=W, stdin=subprocess.DEVNULL, capture_output=True, text=True)

def check(name, ok, *about):
    if not ok:
        failures.append(name)
        print('#', name, *about)

def listed_truly(where, before):
    for line in undo('--json', '--all').stdout.splitlines():
        o = json.loads(line)
        path = os.path.relpath(o['path'], W)
        now = state().get(path)
        if o['comm'] != 'gatesh' and o['what'] in ('removed', 'replaced', 'overwritten', 'written in place', 'name removed') and path in before and now:
            check(where + ': listed, but there: ' + path, o['type'] == 'directory' or now != before[path], o, now)

def without_names(s):
    """A state without what only a record can tell."""
    return {k: v[0] for k, v in s.items() if v[0] != 'directory' and v[0] not in ('content of d/one', 'content of linked')}

def recovered(where, before, all_contents, full):
    r = undo('--yes', '--all', '--since', '1h')
    now = {k: v for k, v in state().items() if not os.path.basename(k).startswith('.gate-undo-')}
    same = without_names(now) == without_names(before) if full else now == before
    check(where + ': not as before', same, {k: (before.get(k), now.get(k)) for k in {*before, *now} if before.get(k) != now.get(k)},
          r.stdout, r.stderr)
    check(where + ': lost by the undo', all_contents <= contents(W, UNDO), all_contents - contents(W, UNDO))

def undo_case(mode, n):
    """gatesh undo itself: something newer in the way of each kind."""
    setup()
    before = state()
    subprocess.run([sys.executable, KEEP, 'new', 'aaaa0001', W], check=True)
    keep = [sys.executable, '-c', 'import runpy, sys\nfor a in sys.argv[2:]:\n'
            '    sys.argv = [sys.argv[0], "aaaa0001", *a.split()]\n    runpy.run_path(%r, run_name="__main__")' % KEEP, '']
    subprocess.run(keep + ['write %s/linked newer-linked' % W, 'write %s/a newer-a' % W, 'unlink %s/b' % W, 'rm-r %s/d' % W], check=True)
    put('b', 'newer b')
    put('d', 'a newer file')
    every = {v[0] for v in before.values() if v[0] != 'directory'} | {'newer-linked', 'newer-a', 'newer b', 'a newer file'}
    r = undo('--yes', '--since', '1h', crash=(CRASHAT, mode, str(n)))
    where = 'undo, %s at %d' % (mode, n)
    check(where + ': lost', every <= contents(W, UNDO), every - contents(W, UNDO))
    listed_truly(where, before)
    recovered(where, before, every, False)
    return r.returncode

def act_case(what, mode, n):
    setup()
    before = state()
    every = {v[0] for v in before.values() if v[0] != 'directory'}
    time.sleep(0.02)
    inside = ACTS[what] if mode == 'session' else [CRASHAT, mode, str(n), *ACTS[what]]
    p = subprocess.Popen([GATESH, 'run', '--', *inside], cwd=W, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if mode == 'session':
        time.sleep(random.uniform(0.005, 0.06))
        p.kill()
    said = p.communicate()[0] # until nobody in the session writes there any more
    where = '%s, %s at %d' % (what, mode, n)
    check(where + ': lost', every <= contents(W, UNDO), every - contents(W, UNDO), said)
    listed_truly(where, before)
    recovered(where, before, every, mode != 'kill')
    return p.returncode

what, mode = sys.argv[1:3]
n, step, points = int((sys.argv[3:4] or [1])[0]), int((sys.argv[4:5] or [1])[0]), 0
while True:
    status = undo_case(mode, n) if what == 'undo' else act_case(what, mode, n)
    if status == 99 or (mode == 'session' and points == step):
        break
    points += 1
    n += 1 if mode == 'session' else step
print(points, 'points,', len(failures), 'failures')
