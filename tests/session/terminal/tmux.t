#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tmux.t - via: tmux: a question in a popup of the tmux that the session's terminal is in.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
# The person's tmux, and around it another one that is its terminal, so that what is drawn over its panes can be seen.
mine() { tmux -S "$T/mine" "$@"; }
pane() { mine capture-pane -p; }
in_pane() { pane | grep -qF -- "$1"; }
test_cleanup() { mine kill-server 2>/dev/null; term kill-server 2>/dev/null; }
mkdir -p "$XDG_CONFIG_HOME/gate"; echo "via: tmux" >"$XDG_CONFIG_HOME/gate/gate.conf"
TERM=xterm-256color tmux -S "$T/mine" -f /dev/null new-session -d -x 100 -y 30 "bash --norc"
mine set -g status off
mine list-commands display-popup >/dev/null 2>&1 || { echo "1..0 # SKIP this tmux has no display-popup"; exit 0; }
attach() { term_start 100 30 "env -u TMUX tmux -S $T/mine attach"; wait_for 5 attached; }
attached() { mine list-clients | grep .; }
# A popup closes a moment after its answer, and until its border is gone it gets the keys.
ask() { lost ┌; rm -f "$T/status" "$T/err"; line "clear; $GATESH run -- doomsday $1 2>$T/err; echo \$? >$T/status; echo done"; }
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }

attach; line "PS1='\$ '"
ask now; ready "y once"; sees "left: 3 worlds"; popup=$(screen)
like "the popup asks" "$popup" "gate: danger: test.doom"
like "it shows the command" "$popup" "doomsday now"
like "and the preview" "$popup" "preview +left: 3 worlds"
unlike "the program's pane is as it was" "$(pane)" "y once"
keys y; is "y: it runs" "$(status)" 0
ok "the popup is gone" lost ┌
like "the log says who" "$(tail -1 "$XDG_STATE_HOME/gate/audit.jsonl")" '"by": ?"gatesh answer'
ask no; ready "y once"; keys n; is "n: 126" "$(status)" 126
ask why; ready "y once"; keys e; sees "no, because:"; typed "not today"; keys Enter
is "a sentence: 126" "$(status)" 126
like "which the agent reads" "$(cat "$T/err")" 'The person said: "not today"'
ask critically; ready "once, type"; typed critical; sees "type critical: critical"; keys Enter; is "a critical one takes its word" "$(status)" 0

ask elsewhere; ready "y once"
"$GATESH" deny "$("$GATESH" pending | awk '/elsewhere/ { print $1 }')"; is "answered elsewhere" "$(status)" 126
ok "the popup closes" lost ┌
line "clear; $GATESH run -- sh -c 'doomsday 1; doomsday 2'; echo both \$((1 + 1))"; ready "doomsday 1"; keys n
ready "doomsday 2"; unlike "the next question has a popup too" "$(pane)" "y once"; keys n; lost ┌; sees "both 2"

ask closed; ready "y once"; mine display-popup -C
ok "a popup that is closed answers nothing: the panel is drawn instead" wait_for 10 in_pane "y once"
sleep 0.35; keys y; is "and is answered" "$(status)" 0

term kill-server; wait_for 5 sh -c "! tmux -S $T/mine list-clients | grep -q ."
mine send-keys "clear; $GATESH run -- doomsday alone; echo \$? >$T/alone" Enter
ok "no client is attached: the panel" wait_for 10 in_pane "y once"
sleep 0.35; mine send-keys n; wait_for 10 test -s "$T/alone"; is "which is answered" "$(cat "$T/alone")" 126

attach; mkdir "$T/old"; printf '#!/bin/sh\necho "unknown command: display-popup" >&2; exit 1\n' >"$T/old/tmux"; chmod +x "$T/old/tmux"
line "PATH=$T/old:\$PATH"; ask old; ok "an old tmux: the panel" wait_for 10 in_pane "y once"
sleep 0.35; keys n; is "which is answered" "$(status)" 126

# On any terminal, by hand.
mine kill-server; term_start 100 30 "bash --norc"
setsid -w "$GATESH" run --wait-for-answer -- doomsday hand </dev/null >/dev/null 2>&1 & session=$!
wait_for 10 sh -c "$GATESH pending | grep -q hand"
line "$GATESH answer; echo status \$?"; ready "y once"; keys y; ok "gatesh answer: done when nothing is open" sees "status 0"
wait $session; is "the program runs" $? 0
is "there is nothing to answer without a session" "$("$GATESH" answer 2>&1 >/dev/null | wc -l)" 1
done_testing
