#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# redraw.t - a question that waits writes the digits of its countdown, not the whole panel once a second.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"

# record: from now on, what is written to the terminal also goes to $T/raw
record() { : >"$T/raw"; term pipe-pane -O "exec cat >>$T/raw"; }
changes() { tr '\033' '\n' <"$T/raw" | grep -c '^\[K'; }
changed() { [ "$(changes)" -ge "$1" ]; }
# costs WHAT: four changes of the countdown, each of at most 50 bytes
costs() {
	record
	ok "$1: the countdown goes on" wait_for 15 changed 4
	term pipe-pane
	local bytes all
	bytes=$(wc -c <"$T/raw") all=$(changes)
	ok "$1: in $bytes bytes for $all changes, at most 50 each" test "$bytes" -le $((all * 50))
}

term_start 100 30 "bash --norc"
line "PS1='\$ '; clear; $GATESH run -- doomsday now; echo \"=\$?\""
ready "? more"; sees "left: 3 worlds"
costs "in a session"
keys e; sees "no, because:"; typed "not today"; sees "not today"
before=$(cursor)
record; sleep 2.5; term pipe-pane
is "while a sentence is typed, without a countdown, nothing is written" "$(wc -c <"$T/raw")" 0
is "the cursor stays behind what was typed" "$(cursor)" "$before"
printf '\033[29;1HWALL' >"$(term display-message -p '#{pane_tty}')"; sees WALL
keys C-l; ok "Ctrl-L draws over what somebody else wrote" lost WALL
ok "and everything else is there" shows "not today"
keys Enter; ok "the answer is taken" sees "=126"
line "clear; $GATESH check -- doomsday now; echo \"=\$?\""; ready "? more"
costs "gatesh check"
keys n; ok "gatesh check takes its answer" sees "=1"
done_testing
