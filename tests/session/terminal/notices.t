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

# start COMMAND: a gated shell in which it runs, and cheats after a moment
start() {
	term_start 90 24 "bash --norc"
	line "PS1='\$ '; clear; seq 5; $GATESH run --allow-setuid -- bash --norc"; sleep 0.4
	line "PS1='in\$ '; clear; (sleep 1; cheat) & $1"
}
if command -v less >/dev/null; then
	start "less $T/file"; sees "line 1 of"; sleep 0.3; before=$(cells)
	ok "over a full-screen program" sees "$SAID"
	like "with what to do" "$(screen)" "any key closes this"
	ok "for a few seconds" lost "$SAID"
	sleep 0.2; is "and every cell is back" "$(cells)" "$before"
	start "less $T/file"; sees "$SAID"; sleep 1.2; keys Space
	ok "a key ends it" lost "$SAID"
	ok "and is the program's" sees "line 40 of"
	keys q; line exit; ok "what was seen is not said again" wait_for 5 shows "exit"; sleep 0.3
	unlike "at the end either" "$(screen)" "$SAID"
else
	for what in over until cells key program again end; do skip "a full-screen program: $what" "no less here"; done
fi
start "read -r x; echo \"got \$x\""; sees "$SAID"; typed "q"; lost "$SAID"; line "uick"
ok "typing goes on through it" sees "got quick"
line "clear; exit"; sees "$SAID"
ok "what was there for less than a second is said at the end" shows "$SAID"

term_start 90 24 "bash --norc"
line "PS1='\$ '; clear; $GATESH run --allow-setuid -- cheat; echo ov''er"; sees over
ok "at the end, what nobody could see" shows "$SAID"
line "clear; $GATESH run --allow-setuid -- sh -c 'cheat; sleep 0.5; echo in' 2>$T/err; echo la''ter"; sees later
like "a stderr that is elsewhere has it" "$(cat "$T/err")" "$SAID"
unlike "and the screen has not" "$(screen)" "$SAID"

# The audit log is full: said behind the question it was about, and the command is refused.
line "clear; $GATESH run -- doomsday full; echo \"=\$?\""; ready "? more"
prlimit --pid "$("$GATESH" sessions --json | sed -n 's/.*"pid":\([0-9]*\).*/\1/p')" --fsize=1
keys y; ok "an audit log that can't be written" sees "the audit log cannot be written: "
ok "is a refusal" sees "=126"
done_testing
