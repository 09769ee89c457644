#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# debuggers.t - gdb, strace, perf and rr work on a program inside a session.
. "${GATE_SRC:?}/tests/support/lib.sh"
run() { setsid -w "$GATESH" run -- "$@" </dev/null 2>&1; }
cd "$T" || exit 99
printf 'int f(int x)\n{\n\treturn x + 1;\n}\nint main(void)\n{\n\treturn f(2) - 3;\n}\n' >p.c
${CC:-cc} -g -O0 -o p p.c || { echo "1..0 # SKIP no compiler"; exit 0; }
# needs TOOL WORDS: can this machine do it at all, outside a session?
needs() { local tool=$1; shift; command -v "$tool" >/dev/null || { reason="no $tool here"; return 1; }; "$@" >/dev/null 2>&1 </dev/null || { reason="$tool does not work here, without Gate either"; return 1; }; }

if needs gdb gdb -q -batch -ex run ./p; then
	out=$(run gdb -q -batch -ex 'break f' -ex run -ex 'print x' -ex bt -ex continue ./p)
	like "gdb: a breakpoint, a value, a backtrace" "$out" '\$1 = 2.*#1 .* main \(\) at p.c:7'
	like "and the program ends as it does" "$out" 'exited normally'
else skip "gdb: a breakpoint, a value, a backtrace" "$reason"; skip "and the program ends as it does" "$reason"; fi
if needs strace strace -o /dev/null true; then
	echo x >gone
	out=$(run strace -f -e trace=execve,unlinkat,unlink,rename,renameat2 rm gone)
	like "strace: a program's calls" "$out" 'execve\(.*(unlink|rename).*gone'
	ok "which have their effect" test ! -e gone
	like "a program that is refused is refused under it" "$(run strace -f -o /dev/null git push --force)" "gate: refused: git push --force"
else for t in "strace: a program's calls" "which have their effect" "a program that is refused is refused under it"; do skip "$t" "$reason"; done; fi
if needs perf perf stat -e task-clock true; then
	like "perf stat" "$(run perf stat -e task-clock true)" 'task-clock'
else skip "perf stat" "$reason"; fi
if needs rr rr record -o "$T/rr-outside" true; then
	run rr record -o "$T/rr" ./p >/dev/null
	like "rr: a recording is replayed" "$(run rr replay -a "$T/rr"; echo "=$?")" '=0$'
else skip "rr: a recording is replayed" "$reason"; fi
done_testing
