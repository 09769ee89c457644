#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# debug.t - the debug trace: gatesh run --debug FILE and GATE_DEBUG=FILE.
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh" || exit 99
mkdir -p "$T/work"; cd "$T/work" || exit 99
trace=$T/trace
run() { setsid "$GATESH" run "$@" </dev/null 2>"$T/err"; }

run --debug "$trace" -- sh -c 'git push --force; true'
kinds=$(awk '{ print $2 }' "$trace" | sort -u | tr '\n' ' ')
like "the session's start and end are in it" "$(cat "$trace")" 'session  [0-9a-f]+ started: service agent.*session  [0-9a-f]+ ends'
like "an event, with the process and its ancestors" "$(cat "$trace")" 'event    #[0-9]+ exec pid [0-9]+: .*git push --force, in .*/work'
like "a question" "$(cat "$trace")" 'question q1 for pid [0-9]+: rule git.force-push'
like "its answer" "$(cat "$trace")" 'answer   q1: no_agent after [0-9]+ ms'
like "each line of the stack that ran" "$(cat "$trace")" 'line     #[0-9]+ .*/agent:[0-9]+ requisite gate_confirm: no_agent -> die'
like "the decision and how long it took" "$(cat "$trace")" 'decision #[0-9]+ no_agent after [0-9.]+ ms, rule git.force-push'
like "the kinds" "$kinds" '^answer (call )?decision event handover line question (relay )?session '
is "every line begins with a time" "$(grep -cvE '^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} [a-z]' "$trace")" 0
is "only the user can read it" "$(stat -c %a "$trace")" 600

rm -f "$trace"
# shellcheck disable=SC2016 # for the inner shell
is "GATE_DEBUG does the same, and the command does not see it" "$(GATE_DEBUG=$trace run -- sh -c 'echo "${GATE_DEBUG-unset}"')" unset
ok "and is written" grep -q 'session .* started' "$trace"
size=$(wc -c <"$trace")
GATE_DEBUG=$trace run -- true
ok "a second session appends" test "$(wc -c <"$trace")" -gt "$size"
run --debug "$T/none/trace" -- sh -c 'echo ran'; status=$?
is "a file that can't be written ends it before the command runs" "$status" 74
like "and says so" "$(cat "$T/err")" "^gate: .*/none/trace: the debug trace can't be written: No such file"
mkfifo "$T/fifo"
timeout 20 setsid -w "$GATESH" run --debug "$T/fifo" -- sh -c 'echo ran' </dev/null >"$T/out" 2>"$T/err"; status=$?
is "a FIFO that nobody reads does not hold it up" "$status $(cat "$T/out")" "74 "
# The session writes a good many more lines than fit a disk of four pages.
cat >"$T/full" <<'SH'
mount -t tmpfs -o size=16k none "$T/disk" || exit 77
setsid -w "$GATESH" run --debug "$T/disk/trace" -- sh -c 'for i in $(seq 200); do git push --force; done; echo ran' </dev/null >"$T/out" 2>"$T/err"
SH
mkdir "$T/disk"
export T GATESH
if unshare -m bash "$T/full" 2>/dev/null; then
	is "on a full disk the session goes on" "$(tail -n 1 "$T/out")" ran
	is "and says once that the trace has ended" "$(grep 'debug trace' "$T/err")" \
		"gate: $T/disk/trace: the debug trace ends here: No space left on device; the session goes on"
else
	skip "on a full disk the session goes on" "no tmpfs can be mounted here"; skip "and says once that the trace has ended" "the same"
fi
if command -v busybox >/dev/null && ! readelf -l "$(command -v busybox)" 2>/dev/null | grep -q INTERP; then
	run --debug "$trace" -- busybox true
	like "a hand-over by the kernel" "$(cat "$trace")" 'handover a seccomp listener, descriptor [0-9]+: taken'
else
	skip "a hand-over by the kernel" "no static busybox here"
fi
done_testing
