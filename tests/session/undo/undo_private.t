#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_private.t - the store is private: its modes, the mark for backups, secrets that are named, forget, and the size.
# shellcheck disable=SC1091,SC2012
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
keep() { python3 "$GATE_SRC/tests/session/undo/keep.py" "$@"; }
undo() { "$GATESH" undo "$@" </dev/null; }
store=$XDG_STATE_HOME/gate/undo W=$T/work
mkdir "$W"; cd "$W" || exit 99
umask 000
echo x >old; sleep 0.02
"$GATESH" run -- rm old </dev/null 2>/dev/null
is "all directories 0700, files of Gate's own 0600, whatever the umask" "$(find "$store" -path "$store/*/o/*" -prune -o -printf '%y%m\n' | sort -u | tr '\n' ' ')" "d700 f600 "
is "backups leave the store out" "$(head -c 43 "$store/CACHEDIR.TAG")" "Signature: 8a477f597d28d172789f06886806bc55"
is "the list does not take the mark for a session" "$(undo --all 2>&1 >/dev/null)" ""
umask 022
chmod -R 755 "$store"; is "a session's chmod -R of the home does not lock undo out" "$(undo --yes --since 1h >/dev/null 2>&1; cat old)" x
is "and the store is private again" "$(stat -c %a "$store"/*/ | sort -u)" 700
chmod -R 777 "$store"; like "not where others could have written" "$(undo --all 2>&1; undo --yes --since 1h 2>&1)" "not a directory of yours with mode 0700"
chmod -R go-rwx "$store"
# Where it is not temporary: there nothing is asked about.
far=$(mktemp -d /run/gate-test.XXXXXX 2>/dev/null)
test_cleanup() { rm -rf "${far:?}"; }
if [ -n "$far" ]; then
	mkdir "$far/work"; cd "$far/work" || exit 99
	echo x >old; sleep 0.02
	XDG_STATE_HOME=$far "$GATESH" run -- rm old </dev/null 2>/dev/null
	XDG_STATE_HOME=$far "$GATESH" run -- rm -rf "$far/gate/undo" </dev/null >"$T/out" 2>&1
	is "the mark does not make the store a cache that a session may delete" "$(find "$far" -path '*/o/*' | wc -l)" 1
else
	skip "the mark does not make the store a cache" "/run is not ours"
fi

fresh() { cd "$T" && rm -rf "$W" "$store" && mkdir "$W" && cd "$W" && keep new aaaa0001 "$W" agent; }
# --- secrets
fresh
echo PASSWORD=x >.env; echo none >.env.example; echo k >id_ed25519; echo p >id_ed25519.pub; echo text >notes
printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\n%0100d\n' 0 >deploy
keep aaaa0001 unlink "$W"/.env "$W"/.env.example "$W"/id_ed25519 "$W"/id_ed25519.pub "$W"/notes "$W"/deploy
is "files with secrets are named, by name and by content" "$(undo | sed -n 's/^ *\([^ ]*\) .*holds secrets$/\1/p' | tr '\n' ' ')" ".env deploy id_ed25519 "
is "in JSON" "$(undo --json | grep -c '"secret":true')" 2
is "and in what would come back" "$(undo -n .env | grep -c 'holds secrets')" 1
mkdir -p a/b; for i in $(seq 20); do echo x >"a/b/f$i"; done; echo x >a/b/.env
keep aaaa0001 rm-r "$W/a"
like "a big tree counts them" "$(undo --command 1 -n a; undo)" 'b/ +21 files removed .*1 holds secrets'

# --- forget
fresh
echo one >f; keep aaaa0001 write "$W/f" two; keep aaaa0001 write "$W/f" three; undo -y f >/dev/null; undo -y --redo >/dev/null
keep aaaa0001 unlink "$W/f"; echo other >g; keep aaaa0001 unlink "$W/g"
versions() { find "$store" -path '*/o/*' -type f | wc -l; }
all=$(versions)
is "without a terminal it asks for --yes: 64" "$(undo forget f 2>/dev/null; echo $?) $(versions)" "64 $all"
python3 "$GATE_SRC/tests/support/on_terminal.py" 80 bash -c 'echo y | "$0" undo forget f' "$GATESH" >"$T/out" 2>&1
is "a pipe is no terminal" "$(versions)" "$all"
is "every version goes, of undos as well, and it says how many" "$(undo forget --yes f)" "$((all - 1)) kept versions of 1 file deleted."
is "nothing else" "$(versions) $(undo -y f 2>/dev/null; undo -y g >/dev/null; cat g)" "1 other"
is "again: 1, and said" "$(undo forget -y f 2>&1; echo $?)" $'gatesh: undo: no version of it is kept\n1'
is "not inside a session: 126" "$("$GATESH" run -- "$GATESH" undo forget -y g </dev/null 2>/dev/null; echo $?)" 126
fresh; mkdir d; echo x >d/f; keep aaaa0001 rm-r "$W/d"; echo file >d; undo -y d >/dev/null; keep aaaa0001 unlink "$W/d/f"; undo -y --redo >/dev/null 2>&1
like "a directory: everything under it" "$(undo forget -y d)" 'deleted'
is "and that is all" "$(grep -rl x "$store"/*/o 2>/dev/null)" ""

# --- the size
fresh
head -c 1000000 /dev/urandom >big; keep aaaa0001 mv "$W/big" "$W/big2"; ln big2 other
keep aaaa0001 refused R "$W/big2"; keep aaaa0001 refused R "$W/other"; rm big2 other
like "the list says what is on the disk: a file with two links once" "$(undo | tail -1)" '^9[0-9][0-9]\.. KiB on disk\.$'
truncate -s 1G sparse; keep aaaa0001 unlink "$W/sparse"
like "blocks, not lengths" "$(undo | tail -1)" '^9[0-9][0-9]\.. KiB on disk\.$'
done_testing
