#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# install.t - installing over a living session and uninstalling under it: no command of the session runs ungated.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 26
unset GATE_STAGE
prefix=$(sed -n 's/^prefix = //p' "$GATE_BUILD/Makefile")
root=$T/root$prefix
# gate TARGET...: make it for an installation of this test's own
gate() { make -s -C "$GATE_BUILD" DESTDIR="$T/root" "$@" </dev/null >"$T/make.log" 2>&1 || { diag "$(tail -20 "$T/make.log")"; return 1; }; }
versions() { find "$root/lib/gate/interposer" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | wc -l; }
seen() { [ -f "$T/status" ] && [ "$(wc -l <"$T/status")" -ge "$1" ]; }
# more: the session has run a few more commands since now
more() { local now; now=$(wc -l <"$T/status"); wait_for 60 seen $((now + 6)); }

mkdir -p "$T/bin" "$XDG_CONFIG_HOME/gate/rules"
cp /bin/true "$T/bin/doomsday"
printf 'rule: test.doomsday\non: exec\nprogram: doomsday\nmatch: .\nseverity: danger\naction: deny\nreason: never\nhit: doomsday\nmiss: other\n' \
	>"$XDG_CONFIG_HOME/gate/rules/test.rules"
programs=doomsday
if bb=$(command -v busybox) && ! ldd "$bb" >/dev/null 2>&1; then
	mkdir "$T/bin/static"
	cp "$bb" "$T/bin/static/doomsday" # gate-standin stands in for it
	programs="doomsday static/doomsday"
fi

ok "make install" gate install
is "one interposer lies there" "$(versions)" 1
like "libgate-preload.so leads to it" "$(readlink "$root/lib/libgate-preload.so")" '^gate/interposer/[0-9a-f-]+/libgate-preload.so$'

# Another place than the configured one is refused before anything is done.
out=$(make -s -C "$GATE_BUILD" install prefix="$T/moved" 2>&1; echo "=$?")
is "make install prefix= is refused: one line" "$(wc -l <<<"$out")${out##*$'\n'}" "2=2"
like "which says why, and what to do" "$out" "gate: prefix is $prefix since configure and can't become $T/moved; nothing was done. Run configure --prefix="
like "so is sysconfdir=" "$(make -s -C "$GATE_BUILD" install sysconfdir=/elsewhere 2>&1)" 'gate: sysconfdir is .* nothing was done'
is "and nothing is there" "$(ls -d "$T/moved" 2>/dev/null)" ""
ok "the configured one may be given" make -s -C "$GATE_BUILD" all prefix="$prefix"

# The session: commands that are denied, one after the other, until it is told to stop.
PROGRAMS=$programs setsid "$root/bin/gatesh" run -- bash -c '
	echo "$LD_PRELOAD" >"$0/preload"
	sleep 1000 &
	echo $! >"$0/survivor"
	while [ ! -e "$0/stop" ]; do
		for p in $PROGRAMS; do "$0/bin/$p"; echo $? >>"$0/status"; done
	done' "$T" </dev/null >"$T/out" 2>&1 &
session=$!
test_cleanup() { touch "$T/stop"; [ ! -f "$T/survivor" ] || kill "$(cat "$T/survivor")" 2>/dev/null; wait "$session"; }
ok "a session runs commands" wait_for 60 seen 6
seen 6 || { echo "Bail out! the session does not run: $(head -5 "$T/out")"; exit 99; }
mine=$(cat "$T/preload")
like "its library is the file, not the link" "$mine" "^$(dirname "$(realpath "$root/lib/libgate-preload.so")")/(\\\$PLATFORM/)?libgate-preload.so\$"
for i in 1 2; do
	ok "another version is installed ($i)" gate install-strip
	ok "and leaves the session its own ($i)" test -f "$mine"
	ok "the session goes on" more
	ok "the same version is installed ($i)" gate install
	ok "the session goes on" more
done
ok "uninstalled" gate uninstall
like "make says what stays, and why" "$(grep '^gate:' "$T/make.log")" 'gate: uninstall: .*/interposer.* stays; run make uninstall again'
ok "the session goes on" more
touch "$T/stop"
wait "$session"
is "not one command ran ungated" "$(sort "$T/status" | uniq -c | awk '{ print $2 }')" 126
diag "$(wc -l <"$T/status") commands"
gate uninstall
is "a process that outlived the session keeps its library" "$(versions) $(test -f "$mine" && echo there)" "1 there"
kill "$(cat "$T/survivor")"
wait_for 10 eval '! kill -0 "$(cat "$T/survivor")"'
gate uninstall
is "afterwards nothing is left" "$(find "$T/root" ! -type d)" ""
