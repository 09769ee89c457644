#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# raw.sh - measures system calls that the interposer does not see, in a session and natively in turns: by a wall clock, the
# median of ROUNDS (first argument, 5).  make bench
# shellcheck disable=SC1091,SC2034 # lib.sh reads rounds
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/bench/lib.sh"
rounds=${1:-5}
bench=$GATE_BUILD/tests/bench/call_bench
fill=$GATE_BUILD/tests/bench/file_bench
[ -x "$bench" ] || { echo "no $bench: make bench"; exit 1; }
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/bench.rules" <<'END'
rule: bench.never
on: unlink
path: *.never
action: deny
severity: notice
reason: never
hit: x.never
miss: x
END
cd "$W" || exit 1
old() { rm -rf old; "$fill" fill old 2000; sleep 0.05; }
mine() { rm -f mine; }
# In the session the file is the session's own; natively it is made the same way.
compare "a raw open for writing of its own file" "30 us" mine sh -c ": >mine; exec $bench write mine 20000"
compare "a raw unlink of a real file" 4 old "$bench" unlink old 2000
compare "a raw connect" 3 nothing "$bench" connect - 5000
# Natively the call fails at once, too: the difference is the question.
never() { if [ -e x.never ]; then rm x.never; else echo x >x.never; sleep 0.05; fi; }
echo x >x.never
compare "a question without a person" "60 us" never "$bench" refused x.never 2000
