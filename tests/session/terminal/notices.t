#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# notices.t - what gatesh has to say during a session neither spoils the program's screen nor gets lost.
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
cells() { screen_colours | sed -E 's/(\x1b\[(0|39|49)m)+$//'; cursor; }
seq -f 'line %g of a file' 200 >"$T/file"
export LESS='' LESSHISTFILE=-
# Unconfined, so that it gets as far as the answer socket, where gatesh refuses it and says so.
printf '#!/bin/sh\n"%s" allow 1 >/dev/null 2>&1\n' "$GATESH" >"$T/bin/cheat"; chmod +x "$T/bin/cheat"
SAID="tried to connect and was refused"

# start COMMAND: a gated shell in which it runs; `now` cheats
start() { rm -f "$T/cheat"; gated_shell 90 24 --allow-setuid; line "clear; (until test -e $T/cheat; do sleep 0.02; done; cheat) & $1"; }
now() { touch "$T/cheat"; sees "$SAID"; }
# A notice that stood for a second is not said again.
seen() { now; sleep 1.2; }
steady() { local now; now=$(cells); sleep 0.3; [ "$now" = "$(cells)" ]; }
if command -v less >/dev/null; then
	start "less $T/file"; sees "line 1 of"; wait_for 10 steady; before=$(cells)
	ok "over a full-screen program" now
	like "with what to do" "$(screen)" "any key closes this"
	ok "for a few seconds" lost "$SAID"
	becomes "and every cell is back" "$before" cells
	start "less $T/file"; sees "line 1 of"; seen; keys Space
	ok "a key ends it" lost "$SAID"
	ok "and is the program's" sees "line 40 of"
	keys q; line exit; ok "what was seen is not said again" wait_for 10 is_last '$'
	unlike "at the end either" "$(screen)" "$SAID"
else
	for what in over until cells key program again end; do skip "a full-screen program: $what" "no less here"; done
fi
# A key that closes it within a second has it said again at the end.  A loaded machine may be too late with that key, so up to
# five tries.
brief() {
	start "read -r x; echo \"got \$x\""; now; typed "q"; lost "$SAID"; line "uick"; sees "got quick" || return 1
	line "clear; exit"; wait_for 10 is_last '$'
}
ok "typing goes on through it" brief
for _ in 1 2 3 4 5; do shows "$SAID" || brief; done
ok "what was there for less than a second is said at the end" shows "$SAID"

term_start 90 24 "bash --norc"
line "PS1='\$ '; clear; $GATESH run --allow-setuid -- cheat; echo ov''er"; sees over
ok "at the end, what nobody could see" shows "$SAID"
line "clear; $GATESH run --allow-setuid -- sh -c 'cheat; echo in' 2>$T/err; echo la''ter"; sees later
like "a stderr that is elsewhere has it" "$(cat "$T/err")" "$SAID"
unlike "and the screen has not" "$(screen)" "$SAID"

# The audit log is full: said behind the question it was about, and the command is refused.
line "clear; $GATESH run -- doomsday full; echo \"=\$?\""; ready "? more"
prlimit --pid "$("$GATESH" sessions --json | sed -n 's/.*"pid":\([0-9]*\).*/\1/p')" --fsize=1
keys y; ok "an audit log that can't be written" sees "the audit log cannot be written: "
ok "is a refusal" sees "=126"
done_testing
