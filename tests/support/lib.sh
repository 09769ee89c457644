# SPDX-License-Identifier: BSD-2-Clause
# lib.sh - TAP for the session tests.  Source it, then ok/is/like; `plan N` before them or `done_testing` at the end.
# shellcheck shell=bash disable=SC1091
set -u
: "${GATE_STAGE:?run by make check}" "${GATE_SRC:?}" "${GATE_BUILD:?}"
if [ -n "${GATE_SESSION:-}" ]; then echo "Bail out! these tests start sessions of their own: run them outside one"; exit 99; fi
. "$GATE_SRC/tests/support/detach.sh"
GATESH=$GATE_STAGE/bin/gatesh
T=$(mktemp -d "${TMPDIR:-/tmp}/gate-test.XXXXXX")
# The test gets a home of its own, so that it never reads or writes a user's configuration, sessions or audit log.
export HOME=$T/home XDG_RUNTIME_DIR=$T/run XDG_STATE_HOME=$T/state XDG_CONFIG_HOME=$T/config LC_ALL=C.UTF-8
# The unit tests look for leaks.  Here the leak checker would have to trace processes that forbid it.
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
unset MAKEFLAGS MAKELEVEL LD_PRELOAD GIT_DIR TMUX NO_COLOR DBUS_SESSION_BUS_ADDRESS
export HISTFILE= # an interactive shell that is hung up at the end writes its history into a home that is being removed
mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$XDG_STATE_HOME" "$XDG_CONFIG_HOME"; chmod 700 "$XDG_RUNTIME_DIR"
test_cleanup() { :; }
trap 'test_cleanup; rm -rf "$T"' EXIT
n=0 failed=0
plan() { echo "1..$1"; }
diag() { printf '%s\n' "$*" | sed 's/^/# /'; }
pass() { n=$((n + 1)); echo "ok $n - $1"; }
fail() { n=$((n + 1)) failed=$((failed + 1)); echo "not ok $n - $1"; shift; [ $# = 0 ] || diag "$@"; }
ok() { local what=$1; shift; if "$@"; then pass "$what"; else fail "$what" "failed: $*"; fi; }
is() { if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got:      $2" "expected: $3"; fi; }
like() { if [[ $2 =~ $3 ]]; then pass "$1"; else fail "$1" "got:        $2" "not like:   $3"; fi; }
unlike() { if [[ $2 =~ $3 ]]; then fail "$1" "got:        $2" "is like:    $3"; else pass "$1"; fi; }
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
# wait_for SECONDS COMMAND...: repeat the command until it succeeds.  A machine with other work to do gets four times as long.
wait_for() { local end=$((SECONDS + 4 * $1)); shift; until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.05; done; }
prints() { local want=$1; shift; [ "$("$@")" = "$want" ]; }
# becomes WHAT EXPECTED COMMAND...: what the command prints, as soon as it is the expected
becomes() { local what=$1 want=$2; shift 2; wait_for 10 prints "$want" "$@"; is "$what" "$("$@")" "$want"; }
# For wait_for: `wait_for 5 test -z "$(...)"` would look once, before it waits.
any_session() { [ -n "$("$GATESH" sessions)" ]; }
no_session() { ! any_session; }
any_question() { [ -n "$("$GATESH" pending 2>/dev/null)" ]; }
no_question() { ! any_question; }
done_testing() { echo "1..$n"; exit $((failed > 0)); }
