#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# files.sh - measures the CPU time of file events against native, in turns: the median of ROUNDS (first argument, 5).
# make bench
# shellcheck disable=SC1091,SC2034 # lib.sh reads rounds and in
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/bench/lib.sh"
rounds=${1:-5}
bench=$GATE_BUILD/tests/bench/file_bench
[ -x "$bench" ] || { echo "no $bench: make bench"; exit 1; }
cd "$W" || exit 1
# Run it under the interposer without a session's confinement: seccomp and Landlock slow down every call, hooked or not.
mkdir "$T/session"
alone() { LD_PRELOAD=$GATE_STAGE/lib/libgate-preload.so GATE_SESSION=$T/session "$@"; }
"$GATE_BUILD/tests/bench/exec_bench" --image "$T/session/policy.img" "$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")/gate-standin" \
	"$GATE_STAGE/share/gate/rules" >/dev/null || exit 1
again() { rm -rf "$W/again"; }
old() { rm -rf "$W/old"; "$bench" fill "$W/old" 20000; sleep 0.05; }
modules() { rm -rf "$W/node_modules"; mkdir "$W/node_modules"; echo {} >"$W/package-lock.json"; "$bench" "$1" "$W/node_modules/x" "$2"; sleep 0.05; }
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
compare "stat" 1.06 nothing "$bench" stat /etc/passwd 200000
compare "open for reading" 1.08 nothing "$bench" open /etc/passwd 200000
mine() { rm -f "$W/mine"; }
compare "open for writing, made in the session" 1.15 mine "$bench" write "$W/mine" 200000
compare "fork, exec and wait of /bin/true" 1.10 nothing "$bench" start /bin/true 2000
compare "create, of 100,000 files" 1.05 again "$bench" create "$W/again" 100000
compare "unlink, made in the session" 1.15 again "$bench" new "$W/again" 20000
compare "unlink, in node_modules" 1.6 flat "$bench" unlink "$W/node_modules/x" 20000
compare "unlink, kept" 2.5 old "$bench" unlink "$W/old" 20000
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
cd "$P" || exit 1
programs_make
cleaned() { rm -f "$P"/make40/*.o; }
compare "make of 40 files" 1.10 cleaned "$bench" run make -C "$P/make40"
if programs_git; then
	clone() { rm -rf "$P/clone"; }
	compare "git clone" 1.03 clone "$bench" run git clone -q --no-local "$P/source" "$P/clone"
fi
if programs_venv; then
	environment() { rm -rf "$P/venv"; }
	compare "python3 -m venv" 1.03 environment "$bench" run python3 -m venv --without-pip "$P/venv"
fi
if programs_go; then
	cold() { rm -rf "$P/gobuild/cache" "$P/gobuild/hello"; }
	export GOCACHE=$P/gobuild/cache GOFLAGS=-buildvcs=false GOTOOLCHAIN=local
	cd "$P/gobuild" && rounds=3 compare "go build, cold" 1.05 cold "$bench" run go build -o hello .
fi
if programs_npm; then
	cd "$P/app" || exit 1
	uninstalled() { rm -rf node_modules; }
	compare "npm ci" 1.03 uninstalled "$bench" run npm ci --offline --no-audit --no-fund -s
fi
