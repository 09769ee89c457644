#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# lines.t - on a terminal that can't be drawn on, a question is plain lines, and so is its answer.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
cp "$(type -P true)" "$T/bin/doomsday"
ASKS="gate: allow doomsday now? y, s, n, e TEXT, x or ?:"

# gated [TERM=...] COMMAND: a fresh terminal, recorded from its first byte, in which gatesh runs the command
gated() {
	local env=$1; shift
	rm -f "$T/status"
	term_start "${COLS:-100}" "${ROWS:-30}" "bash --norc"
	: >"$T/raw"; term pipe-pane -O "exec cat >>$T/raw"
	line "clear; env $env $GATESH $*; echo \$? >$T/status"
}
# what gatesh wrote, without what the shell wrote around it
raw() { sed -n '/gate: danger/,$p' "$T/raw" | sed '1s/.*gate: danger/gate: danger/; /bash-/d'; }
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }
asked() { sees "${1:-$ASKS}" && sleep 0.35; } # past the guard

for env in TERM=dumb "-u TERM" TERM= TERM=unknown TERM=teletype33; do
	gated "$env" run -- doomsday now; ok "$env: asks in lines" asked
	line y; is "$env: y" "$(status)" 0
done
gated TERM=dumb run -- doomsday now; asked
all=$(screen)
for fact in "gate: danger: test.doom" "command: doomsday now" "why: ends the world" "in: $PWD" "instead: postpone it" \
	"this session: test.doom with exactly these arguments in" "time left: [45]:" "y: yes, once" "e TEXT: no"; do
	like "the question says '$fact'" "$all" "$fact"
done
ok "the preview comes" sees "preview: left: 3 worlds"
before=$(screen); sleep 2; is "and nothing else is written while it waits" "$(screen)" "$before"
is "the question is there once" "$(grep -c "gate: danger" "$T/raw")" 1
line maybe; ok "anything else is asked again" sees "this is not one of the answers"
line "?"; ok "? shows everything" sees "matched: doomsday now"; asked
line "e not today, $(printf 'caf\303\251')"; is "e TEXT is a no" "$(status)" 126
unlike "no escape sequence is written, from the question to the end" "$(raw)" $'\033'
ok "the sentence is told" grep -q "not today, caf" "$T/raw"

for no in n no ""; do
	gated TERM=dumb run -- doomsday now; asked; line "$no"; is "'$no' is a no" "$(status)" 126
done
for key in C-c C-d; do
	gated TERM=dumb run -- doomsday now; asked; keys $key; is "$key is a no at once" "$(status)" 126
done
gated TERM=dumb run -- doomsday now; asked; typed yx; keys BSpace Enter; is "the line can be edited" "$(status)" 0
gated TERM=dumb run -- sh -c "'doomsday now; doomsday now'"; asked; line s; is "s is for the session" "$(status)" 0
is "and asked once" "$(grep -c 'gate: danger' "$T/raw")" 1
gated TERM=dumb run -- doomsday now; asked; typed $'\033[A'; line y; ok "an arrow key makes it no answer" sees "not one of"
line e; ok "e alone asks for the sentence" sees "No, because:"; line later; is "which is a no" "$(status)" 126
gated TERM=dumb run -- doomsday critically; asked "n, e TEXT, x or ?:"
line y; ok "y is no yes to a critical one" sees "not one of"
word=$(screen | sed -n 's/.*critically? \([^,]*\), n, e TEXT.*/\1/p' | head -1)
line "$word"; is "its word is" "$(status)" 0

gated TERM=dumb run -- sh -c "'doomsday now; cat'"; asked; line y; lost "zzz"; sleep 0.3
line "to the program"; ok "then the program has the keys again" sees "$(printf 'to the program\nto the program')"
keys C-d; is "and its end" "$(status)" 0
gated TERM=dumb run -- doomsday now; asked; typed "half a line"
"$GATESH" allow 1; ok "answered elsewhere: said" sees "gate: the question is closed"; is "and done" "$(status)" 0

# early STATUS COMMAND: its question does not take a y that was on its way before anybody could read it.  A loaded machine
# may be too late with that y, so up to five tries.
early() {
	local want=$1; shift
	for _ in 1 2 3 4 5; do
		rm -f "$DONE"
		said=$(timeout 60 python3 "$GATE_SRC/tests/support/type_early.py" "$ASKS" "$GATESH" "$@"); got=$?
		[[ $said != *"gate: this was typed before the question could be read"* ]] || break
	done
	ok "gatesh $1: an answer that was typed too early is told" test "${said#*typed before the question}" != "$said"
	is "gatesh $1: and is none; a later one is" "$got $(cat "$DONE" 2>/dev/null)" "$want "
}
early 126 run -- doomsday now
early 1 check -- doomsday now

COLS=20 ROWS=6 gated TERM=dumb run -- doomsday now; asked "TEXT or ?:"
ok "20x6: the command is in view with the answers" sees "gate: allow doomsday"
term resize-window -x 90 -y 24; sleep 0.2; line y; is "and a new size changes nothing" "$(status)" 0

gated TERM=dumb check -- doomsday now; ok "gatesh check asks in lines" asked
line "?"; ok "gatesh check: ?" sees "matched: doomsday now"; line "e later"; is "gatesh check: e TEXT" "$(status)" 1
unlike "gatesh check: no escape sequence" "$(raw)" $'\033'
gated TERM=dumb check -- doomsday now; asked; keys C-c; is "gatesh check: Ctrl-C" "$(status)" 3
gated TERM=xterm-256color run -- doomsday now; ready "? more"; ok "a terminal that can be drawn on gets the panel" shows "y once"
keys n; is "and its keys" "$(status)" 126
done_testing
