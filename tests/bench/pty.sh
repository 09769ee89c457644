#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# pty.sh - measures a session's inner terminal: the throughput of a burst and the echo of a key, against a bare terminal and
# bare relays, in turns.  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
bench=$GATE_BUILD/tests/bench/pty_bench
size=$((${2:-16} << 20))
{ seq -f 'line %.0f: the quick brown fox jumps over the lazy dog, and then it does so again' 400000; } |
	head -c "$size" >"$T/plain"
esc=$'\e'
awk -v e="$esc" 'BEGIN { for (i = 0; i < 400000; i++)
	printf "%s[01;32m%d%s[0m: %s[1mwarning:%s[K%s[m in %s[38;5;%dmfunction%s[0m at line %s[4;33m%d%s[0m\n",
		e, i, e, e, e, e, e, i % 256, e, e, i * 7, e }' | head -c "$size" >"$T/coloured"
# A full-screen program, which redraws every row in its place again and again.
awk -v e="$esc" 'BEGIN { for (i = 0; i < 20000; i++) for (row = 1; row <= 24; row++)
	printf "%s[%d;1H%s[3%dm%5d%s[0m  %3d.%-6d a program of some name /usr/bin/%d --option=%d%s[K",
		e, row, e, (i + row) % 8, row + i, e, row, i, i * row % 997, i % 17, e }' | head -c "$size" >"$T/full-screen"
"$bench" "$GATESH" burst "${1:-5}" "$T/plain" "$T/coloured" "$T/full-screen" && "$bench" "$GATESH" echo 200
