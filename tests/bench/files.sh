#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# files.sh - measures the CPU time of file events against native, in turns: the median of ROUNDS (first argument, 5).
# make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
rounds=${1:-5} W=$T/work
bench=$GATE_BUILD/tests/bench/file_bench
[ -x "$bench" ] || { echo "no $bench: make bench"; exit 1; }
mkdir "$W" && cd "$W" || exit 1
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
# Run it in a session with this directory as the workspace, without the lines that gatesh prints.
gate() { "$GATESH" run -- "$@" 2>"$T/gate.err" | tr -d '\r' || { cat "$T/gate.err"; exit 1; }; }
native() { "$@"; }
# Run it under the interposer without a session's confinement: seccomp and Landlock slow down every call, hooked or not.
mkdir "$T/session"
alone() { LD_PRELOAD=$GATE_STAGE/lib/libgate-preload.so GATE_SESSION=$T/session "$@"; }
"$GATE_BUILD/tests/bench/exec_bench" --image "$T/session/policy.img" "$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")/gate-standin" \
	"$GATE_STAGE/share/gate/rules" >/dev/null || exit 1
in=gate
# compare NAME LIMIT PREPARE COMMAND...: print the ratio; PREPARE runs before each measurement
compare() {
	local name=$1 limit=$2 prepare=$3 a=() b=()
	shift 3
	for ((r = 0; r < rounds; r++)); do
		$prepare; a+=("$(native "$@")")
		$prepare; b+=("$($in "$@")")
	done
	awk -v name="$name" -v limit="$limit" -v a="$(median "${a[@]}")" -v b="$(median "${b[@]}")" 'BEGIN {
		if (a <= 0 || b <= 0) { printf "%-42s failed\n", name; exit }
		printf "%-42s native %10.3f us, gate %10.3f us, ratio %.3f (%s)\n", name, a, b, b / a, limit }'
}
nothing() { :; }
again() { rm -rf "$W/again"; }
old() { rm -rf "$W/old"; "$bench" fill "$W/old" 20000; sleep 0.05; }
modules() { rm -rf "$W/node_modules"; mkdir "$W/node_modules"; "$bench" "$1" "$W/node_modules/x" "$2"; sleep 0.05; }
flat() { modules fill 20000; }
deep() { modules tree 30000; }
in=alone
compare "stat, the interposer alone" 1.02 nothing "$bench" stat /etc/passwd 200000
compare "open for reading, the interposer alone" 1.02 nothing "$bench" open /etc/passwd 200000
# Run it under a filter that allows everything: any seccomp filter, as here the one against io_uring, slows every call down.
empty() { "$bench" filtered "$@"; }
in=empty
compare "stat, an empty seccomp filter alone" - nothing "$bench" stat /etc/passwd 200000
compare "open for reading, the empty filter alone" - nothing "$bench" open /etc/passwd 200000
in=gate
compare "stat" 1.02 nothing "$bench" stat /etc/passwd 200000
compare "open for reading" 1.02 nothing "$bench" open /etc/passwd 200000
compare "unlink, made in the session" 1.6 again "$bench" new "$W/again" 20000
compare "unlink, in node_modules" 1.6 flat "$bench" unlink "$W/node_modules/x" 20000
compare "unlink, kept" 3.0 old "$bench" unlink "$W/old" 20000
compare "rm -rf node_modules, 30,000 files" 1.3 deep "$bench" run rm -rf "$W/node_modules"

if command -v automake >/dev/null; then
	mkdir "$W/project" && cd "$W/project" || exit 1
	echo 'AC_INIT([p],[1]) AM_INIT_AUTOMAKE([foreign subdir-objects]) AC_PROG_CC AC_CONFIG_FILES([Makefile]) AC_OUTPUT' |
		tr ' ' '\n' >configure.ac
	sources=$(for i in {1..15}; do echo "f$i.c"; done)
	printf 'bin_PROGRAMS = p\np_SOURCES = main.c %s\n' "$(tr '\n' ' ' <<<"$sources")" >Makefile.am
	for i in {1..15}; do printf '#include <stdio.h>\n#include <stdlib.h>\nint f%s(int x) { return printf("%%d", x) + %s; }\n' "$i" "$i" >"f$i.c"; done
	echo 'int main(void) { return 0; }' >main.c
	{ autoreconf -fi && ./configure; } >"$T/configure.log" 2>&1 || { tail -3 "$T/configure.log"; exit 1; }
	clean() { make clean >/dev/null; }
	compare "make of a small autotools project" 1.03 clean "$bench" run make
	cd "$W" || exit 1
else
	echo "make: no automake here"
fi
if command -v git >/dev/null; then
	"$bench" tree "$W/source" 4000
	(cd source && git init -q && git add . && git -c user.name=x -c user.email=x@y commit -qm x)
	clone() { rm -rf "$W/clone"; }
	compare "git clone" 1.05 clone "$bench" run git clone -q --no-local "$W/source" "$W/clone"
fi
if command -v npm >/dev/null; then
	mkdir -p "$W/packages" "$W/app"
	for i in {1..30}; do
		mkdir "$W/packages/p$i"
		echo "{\"name\": \"p$i\", \"version\": \"1.0.0\"}" >"$W/packages/p$i/package.json"
		for f in {1..20}; do echo "module.exports = $f" >"$W/packages/p$i/$f.js"; done
		(cd "$W/packages" && npm pack -s "./p$i" >/dev/null)
	done
	{ echo '{"name": "app", "version": "1.0.0", "dependencies": {'
	  for i in {1..30}; do printf '"p%s": "file:../packages/p%s-1.0.0.tgz"%s\n' "$i" "$i" "$([ "$i" = 30 ] || echo ,)"; done
	  echo '}}'; } >"$W/app/package.json"
	cd "$W/app" || exit 1
	uninstalled() { rm -rf node_modules; }
	compare "npm install" 1.05 uninstalled "$bench" run npm install --offline --no-audit --no-fund -s
fi
