#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# entry.t - a real program through every way of starting one: gated when a rule matches, byte for byte as without Gate
# when none does.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/askd.sh"

LAUNCH=$GATE_BUILD/tests/support/launch
mkdir "$T/bin"
PATH=$T/bin:$PATH
cp "$GATE_BUILD/tests/support/probe" "$T/bin/probe-dyn"
cat >"$T/bin/probe-script" <<'SH'
#!/bin/sh
echo "$0 $*"
env | grep -v -e ^LD_PRELOAD= -e ^GATE_SESSION= -e ^_= | sort
exit 7
SH
targets="probe-dyn probe-script"
if ${CC:-cc} -D_GNU_SOURCE -static -o "$T/bin/probe-static" "$GATE_SRC/tests/support/probe.c" 2>"$T/static.log"; then
	cp "$T/bin/probe-static" "$T/bin/static-interpreter"
	printf '#!%s\n' "$T/bin/static-interpreter" >"$T/bin/probe-sscript"
	targets="$targets probe-static probe-sscript"
else
	diag "no static libc: $(tail -1 "$T/static.log")"
fi
if [ "$(id -u)" = 0 ]; then
	cp "$T/bin/probe-dyn" "$T/bin/probe-setuid"
	chmod 755 "$T" "$T/bin" && chown 65534 "$T/bin/probe-setuid" && chmod 4755 "$T/bin/probe-setuid"
	targets="$targets probe-setuid"
else
	diag "only root can give a file away: no setuid target"
fi
if ! command -v musl-gcc >/dev/null; then
	diag "no musl-gcc"
elif musl-gcc -D_GNU_SOURCE -o "$T/bin/probe-musl" "$GATE_SRC/tests/support/probe.c" 2>"$T/musl.log" &&
	"$T/bin/probe-musl" >"$T/musl.log" 2>&1
[ $? = 7 ]; then
	targets="$targets probe-musl"
else
	diag "no dynamic musl: $(tail -1 "$T/musl.log")"
fi
chmod a+x "$T"/bin/*
cp "$T/bin/probe-script" "$T/bin/probe-nox"; chmod -x "$T/bin/probe-nox"
printf 'echo "$0 $*"; exit 7\n' >"$T/bin/probe-bare"; chmod +x "$T/bin/probe-bare"
rules=probe-dyn,probe-script,probe-static,probe-sscript,probe-setuid,probe-musl,probe-nox,probe-bare,probe-gone/danger
askd 'deny=gate: refused by the test' "$rules"

# both NAME COMMAND...: stdout and status are the same with and without Gate, and stderr is empty with it
both() {
	local what=$1; shift
	"$@" >"$T/native" 2>"$T/native.err"; local native=$?
	gated "$@" >"$T/gate" 2>"$T/gate.err"; local gate=$?
	if [ "$native" = "$gate" ] && cmp -s "$T/native" "$T/gate" && cmp -s "$T/native.err" "$T/gate.err"; then
		pass "$what"
	else
		fail "$what" \
			"native: $native, gate: $gate" "$(diff "$T/native" "$T/gate" | head -20)" "$(cat "$T/gate.err")"
	fi
}

# refused NAME STATUS COMMAND...: the program did not run, one line says so, the status is that
refused() {
	local what=$1 status=$2; shift 2
	gated "$@" >"$T/out" 2>"$T/err" </dev/null; local got=$?
	if [ $got = "$status" ] && ! [ -s "$T/out" ] && [ "$(cat "$T/err")" = "gate: refused by the test" ]; then
		pass "$what"
	else
		fail "$what" "status $got, expected $status" "stdout: $(head -3 "$T/out")" "stderr: $(head -3 "$T/err")"
	fi
}

for entry in execve execv execvp execvpe execl execlp execle fexecve fexecve-cloexec execveat execveat-cloexec syscall \
	syscall-at vfork clone clonep posix_spawn posix_spawnp system popen wordexp; do
	status=126; [ $entry != wordexp ] || status=0
	for target in $targets; do
		case $entry in *p | execvpe | system | popen) path=$target ;; *) path=$T/bin/$target ;; esac
		if [[ $entry = *-cloexec ]] && [[ $target = *script ]]; then
			both "$entry $target: as the kernel says" "$LAUNCH" $entry "$path" danger
			continue
		fi
		both "$entry $target: as without Gate" "$LAUNCH" $entry "$path" safe 'x'
		refused "$entry $target: gated" $status "$LAUNCH" $entry "$path" danger
		case $entry in *p | execvpe | system | popen) path=$T/bin/$target ;; esac
		refused "$entry $target: gated when the environment was lost" $status "$LAUNCH" -e $entry "$path" danger
	done
	for missing in probe-gone probe-nox .; do
		both "$entry $missing: fails as without Gate" "$LAUNCH" $entry "$T/bin/$missing" danger
	done
done
for target in probe-dyn probe-script; do
	both "raw system call, $target: as without Gate" "$LAUNCH" raw "$T/bin/$target" safe
	refused "raw system call, $target: gated" 126 "$LAUNCH" raw "$T/bin/$target" danger
done
for entry in execvp execvpe execlp posix_spawnp; do
	both "$entry of a file without a format: as without Gate" "$LAUNCH" $entry probe-bare safe x
done
refused "execvp of a file without a format: gated" 126 "$LAUNCH" execvp probe-bare danger

# Programs that start programs.
for target in $targets; do
	t=$T/bin/$target
	refused "dash ($target)" 126 dash -c "$target danger; exit \$?"
	refused "bash ($target)" 126 bash -c "$target danger; exit \$?"
	refused "env ($target)" 126 env "$target" danger
	refused "env -i ($target)" 126 env -i "$t" danger
	refused "xargs ($target)" 123 sh -c "echo danger | xargs $target"
	refused "find -exec ($target)" 0 find "$T/bin" -name probe-bare -exec "$t" danger ';'
	if command -v make >/dev/null; then
		printf 'all:\n\t@-%s danger || exit 126\n\t@env -i %s danger\n' "$target" "$t" >"$T/Makefile"
		gated make -s -f "$T/Makefile" >"$T/out" 2>"$T/err"
		is "make ($target)" "$(grep -c 'refused by the test' "$T/err")" 2
	fi
	if command -v perl >/dev/null; then
		refused "perl ($target)" 126 perl -e "system('$target', 'danger'); exit(\$? >> 8)"
		both "perl ($target) as without Gate" perl -e "system('$target', 'safe'); exit(\$? >> 8)"
	fi
	if command -v python3 >/dev/null; then
		for how in '' ', close_fds=False' ', env={}' ', shell=True' ', start_new_session=True'; do
			cmd="['$t', 'danger']"; [ "$how" != ', shell=True' ] || cmd="'$t danger'"
			refused "python subprocess$how ($target)" 126 \
				python3 -c "import subprocess, sys; sys.exit(subprocess.call($cmd$how))"
		done
		refused "python os.posix_spawn ($target)" 126 python3 -c "
import os, sys
sys.exit(os.waitstatus_to_exitcode(os.waitpid(os.posix_spawn('$t', ['$t', 'danger'], {}), 0)[1]))"
	fi
	if command -v node >/dev/null; then
		refused "node spawnSync ($target)" 126 node -e "
process.exit(require('child_process').spawnSync('$target', ['danger'], {stdio: 'inherit'}).status)"
		refused "node spawnSync without environment ($target)" 126 node -e "
process.exit(require('child_process').spawnSync('$t', ['danger'], {stdio: 'inherit', env: {}}).status)"
		for call in "spawn('$target', ['danger'], {stdio: 'inherit'})" "exec('$target danger')" \
			"execFile('$target', ['danger'])"; do
			refused "node ${call%%(*} ($target)" 126 node -e "
const c = require('child_process').$call;
if (c.stderr) c.stderr.pipe(process.stderr);
c.on('exit', code => process.exitCode = code)"
		done
	fi
done

# Parents that load no library themselves hand the environment on all the same.
parents=
if ${CC:-cc} -D_GNU_SOURCE -static -o "$T/launch-static" "$GATE_SRC/tests/support/launch.c" 2>/dev/null; then
	parents="$parents launch-static"
else
	skip "static C parent" "no static libc"
fi
if command -v go >/dev/null; then
	cat >"$T/parent.go" <<'GO'
package main

import (
	"os"
	"os/exec"
)

func main() {
	cmd := exec.Command(os.Args[2], os.Args[3:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Run()
	os.Exit(cmd.ProcessState.ExitCode())
}
GO
	if (cd "$T" && HOME=$T CGO_ENABLED=0 GOFLAGS=-mod=mod GOCACHE=$T/gocache go build -o launch-go parent.go) \
		>"$T/go.log" 2>&1; then
		parents="$parents launch-go"
	else
		skip "static Go parent" "$(tail -1 "$T/go.log")"
	fi
else
	skip "static Go parent" "no go"
fi
for parent in $parents; do
	for target in probe-dyn probe-script; do
		both "$parent, $target: as without Gate" "$T/$parent" vfork "$T/bin/$target" safe
		refused "$parent, $target: gated" 126 "$T/$parent" vfork "$T/bin/$target" danger
	done
done

# What children get.
PWD_PRELOAD=$(cd "${PRELOAD%/*}" && pwd -P)/./libgate-preload.so
is "LD_PRELOAD goes next to what is preloaded there" \
	"$(gated env -i LD_PRELOAD=libm.so.6 /bin/sh -c 'echo $LD_PRELOAD' 2>&1)" "$PRELOAD:libm.so.6"
is "once" "$(gated env LD_PRELOAD="libm.so.6 $PRELOAD" /bin/sh -c 'echo $LD_PRELOAD' 2>&1)" "libm.so.6 $PRELOAD"
is "a relative one is made absolute" "$(cd "${PRELOAD%/*}" && GATE_SESSION=$SESSION LD_PRELOAD=./libgate-preload.so \
	env -i -C / /bin/sh -c 'echo $LD_PRELOAD' 2>&1)" "$PWD_PRELOAD"
is "a child can't be pointed at another session" \
	"$(gated env GATE_SESSION=/elsewhere /bin/sh -c 'echo $GATE_SESSION')" "$SESSION"
is "nor out of it" "$(gated env GATE_SESSION= /bin/sh -c 'echo $GATE_SESSION')" "$SESSION"
is "1500 variables without ours are E2BIG, and said" \
	"$(gated bash -c 'exec env -i $(for i in {1..1500}; do echo V$i=1; done) /bin/true' 2>&1 | head -1)" \
	"gate: env: the environment is too large to restore GATE_SESSION; nothing was executed"
is "with ours they are no matter" \
	"$(gated bash -c 'exec env $(for i in {1..1500}; do echo V$i=1; done) /bin/true' 2>&1; echo $?)" 0

if [[ $targets = *probe-static* ]]; then
	GATE_EXEC=$T/nowhere askd 'deny=gate: refused by the test' "$rules"
	is "no gate-standin: what it should stand in for is refused" \
		"$(gated dash -c "'$T/bin/probe-static' safe" 2>&1; echo $?)" \
		"gate: dash: refused: gate-standin is missing; nothing was executed
dash: 1: $T/bin/probe-static: Operation not permitted
126"
else
	skip "no gate-standin" "no static libc"
fi

# Outside a session.
unset GATE_SESSION
is "GATE_SESSION empty: inert and silent" \
	"$(env LD_PRELOAD="$PRELOAD" GATE_SESSION= "$T/bin/probe-dyn" danger 2>&1 | head -1)" \
	"errno 0 argc 2"
is "inert: environments stay as they are" \
	"$(env LD_PRELOAD="$PRELOAD" GATE_SESSION= "$LAUNCH" -e execve /usr/bin/env 2>&1)" "MARK=kept"
done_testing
