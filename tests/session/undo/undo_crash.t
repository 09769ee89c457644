#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_crash.t - kill -9 and a full disk at points of keeping and restoring: nothing is lost, and no record lies (crash.py).  A choice of the
# points; GATE_CRASH_ALL=1 takes every one (over 500).
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
CRASHAT=$GATE_BUILD/tests/support/crashat; export T GATESH CRASHAT
crash() { python3 "$GATE_SRC/tests/session/undo/crash.py" "$@" 2>&1; }
# every POINTS-th point, from a beginning that is another one each time
some() { if [ -n "${GATE_CRASH_ALL:-}" ]; then echo 1 1; else echo $((RANDOM % $1 + 1)) "$1"; fi; }

"$CRASHAT" kill 1 true 2>"$T/err"
[ $? = 99 ] || { echo "1..0 # SKIP no tracing here: $(cat "$T/err")"; exit 0; }
# shellcheck disable=SC2046
for what in rm:3 mv:2 sh:6 truncate:6 kept:2 python:4 inplace:3 chmod:2 exchange:3 names:3; do
	for mode in kill full short; do
		like "${what%:*}, $mode" "$(crash "${what%:*}" $mode $(some "${what#*:}"))" '^[1-9][0-9]* points, 0 failures$'
	done
	like "${what%:*}, gatesh is killed" "$(crash "${what%:*}" session 1 $([ -n "${GATE_CRASH_ALL:-}" ] && echo 20 || echo 3))" '^[1-9][0-9]* points, 0 failures$'
done
# shellcheck disable=SC2046
for mode in kill full short; do
	like "gatesh undo, $mode" "$(crash undo $mode $(some 25))" '^[1-9][0-9]* points, 0 failures$'
done

# a disk that is really full
mkdir "$T/small"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=512k tmpfs "$T/small" 2>/dev/null; then
	test_cleanup() { cd /; umount -l "$T/small"; }
	mkdir "$T/small/work"; cd "$T/small/work" || exit 99
	for i in 1 2 3; do head -c 16384 /dev/urandom >f$i; done
	sum=$(cat f? | sha1sum); sleep 0.02
	like "what is overwritten is kept, until there is no room for it: then it is refused" \
		"$("$GATESH" run -- sh -c 'head -c 900000 /dev/zero >filler; for i in 1 2 3; do echo x >f$i; done; rm -f f1 f2 f3' 2>&1 </dev/null; echo "status $?")" 'No space left.*gate: .*f1'
	rm -f filler
	"$GATESH" undo -y --since 1h </dev/null >/dev/null 2>&1
	is "and nothing is lost" "$(cat f? | sha1sum)" "$sum"
	cd / && umount "$T/small"; test_cleanup() { :; }
else
	skip "a disk that is really full" "no tmpfs can be mounted"; skip "nothing is lost" "no tmpfs can be mounted"
fi
done_testing
