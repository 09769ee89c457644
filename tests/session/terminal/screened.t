#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# screened.t - a refusal never prints into the screen of a program that has drawn on all of it: it comes as a notice.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/term.sh"
command -v vim >/dev/null || { echo "1..0 # SKIP no vim here"; exit 0; }
cat >"$XDG_CONFIG_HOME/gate/rules/never.rules" <<'END'
rule: test.never
on: truncate
path: *.never
action: deny
severity: notice
reason: never
hit: x.never
miss: x
END
mkdir "$T/ws"; cd "$T/ws" || exit 99
echo old >x.never; touch -d '1 hour ago' x.never
cat >raw.py <<'END'
import sys, termios, time, tty
sys.stdout.write("\x1b[2J\x1b[3;5Hdrawn here\x1b[5;1H"); sys.stdout.flush()
was = termios.tcgetattr(0)
if sys.argv[1] == "raw":
    tty.setraw(0)
try: open("x.never", "w")
except OSError as e: sys.stdout.write("\x1b[7;1H" + e.strerror + "\x1b[8;1H"); sys.stdout.flush()
sys.stdin.read(1)
termios.tcsetattr(0, termios.TCSANOW, was)
END
sleep 0.05
gated_shell 80 24
line "clear; vim -u NONE -N -i NONE --cmd 'set nowritebackup' x.never"; sees "x.never"; sees "old"
typed "Gonew"; keys Escape; sees "new"; typed ":w"; keys Enter
ok "vim: the refusal is a notice" sees "any key closes this"
like "with its reason" "$(screen)" 'gate: refused: .*x\.never.*test\.never'
keys Left; lost "any key closes this"
ok "and nothing of it is in vim's screen" lost "gate:"
is "its text stands where it was" "$(screen | sed -n '1,2p' | tr '\n' ' ')" "old new "
typed ":q!"; keys Enter; wait_for 10 is_last 'in$'

line "clear; python3 -B raw.py raw"
ok "a raw terminal: a notice as well" sees "any key closes this"; keys Left; lost "any key closes this"
wait_for 10 is_last 'in$' # the key went on to the program, which waited for one
is "nothing is drawn over" "$(screen | grep -v '^in\$' | grep -c .)" 2
like "the program's own error is there" "$(screen)" "Operation not permitted"
line "clear; python3 -B raw.py cooked"
like "a program that reads lines gets its line" "$(sees "gate: refused" && screen)" 'gate: refused: .*x\.never'
ok "and there is no notice" hides "any key closes this"
keys Enter; wait_for 10 is_last 'in$'
is "the file is as it was" "$(cat x.never)" old
done_testing
