#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# snapshot.py DIR: everything that has to be as before, a line an entry: type, mode, owner, size, links, mtime (not of directories, which
# were emptied before they went), extended attributes, target or content; and which names are one file.
import hashlib, os, stat, sys

def lines(top):
    groups = {}
    for d, dirs, files in os.walk(os.fsencode(top)):
        dirs.sort()
        for name in sorted(files + dirs + ([b'.'] if d == os.fsencode(top) else [])):
            p = os.path.join(d, name)
            st = os.lstat(p)
            kind = stat.S_IFMT(st.st_mode)
            what = ''
            if stat.S_ISLNK(kind):
                what = repr(os.readlink(p))
            elif stat.S_ISREG(kind):
                what = hashlib.sha1(open(p, 'rb').read()).hexdigest()
            xattrs = [] if stat.S_ISLNK(kind) else [(a, os.getxattr(p, a)) for a in sorted(os.listxattr(p))]
            first = groups.setdefault((st.st_dev, st.st_ino), p) if not stat.S_ISDIR(kind) else ''
            yield ' '.join(map(str, (repr(p[len(top):]), oct(st.st_mode), st.st_uid, st.st_gid,
                                     '-' if stat.S_ISDIR(kind) else (st.st_size, st.st_nlink, st.st_mtime_ns), xattrs, what,
                                     '' if first in ('', p) else 'is ' + repr(first[len(top):]))))

print('\n'.join(lines(sys.argv[1])))
