#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_places.t - where a session's stores are, what is not taken for one, and that nothing is left of an empty one.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
uid=$(id -u) registry=$XDG_STATE_HOME/gate/undo
W=$T/work; mkdir "$W"; cd "$W" || exit 99
# stores WORKSPACE [ARG ...]: the session's stores, "registry" for the one there, after something was kept in it
stores() {
	local ws=$1; shift
	rm -rf "$registry"; (cd "$ws" && echo x >file && sleep 0.02 && "$GATESH" run "$@" -- rm file) </dev/null >"$T/said" 2>&1 || cat "$T/said"
	python3 -c 'import glob, json, os, sys, urllib.parse
for p in glob.glob(sys.argv[1] + "/*/session.json"):
    for s in json.load(open(p))["stores"]:
        s = urllib.parse.unquote(s)
        print("registry" if s == os.path.dirname(p) else os.path.dirname(s), oct(os.stat(s).st_mode & 0o7777))' "$registry"
}
is "on one file system, outside: the registry" "$(stores "$W")" "registry 0o700"
is "kept there" "$("$GATESH" undo -y file </dev/null >/dev/null; cat file)" x
is "a workspace around the registry: next to it, above" "$(stores "$XDG_STATE_HOME")" "$T/.gate-undo-$uid 0o700"
is "its file comes back" "$(cd "$XDG_STATE_HOME" && "$GATESH" undo -y file </dev/null >/dev/null; cat "$XDG_STATE_HOME/file")" x
is "git never shows it" "$(cat "$T/.gate-undo-$uid/.gitignore")" "*"
"$GATESH" undo prune --all --yes </dev/null >/dev/null
ok "all pruned: the directory around it goes, too" [ ! -e "$T/.gate-undo-$uid" ]
shm=$(mktemp -d /dev/shm/gate-test.XXXXXX 2>/dev/null)
if [ -n "$shm" ] && [ "$(stat -c %d "$shm")" != "$(stat -c %d "$T")" ]; then
	mkdir "$shm/ws"
	test_cleanup() { rm -rf "$shm"; }
	is "another file system: there, and one at home for what another disk has no room for" "$(stores "$shm/ws")" "$shm/.gate-undo-$uid 0o700"$'\n'"registry 0o700"
	is "two file systems: a store on each" "$(stores "$W" --workspace "$W" --workspace "$shm/ws" | sort)" "$shm/.gate-undo-$uid 0o700"$'\n'"registry 0o700"
	rm -rf "$shm/.gate-undo-$uid"; ln -s "$T/home" "$shm/.gate-undo-$uid"
	like "a symbolic link to somewhere else: told; what would be kept is refused" "$(stores "$shm/ws")" 'gate: undo: .*/\.gate-undo-[0-9]*/[0-9a-f]*: not a directory of yours.*refused'
	is "nothing was written there, nothing lost" "$(ls -A "$T/home") $(cat "$shm/ws/file")" " x"
	rm "$shm/.gate-undo-$uid"; echo x >"$shm/.gate-undo-$uid"
	like "a file" "$(stores "$shm/ws")" 'not a directory of yours'
	rm "$shm/.gate-undo-$uid"; mkdir -m 777 "$shm/.gate-undo-$uid"
	like "one that others can write to" "$(stores "$shm/ws")" 'not a directory of yours with mode 0700'
	if [ "$uid" = 0 ]; then
		chmod 700 "$shm/.gate-undo-0"; chown 1234 "$shm/.gate-undo-0"
		like "another user's" "$(stores "$shm/ws")" 'not a directory of yours with mode 0700'
		chown -R 1234 "$shm"; chmod 777 "$shm/ws"; rm -rf "$shm/.gate-undo-0"
		mount --bind "$shm/ws" "$shm/ws" 2>/dev/null && {
			is "nothing above on its mount: in the workspace, hidden from git" \
				"$(stores "$shm/ws"; cd "$shm/ws" && git init -q . && git -c safe.directory='*' status --porcelain)" "$shm/ws/.gate-undo 0o700"$'\n'"registry 0o700"
			"$GATESH" undo prune --all --yes </dev/null >/dev/null; umount "$shm/ws"; }
	else skip "another user's" "not root"; skip "in the workspace" "not root"; fi
	rm -rf "$shm"; test_cleanup() { :; }
else
	diag "no other file system at /dev/shm"
fi
rm -rf "$registry"; mkdir -p "$XDG_STATE_HOME/gate"; ln -s "$T/home" "$registry"
like "the registry is a symbolic link: nothing is kept, and that is told" "$(cd "$W" && echo x >file && sleep 0.02 && "$GATESH" run -- rm file </dev/null 2>&1)" 'undo: .*: not a directory of yours.*refused'
is "and nothing is written there" "$(ls -A "$T/home") $(cat "$W/file")" " x"
like "gatesh undo says so, too: 74" "$("$GATESH" undo 2>&1; echo $?)" 'not a directory of yours.*74$'
rm "$registry"
is "an empty session leaves nothing" "$("$GATESH" run -- true </dev/null; find "$registry" -mindepth 1 -type d)" ""
is "nor a killed one anything that is told" "$("$GATESH" run -- sh -c 'kill -9 $PPID' </dev/null 2>/dev/null; "$GATESH" undo 2>&1 | grep -v 'nothing was kept')" ""
done_testing
