#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# stay.t - gatesh run ends with its command; the session stays, and gates, until its last process has ended.
# shellcheck disable=SC2154 # files.sh sets base
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
test_cleanup() { term kill-server 2>/dev/null; rm -rf "$base"; }
cd "$base" || exit 99
run() { setsid -w "$GATESH" run "$@" </dev/null; }
field() { "$GATESH" sessions --json | python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())[sys.argv[1]])' "$1"; }
allow() { "$GATESH" allow "$("$GATESH" pending | awk '{ print $1; exit }')" >/dev/null; }
# background WORDS: a process that is left: it waits for go, runs the words, and writes their status to $T/status.
mkfifo "$T/go"
export T
cat >"$T/bin/background" <<'END'
#!/bin/sh
exec >"$T/out" 2>&1
echo $$ >"$T/pid"
read -r _ <"$T/go"
"$@"; echo $? >"$T/status"
END
# raw: removes a file by a system call of its own
cat >"$T/bin/raw" <<'END'
#!/usr/bin/env python3
import ctypes, os, sys
libc = ctypes.CDLL("libc.so.6", use_errno=True)
number = {"x86_64": (263,), "aarch64": (35,)}[os.uname().machine][0]
if libc.syscall(number, -100, sys.argv[1].encode(), 0):
    sys.exit(os.strerror(ctypes.get_errno()))
END
chmod +x "$T/bin"/*
leave() { rm -f "$T"/{pid,status,out}; run --wait-for-answer -- sh -c 'background "$@" & while test ! -s "$T/pid"; do sleep 0.05; done; exit 4' sh "$@"; }
go() { echo >"$T/go"; wait_for 10 test -s "$T/status"; }

# --- at once, and still there
run -- sh -c 'true & true | true'; is "nothing left: the session is gone with the command" "$("$GATESH" sessions)" ""
leave true; is "processes are left: the status comes at once" "$?" 4
like "the session says so" "$("$GATESH" sessions)" "0 waiting, command ended [0-9:]+, 1 process left"
is "and in JSON" "$(field left)" 1
pid=$(field pid)
is "it is a POSIX session of its own, without a terminal" "$(ps -o sid=,tty= -p "$pid" | tr -d ' ')" "$pid?"
is "and has let go of the standard streams" "$(readlink "/proc/$pid/fd/0" "/proc/$pid/fd/1" "/proc/$pid/fd/2" 2>/dev/null | sort -u)" \
	"$([ ! -r "/proc/$pid/fd/0" ] || echo /dev/null)"
go; ok "it ends with the last process" wait_for 10 no_session

# --- it gates
echo old >file; leave raw file; go
is "a raw system call of what is left succeeds" "$(cat "$T/status" "$T/out")" 0
ok "removes" test ! -e file
"$GATESH" undo --yes file >/dev/null; is "and was kept" "$(cat file)" old
wait_for 10 no_session
leave doomsday now; echo >"$T/go"; wait_for 10 any_question
like "what a rule asks about is asked" "$("$GATESH" pending)" "doomsday now"
allow; wait_for 10 test -s "$T/status"; is "and allowed" "$(cat "$T/status" "$DONE")" $'0\nnow'
wait_for 10 no_session
leave sh -c 'ls /usr >/dev/null && echo new'; go; is "programs start" "$(cat "$T/status" "$T/out")" $'0\nnew'
wait_for 10 no_session

# --- pipes: nobody but the command and its children holds them
is "a pipe ends with the command" "$(leave true | cat; echo "${PIPESTATUS[0]}")" 4
go; wait_for 10 no_session
(flock 9; leave true) 9>"$T/lock"; : # background has the lock as well
unlike "an inherited lock is held by the processes alone" "$(readlink "/proc/$(field pid)"/fd/* 2>/dev/null)" "$T/lock"
go; wait_for 10 no_session

# --- ends
leave true; kill -TERM "$(field pid)"
ok "SIGTERM ends the session" wait_for 10 no_session
gone() { ! kill -0 "$(cat "$T/pid")" 2>/dev/null; }
ok "and the processes" wait_for 10 gone
rm -f "$T/pid"; setsid "$GATESH" run -- sh -c 'trap "echo hup >$T/hup; exit" HUP; echo $$ >"$T/pid"; while :; do sleep 0.05; done' </dev/null 2>/dev/null & front=$!
wait_for 10 test -s "$T/pid"; kill -9 $front; wait $front 2>/dev/null
ok "kill -9 of the foreground process: the command hangs up" wait_for 10 test -s "$T/hup"
ok "and the session ends" wait_for 10 no_session

# --- on a terminal
term_start 100 30 "bash --norc"
line "PS1='$ '; clear; cd $base; rm -f $T/{pid,status,out}; stty -a >$T/before"; sleep 0.3
echo old >"$base/gone"; sleep 0.02
line "$GATESH run --wait-for-answer -- sh -c 'rm gone; (read x <$T/go; echo still\"\" here; raw file 2>&1; echo \$? >$T/status; doomsday late; sleep 1000.$$) & exit 3'; echo status \$?; stty -a >$T/after"
ok "the status comes at once" sees "status 3"
id=$(field id)
ok "with a line about what is left, and how it is ended" sees "gate: 1 process of session $id still runs, gated; to end: gatesh sessions end $id"
ok "each line begins in the first column" eval 'screen | grep -q "^gate: kept 1 file"'
wait_for 10 test -s "$T/after"
ok "the terminal's modes are as before" cmp -s <(sed 1d "$T/before") <(sed 1d "$T/after")
echo old >file; go; ok "what is left was not hung up" test "$(cat "$T/status")" = 0
ok "and still prints there" sees "still here"
wait_for 10 any_question
ok "its question is not asked there" hides "ends the world"
allow; wait_for 10 grep -q late "$DONE"
line "echo a\$((1 + 1))b"; ok "the shell has the keys" sees "a2b"
pid=$(field pid); kill -TERM "$pid"; ok "SIGTERM ends it" wait_for 10 no_session

line "clear; $GATESH run -- sh -c 'echo up; sleep 1000.$$'"; sees up
front=$(pgrep -o -fx "$GATESH run -- sh -c echo up; sleep 1000[.]$$")
kill -9 "$front"; ok "kill -9 of the foreground process ends a session on a terminal" wait_for 10 no_session
wait_for 10 is_last "$"; line "clear; stty -a >$T/after; echo o\"\"k"; ok "and the terminal is the shell's" sees ok
ok "as it was" cmp -s <(sed 1d "$T/before") <(sed 1d "$T/after")
done_testing
