#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_memory.t - gatesh undo of many files takes a bounded number of bytes for each: the list, a path, and the past of a tree in which
# something was moved.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
if ldd "$GATESH" | grep -q libasan; then echo "1..0 # SKIP the sanitizers take memory of their own"; exit 0; fi
store=$XDG_STATE_HOME/gate/undo W=$T/work many=100000
keep() { python3 "$GATE_SRC/tests/session/undo/keep.py" "$@"; }
mkdir "$W"; cd "$W" || exit 99
keep new aaaa0001 "$W" agent
# So many directories were removed, and one was moved: the largest plan that needs no file on the disk.
python3 - "$W" "$store/aaaa0001/journal" "$many" <<'PY'
import os, sys, time
top, journal, many = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.mkdir(top + '/moved')
st, now = os.stat(top + '/moved'), time.time() - 60
line = '\n1 %s - %d.%09d 47 46 rm 0 0 40755 4096 1700000000.000000000 2 %d %d %s/%s %s\n'
with open(journal, 'w') as f:
    f.write(line % ('P', now, 0, st.st_dev, st.st_ino, top, 'old', top + '/moved'))
    for i in range(many):
        f.write(line % ('X', now, i + 1, st.st_dev, 10**9 + i, top, 'a-directory-of-many/%d' % i, '-'))
PY
# peak ARG...: the bytes for each record of the largest process of gatesh undo ARG...
peak() {
	python3 - "$many" "$GATESH" undo "$@" <<'PY'
import re, resource, subprocess, sys
out = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
counted = re.findall(rb'and (\d+) more|(\d+) directories', out)
if max(int(a or b) for a, b in counted) < int(sys.argv[1]) - 99:
    sys.exit('not so many: %r' % out[-200:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 // int(sys.argv[1]))
PY
}
bounded() {
	local bytes
	bytes=$(peak "${@:3}")
	diag "$1: $bytes bytes for each of $many records"
	ok "$1: at most $2 bytes for each record, the program and Python included" test "${bytes:-999999}" -le "$2"
}
bounded "the list" 400
bounded "a path" 450 -n a-directory-of-many
bounded "the past" 550 -n --since 1h
done_testing
