#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# faults.t - what the interposer makes of a session that is not there, not whole or not well: a refusal with its reason,
# never a crash, a hang or a silent pass.
# shellcheck disable=SC1091,SC2016,SC2030,SC2031,SC2046,SC2317
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/askd.sh"

mkdir "$T/bin"
PATH=$T/bin:$PATH
cp "$GATE_BUILD/tests/support/probe" "$T/bin/probe"
cp "$GATE_BUILD/tests/support/launch" "$T/bin/launch"
IMAGE=$SESSION/policy.img

# fault NAME EXPECTED COMMAND...: refused, with that reason
fault() {
	local what=$1 why=$2; shift 2
	gated "$@" >"$T/out" 2>"$T/err" </dev/null; local got=$?
	if [ $got = 126 ] && ! [ -s "$T/out" ] && [ "$(cat "$T/err")" = "gate: $why; nothing was executed" ]; then
		pass "$what"
	else
		fail "$what" \
			"status $got" "stdout: $(head -3 "$T/out")" "stderr: $(head -3 "$T/err")" \
			"expected: gate: $why; nothing was executed"
	fi
}

# The image.
askd allow probe/danger
cp "$IMAGE" "$T/image"
for bytes in 0 1 7 100 $(($(stat -c %s "$T/image") - 1)); do
	head -c "$bytes" "$T/image" >"$IMAGE"
	fault "an image of $bytes bytes" "probe: refused: policy.img, corrupt data" probe danger
	fault "an image of $bytes bytes, for a program of no concern" "true: refused: policy.img, corrupt data" true
done
{ cat "$T/image"; echo x; } >"$IMAGE"
fault "an image that is too long" "probe: refused: policy.img, corrupt data" probe danger
cp /bin/true "$IMAGE"
fault "another file for an image" "probe: refused: policy.img, not an image of this version" probe danger
{ head -c 8 "$T/image"; printf '\377'; tail -c +10 "$T/image"; } >"$IMAGE"
fault "an image of another version" "probe: refused: policy.img, not an image of this version" probe danger
size=$(stat -c %s "$T/image")
{ head -c 32 "$T/image"; printf '\377\377\377\177'; tail -c +37 "$T/image"; } >"$IMAGE"
fault "an image with a table outside of it" "probe: refused: policy.img, corrupt data" probe danger
is "the size is the same there" "$(stat -c %s "$IMAGE")" "$size"
rm "$IMAGE"
fault "no image" "probe: refused: policy.img, no such file" probe danger
mkdir "$IMAGE"
fault "a directory for an image" "probe: refused: policy.img, is a directory" probe danger
rmdir "$IMAGE"
SESSION=$T/nowhere fault "no session directory" "probe: refused: policy.img, no such file" probe danger
SESSION=relative/path fault "a relative GATE_SESSION" \
	"probe: refused: GATE_SESSION, not an absolute path to a directory" probe danger
SESSION=/$(printf 'x%.0s' {1..200}) fault "a GATE_SESSION too long for a socket" \
	"probe: refused: GATE_SESSION, name too long" probe danger

# The socket.
dead="probe: refused: the session can't be reached"
silent="probe: refused: the session does not answer"
askd allow probe/danger
askd_stop
fault "a session that is dead" "$dead, nothing is listening" probe danger
rm "$SESSION/ask.sock"
fault "a session whose socket is gone" "$dead, no such file" probe danger
like "no descriptor left to look with" "$(gated bash -c 'ulimit -n 3; exec probe danger' 2>&1; echo $?)" \
	"^gate: bash: refused: policy.img can't be read; nothing was executed.*126$"
for how in hangup late; do
	askd $how probe/danger
	fault "$how: it hangs up without an answer" "$silent, the connection was closed" probe danger
done
for how in torn garbage flood; do
	askd $how probe/danger
	fault "$how: an answer that is none" "$silent, corrupt data" probe danger
done
askd foreign probe/danger
fault "an answer of another version" "$silent, another protocol version" probe danger
askd deny probe/danger
is "a refusal without a line gets one" "$(gated probe danger 2>&1)" "gate: probe: refused; nothing was executed"

# Silence: a session that is stopped is given WIRE_SILENCE_MS; both kinds at once, they take as long.
askd mute probe/danger
start=$SECONDS
gated probe danger >"$T/mute" 2>&1 &
mute=$!
sleep 0.3
gated launch vfork "$T/bin/probe" danger >"$T/vfork" 2>&1 &
vfork=$!
(
	askd_pid='' SESSION=$T/stopped ASKLOG=$T/stopped.log
	askd allow probe/danger
	kill -STOP "$askd_pid"
	gated probe danger >"$T/stop" 2>&1
	echo $? >"$T/stop.status"
	askd_stop
) &
stop=$!
wait $mute
is "a session that takes the question and says nothing" \
	"$? $(cat "$T/mute")" "126 gate: $silent, timed out; nothing was executed"
wait $vfork
is "the same from a vfork child" "$? $(cat "$T/vfork")" "126 gate: $silent, timed out; nothing was executed"
wait $stop
is "a session that is stopped" \
	"$(cat "$T/stop.status") $(cat "$T/stop")" "126 gate: $silent, timed out; nothing was executed"
ok "both within twelve seconds" test $((SECONDS - start)) -le 13

# on-fault: allow.
askd hangup +allow probe/danger
is "on-fault: allow goes on, and says so" "$(gated probe danger 2>&1 | head -2)" \
	"gate: probe: not judged: the session does not answer, the connection was closed; executed anyway (on-fault: allow)
errno 0 argc 2"
head -c 2000 "$IMAGE" >"$T/cut" && head -c 300 "$T/cut" >"$IMAGE"
fault "but not without its image" "probe: refused: policy.img, corrupt data" probe danger

# Arguments.
askd allow probe/danger probe-other
big=$(head -c 100000 /dev/zero | tr '\0' x)
is "300 KB of arguments are asked about" \
	"$(gated probe danger "$big" "$big" "$big" | grep -c '^word'; tail -1 "$ASKLOG" | cut -c1-12)" \
	"5
exec 5 words"
is "10,000 arguments are" "$(gated probe danger $(seq 9998) | grep -c '^word'; tail -1 "$ASKLOG" | cut -c1-16)" "10000
exec 10000 words"
gated probe danger $'\xff\xfe\n' >"$T/out"
is "bytes that are no text arrive as they are" "$(grep -ac $'^word .\xff\xfe' "$T/out"; grep -ac $'.\xff\xfe' "$ASKLOG")" "1
1"
cat >"$T/argv.c" <<'C'
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char *none[] = {NULL}, *empty[] = {(char *)"", NULL};
	execve(argv[2], atoi(argv[1]) ? empty : none, environ);
	return 99;
}
C
if ${CC:-cc} -D_GNU_SOURCE -o "$T/bin/argv" "$T/argv.c" 2>"$T/cc.log"; then
	cp "$T/bin/probe" "$T/bin/probe-other"
	asked=$(asked)
	is "an empty argv" "$(gated argv 0 "$T/bin/probe-other" | head -2)" "$(argv 0 "$T/bin/probe-other" | head -2)"
	is "an empty argv[0]" \
		"$(gated argv 1 "$T/bin/probe-other" | head -2)" "$(argv 1 "$T/bin/probe-other" | head -2)"
	is "both are judged by the file" "$(($(asked) - asked))" 2
else
	skip "empty argv" "no compiler: $(tail -1 "$T/cc.log")"
fi

# Descriptors: a closed standard stream stays closed, and nothing is left.
probe_fds() { grep '^fd' "$1"; }
for closed in '<&-' '>&-' '2>&-' '<&- 2>&-'; do
	sh -c "exec probe danger $closed" >"$T/native" 2>"$T/native.err"
	gated sh -c "exec probe danger $closed" >"$T/gate" 2>"$T/gate.err"
	is "with $closed: the same descriptors" "$(probe_fds "$T/gate")" "$(probe_fds "$T/native")"
done
askd 'deny=gate: no' probe/danger
is "refused with stderr closed: still refused" "$(gated sh -c 'probe danger 2>&-; echo $?')" 126
is "refused with stdout closed: the line is on stderr" "$(gated sh -c 'exec probe danger >&-' 2>&1)" "gate: no"

# gate-standin on its own.
is "gate-standin without the interposer refuses" "$(GATE_TARGET=/bin/true "$GATE_EXEC" x 2>&1; echo $?)" \
	"gate: /bin/true: refused: gate-standin runs without the interposer; nothing was executed
126"
is "nor does it start a command without it" "$("$GATE_EXEC" echo a b 2>&1; echo $?)" \
	"gate: echo: refused: gate-standin runs without the interposer; nothing was executed
126"
is "gate-standin outside a session refuses" \
	"$(LD_PRELOAD=$PRELOAD GATE_SESSION='' GATE_TARGET=/bin/true "$GATE_EXEC" x 2>&1; echo $?)" \
	"gate: /bin/true: refused: gate-standin runs without the interposer; nothing was executed
126"
is "gate-standin starts a command" "$(gated "$GATE_EXEC" echo a b)" "a b"
is "and says what it can't" \
	"$(gated env PATH=/usr/bin:/bin "$GATE_EXEC" nothing-there 2>&1; echo $?)" "gate: nothing-there: no such program in PATH
127"
is "the same for what can't be executed" \
	"$(gated "$GATE_EXEC" /etc/passwd 2>&1; echo $?)" "gate: /etc/passwd: Permission denied
126"
is "GATE_TARGET means nothing to another program" "$(gated env GATE_TARGET=/bin/true probe danger 2>&1)" "gate: no"
done_testing
