#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# home.t - without a home, or with one that can't be written, gatesh says what is in the way and what to set.
. "${GATE_SRC:?}/tests/support/lib.sh"
ADVICE="set XDG_STATE_HOME \(or HOME\) to a directory that you can write"

# refuses WHAT WHERE ENV...: no session starts in this environment; doctor says the same
refuses() {
	local what=$1 where=$2; shift 2
	setsid -w env "$@" "$GATESH" run -- touch "$T/started" </dev/null >"$T/out" 2>"$T/err"; is "$what: no session" $? 70
	ok "$what: nothing was started" test ! -e "$T/started"
	like "$what: says what and where" "$(cat "$T/err")" "^gate: audit log: .*$where"
	like "$what: says what to set" "$(cat "$T/err")" "$ADVICE"
	is "$what: in one line" "$(wc -l <"$T/err")" 1
	setsid -w env "$@" "$GATESH" doctor </dev/null >"$T/out" 2>/dev/null
	like "$what: doctor, too" "$(tr -s ' \n' ' ' <"$T/out")" "broken audit log .*$ADVICE"
}
touch "$T/file"
refuses "a file in the way" "$T/file/gate/audit.jsonl: .*Not a directory" XDG_STATE_HOME="$T/file"
refuses "a home that is a file" "$T/file/.local/state/gate/audit.jsonl: .*Not a directory" -u XDG_STATE_HOME HOME="$T/file"
mkdir -p "$T/dir/gate/audit.jsonl"
refuses "a directory as the log" "$T/dir/gate/audit.jsonl: Is a directory" XDG_STATE_HOME="$T/dir"
rmdir "$T/dir/gate/audit.jsonl"; ln -s "$T/elsewhere" "$T/dir/gate/audit.jsonl"
refuses "a symbolic link as the log" "$T/dir/gate/audit.jsonl: Too many levels of symbolic links" XDG_STATE_HOME="$T/dir"
if [ "$(id -u)" != 0 ]; then
	mkdir "$T/readonly"; chmod 555 "$T/readonly"
	refuses "a read-only home" "$T/readonly/.local/state/gate/audit.jsonl: $T/readonly: Permission denied" -u XDG_STATE_HOME HOME="$T/readonly"
	skip "a user without a home" "not root"
else
	# root writes anywhere: another user, who has no entry in passwd(5), and a runtime directory of its own
	mkdir -m 700 "$T/otherrun"; chown 54321 "$T/otherrun"; chmod 755 "$T"; mkdir "$T/readonly"
	if setpriv --reuid=54321 --regid=54321 --clear-groups "$GATESH" --version >/dev/null 2>&1; then
		no_one=(setpriv --reuid=54321 --regid=54321 --clear-groups env -u XDG_STATE_HOME -u XDG_CONFIG_HOME XDG_RUNTIME_DIR="$T/otherrun")
		refuses "a read-only home" "$T/readonly/.local/state/gate/audit.jsonl: $T/readonly: Permission denied" "${no_one[@]}" HOME="$T/readonly"
		refuses "no home at all" "neither XDG_STATE_HOME nor HOME names one" -u HOME "${no_one[@]}"
		refuses "a home that is missing" "$T/readonly/gone/.local/state/gate/audit.jsonl: $T/readonly: Permission denied" "${no_one[@]}" HOME="$T/readonly/gone"
	else
		skip "homes of another user" "another user can't execute gatesh here"
	fi
fi
HOME=/nonexistent setsid -w "$GATESH" run -- true </dev/null; is "with XDG_STATE_HOME, a session needs no home" $? 0
ok "a missing home that can be made is made" env -u XDG_STATE_HOME HOME="$T/new/home" setsid -w "$GATESH" run -- true </dev/null
ok "with the log in it" test -f "$T/new/home/.local/state/gate/audit.jsonl"
done_testing
