#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# load.t - a thousand askers, fifty sessions, a file system that does not answer, a gatesh that is stopped or killed, no
# descriptors, no memory: each call is done, asked about or refused with a reason; nothing hangs and nothing passes.
# shellcheck disable=SC2015
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
sigask=$GATE_BUILD/tests/support/sigask stuckfs=$GATE_BUILD/tests/support/stuckfs
askers=${GATE_ASKERS:-1000} sessions=${GATE_SESSIONS:-50}
mkdir "$T/bin" "$T/stuck"
cp "$sigask" "$T/bin/asked-program"
cp "$sigask" "$T/bin/other"
static=1; ${CC:-cc} -static -w -D_GNU_SOURCE -pthread -o "$T/bin/sigask-static" "$GATE_SRC/tests/support/sigask.c" 2>/dev/null || static=
mkdir "$T/static"; [ -z "$static" ] || cp "$T/bin/sigask-static" "$T/static/asked-program"
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
END
jobs=() fs=
# shellcheck disable=SC2086 # none or one process
test_cleanup() { kill -CONT "${jobs[@]}" 2>/dev/null; kill "${jobs[@]}" $fs 2>/dev/null; umount -l "$T/stuck" 2>/dev/null; rm -rf "$base"; }
cd "$W" || exit 99
ulimit -Sn 1024 # the usual one
is "the session's programs have the limit that gatesh was started with" "$(setsid -w "$GATESH" run -- sh -c 'ulimit -Sn' </dev/null 2>&1)" 1024

# begin NAME WORD...: a session, whose output is $T/NAME.out; $job is the gatesh in the foreground
begin() {
	local name=$1
	shift
	: >"$T/$name.out"; : >"$T/$name.debug"
	"$GATESH" run --wait-for-answer --debug "$T/$name.debug" -- "$@" </dev/null >"$T/$name.out" 2>"$T/$name.err" &
	job=$!; jobs+=("$job")
}
# The session's gatesh itself, which outlives the one in the foreground.
gatesh_of() { sed -n 's/.* started: .* pid //p' "$T/$1.debug"; }
said() { grep -q "$2" "$T/$1.out"; }
result() { grep -v '^pid' "$T/$1.out" | tr '\n' ' '; }
waiting() { [ "$("$GATESH" pending 2>/dev/null | wc -l)" -ge "$1" ]; }
# In a subshell of wait_for: answer what is open.
allow_all() { "$GATESH" pending 2>/dev/null | awk '{ print $1 }' | xargs -r -n 1 -P 4 "$GATESH" allow >/dev/null 2>&1; }
all_end() { allow_all; said "$@"; }
files() { local i; for ((i = 0; i < $1; i++)); do echo old >"f.$i.asked"; done; echo old >f; echo old >f.asked; }
left() { find . -name 'f.*.asked' | wc -l; }

# --- a thousand askers
for way in libc asm; do
	files "$askers"
	begin crowd "$sigask" $way unlink "$W/f" 0 - crowd "$askers"
	askers_of() { "$GATESH" pending --json 2>/dev/null | sed -n 's/.*"askers":\([0-9]*\).*/\1/p' | awk '{ n += $1 } END { print n + 0 }'; }
	most() { [ "$(askers_of)" -ge "$askers" ]; }
	ok "$way: $askers processes ask about a file each, at once" wait_for 30 most
	diag "$way: $(askers_of) askers, $("$GATESH" pending 2>/dev/null | wc -l) questions, $(grep -h -e VmRSS -e Threads "/proc/$(gatesh_of crowd)/status" | tr -s '\t\n' ' ')"
	"$GATESH" pending | awk 'NR <= 3 { print $1 }' | while read -r id; do "$GATESH" allow "$id"; done >/dev/null
	three() { [ "$(left)" = $((askers - 3)) ]; }
	ok "$way: three are allowed" wait_for 20 three
	kill -TERM -- "-$(sed -n 's/^pid //p' "$T/crowd.out")"
	ok "$way: the others end, and so do their questions" wait_for 20 no_question
	wait "$job"
	is "$way: and nothing passed" "$(left)" $((askers - 3))
	rm -f f.*.asked
	begin crowd "$sigask" $way exec "$T/bin/asked-program" 0 - crowd "$askers"
	ok "$way: $askers start the same program, and all end" wait_for 90 all_end crowd ^end
	is "$way: and run it" "$(grep -c executed "$T/crowd.out")" "$askers"
	wait "$job"
done

# --- many sessions
for ((i = 0; i < sessions; i++)); do
	echo old >"s$i.asked"; way=libc; ((i % 2)) || way=asm
	begin "s$i" "$sigask" $way unlink "$W/s$i.asked"
done
ok "$sessions sessions at once, and each asks" wait_for 60 waiting "$sessions"
all_sessions() { allow_all; [ "$(cat "$T"/s[0-9]*.out | grep -c '^end')" = "$sessions" ]; }
ok "each has its answer" wait_for 60 all_sessions
is "and has done it" "$(cat "$T"/s[0-9]*.out | grep -c '^result 0 0')" "$sessions"
wait_for 20 no_session

# --- a file system that does not answer
"$stuckfs" "$T/stuck" >"$T/fs.out" 2>"$T/fs.err" & fs=$!
if wait_for 5 grep -q mounted "$T/fs.out"; then
	files 0
	# shellcheck disable=SC2016 # for the inner shell
	begin stuck bash -c '
		for i in 1 2 3; do
			"$1" asm unlink "$2/stuck/f.asked" & "$1" libc unlink "$2/stuck/f.asked" &
			"$1" asm exec "$2/stuck/asked-program" & "$1" libc exec "$2/stuck/asked-program" &
		done >/dev/null
		sleep 1
		"$1" libc unlink "$3/f.0.asked"; "$1" asm unlink "$3/f.1.asked"
		echo others
		wait' - "$sigask" "$T" "$W"
	files 2
	ok "beside callers that are stuck, another one is asked about" wait_for 20 waiting 1
	ok "and two have their answers" wait_for 20 all_end stuck ^others
	is "and have done it" "$(grep -c '^result 0 0' "$T/stuck.out")" 2
	kill "$fs"; wait "$fs" 2>/dev/null; fs=
	ended() { allow_all; ! kill -0 "$job" 2>/dev/null; } # what can't be opened is asked about
	ok "when the file system is gone, they end" wait_for 20 ended
else
	fs=
	for what in "asked beside" "answered" "done" "and ends"; do skip "a stuck file system: $what" "no FUSE here: $(cat "$T/fs.err")"; done
fi

# --- gatesh is stopped
files 2
begin slow bash -c '"$1" libc unlink "$2/f.0.asked" & "$1" asm unlink "$2/f.1.asked" & wait; echo both' - "$sigask" "$W"
ok "two ask" wait_for 10 waiting 2
gatesh=$(gatesh_of slow); kill -STOP "$gatesh"; sleep 3; kill -CONT "$gatesh"
ok "gatesh stops for three seconds and goes on: they have their answers" wait_for 10 all_end slow ^both
is "and do it" "$(grep -c '^result 0 0' "$T/slow.out")" 2
wait "$job"
files 1
begin slow "$sigask" libc unlink "$W/f.0.asked"
ok "one asks" wait_for 10 waiting 1
gatesh=$(gatesh_of slow); kill -STOP "$gatesh"; jobs+=("$gatesh")
ok "gatesh stays stopped: the asker is refused" wait_for 15 said slow "^result -1 1"
like "and told why" "$(cat "$T/slow.err")" "the session does not answer, timed out"
kill -CONT "$gatesh"; wait "$job"

# --- gatesh is killed
for way in libc asm; do
	files 3
	# shellcheck disable=SC2016 # for the inner shell
	begin dead bash -c '
		"$1" '$way' unlink "$2/f.0.asked"
		until [ -e "$2/dead" ]; do read -t 0.1 <> <(:); done
		"$1" libc unlink "$2/f.1.asked"; "$1" asm unlink "$2/f.2.asked"; "$1" asm exec "$3"; "$1" libc exec "$3"; echo later >&2' - "$sigask" "$W" "$T/bin/asked-program"
	ok "$way: one asks" wait_for 10 waiting 1
	inside=$(sed -n 's/^pid //p' "$T/dead.out")
	kill -KILL "$(gatesh_of dead)"; wait "$job" 2>/dev/null
	gone() { [ ! -e "/proc/$inside" ]; }
	ok "$way: gatesh is killed: the one that waits ends" wait_for 10 gone
	touch dead
	later() { grep -q '^later' "$T/dead.err"; }
	ok "$way: and so do later ones" wait_for 20 later
	rm -f dead
	is "$way: nothing passed" "$(left) $(grep -c executed "$T/dead.out")" "3 0"
	like "$way: and its foreground says why" "$(cat "$T/dead.err")" "what is left of the session is refused"
done

# --- no descriptors, no memory: a program that can't have the page leaves its calls to gatesh, which asks
poor() { # poor WAY ACT TARGET OPTION: the result, with every question answered by yes
	echo old >f.asked; echo old >f.asked.old
	begin poor "$sigask" "$1" "$2" "$3" 0 - "$4"
	wait_for 20 all_end poor '^\(end\|killed\)' || echo "(it hangs)"
	wait "$job"
	result poor
}
for option in nofile nomem; do
	for way in libc asm; do
		is "$way unlink, $option: asked and done" "$(poor $way unlink "$W/f.asked" $option)" "result 0 0 end 0 "
		like "$way unlink, $option: asked indeed" "$(cat "$T/poor.debug")" "question q[0-9]+ for pid"
		rm -f "$T/poor.debug"
	done
done
for way in libc asm; do
	if [ -n "$static" ]; then
		is "$way exec, nofile: asked and done" "$(poor $way exec "$T/static/asked-program" nofile)" "executed end 0 "
	else
		skip "$way exec, nofile" "no static libc, and another one opens files"
	fi
done
for way in libc asm; do
	is "$way unlink, descriptors end after a first call: asked and done" "$(poor $way unlink "$W/f.asked" nofile-late)" "result 0 0 result 0 0 end 0 "
	like "$way unlink, descriptors end after a first call: asked indeed" "$(cat "$T/poor.debug")" "question q[0-9]+ for pid"
	rm -f "$T/poor.debug"
done
done_testing
