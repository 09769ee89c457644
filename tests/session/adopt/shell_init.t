#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# shell_init.t - a person's own bash, zsh and fish ask before a destructive line that is typed there, and run everything else.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/term.sh"
cd "$T" || exit 99
PATH=$GATE_STAGE/bin:$PATH
declare -A start=([bash]='bash --norc --noprofile -i' [zsh]='zsh -f -i' [fish]='fish --no-config -i')
declare -A init=([bash]='eval "$(gatesh shell-init bash)"' [zsh]='eval "$(gatesh shell-init zsh)"' [fish]='gatesh shell-init fish | source')
again() { [ "$(screen | grep -c 'doomsday now; echo')" -gt 1 ]; } # the prompt is there again, with the line
prompt() { hides "y once" && last | grep -qE '[$#%>] *$'; }
for shell in bash zsh fish; do
	if ! command -v "$shell" >/dev/null; then
		skip "$shell" "$shell is not installed"
		continue
	fi
	rm -f "$DONE"
	ok "$shell: the text is $shell's" "$shell" -n <("$GATESH" shell-init "$shell")
	term_start 110 30 "env SHLVL=1 ${start[$shell]}"
	line "echo started"; sees "started"
	line "${init[$shell]}"; line "echo ini''t"; sees "init"
	line "clear"
	line "doomsday now; echo af''ter"
	ok "$shell: a destructive line asks" ready "ends the world"
	keys n
	if [ "$shell" = bash ]; then wait_for 10 prompt; fi # keys that come before it may be the panel's
	[ "$shell" = bash ] || { wait_for 10 again; keys C-e; keys C-u; } # there the line stays, to be edited
	line "echo nex''t"
	ok "$shell: the shell goes on" sees "next"
	ok "$shell: after a no, nothing of the line was run" test ! -e "$DONE"
	hides "after"; is "$shell: neither what stands behind it" "$?" 0
	line "clear"; lost "ends the world"; line "doomsday now"
	ready "ends the world"; keys y
	ok "$shell: after a yes it runs" wait_for 10 test -s "$DONE"
	line "clear"; line "cd / ; echo in:\$PWD"
	ok "$shell: what no rule speaks of runs in this very shell" sees "in:/"
	line "cd '$T'"
	term kill-server
done
# bash keeps a DEBUG trap that a person has
is "bash with a DEBUG trap of its own is left alone" "$(bash --norc -i -c 'trap : DEBUG; eval "$('"$GATESH"' shell-init bash)"; trap -p DEBUG' 2>/dev/null)" "trap -- ':' DEBUG"
is "in a session, the shell asks nothing itself" "$("$GATESH" run -- bash --norc -i -c 'eval "$(gatesh shell-init bash)"; trap -p DEBUG; gate_ps1' 2>/dev/null </dev/null)" "(gate) "
done_testing
