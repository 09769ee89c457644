#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# calls.sh - counts the system calls of ordinary programs that arrive at the session, because neither the interposer nor the
# filter lets them pass: each costs a raw call's time (raw.sh).  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/bench/lib.sh"
# count NAME EXPECTED COMMAND...: how many, and the numbers of the calls
count() {
	local name=$1 expected=$2
	shift 2
	rm -f "$T/debug"
	"$GATESH" run --debug "$T/debug" -- "$@" >"$T/out" 2>&1 </dev/null || { tail -3 "$T/out"; exit 1; }
	printf '%-42s %5d (%s)%s\n' "$name" "$(grep -c 'system call' "$T/debug")" "$expected" \
		"$(sed -n 's/.*: system call \([0-9]*\), by the kernel/\1/p' "$T/debug" | sort -n | uniq -c | awk '{ printf " %s x %s", $1, $2 }')"
}
cd "$P" || exit 1
if programs_git; then count "git clone" 1 git clone -q --no-local source clone; fi
if programs_venv; then count "python3 -m venv" 0 python3 -m venv --without-pip v; fi
programs_make; count "make of 40 files" 82 make -C make40
if programs_npm; then cd app && rm -rf node_modules && count "npm ci" 2 npm ci --offline --no-audit --no-fund -s; cd "$P" || exit 1; fi
mkdir configure && cd configure && count "./configure" "make's posix_spawn" "$GATE_SRC/configure" -q
