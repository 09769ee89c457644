#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# start.t - a program that concerns no rule starts in a session without a system call of the interposer's: there are only the
# loader's, which maps one more library.
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
command -v strace >/dev/null || { echo "1..0 # SKIP no strace"; exit 0; }
strace -o "$T/outside" true 2>/dev/null || { echo "1..0 # SKIP strace can't trace here"; exit 0; }

# counts FILE: the system calls, with how often each was made
counts() { sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$1" | sort | uniq -c | awk '{ print $2, $1 }'; }
# more OUTSIDE INSIDE: what the second has beyond the first
more() { join -a 2 -e 0 -o 0,1.2,2.2 <(counts "$1") <(counts "$2") | awk '$3 != $2 { printf "%s%s %+d", sep, $1, $3 - $2; sep = ", " }'; }

"$GATESH" run -- strace -o "$T/inside" true </dev/null >"$T/out" 2>&1
ok "the interposer was loaded" grep -q 'libgate-preload.so' "$T/inside"
stat=$(grep -A3 'libgate-preload.so' "$T/inside" | grep -oE '^(newfstatat|fstat|statx)' | head -1)
# Where 32-bit programs can run, the library's name has a token that the loader replaces (gatesh/util/preload_item.h): one more.
origin=()
if [ -x /lib/ld-linux.so.2 ] || [ -x /lib/ld-linux-armhf.so.3 ]; then origin=('readlink +1'); fi
is "the loader's calls are all there is more" "$(more "$T/outside" "$T/inside")" \
	"$(printf '%s\n' 'close +1' 'mmap +2' "$stat +1" 'openat +1' 'read +1' "${origin[@]}" | sort | paste -sd, | sed 's/,/, /g')"
# The test itself: a variable that makes the interposer look at its image.
"$GATESH" run -- env GATE_TARGET=/bin/true strace -o "$T/looked" true </dev/null >"$T/out" 2>&1
unlike "a call of the interposer's is seen" "$(more "$T/inside" "$T/looked")" '^$'
done_testing
