#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# signals.t - signals while a question is open, for programs that the interposer asks for and for those that the kernel
# reports: a handler runs at once, Ctrl-Z stops, Ctrl-C ends, and the call then goes on as it would natively.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
sigask=$GATE_BUILD/tests/support/sigask
python3 -c '
import socket, sys, time
s = socket.create_server(("127.0.0.1", 0), backlog=512)
open(sys.argv[1], "w").write(str(s.getsockname()[1]))
while True: s.accept()[0].close()' "$T/port" &
listener=$!
mkdir "$T/bin"
cp "$sigask" "$T/bin/asked-program"
mkdir "$T/bad"; echo x >"$T/bad/asked-program"; chmod +x "$T/bad/asked-program" # the kernel's ENOEXEC
wait_for 10 test -s "$T/port" || exit 99
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/test.rules" <<END
rule: test.file
on: unlink
path: *.asked
severity: danger
reason: the test asks about it
hit: x.asked
miss: x

rule: test.exec
on: exec
program: asked-program
severity: danger
reason: the test asks about it
hit: asked-program x
miss: other x

rule: test.port
on: connect
port: $(cat "$T/port")
severity: danger
reason: the test asks about it
hit: 127.0.0.1:$(cat "$T/port")
miss: 127.0.0.1:1
END
export XDG_CONFIG_HOME
job=
# shellcheck disable=SC2086 # none or one process
test_cleanup() { end_it; kill $listener 2>/dev/null; rm -rf "$base"; }
cd "$W" || exit 99

# What is left of the last one, if its test failed.
end_it() { [ -z "$job" ] || { kill "$job"; wait "$job"; } 2>/dev/null; job=; }
# begin WAY ACT [SIGNAL HOW] [OPTION]: in a session, up to the question; $pid acts
begin() {
	local way=$1 act=$2 target
	shift 2
	end_it
	case $act in
	unlink) target=$W/f.asked; for f in "$target" "$target".{0..7}.asked; do echo old >"$f"; done ;;
	exec) target=$T/bin/asked-program ;;
	bad) act=exec target=$T/bad/asked-program ;;
	connect) target=$(cat "$T/port") ;;
	esac
	: >"$T/out"
	setsid -w timeout 100 "$GATESH" run --wait-for-answer --debug "$T/debug" -- "$sigask" "$way" "$act" "$target" "$@" </dev/null >"$T/out" 2>"$T/err" &
	job=$!
	wait_for 5 any_question || return 1
	pid=$(sed -n 's/^pid //p' "$T/out")
}
allow() { "$GATESH" allow "$("$GATESH" pending --json | sed -nE 's/.*"id":([0-9]+).*/\1/p' | head -1)"; }
handled() { grep -q '^handler' "$T/out"; }
ended() { grep -q -e '^end' -e '^killed' "$T/out"; }
in_state() { [ "$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$pid/status")" = "$1" ]; }
delays=
# signal SIGNAL: send it; its handler runs while the question is open
signal() {
	local sent=${EPOCHREALTIME/[.,]/}
	kill -s "$1" "$pid"
	wait_for 2 handled || return 1
	delays+=" $(($(sed -n 's/^handler //p' "$T/out" | head -1) - sent))"
}
finish() { # finish [allow]: the lines but the pid and the handlers
	[ $# = 0 ] || allow >/dev/null || echo "(nothing to allow)"
	wait_for 5 ended; wait_for 5 no_session; cat "$T/out" >>"$T/all"
	grep -v -e '^pid' -e '^handler' "$T/out" | tr '\n' ' '
}
result() { case $1 in exec) echo 'executed end 0 ' ;; *) echo 'result 0 0 end 0 ' ;; esac; }
number() { kill -l "$1"; }

# --- a handler, with SA_RESTART and without
for way in libc asm; do
	for act in unlink exec connect; do
		[ "$way $act" != "libc exec" ] || continue # the new program asks by itself, and has no handlers
		for sig in ALRM TERM CHLD WINCH; do
			begin $way $act "$(number $sig)" restart || { fail "$way $act: no question" "$(cat "$T/out" "$T/err")"; continue; }
			ok "$way $act, SIG$sig: the handler runs while the question is open" signal $sig
			is "$way $act, SIG$sig, SA_RESTART: the call goes on, and a yes is used" "$(finish allow)" "$(result $act)"
		done
		begin $way $act "$(number ALRM)" plain
		ok "$way $act, SIGALRM without SA_RESTART: the handler runs" signal ALRM
		if [ $way = asm ]; then
			is "$way $act: and the call is interrupted" "$(finish)" "result -1 4 end 0 "
			ok "$way $act: its question is withdrawn" wait_for 5 no_question
		else
			is "$way $act: the library's question is not" "$(finish allow)" "$(result $act)"
		fi
	done
done
# --- default actions
for way in libc asm; do
	for act in unlink exec connect; do
		begin $way $act; kill -s WINCH "$pid"; kill -s CHLD "$pid"
		is "$way $act, SIGWINCH and SIGCHLD ignored: nothing happens" "$(finish allow)" "$(result $act)"
		begin $way $act; kill -s INT "$pid"
		is "$way $act, Ctrl-C ends it" "$(finish)" "killed 2 "
		ok "$way $act: and withdraws its question" no_question
		begin $way $act; kill -s TSTP "$pid"
		ok "$way $act, Ctrl-Z stops it" wait_for 5 in_state T
		ok "$way $act: its question stays" any_question
		kill -s CONT "$pid"; sleep 0.1
		is "$way $act: continued, it waits on and has its answer" "$(finish allow)" "$(result $act)"
		begin $way $act; kill -s STOP "$pid"
		ok "$way $act, SIGSTOP stops it" wait_for 5 in_state T
		sleep 1.2; allow >/dev/null; sleep 0.1
		kill -s CONT "$pid"
		is "$way $act: answered meanwhile, it goes on when it continues" "$(finish)" "$(result $act)"
		begin $way $act; kill -s QUIT "$pid"
		is "$way $act, SIGQUIT ends it" "$(finish)" "killed 3 "
	done
done
# --- an answer that came meanwhile is used once, and only for the same thing
begin asm bad 0 - twice; kill -s STOP "$pid"
ok "stopped" wait_for 5 in_state T
allow >/dev/null; ok "its question is answered" wait_for 5 no_question
kill -s CONT "$pid"
ok "the answer is used, and the very same call is asked again" wait_for 5 any_question
is "and allowed" "$(finish allow)" "result -1 8 result -1 8 end 0 "
# --- threads
for way in libc asm; do
	begin $way unlink "$(number USR1)" restart beside
	ok "$way: the first of two threads asks: it takes the process's signal" signal USR1
	is "$way: and goes on" "$(finish allow)" "result 0 0 end 0 "
	begin $way unlink "$(number USR1)" restart aside
	ok "$way: the second of two threads asks: the first takes the signal" signal USR1
	is "$way: and the second goes on" "$(finish allow)" "result 0 0 end 0 "
	begin $way unlink 0 - aside; kill -s TSTP "$pid"
	ok "$way: Ctrl-Z stops both threads" wait_for 5 in_state T
	kill -s CONT "$pid"
	is "$way: and both go on" "$(finish allow)" "result 0 0 end 0 "
	begin $way unlink "$(number ALRM)" restart threads 8
	eight() { [ "$("$GATESH" pending | wc -l)" = 8 ]; }
	ok "$way: eight threads ask at once" wait_for 5 eight
	ok "$way: the process's signal is handled" signal ALRM
	all() { # one after the other, as they come
		while [ "$(grep -c '^result' "$T/out")" -lt 8 ] && any_question; do allow >/dev/null; done; ended
	}
	wait_for 10 all
	is "$way: all go on" "$(finish | grep -o 'result 0 0' | wc -l)" 8
	begin $way unlink 0 - vfork
	is "$way: a vfork child asks" "$(finish allow)" "result 0 0 end 0 "
done
# --- frozen
frozen=$(mktemp -d "$(awk '$3 == "cgroup" && $4 ~ /(^|,)freezer(,|$)/ { print $2; exit }' /proc/mounts)/gate-test.XXXXXX" 2>/dev/null)
if [ -n "$frozen" ]; then
	is_frozen() { [ "$(cat "$frozen/freezer.state")" = FROZEN ]; }
	begin libc unlink
	echo "$pid" >"$frozen/cgroup.procs"; echo FROZEN >"$frozen/freezer.state"
	ok "libc: the freezer freezes it" wait_for 5 is_frozen
	allow >/dev/null; echo THAWED >"$frozen/freezer.state"
	is "libc: and it has its answer when it is thawed" "$(finish)" "result 0 0 end 0 "
	rmdir "$frozen"
else
	skip "the freezer freezes it" "no freezer that this user may use"; skip "and thaws" "the same"
fi
ok "no program ever sees ERESTARTSYS" test "$(grep -c "result -1 512" "$T/all")" = 0
# shellcheck disable=SC2086 # numbers
median=$(printf '%s\n' $delays | sort -n | awk '{ v[NR] = $1 } END { print int(v[int((NR + 1) / 2)] / 1000) }')
# shellcheck disable=SC2086
diag "milliseconds from signal to handler: median $median, slowest $(($(printf '%s\n' $delays | sort -n | tail -1) / 1000)) of $(wc -w <<<"$delays")"
ok "a handler runs within 200 ms" test "$median" -lt 200
done_testing
