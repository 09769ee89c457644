#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# supervise.t - programs that can't load the interposer, and what they start: the kernel hands their calls to the session.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
run() { setsid -w "$GATESH" run "$@" </dev/null 2>&1; }
mkdir "$T/bin"
if ! ${CC:-cc} -D_GNU_SOURCE -static -o "$T/bin/launch" "$GATE_SRC/tests/support/launch.c" 2>"$T/log"; then
	plan 1; skip "everything here" "no static libc: $(tail -1 "$T/log")"; exit 0
fi
${CC:-cc} -D_GNU_SOURCE -static -o "$T/bin/endtimes-static" "$GATE_SRC/tests/support/probe.c"
cp "$GATE_BUILD/tests/support/probe" "$T/bin/endtimes"
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/probe.rules" <<'EOF'
rule: probe.end
on: exec
program: endtimes endtimes-static
keyword: danger
severity: danger
reason: the end of the world
hit: endtimes danger
miss: endtimes safe
EOF
PATH=$T/bin:$PATH
refused="^gate: refused: endtimes[-a-z]* danger: probe.end"

# launch -e leaves nothing of the environment; its exec functions go by raw system calls of its own libc.
# shellcheck disable=SC2086 # $how is a list of words
for target in endtimes endtimes-static; do
	for how in "execve" "-e execve" "posix_spawn" "-e posix_spawn"; do
		like "$how of $target" "$(run -- launch $how "$T/bin/$target" danger)" "$refused"
		unlike "$how of $target, harmless" "$(run -- launch $how "$T/bin/$target" safe)" "gate: "
	done
done
like "the call returns EPERM where no constructor can end it" "$(run -- launch -e execve "$T/bin/endtimes" danger)" "errno 1$"
like "a missing program is the kernel's ENOENT" "$(run -- launch execve "$T/bin/no-such" danger)" "errno 2$"
like "two levels down" "$(run -- launch -e execve "$T/bin/launch" -e execve "$T/bin/endtimes" danger)" "$refused"
like "a dynamic program between" "$(run -- launch execve /bin/bash -c "exec -c '$T/bin/launch' execve '$T/bin/endtimes-static' danger")" "$refused"
like "fexecve" "$(run -- launch -e fexecve "$T/bin/endtimes" danger)" "$refused"
cp "$GATE_BUILD/tests/support/launch" "$T/bin/dynamic" 2>/dev/null || ${CC:-cc} -D_GNU_SOURCE -o "$T/bin/dynamic" "$GATE_SRC/tests/support/launch.c"
for starter in launch dynamic; do
	like "a raw exec of a program that has no name, by $starter" "$(run -- $starter memfd "$T/bin/endtimes" danger)" "^gate: refused: .* danger: probe.end"
	unlike "and a harmless one" "$(run -- $starter memfd "$T/bin/endtimes" safe)" "gate: "
done
loader=$(readelf -l /bin/true 2>/dev/null | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
if [ -n "$loader" ]; then
	like "the loader as the program" "$(run -- "$loader" "$T/bin/endtimes" danger)" "^gate: refused: .*endtimes danger: probe.end"
	like "the loader with options, by a raw call" "$(run -- dynamic raw "$loader" --argv0 x "$T/bin/endtimes" danger)" "^gate: refused: .*endtimes danger: probe.end"
	unlike "the loader of a harmless command" "$(run -- "$loader" "$T/bin/endtimes" safe)" "gate: "
	is "the loader that lists libraries" "$(run -- "$loader" --list "$T/bin/endtimes" | grep -c libc)" 1
else
	skip "the loader" "no readelf"
fi
run -- launch -e execve "$T/bin/endtimes" danger >"$T/out" 2>&1
like "the line is where the program's stderr is" "$(head -1 "$T/out")" "$refused"

if command -v go >/dev/null; then
	cat >"$T/loop.go" <<'EOF'
package main

import ("fmt"; "os"; "os/exec"; "runtime"; "sync")

func main() {
	var group sync.WaitGroup
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for k := 0; k < 5; k++ {
				fmt.Println(exec.Command(os.Args[1], os.Args[2]).Run())
				runtime.GC()
			}
		}()
	}
	group.Wait()
}
EOF
	if (cd "$T" && HOME=$T CGO_ENABLED=0 go build -o "$T/bin/loop" loop.go) 2>"$T/log"; then
		is "a Go program's threads and preemption signals: 40 starts" "$(run -- loop "$T/bin/endtimes-static" safe | grep -c "exit status 7")" 40
		is "and each of them refused" "$(run -- loop "$T/bin/endtimes-static" danger | grep -c "not permitted")" 40
	else
		skip "a Go program" "$(tail -1 "$T/log")"; skip "refused" "no Go program"
	fi
else
	skip "a Go program" "no go"; skip "refused" "no go"
fi

# gate-standin is believed for what its constructor has judged, not for its name.
cat >"$T/passenger.c" <<'EOF'
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((constructor)) static void start(void)
{
	char *words[] = {(char *)"endtimes", getenv("PASSENGER_WORD"), NULL}, *path = getenv("PASSENGER");
	if (strcmp(program_invocation_short_name, "gate-standin"))
		return;
#ifdef __x86_64__
	long ret;
	__asm__ volatile("syscall" : "=a"(ret) : "a"(SYS_execve), "D"(path), "S"(words), "d"(environ) : "rcx", "r11", "memory");
	_exit(ret == -EPERM ? 44 : 45);
#else
	execve(path, words, environ);
	_exit(errno == EPERM ? 44 : 45);
#endif
}
EOF
if ${CC:-cc} -shared -fPIC -o "$T/passenger.so" "$T/passenger.c" 2>"$T/log"; then
	standin=$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")/gate-standin
	passenger() { run -- env PASSENGER="$1" PASSENGER_WORD="$2" LD_PRELOAD="$T/passenger.so" "$standin" true; echo "rc $?"; }
	like "a library in gate-standin passes for nobody: a program that asks by itself" "$(passenger "$T/bin/endtimes" danger)" "$refused"
	like "and one that can't" "$(passenger "$T/bin/endtimes-static" danger)" "$refused"
	like "harmless" "$(passenger "$T/bin/endtimes-static" safe)" "rc 7"
else
	skip "a library in gate-standin" "no shared library: $(tail -1 "$T/log")"
fi

# A script's interpreter always asks at its start; a person who has said yes to the exec is not asked again.
mkdir "$T/scripts"; printf '#!/bin/sh\nexit 7\n' >"$T/scripts/endtimes"; chmod +x "$T/scripts/endtimes"
audit=$XDG_STATE_HOME/gate/audit.jsonl
exec_lines() { grep -c '"event":"exec".*danger' "$audit" 2>/dev/null; }
before=$(exec_lines)
term_start 100 30 "'$GATESH' run -- '$T/bin/dynamic' raw '$T/scripts/endtimes' danger; echo rc \$?; sleep 60"
ok "a person is asked about a script that a raw call executes" ready "probe.end"
keys y
ok "and not a second time" sees "rc 7"
is "one line in the log" "$(exec_lines)" $((before + 1))
like "refused where nobody is there" "$(run -- dynamic raw "$T/scripts/endtimes" danger)" "^gate: refused: .* danger: probe.end"
term_stop 2>/dev/null || true

term_start 100 30 "'$GATESH' run -- launch -e execve '$T/bin/endtimes' danger; echo rc \$?; sleep 60"
ok "a person is asked" ready "probe.end"
keys y
ok "and a yes lets it run" sees "rc 7"
done_testing
