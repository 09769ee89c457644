#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_progress.t - undo and undo prune show how far they are when they take more than a second, on a terminal only.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
# Every rename and every unlink takes 0.25 seconds more; six files take 1.5.
slow=(strace -f -qq -o "$T/strace" -e 'inject=renameat2,unlinkat:delay_enter=250000')
"${slow[@]}" true 2>/dev/null || { echo "1..0 # SKIP strace is missing, or may not trace here"; exit 0; }
plan 11
keep() { python3 "$GATE_SRC/tests/session/undo/keep.py" "$@"; }
terminal() { python3 "$GATE_SRC/tests/support/on_terminal.py" "$@"; }
store=$XDG_STATE_HOME/gate/undo W=$T/work
removed() {
	cd "$T" && rm -rf "$W" "$store" && mkdir "$W" && cd "$W" && keep new aaaa0001 "$W" agent || exit 99
	for i in 1 2 3 4 5 6; do echo "$i" >"f$i"; done
	keep aaaa0001 unlink "$W"/f[1-6]
}
# What is left of a terminal's text when each line has been rewritten for the last time.
final() { sed 's/.*\r\x1b\[K//'; }

removed
terminal 80 "${slow[@]}" "$GATESH" undo -y f1 f2 f3 f4 f5 f6 >"$T/out"
is "all are back" "$(cat f[1-6] | tr -d '\n')" 123456
like "undo shows how far it is" "$(cat "$T/out")" $'\r\e\\[Kgatesh: undo: restoring: [1-5] of 6'
is "and removes it" "$(final <"$T/out" | grep -c 'restoring')" 0
is "the result is on a line of its own" "$(final <"$T/out" | tail -1)" "6 restored. To take this back: gatesh undo --redo"

removed
terminal 24 "${slow[@]}" "$GATESH" undo -y f1 f2 f3 f4 f5 f6 >"$T/out"
like "a narrow terminal: cut, so that it stays one line" "$(cat "$T/out")" $'\r\e\\[Kgatesh: undo: restoring\r\e\\[K'

removed
terminal 80 "$GATESH" undo -y f1 f2 f3 f4 f5 f6 >"$T/out"
is "a quick one shows nothing" "$(grep -c $'\r' "$T/out")" 0

removed
"${slow[@]}" "$GATESH" undo -y f1 f2 f3 f4 f5 f6 >/dev/null 2>"$T/err" </dev/null
is "nor does one without a terminal" "$(cat "$T/err")" ""

removed
terminal 80 "${slow[@]}" env TERM=dumb "$GATESH" undo -y f1 f2 f3 f4 f5 f6 >"$T/out"
is "nor one that can't rewrite a line" "$(grep -c 'restoring' "$T/out")" 0

removed
terminal 80 "${slow[@]}" "$GATESH" undo prune --all --yes >"$T/out"
like "undo prune shows how far it is" "$(cat "$T/out")" $'\r\e\\[Kgatesh: undo: deleting: [1-5] of 6'
like "and removes it" "$(final <"$T/out")" '^6 deleted, .* are still kept\.$'

removed; mkdir sub; echo 7 >sub/g; keep aaaa0001 unlink "$W/sub/g"; rmdir sub; ln -s "$T" sub
terminal 80 "${slow[@]}" "$GATESH" undo -y --since 10m >"$T/out"
like "a message has a line of its own" "$(final <"$T/out" | grep '/sub/g')" "^gatesh: undo: $W/sub/g: "
