#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# supervised_rights.t - gatesh judges and keeps for a static program, and the kernel performs the call: the program can do nothing that it
# could not do outside of a session.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
run() { (cd "$W" && setsid -w "$GATESH" run "$@" </dev/null 2>&1); }
undo() { (cd "$W" && "$GATESH" undo "$@" </dev/null 2>&1); }
objects() { find "$base" -path '*/undo/*/o/*' -type f 2>/dev/null | wc -l; }
mkdir "$T/bin"; chmod 755 "$T" "$T/bin" "$base" "$W"
call=$T/bin/filecalls
if ! ${CC:-cc} -D_GNU_SOURCE -static -o "$call" "$GATE_SRC/tests/support/filecalls.c" 2>"$T/log"; then
	plan 1; skip "everything here" "no static libc: $(tail -1 "$T/log")"; exit 0
fi
fresh() {
	rm -rf "$W/d" "$W/theirs" "$XDG_STATE_HOME/gate/undo"; mkdir "$W/d" "$W/theirs"
	echo old >"$W/d/a"; echo other >"$W/d/b"; echo theirs >"$W/theirs/f"; chmod 644 "$W/d/a" "$W/d/b"
}

# --- another uid under root's session
nobody=65534
if [ "$(id -u)" = 0 ]; then
	for call_of in "unlink d/a" "rename d/a d/c" "rename d/b d/a" "rename theirs/f d/a" "truncate d/a 0" "open d/a" "creat d/a" "openat2 d/a"; do
		fresh; chown -R $nobody "$W/theirs"; inode=$(stat -c %i "$W/d/a")
		# shellcheck disable=SC2086 # a list of words
		is "nobody may not: $call_of" "$(run -- "$call" -u $nobody $call_of)" "-1 EACCES"
		is "and the file stays" "$(cat "$W/d/a") $(stat -c %i "$W/d/a")" "old $inode"
		undo >"$T/out"
		is "nothing is listed, nothing is left" "$(grep -c ' a ' "$T/out") $(objects) $(stat -c %h "$W/d/a")" "0 0 1"
	done
	fresh; chmod 700 "$W/d"
	is "nor in a directory that it may not enter" "$(run -- "$call" -u $nobody unlink d/a) $(cat "$W/d/a")" "-1 EACCES old"
	fresh; chmod 1777 "$W/d"
	is "nor in a directory like /tmp" "$(run -- "$call" -u $nobody unlink d/a) $(cat "$W/d/a")" "-1 EPERM old"
	fresh; chown -R $nobody "$W/theirs"
	like "it may remove a file of its own, which is kept" "$(run -- "$call" -u $nobody unlink theirs/f)" "^0
gate: kept 1 file "
	undo --yes --since 1m >/dev/null
	is "and comes back with its owner" "$(cat "$W/theirs/f"; stat -c %u "$W/theirs/f")" "theirs
$nobody"
	fresh
	like "a descriptor from before keeps its rights" "$(run -- "$call" -u $nobody ftruncate d/a 1)" "^0
gate: kept 1 file "
	is "it was shortened" "$(wc -c <"$W/d/a")" 1
	undo --yes --since 1m >/dev/null
	is "and comes back" "$(cat "$W/d/a")" old
else
	skip "another uid under root's session" "not root"
	fresh; chmod 555 "$W/d"
	is "a directory without write permission" "$(run -- "$call" unlink d/a) $(cat "$W/d/a") $(objects)" "-1 EACCES old 0"
	chmod 755 "$W/d"
fi

# --- a Landlock domain
if "$call" -l unlink "$T/none" >/dev/null 2>&1; [ $? != 99 ]; then
	for call_of in "unlink d/a" "rename d/b d/a" "truncate d/a 0" "open d/a"; do
		fresh
		# shellcheck disable=SC2086 # a list of words
		is "in a domain that may change nothing: $call_of" "$(run -- "$call" -l $call_of) $(cat "$W/d/a")" "-1 EACCES old"
		undo >"$T/out"
		is "nothing is listed, nothing is left" "$(grep -c ' a ' "$T/out") $(objects) $(stat -c %h "$W/d/a")" "0 0 1"
	done
else
	skip "a Landlock domain" "no Landlock here"
fi

# --- a chroot
if [ "$(id -u)" = 0 ]; then
	for call_of in "unlink /a" "rename /b /a" "truncate /a 0" "open /a"; do
		fresh
		# shellcheck disable=SC2086 # a list of words
		like "in a chroot: $call_of" "$(run -- "$call" -c d $call_of)" "^0
gate: kept 1 file "
		undo --yes --since 1m >/dev/null
		is "and comes back" "$(cat "$W/d/a")" old
	done
	for call_of in "unlink to-root/f" "open to-root/f" "open to-root/link" "unlink ../sub/f" "open sub/up"; do
		fresh; mkdir "$W/d/sub"; echo old >"$W/d/sub/f"; ln -s /sub "$W/d/to-root"; ln -s f "$W/d/sub/link"; ln -s ../../../sub/f "$W/d/sub/up"
		# shellcheck disable=SC2086 # a list of words
		like "links and .. end at its root: $call_of" "$(run -- "$call" -c d $call_of)" "^0
gate: kept 1 file "
		undo --yes --since 1m >/dev/null
		is "and comes back" "$(cat "$W/d/sub/f")" old
	done
else
	skip "a chroot" "not root"
fi

# --- /proc/self is the program, not gatesh
for call_of in "unlink /proc/self/cwd/d/a" "truncate /proc/self/fd/7 1" "open /proc/thread-self/fd/7" "open /dev/fd/7"; do
	fresh
	like "by /proc: $call_of" "$(run -- sh -c "exec 7<d/a; exec '$call' $call_of")" "^0
gate: kept 1 file "
	undo --yes --since 1m >/dev/null
	is "and comes back" "$(cat "$W/d/a")" old
done
is "a loop of links: the kernel's word" "$(ln -s loop "$W/d/loop"; run -- "$call" open d/loop)" "-1 ELOOP"
# --- a user namespace: its root has no right over the files of a user who is not in it
if [ "$(id -u)" = 0 ] && unshare -Ur true 2>/dev/null; then
	for call_of in "unlink d/a" "rename d/b d/a" "truncate d/a 0" "open d/a"; do
		fresh; chown -R $nobody "$W/d"
		# shellcheck disable=SC2086 # a list of words
		is "in a user namespace: $call_of" "$(run -- unshare -Ur "$call" $call_of) $(cat "$W/d/a") $(objects) $(stat -c %h "$W/d/a")" "-1 EACCES old 0 1"
	done
else
	skip "a user namespace" "not root, or none here"
fi

# --- after a yes
echo precious >"$base/outside"
(cd "$W" && setsid -w "$GATESH" run --wait-for-answer -- "$call" unlink "$base/outside" </dev/null >"$T/asked" 2>/dev/null) &
wait_for 5 any_question
is "a question: the file is still there" "$(cat "$base/outside")" precious
"$GATESH" allow "$("$GATESH" pending --json | sed -nE 's/.*"id":([0-9]+).*/\1/p')" >/dev/null
wait $!
is "after a yes the kernel performs the call" "$(head -1 "$T/asked"; ls "$base/outside" 2>/dev/null)" 0

# --- another mount namespace, where the kernel links nothing into the store
ns=(unshare -m); [ "$(id -u)" = 0 ] || ns=(unshare -rm)
# shellcheck disable=SC2016 # expanded inside
bound='mount --bind "$PWD" "$PWD" && cd "$PWD" && exec "$@"'
if (cd "$W" && "${ns[@]}" sh -c "$bound" sh true) 2>"$T/log"; then
	for call_of in "unlink d/a" "rename d/b d/a"; do
		fresh; inode=$(stat -c %i "$W/d/a")
		# shellcheck disable=SC2086 # a list of words
		like "in a mount namespace: $call_of" "$(run -- "${ns[@]}" sh -c "$bound" sh "$call" $call_of)" "^0
gate: kept 1 file "
		undo --yes --since 1m >/dev/null
		is "the very file comes back" "$(cat "$W/d/a") $(stat -c %i "$W/d/a")" "old $inode"
	done
	fresh; rm -rf "$base/elsewhere"; mkdir -p "$W/d/sub/dir"
	bound="mkdir -p '$W/d/bound' && mount --bind '$W/theirs' '$W/d/bound' && cd '$W/d/bound' && exec \"\$@\""
	like "bound to another path: a copy is kept" "$(run -- "${ns[@]}" sh -c "$bound" sh "$call" unlink f)" "^0
gate: kept 1 file "
	undo --yes --since 1m >/dev/null
	is "and comes back at that path" "$(cat "$W/d/bound/f")" theirs
	fresh
	bound='mount -o bind,ro "$PWD" "$PWD" 2>/dev/null || { mount --bind "$PWD" "$PWD" && mount -o remount,bind,ro "$PWD"; } && cd "$PWD" && exec "$@"'
	is "read-only there: the kernel's word, and nothing is kept" "$(run -- "${ns[@]}" sh -c "$bound" sh "$call" unlink d/a) $(cat "$W/d/a") $(objects)" "-1 EROFS old 0"
else
	skip "another mount namespace" "$(tail -1 "$T/log")"
fi
done_testing
