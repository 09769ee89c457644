# SPDX-License-Identifier: BSD-2-Clause
# lib.sh - a comparison of two ways to run a program, in turns, and the programs that several benchmarks run.  Source it
# after tests/support/lib.sh.  Files lie below $W, programs below $P.
# shellcheck shell=bash
: "${T:?source tests/support/lib.sh first}"
W=$T/work
mkdir -p "$W"
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
# Run it in a session with this directory as the workspace, without the lines that gatesh prints.
gate() { "$GATESH" run -- "$@" 2>"$T/gate.err" </dev/null | tr -d '\r' || { cat "$T/gate.err"; exit 1; }; }
native() { "$@"; }
nothing() { :; }
from=native in=gate
# compare NAME LIMIT PREPARE COMMAND...: print the ratio of $in to $from; PREPARE runs before each measurement
compare() {
	local name=$1 limit=$2 prepare=$3 a=() b=() r
	shift 3
	for ((r = 0; r < ${rounds:-5}; r++)); do
		$prepare; a+=("$($from "$@")")
		$prepare; b+=("$($in "$@")")
	done
	awk -v name="$name" -v limit="$limit" -v from="$from" -v a="$(median "${a[@]}")" -v b="$(median "${b[@]}")" 'BEGIN {
		if (a <= 0 || b <= 0) { printf "%-42s failed\n", name; exit }
		printf "%-42s %s %10.3f us, gate %10.3f us, ratio %.3f (%s)\n", name, from, a, b, b / a, limit }'
}

# --- programs: each prints nothing; false if what it needs is missing
# They write to memory where they can, because disks vary by more than a session costs.
P=$(mktemp -d /dev/shm/gate-bench.XXXXXX 2>/dev/null) || { P=$W/programs && mkdir "$P"; }
test_cleanup() { rm -rf "$P"; }
# A Makefile for 40 small C files, in $P/make40.
programs_make() {
	mkdir -p "$P/make40"
	for i in {1..40}; do printf '#include <stdio.h>\nint f%s(int x) { return printf("%%d", x) + %s; }\n' "$i" "$i" >"$P/make40/f$i.c"; done
	printf 'all: %s\n%%.o: %%.c\n\t@cc -c -O1 -o $@ $<\n' "$(printf 'f%s.o ' {1..40})" >"$P/make40/Makefile"
}
programs_git() {
	command -v git >/dev/null && "$GATE_BUILD/tests/bench/file_bench" tree "$P/source" 4000 &&
		(cd "$P/source" && git init -q && git add . && git -c user.name=x -c user.email=x@y commit -qm x)
}
# A program of 30 packages of 20 files, in $P/app, with its lock file.
programs_npm() {
	command -v npm >/dev/null || return 1
	mkdir -p "$P/packages" "$P/app"
	for i in {1..30}; do
		mkdir "$P/packages/p$i"
		echo "{\"name\": \"p$i\", \"version\": \"1.0.0\"}" >"$P/packages/p$i/package.json"
		for f in {1..20}; do echo "module.exports = $f" >"$P/packages/p$i/$f.js"; done
		(cd "$P/packages" && npm pack -s "./p$i" >/dev/null)
	done
	{ echo '{"name": "app", "version": "1.0.0", "dependencies": {'
	  for i in {1..30}; do printf '"p%s": "file:../packages/p%s-1.0.0.tgz"%s\n' "$i" "$i" "$([ "$i" = 30 ] || echo ,)"; done
	  echo '}}'; } >"$P/app/package.json"
	(cd "$P/app" && npm install --offline --no-audit --no-fund -s)
}
programs_venv() { python3 -c 'import venv' 2>/dev/null; }
programs_go() {
	command -v go >/dev/null || return 1
	mkdir -p "$P/gobuild"
	printf 'module example.com/hello\n' >"$P/gobuild/go.mod"
	printf 'package main\n\nimport (\n\t"fmt"\n\t"net/http"\n)\n\nfunc main() { fmt.Println(http.StatusOK) }\n' >"$P/gobuild/main.go"
}
