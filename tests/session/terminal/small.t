#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# small.t - a question in small terminals: the command is in view while the keys work, and ? turns pages to the rest.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"

cp "$(type -P true)" "$T/bin/doomsday" # shown by its own name, not as an argument of its interpreter

start() { # COLS ROWS
	gated_shell "$1" "$2"
}
ask() { lost "? more"; rm -f "$T/status"; line "clear; $1 2>$T/err; echo \$? >$T/status"; ready "? more"; }
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }
# in_view WHAT: command, reason and keys
in_view() {
	ok "$1: the command" sees "doomsday now"
	ok "$1: the keys" shows "? more"
	is "$1: no line is wrapped or scrolled away" "$(screen | grep -c .)" "$(screen | grep -c '[^ ]')"
}

start 20 6; ask "doomsday now"
in_view 20x6; ok "20x6: the reason" shows "ends the world"
keys s; sleep 0.3; ok "20x6: s does nothing where its scope is not shown" test ! -s "$T/status"
keys "?"; ok "20x6: ? turns to the first page" sees "1/"
pages=$(screen | sed -n 's,.*1/\([0-9]*\).*,\1,p') all=""
for ((page = 1; page <= pages; page++)); do
	sees "$page/$pages"; all+=$(screen); [[ $(screen) == *"doomsday now"* ]] || fail "page $page without the command" "$(screen)"
	keys "?"
done
ok "20x6: and from the last back" sees "ends the world"
like "20x6: the pages show what the short form leaves out" "$(tr -d ' \n' <<<"$all")" "instead:postpone"
like "20x6: and what s would cover" "$(tr -d ' \n' <<<"$all")" "thissession:"
keys n; is "20x6: n" "$(status)" 126

ask "doomsday critically"
ok "20x6: a word to type" shows "for once type"
keys e; ok "20x6: a sentence" sees "no, because:"; ok "20x6: beside the command" shows "doomsday"
typed "not today"; ok "20x6: what is typed is seen" sees "not today"; keys Enter
is "20x6: the sentence is a no" "$(status)" 126
like "20x6: and arrives" "$(cat "$T/err")" "not today"

start 40 8; ask "doomsday now"; in_view 40x8; ok "40x8: all keys" shows "e no, and say why"
keys y; is "40x8: y" "$(status)" 0

start 80 24; ask "doomsday now"; in_view 80x24
term resize-window -x 20 -y 6; ok "resized to 20x6" sees "y n e ? more"; in_view "resized to 20x6"
term resize-window -x 20 -y 1; ok "resized to one line" sees "n no, or enlarge"
keys y; sleep 0.3; ok "y does nothing without the command" test ! -s "$T/status"
term resize-window -x 40 -y 8; ok "and to 40x8" sees "no, and say why"; in_view "resized to 40x8"
keys y; is "then y allows" "$(status)" 0

term_start 20 6 "bash --norc"
line "PS1='\$ '; clear; $GATESH check -- doomsday now; echo =\$?"; ready "? more"; in_view "gatesh check at 20x6"
keys n; ok "gatesh check at 20x6: n" sees "=1"
done_testing
