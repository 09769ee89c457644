# SPDX-License-Identifier: BSD-2-Clause
# term.sh - gives a session test a real terminal, on a tmux server of its own.  Source it after lib.sh.
# shellcheck shell=bash
: "${T:?source lib.sh first}"
command -v tmux >/dev/null || { echo "1..0 # SKIP no tmux here"; exit 0; }
TMUX_SOCKET=$T/tmux terminals=0
term() { tmux -S "$TMUX_SOCKET" "$@"; }
test_cleanup() { term kill-server 2>/dev/null; }
# term_start COLS ROWS COMMAND: start a new terminal that runs the command
term_start() {
	term kill-server 2>/dev/null
	TMUX_SOCKET=$T/tmux.$((++terminals)) # a server that is ending can't start a session
	# dash, as the user's shell, would end with a command that got a Ctrl-C, even if the command handled it
	env -u NO_COLOR SHELL="$BASH" TERM=xterm-256color tmux -S "$TMUX_SOCKET" -f /dev/null new-session -d -x "$1" -y "$2" "$3"
}
# gated_shell COLS ROWS [ARG...]: a new terminal in which a shell, the prompt `in$ `, runs behind `gatesh run ARG...`
gated_shell() {
	local cols=$1 rows=$2; shift 2
	term_start "$cols" "$rows" "PS1='\$ ' exec bash --norc"; wait_for 10 is_last '$'
	line "clear; PS1='in\$ ' $GATESH run $* -- bash --norc"; wait_for 10 is_last 'in$'
}
keys() { term send-keys "$@"; }
typed() { term send-keys -l -- "$1"; }
line() { typed "$1"; keys Enter; }
screen() { term capture-pane -p; }
screen_colours() { term capture-pane -p -e; }
last() { screen | grep -v '^$' | tail -1; }
is_last() { [ "$(last)" = "$1" ]; }
cursor() { term display-message -p '#{cursor_x},#{cursor_y} #{cursor_flag}'; }
shows() { screen | grep -qF -- "$1"; }
hides() { ! shows "$1"; }
# sees TEXT / lost TEXT: wait up to ten seconds until the screen shows it, or no longer does
sees() { wait_for 10 shows "$1"; }
lost() { wait_for 10 hides "$1"; }
# wait past the guard: gatesh discards keys typed sooner after the panel appears
ready() { sees "$1" && sleep 0.35; }

# A program that a rule of this test matches.  `doomsday ARG ...` appends its arguments to $T/done.
mkdir -p "$T/bin" "$XDG_CONFIG_HOME/gate/rules"
cat >"$T/bin/doomsday" <<'END'
#!/bin/sh
printf '%s\n' "$*" >>"$DONE"
END
chmod +x "$T/bin/doomsday"
export PATH=$T/bin:$PATH DONE=$T/done
cat >"$XDG_CONFIG_HOME/gate/rules/doom.rules" <<'END'
rule: test.doom
on: exec
program: doomsday
match: ^doomsday\b
unless: \bcritically\b
severity: danger
reason: ends the world
instead: postpone it
preview: echo "left: 3 worlds"
hit: doomsday now
miss: echo doomsday

rule: test.critical
on: exec
program: doomsday
match: ^doomsday\b.*\bcritically\b
severity: critical
reason: ends every world
hit: doomsday critically
miss: echo doomsday
END
