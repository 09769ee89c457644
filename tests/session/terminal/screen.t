#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# screen.t - the panel over real programs: afterwards every cell, colour and the cursor are where they would be without it.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
export LESS="" LESSHISTFILE=- VIMINIT="" EXINIT=""

# Cells with their colours, and the cursor.  (What tmux says behind the last visible cell of a line is no cell.)
cells() { screen_colours | sed -E 's/(\x1b\[(0|39|49)m)+$//'; cursor; }

# Wait until the terminal is drawn: $now is what it shows.
settle() { now=$(cells); sleep 0.3; until same "$now"; do now=$(cells); sleep 0.3; done; }
same() { [ "$(cells)" = "$1" ]; }
changed() { ! same "$now"; }

# In a session with `$1` on the screen, a question comes up and is refused: compare before and after.
# unchanged WHAT COMMAND TEXT-TO-WAIT-FOR [KEYS ...]
unchanged() {
	local what=$1 command=$2 text=$3; shift 3
	term_start 90 24 "bash --norc"
	line "PS1='\$ '; clear; seq 5"
	line "$GATESH run -- bash --norc"; sees "bash-${BASH_VERSINFO[0]}."
	rm -f "$T/status" "$T/ask"
	line "PS1='in\$ '; clear; (until test -e $T/ask; do sleep 0.05; done; doomsday behind 2>/dev/null; echo \$? >$T/status) & $command"
	sees "$text" || { fail "$what: it did not start" "$(screen)"; return; }
	settle
	if [ $# != 0 ]; then keys "$@"; wait_for 5 changed; settle; fi
	local before=$now
	touch "$T/ask"
	if ! sees "? more"; then fail "$what: no question" "$(screen)"; return; fi
	sleep 0.35; keys n; wait_for 5 test -s "$T/status"; wait_for 5 same "$before"
	is "$what" "$(cells)" "$before"
}
seq -f 'line %g of a file that has some words' 200 >"$T/file"
printf '\033[1;31mred\033[0m \033[2mdim\033[0m \033[4mline\033[0m \033[7mrev\033[0m 日本語 end\n%.0s' $(seq 40) >"$T/coloured"

unchanged "cat and a prompt" "cat $T/coloured; echo; echo ready; read -r x" "ready"
for program in vim less htop nano; do
	if ! command -v $program >/dev/null; then skip "$program" "it is not here"; continue; fi
	case $program in
	vim) unchanged "vim" "vim -u NONE -N $T/file" "line 1 of" 2 0 G w w ;;
	less) unchanged "less" "less -R $T/coloured" "red" Space ;;
	nano) unchanged "nano" "nano -I -U $T/file" "line 1 of" Down Down Right ;;
	htop) unchanged "htop" "htop -d 900" "PID" ;;
	esac
done
if command -v node >/dev/null; then
	cat >"$T/tui.js" <<-'END'
		process.stdin.setRawMode(true)
		const put = s => process.stdout.write(s)
		put('\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[2J\x1b[3;5H\x1b[1;32mraw node\x1b[0m')
		process.stdin.on('data', d => put('\x1b[10;5H' + JSON.stringify(d.toString()) + '\x1b[44m'))
	END
	unchanged "node in raw mode" "node $T/tui.js" "raw node" x
	keys k; ok "and keys reach it again" sees '"k"'
else
	skip "node in raw mode" "no node here"; skip "keys reach it again" "no node here"
fi
unchanged "a cursor that is hidden, a scrolling region and colours" \
	"printf '\\033[?25l\\033[2J\\033[3;20r\\033[5;5H\\033[44;93mhere'; sleep 100" "here"
unchanged "at the right edge" "printf '\\033[2J\\033[24;1H'; printf 'x%.0s' \$(seq 90); sleep 100" "xxxx"

# A program that prints all the time: nothing is lost, in order, and it goes on after.
gated_shell 90 24; rm -f "$T/status"
line "clear; (sleep 0.4; doomsday 2>/dev/null; echo \$? >$T/status) & for i in \$(seq 40); do echo tick \$i; sleep 0.05; done; echo all of them"
ready "? more"; before=$(screen); sleep 0.3; is "the screen stands still while it is asked" "$(screen | grep tick)" "$(grep tick <<<"$before")"
keys n; ok "and goes on afterwards" sees "all of them"
is "every line came, in order" "$(screen | grep -o 'tick [0-9]*' | tail -15 | tr -d '\n')" "$(printf 'tick %s' $(seq 26 40))"

# What was on the screen before the session began, which no model knows.
term_start 90 24 "bash --norc"
line "PS1='\$ '; clear; seq 100 130"; wait_for 10 is_last '$'
line "$GATESH run -- doomsday unseen"
ready "? more"; keys n; lost "? more"; wait_for 10 is_last '$'
like "is there again" "$(screen)" "129
130
\\$ "

# A preview that comes late makes the panel grow, over rows that the model knows and onto some that it does not.
cat >"$XDG_CONFIG_HOME/gate/rules/late.rules" <<END
rule: test.late
on: exec
program: doomsday
match: ^doomsday late
severity: danger
reason: ends the world late
preview: until [ -e $T/grow ]; do sleep 0.05; done; seq -f 'grown %g' 4
hit: doomsday late
miss: echo doomsday
END
for rows in 3 8 10 11 12 13 14 16; do
	rm -f "$T/grow"; term_start 90 24 "bash --norc"
	line "PS1='\$ '; clear; seq 100 $((99 + rows))"; wait_for 10 is_last '$'
	line "$GATESH run -- doomsday late"
	sees "? more"; touch "$T/grow"; ready "grown 4"; keys n; lost "? more"; wait_for 10 is_last '$'
	is "a panel that grew, over $rows rows: all is there again" "$(screen | grep -c '^ *\(why\|preview\|grown\|y once\)') $(screen | grep -c '^1[0-9][0-9]$')" "0 $rows"
done
rm "$XDG_CONFIG_HOME/gate/rules/late.rules"

# A flood does not stall the person's answer, and the panel survives a new size.
gated_shell 90 24; rm -f "$T/status"
line "clear; (doomsday; echo \$? >$T/status) 2>/dev/null & sleep 0.2; yes | head -c 30000000 | tail -c 2; echo flood over"
ready "? more"; drawn() { shows "y once   s this session" && [ "$(screen | wc -l)" = 20 ]; }
term resize-window -x 70 -y 20; ok "after a new size it is drawn anew" wait_for 10 drawn
keys n; wait_for 5 test -s "$T/status"; is "and answers" "$(cat "$T/status")" 126
ok "the flood passes" sees "flood over"
done_testing
