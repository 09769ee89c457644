#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# prompt_safety.t - what a command holds can't move the cursor or hide text; keys typed too early, pastes, closed windows and silence are
# never a yes; questions queue.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"

start() {
	gated_shell "${1:-100}" "${2:-30}" ${3:+"$3"}
}
# The panel before it may still be there.
ask() { lost "? more"; rm -f "$T/status" "$T/err"; line "clear; $1 2>$T/err; echo \$? >$T/status"; ready "? more"; }
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }

start
ask "doomsday \$'\\e[2J\\e[1;1Hharmless\\e[8m' \$'two\\nlines\\rover' \$'\\u202eexe.txt' \$'\\x9b31m\\xff' \$'a\\u200bb'"
all=$(screen)
like "an escape sequence is shown" "$all" 'doomsday .*\\e\[2J\\e\[1;1Hharmless\\e\[8m'
like "a newline and a carriage return are shown" "$all" "two\\\\nlines\\\\rover"
like "a bidi control is shown" "$all" '\\u\{202E\}exe\.txt'
like "bytes that are no text are shown" "$all" '\\x9B31m\\xFF'
like "a character of no width is shown" "$all" 'a\\u\{200B\}b'
like "the panel is whole" "$(screen | grep -c '━━ gate: danger')" '^1$'
keys "?"; sees "page 1"; unlike "nothing raw in the long form" "$(screen)" "^harmless"; keys n
is "refused" "$(status)" 126
unlike "the agent's line is one line, without control characters" "$(LC_ALL=C tr -d '\n' <"$T/err")" "[[:cntrl:]]"
is "one line" "$(wc -l <"$T/err")" 1
ask "doomsday; cd \"\$(mktemp -d $T/evil\$'\\e]0;x\\a'XXXX)\""; keys n; status >/dev/null
like "a title does not hide in the command" "$(term display-message -p '#{pane_title}')" "."

# Keys before the panel, and while it comes.  On a loaded machine the last four may find it there: a burst, which is no answer either.
rm -f "$DONE" "$T/status"
line "clear; (until test -e $T/typed; do sleep 0.02; done; doomsday early; echo \$? >$T/status) & sleep 0.1; cat >/dev/null"
sleep 0.35; for _ in 1 2 3 4; do keys y; done; touch "$T/typed"; keys y y y y
sees "? more"; sleep 0.5
ok "what was typed before the panel came is no answer" shows "? more"
ok "nothing ran" test ! -e "$DONE"
keys n; is "and it can be refused" "$(status)" 126; keys C-c

ask "doomsday paste"; term set-buffer -b p $'y\n'; term paste-buffer -p -b p; sleep 0.3
ok "a bracketed paste is no answer" shows "? more"
term set-buffer -b p 'yes'; term paste-buffer -b p; sleep 0.3
ok "a burst of letters is no answer" shows "? more"
last_letter() { typed xx; sleep 0.06; typed y; sleep 0.5; shows "? more"; }
last_letter || { ask "doomsday paste"; last_letter; } || { ask "doomsday paste"; last_letter; } # a loaded machine may be late with it
ok "nor is its last letter, if that comes alone" shows "? more"
keys Escape; sleep 0.02; is "Esc alone is no" "$(status)" 126

# Two questions, one after the other, and what the other front ends may do meanwhile.
rm -f "$DONE" "$T/status"
line "clear; (doomsday first; echo \$?) >$T/one 2>/dev/null & (sleep 0.3; doomsday second; echo \$?) >$T/two 2>/dev/null & wait; echo 0 >$T/status"
ready "1 of 2"; ok "the first of two" shows "doomsday first"
keys y; ok "then the second" sees "doomsday second"; sleep 0.35; ok "which is 2 of 2" shows "2 of 2"
keys n; status >/dev/null
is "both were answered" "$(cat "$T/one" "$T/two" | tr '\n' ' ')" "0 126 "
is "and only the allowed one ran" "$(cat "$DONE")" first

# Silence.
quick=$GATE_STAGE/lib/gate.d/test-quick.$$
test_cleanup() { term kill-server 2>/dev/null; rm -f "$quick"; }
printf 'exec sufficient gate_rules.so\nexec requisite gate_confirm.so timeout=1s\n' >"$quick"
start 100 30 "--service ${quick##*/}"; ask "doomsday slowly"; is "no answer in time is no" "$(status)" 126
like "and said so" "$(cat "$T/err")" "Nobody answered in time"
ok "the panel went away by itself" lost "? more"

# A window that closes.
start; rm -f "$DONE" "$T/status"
line "trap '' HUP; doomsday window; echo \$? >$T/status"; sees "? more"
term kill-server; wait_for 10 test -s "$T/status"
is "a closed window is no" "$(cat "$T/status")" 126
ok "nothing ran" test ! -e "$DONE"
done_testing
