#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# undo_index.t - an undo of a path reads only the journals that can have it; an index that is missing, torn, old or left
# half written by a killed writer hides nothing.
# shellcheck disable=SC1091,SC2012
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
keep() { python3 "$GATE_SRC/tests/session/undo/keep.py" "$@"; }
undo() { "$GATESH" undo "$@" </dev/null; }
store=$XDG_STATE_HOME/gate/undo W=$T/work
mkdir -p "$W/one" "$W/two"; cd "$W" || exit 99
keep new aaaa0001 "$W" agent; keep new bbbb0002 "$W" agent
for f in one/a one/b two/a two/b; do echo "$f" >$f; done
keep aaaa0001 unlink "$W/one/a"; keep bbbb0002 unlink "$W/two/a" "$W/two/b"
undo -n one/a >/dev/null
is "a store without an index gets one" "$(sed -n '2,$p' "$store/bbbb0002/index")" "$W/two"$'\nend'
keep bbbb0002 unlink "$W/one/b"
is "one that is older than the journal is made again" "$(undo -y one/b >/dev/null; cat one/b)" one/b
for bad in 'printf ""' 'head -c 20' 'sed \$d' 'sed -e s/two/six/ -e s/^end/en/' 'sed 2d'; do
	rm -f two/a; undo -y --redo >/dev/null 2>&1; undo -n two/a >/dev/null 2>&1
	cp "$store/bbbb0002/index" "$T/index"; eval "$bad" <"$T/index" >"$store/bbbb0002/index"
	is "a torn one is made again: $bad" "$(undo -n two/a | tail -1)" "1 file to restore."
done
echo rubbish >"$store/bbbb0002/index.new"; rm "$store/bbbb0002/index"
is "nor is what a killed writer left believed" "$(undo -n two/b | tail -1; ls "$store/bbbb0002" | tr '\n' ' ')" "1 file to restore."$'\nindex journal o session.json '
ln -s "$T/home" "$store/aaaa0001/x"; rm "$store/bbbb0002/index"; ln -s "$T/index" "$store/bbbb0002/index"
is "nor a symbolic link" "$(undo -n two/b | tail -1)" "1 file to restore."
if strace -o /dev/null true 2>/dev/null; then
	strace -f -o "$T/trace" "$GATESH" undo -n two/b </dev/null >/dev/null 2>&1
	is "the journals of others are not read" "$(grep -c 'openat(.*"journal"' "$T/trace")" 1
	mkdir big; for i in $(seq 300); do echo x >"big/f$i"; done
	keep new cccc0003 "$W" agent; keep cccc0003 unlink "$W"/big/f*
	strace -f -o "$T/trace" -e trace=openat "$GATESH" undo </dev/null >"$T/list" 2>&1
	like "a big directory is one line of the list" "$(cat "$T/list")" 'big/ +300 files removed|and 27[0-9] more'
	ok "and only what is shown is looked at" [ "$(grep -c '"big"' "$T/trace")" -lt 60 ]
	rm -rf big "$store/cccc0003"
else
	skip "the journals of others are not read" "strace may not trace here"
	skip "a big directory is one line of the list" "strace may not trace here"
	skip "and only what is shown is looked at" "strace may not trace here"
fi
mkdir d; for i in $(seq 100); do mkdir -p "many/$i/x"; echo "$i" >"many/$i/x/f"; done
keep aaaa0001 unlink "$W"/many/*/x/f
is "many directories: a bounded index that still finds each" "$(undo -n many/77/x/f | tail -1; test "$(wc -l <"$store/aaaa0001/index")" -le 34 && echo bounded)" "1 file to restore."$'\nbounded'
echo x >l1; ln l1 l2; keep aaaa0001 unlink "$W/l1"; mkdir e; mv l2 e/l2; keep bbbb0002 unlink "$W/e/l2"
is "a lost name finds its file in another session's store" "$(undo -y l1 >/dev/null; cat l1)" x

# --- a session that ends knows from their sums what the others hold
rm -rf "$store"; mkdir -p own; for i in 1 2 3; do head -c 9000 /dev/zero >"two/k$i"; done
keep new dddd0004 "$W" agent; keep -t 7200 dddd0004 unlink "$W/two/k1" "$W/two/k2" "$W/two/k3"
inside() { (cd own && "$GATESH" run "$@" </dev/null 2>&1); }
touch -d '2 hours ago' "$store/dddd0004/o"
inside -- true; ok "the first session that ends leaves the sum of another one's store" [ -s "$store/dddd0004/sum" ]
if strace -o /dev/null true 2>/dev/null; then
	(cd own && strace -y -f -o "$T/trace" -e trace=openat "$GATESH" run -- true </dev/null >/dev/null 2>&1)
	is "the next one does not read its journal" "$(grep -c 'dddd0004>, "journal"' "$T/trace")" 0
else
	skip "the next one does not read its journal" "strace may not trace here"
fi
mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"
sed 's/gate_keep.so$/gate_keep.so quota=15K hold=1h/' "$GATE_SRC/rules/policy/gate.d/agent" >"$XDG_CONFIG_HOME/gate/gate.d/agent"
inside -- true; is "one with a smaller quota takes the oldest of it" "$(undo -y two | tail -1; echo two/k* | wc -w)" \
	"1 restored. To take this back: gatesh undo --redo"$'\n1'
done_testing
