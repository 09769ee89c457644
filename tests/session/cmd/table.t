#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# table.t - listings are as wide as the terminal at most, lose nothing by it, and are not laid out where there is no terminal.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 24
export TZ=UTC
mkdir -p "$XDG_STATE_HOME/gate" "$T/work"
cd "$T/work" || exit 99

long=/home/someone/a/long/path/to/some/repository
member() { printf '{"v":1,"time":"2026-11-23T10:00:0%s.000Z","session":"one",%s}\n' "$1" "$2"; }
{
	member 1 '"id":1,"event":"exec","verdict":"allow","rules":["git.force-push"],"by":"terminal","subjects":["git push --force"]'
	member 2 '"id":2,"event":"exec","verdict":"deny","rules":["git.reset-hard"],"by":"terminal","subjects":["git -C '$long' reset --hard origin/main"],"text":"keep it"'
	member 3 '"id":3,"event":"connect","verdict":"allow","rules":[],"exe":"/usr/bin/curl","comm":"curl","host":"packages.example.org","hosts":["packages.example.org"],"address":"192.0.2.17","port":443,"protocol":"tcp","attempts":3'
} >"$XDG_STATE_HOME/gate/audit.jsonl"
keep() { python3 "$GATE_SRC/tests/session/undo/keep.py" "$@"; }
mkdir -p "$T/work/some/directory/that/is/deep/enough"
keep new aaaa0001 "$T/work" agent
for f in notes.txt a-rather-long-name-of-a-file-for-one.txt; do
	echo "$f" >"some/directory/that/is/deep/enough/$f"
	keep aaaa0001 unlink "$T/work/some/directory/that/is/deep/enough/$f"
done
"$GATESH" run --wait-for-answer -a helper -- sh -c "touch $T/up; while [ ! -e $T/stop ]; do sleep 0.1; done" </dev/null >/dev/null 2>&1 &
wait_for 10 test -e "$T/up" || diag "no session"

# listing COLS ARG...: what gatesh prints on a terminal of that width
listing() {
	local cols=$1; shift
	python3 "$GATE_SRC/tests/support/on_terminal.py" "$cols" "$GATESH" "$@" | sed 's/\x1b\[[0-9;]*m//g'
}
too_long() { awk -v max="$1" 'length > max'; }
# The letters of a listing, however it is laid out.
letters() { tr -d ' \n' | fold -w 1 | sort | tr -d '\n'; }

for cols in 60 80; do
	for what in log "rules git.*" doctor sessions undo net "show service" --version; do
		# shellcheck disable=SC2086 # words
		listing "$cols" $what >"$T/shown"
		is "gatesh $what: $cols columns" "$([ -s "$T/shown" ] || echo nothing; too_long "$cols" <"$T/shown")" ""
	done
done
is "a column without room is on the next line" "$(listing 60 log | sed -n 1,6p)" "\
2026-11-23 10:00:01  allow  terminal
    git.force-push            git push --force
2026-11-23 10:00:02  deny   terminal
    git.reset-hard
    git -C /home/someone/a/long/path/to/some/repository
    reset --hard origin/main  \"keep it\""
is "a wide column is wrapped within itself" "$(listing 80 rules git.force-push)" "\
git.force-push  danger  ask  git  rewrites the history other people already have"
is "and begins below itself" "$(listing 60 rules git.force-push)" "\
git.force-push  danger  ask  git  rewrites the history other
                                  people already have"
is "a narrow terminal loses nothing" "$(for what in log rules net; do
	[ "$(listing 44 $what | letters)" = "$("$GATESH" $what | letters)" ] || echo $what
done)" ""
is "a very narrow one neither, nor does it hang" "$(listing 3 rules git.force-push | letters)" "$("$GATESH" rules git.force-push | letters)"
is "a terminal that does not say its width: as a file" "$(listing 0 log)" "$("$GATESH" log)"
is "a file: one line for each" "$("$GATESH" log | wc -l) $("$GATESH" net | wc -l)" "3 2"
like "a wide terminal: one line for each" "$(listing 200 net | tail -1)" '^packages.example.org +192.0.2.17 .* allow$'
touch "$T/stop"
wait
