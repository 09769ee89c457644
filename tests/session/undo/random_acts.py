#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# random_acts.py - random acts on a tree, each by a process of its own, and a look at what an undo made of them.  Acts and trees come of a
# seed alone, so that a number in a report is the whole case.
#   random_acts.py make TOP                      a tree of 14 files (three with further names), links and directories
#   random_acts.py act SEED COUNT TOP OUT        so many acts; prints each
#   random_acts.py look TOP OUT                  what is there, for:
#   random_acts.py check BEFORE AFTER NOW        prints a line for each thing that should have come back and did not
import ctypes, json, os, random, stat, subprocess, sys

AT_FDCWD, RENAME_EXCHANGE = -100, 2

def made(path, text):
    with open(path, 'w') as f:
        f.write(text)

def make(top):
    os.chdir(top)
    n = 0
    for d, mode in (('a', 0o755), ('a/b', 0o750), ('a/b/c', 0o700), ('d', 0o755), ('d/e', 0o711), ('g', 0o700)):
        os.mkdir(d)
        os.chmod(d, mode)
        mark(d, d)
    for d in ('.', 'a', 'a/b', 'a/b/c', 'd', 'd/e', '.'):
        for _ in range(2):
            n += 1
            p = '%s/f%d' % (d, n)
            made(p, 'old %d\n' % n * 20)
            os.chmod(p, (0o644, 0o600, 0o755)[n % 3])
            mark(p, 'f%d' % n)
    os.symlink('old-target-1', 'd/s1')
    os.symlink('old-target-2', 's2')
    for old, new in (('f1', 'a/h1'), ('d/f9', 'd/e/h9'), ('a/f3', 'a/h3')):
        os.link(old, new)

def mark(path, ident):
    try:
        os.setxattr(path, 'user.id', ident.encode())
    except OSError:
        pass

# --- acts -------------------------------------------------------------------------------------------------------------

class Acts:
    def __init__(self, seed, top, out):
        self.r, self.top, self.out, self.n = random.Random(seed), top, out, 0
        self.seed = seed
        self.libc = ctypes.CDLL(None, use_errno=True)

    def paths(self, top):
        for d, dirs, files in os.walk(top):
            dirs.sort()
            for name in sorted(files):
                yield os.path.join(d, name), True
            for name in sorted(dirs):
                p = os.path.join(d, name)
                yield p, os.path.islink(p)

    def pick(self, want, top='.'):
        v = [p for p, file in self.paths(top) if file == (want == 'file') or want == 'any']
        return self.r.choice(v) if v else None

    def directory(self):
        v = ['.'] + [p for p, file in self.paths('.') if not file]
        return self.r.choice(v)

    def name(self, d=None):
        """A new name, or one that something has, or had at first."""
        self.n += 1
        old = ['f1', 'f2', 'f13', 'f14', 's2', 'a', 'd', 'g', 'a/f3', 'a/f4', 'a/b', 'a/b/f5', 'a/b/f6', 'd/f9', 'd/e', 'a/h1']
        if d is None and self.r.random() < 0.4:
            return self.r.choice(old)
        return '%s/n%d-%d' % (d or self.directory(), self.seed, self.n)

    def run(self, *argv, **kw):
        print(' '.join(argv), flush=True)
        subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kw)

    def shell(self, text, *args):
        print('sh:', text, *args, flush=True)
        subprocess.run(('sh', '-c', text, 'sh') + args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def rm(self, p):
        self.run('rm', '-rf', p)

    def rmdir(self, p):
        self.run('rmdir', p)

    def mv(self, p):
        self.run('mv', '-fT', p, self.name())

    def mv_over(self, p):
        self.run('mv', '-fT', p, self.pick('file'))

    def mv_into(self, p):
        self.run('mv', '-f', p, self.directory())

    def mv_out(self, p):
        self.run('mv', '-fT', p, self.name(self.out))

    def mv_back(self, p):
        self.run('mv', '-fT', p, self.name())

    def ln(self, p):
        self.run('ln', p, self.name())

    def ln_out(self, p):
        self.run('ln', p, self.name(self.out))

    def ln_over(self, p):
        self.run('ln', '-f', p, self.pick('file'))

    def symlink(self, p):
        self.run('ln', '-sf', 'new-target-%d' % self.n, p)

    def exchange(self, p):
        q = self.pick('any')
        print('exchange', p, q, flush=True)
        self.libc.renameat2(AT_FDCWD, p.encode(), AT_FDCWD, q.encode(), RENAME_EXCHANGE)

    def write(self, p):
        self.shell('echo "new $2" >"$1"', p, str(self.n))

    def append(self, p):
        self.shell('echo "append $2" >>"$1"', p, str(self.n))

    def in_place(self, p):
        self.shell('printf XX | dd of="$1" conv=notrunc', p)

    def sed(self, p):
        self.run('sed', '-i', 's/old/edited/', p)

    def truncate(self, p):
        self.run('truncate', '-s', self.r.choice(('0', '3')), p)

    def cp(self, p):
        self.shell('cp "$1" "$2" && echo copied >>"$2"', p, self.name())

    def chmod(self, p):
        self.run('chmod', self.r.choice(('700', '750', '755')), p)

    def mkdir(self, p):
        self.run('mkdir', self.name())

    def touch(self, p):
        self.shell('echo "new $2" >"$1"', self.name(), str(self.n))

    def one(self):
        kind, act, weight = self.r.choices(TABLE, [w for _, _, w in TABLE])[0]
        p = self.pick(kind[4:] if kind.startswith('out ') else kind, self.out if kind.startswith('out ') else '.')
        self.n += 1
        if p:
            act(self, p)

TABLE = [('file', Acts.rm, 10), ('dir', Acts.rm, 3), ('dir', Acts.rmdir, 3), ('file', Acts.mv, 8), ('dir', Acts.mv, 5), ('file', Acts.mv_over, 7),
         ('any', Acts.mv_into, 5), ('file', Acts.mv_out, 3), ('dir', Acts.mv_out, 2), ('out any', Acts.mv_back, 3), ('out any', Acts.rm, 3),
         ('file', Acts.ln, 3), ('file', Acts.ln_out, 2), ('file', Acts.ln_over, 2), ('file', Acts.symlink, 2), ('any', Acts.exchange, 4),
         ('file', Acts.write, 6), ('file', Acts.append, 3), ('file', Acts.in_place, 4), ('file', Acts.sed, 3), ('file', Acts.truncate, 2),
         ('file', Acts.cp, 4), ('any', Acts.chmod, 3), ('file', Acts.mkdir, 3), ('file', Acts.touch, 4),
         ('out file', Acts.write, 1), ('out file', Acts.in_place, 1)]

# --- a look ------------------------------------------------------------------------------------------------------------

def describe(p):
    st = os.lstat(p)
    kind = stat.S_IFMT(st.st_mode)
    if kind == stat.S_IFLNK:
        return {'kind': 'link', 'ino': st.st_ino, 'mode': 0, 'id': os.readlink(p), 'text': os.readlink(p)}
    try:
        ident = os.getxattr(p, 'user.id').decode()
    except OSError:
        ident = ''
    if kind == stat.S_IFDIR:
        return {'kind': 'dir', 'ino': st.st_ino, 'mode': stat.S_IMODE(st.st_mode), 'id': ident, 'text': ''}
    with open(p, errors='replace') as f:
        text = ''.join(line for line in f if not line.startswith('append '))
    return {'kind': 'file', 'ino': st.st_ino, 'mode': stat.S_IMODE(st.st_mode), 'id': ident, 'text': text}

def look(top, out):
    all_ = {}
    for where, d in (('in', top), ('out', out)):
        for base, dirs, files in os.walk(d):
            for name in files + dirs:
                p = os.path.join(base, name)
                all_[where + p[len(d):]] = describe(p)
    return all_

# --- a check -----------------------------------------------------------------------------------------------------------

class Check:
    def __init__(self, before, after, now):
        self.before, self.after, self.now = before, after, now
        self.where = {}   # of what was there before, where it was after
        for p, x in after.items():
            self.where.setdefault((x['kind'], x['ino'], x['id']), []).append(p)

    def alive(self, x):
        return self.where.get((x['kind'], x['ino'], x['id']), []) if x['id'] else []

    def is_as_before(self, p, x):
        y = self.now.get(p)
        return y and y['kind'] == x['kind'] and y['text'] == x['text']

    def followed(self, q):
        """Where what was at q after the acts is by now, if an undo moved a directory above it that the session may have made."""
        above = os.path.dirname(q)
        if above in self.after:
            same = [d for d, y in self.now.items() if y['kind'] == 'dir' and y['ino'] == self.after[above]['ino']]
            yield from (d + q[len(above):] for d in [*same, *self.followed(above)])

    def places(self, p, x):
        """Where may it be?  At its place; where moves that nobody has to take back left it, if it still was; or below a directory
        that is elsewhere by such a move."""
        same = [q for q, y in self.now.items() if (y['kind'], y['ino'], y['id']) == (x['kind'], x['ino'], x['id'])]
        places = [p] + [q for q in self.alive(x) + same * bool(self.alive(x)) if q.startswith('in/')]
        places += [d for q in self.alive(x) for d in self.followed(q)]
        above = os.path.dirname(p)
        if above != 'in':
            places += [q + p[len(above):] for q in self.places(above, self.before[above])]
        return places

    def one(self, p, x):
        good = [q for q in self.places(p, x) if self.is_as_before(q, x)]
        if not good:
            at = [q for q, y in self.now.items() if y['kind'] == x['kind'] and y['text'] == x['text'] and x['kind'] != 'dir']
            return '%s: %s' % (p, 'is at ' + ' '.join(at) if at else 'LOST')
        if not any(self.now[q]['mode'] == x['mode'] for q in good):
            return '%s: mode %o, not %o' % (p, self.now[good[0]]['mode'], x['mode'])
        return None

    def links(self):
        groups = {}
        for p, x in self.before.items():
            if x['kind'] == 'file':
                groups.setdefault(x['ino'], []).append(p)
        for names in groups.values():
            inodes = {self.now[p]['ino'] for p in names if p in self.now and self.now[p]['text'] == self.before[p]['text']}
            if len(inodes) > 1:
                yield '%s: not one file any more' % ' '.join(names)

    def all(self):
        bad = [line for line in (self.one(p, x) for p, x in sorted(self.before.items())) if line]
        return bad + list(self.links())

def main(argv):
    if argv[0] == 'make':
        make(argv[1])
    elif argv[0] == 'act':
        os.chdir(argv[3])
        acts = Acts(int(argv[1]), argv[3], argv[4])
        for _ in range(int(argv[2])):
            acts.one()
    elif argv[0] == 'look':
        json.dump(look(argv[1], argv[2]), sys.stdout)
    else:
        bad = Check(*(json.load(open(p)) for p in argv[1:4])).all()
        print('\n'.join(bad))
        return bool(bad)
    return 0

sys.exit(main(sys.argv[1:]))
