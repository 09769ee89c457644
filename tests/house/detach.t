#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# detach.t - a test that is started from a terminal runs without one, gives the same, and ends with Ctrl-C; so does
# one that is started with signals ignored.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/term.sh"
cd "$T" || exit 99

cat >inner.t <<'END'
. "$GATE_SRC/tests/support/lib.sh"
no_terminal() { ! (: </dev/tty) 2>/dev/null && [ ! -t 0 ] && [ ! -t 1 ] && [ ! -t 2 ]; }
ok "no terminal" no_terminal
is "the same words" "$# $1" "2 two words"
is "no variable of the first run" "$(compgen -e | grep -i detach)" ""
is "no signal but SIGQUIT is ignored" $((0x$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status) & 0x7ffffffb)) 0
is "nothing to read" "$(cat)" ""
echo "# to stderr" >&2
if [ "$2" = wait ]; then
	test_cleanup() { echo cleaned >"$GATE_TEST_LEFT/cleaned"; }
	setsid sleep 1000 & echo "$! $$" >"$GATE_TEST_LEFT/pids.new"; mv "$GATE_TEST_LEFT/pids.new" "$GATE_TEST_LEFT/pids"
	wait
fi
[ "$2" != fail ] || fail "on purpose"
done_testing
END
export GATE_TEST_LEFT=$T
ended() { local test child; read -r test child <pids; ! kill -0 "$test" 2>/dev/null && ! kill -0 "$child" 2>/dev/null; }

term_start 100 30 "cd '$T'; exec bash --norc"
line "PS1='\$ '; clear; (: </dev/tty) && echo a terminal \$((6 * 7))"; ok "the terminal it is started from" sees "a terminal 42"
line "clear; bash inner.t 'two words' x >by.file; echo a-status \$?"; ok "it succeeds" sees "a-status 0"
is "in all it tests" "$(grep -c '^ok' by.file) $(grep -c '^not' by.file)" "5 0"
line "clear; bash inner.t 'two words' x; echo b-status \$?"; ok "its output comes to the terminal, then it ends" sees "b-status 0"
is "all of it" "$(screen | grep -v '^\$\|^.-status\|^$')" "$(cat by.file)"
is "and it says what it says without a terminal" "$(env --default-signal bash inner.t 'two words' x 2>&1)" "$(cat by.file)"
is "and with signals ignored" "$(trap '' HUP INT QUIT TERM; bash inner.t 'two words' x 2>&1)" "$(cat by.file)"
line "clear; bash inner.t 'two words' fail; echo c-status \$?"; ok "a failure is its status" sees "c-status 1"
line "clear; bash inner.t 'two words' wait; echo d-status \$?"; wait_for 10 test -s pids
keys C-c; ok "Ctrl-C ends it" wait_for 10 ended; sees "d-status 143"
ok "and it cleans up" wait_for 10 test -s cleaned
rm pids cleaned
line "bash inner.t 'two words' wait; echo e-status \$?"; wait_for 10 test -s pids
term kill-server; ok "so does the end of the terminal" wait_for 10 ended
ok "with what it started" wait_for 10 test -s cleaned
done_testing
