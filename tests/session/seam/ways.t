#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# ways.t - every way in: however a program reaches the kernel, what it removes and overwrites is kept, what a rule denies is
# refused, and what concerns nobody goes on as without a session.
#
# A row is a way, a column an act; GATE_WAYS='libc asm' runs some rows.  kept: done, and gatesh undo gave it back; refused:
# not done, the file is whole; same: as natively; -: the way has no such act.  Capitals are a fault:
#   LOST     the content is gone               LET         a denied act happened
#   DIED     the program did not get there     DIFFERS     an act of no concern went another way, or something was printed
#   NOT-DONE it said ok, and nothing happened  TEST-IS-WRONG  the native run did not do it
# The columns own, errno, exec, net, quiet are what concerns nobody: files of its own, errors of the kernel's, a harmless
# command and a missing one, a harmless port and a closed one, and everything else that is printed.
# shellcheck disable=SC1091,SC2034,SC2154 # ways.sh reads AS and lacks, and sets bin
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
passwd_home=$(getent passwd "$(id -u)" | cut -d: -f6) # lib.sh has made another one of HOME
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
ways=$GATE_SRC/tests/support/ways
. "$ways/ways.sh"
chmod 755 "$base" "$T"; mkdir "$bin"
listener=
# shellcheck disable=SC2086 # none or one process
test_cleanup() { kill $listener 2>/dev/null; rm -rf "$base"; }
ways_listen; ways_rules; ways_acts
root=; [ "$(id -u)" != 0 ] || root=1

have() { command -v "$1" >/dev/null; }
wanted() { local w; for w; do [[ " ${GATE_WAYS:-$w} " != *" $w "* ]] || return 0; done; return 1; }
# built PROGRAM COMMAND...: false, and the reason in $why, if it can't be built.
built() { local out=$1; shift; "$@" >"$T/build.log" 2>&1 && [ -e "$out" ] && return 0; why=$(grep -m1 -e error -e 'not found' -e cannot "$T/build.log" || tail -n 1 "$T/build.log"); return 1; }
c_way() { # c_way PROGRAM COMPILER FLAG...
	local out=$1; shift
	have "$1" || { why="no $1"; return 1; }
	built "$out" "$@" -D_GNU_SOURCE -w -O1 -o "$out" "$ways"/way{,_calls,_abi,_settings}.c
}
all_of() { local w; for w in $1; do ! wanted "$w" || skip "$w" "$2"; done; } # all_of WAYS REASON: skip them

cc=${CC:-cc}
${cc%% *} -O1 -o "$bin/way-denied" "$ways/mark.c" || exit 99
${cc%% *} -O1 -static -o "$bin/way-denied-static" "$ways/mark.c" 2>/dev/null || cp "$bin/way-denied" "$bin/way-denied-static"
for name in asked harmless; do cp "$bin/way-denied" "$bin/way-$name"; done

# --- C, dynamic
c_way "$bin/way" "${cc%% *}" -Wl,-z,now -ldl || exit 99
for way in libc dlsym dlmopen syscall stdio spawn; do try $way "$bin/way" -w $way; done
if [ "$(uname -m)" = x86_64 ]; then
	for way in asm after int80; do try $way "$bin/way" -w $way; done
	lacks=all try x32 "$bin/way" -w x32
else
	all_of 'asm after int80 x32' "not an x86-64"
fi
if c_way "$bin/way-32" "${cc%% *}" -m32 -ldl; then
	try m32 "$bin/way-32" -w libc
	try m32-syscall "$bin/way-32" -w syscall
else
	all_of 'm32 m32-syscall' "no 32-bit libc: $why"
fi

# --- C, static
if c_way "$bin/way-static" "${cc%% *}" -static -DWAY_STATIC; then
	try static "$bin/way-static" -w libc
	try static-syscall "$bin/way-static" -w syscall
	[ "$(uname -m)" != x86_64 ] || try static-int80 "$bin/way-static" -w int80
else
	all_of 'static static-syscall static-int80' "no static libc: $why"
fi
if c_way "$bin/way-32-static" "${cc%% *}" -m32 -static -DWAY_STATIC; then
	try m32-static "$bin/way-32-static" -w libc
else
	all_of m32-static "no static 32-bit libc: $why"
fi
if c_way "$bin/way-musl" musl-gcc -static -DWAY_STATIC; then
	try musl "$bin/way-musl" -w libc
else
	all_of musl "no musl: $why"
fi

# --- scripts
python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
for way in os ctypes; do try py-$way "$python" "$ways/way.py" $way; done
if [ "$(uname -m)" = x86_64 ]; then
	try py-syscall "$python" "$ways/way.py" syscall
	if have perl; then try perl perl "$ways/way.pl" perl; try perl-syscall perl "$ways/way.pl" syscall; else all_of 'perl perl-syscall' "no perl"; fi
fi
if have node; then try node node "$ways/way.js" fs; else all_of node "no node"; fi
if have bun; then
	for way in fs promises bun shell; do try bun-$way "$(realpath "$(command -v bun)")" "$ways/way.js" $way; done
else
	all_of 'bun-fs bun-promises bun-bun bun-shell' "no bun: npm install bun, and put node_modules/.bin in PATH"
fi

# --- Go, Rust, Java
if wanted go-static go-dynamic go-run go-test && have go; then
	mkdir "$bin/go"; cp "$ways/way.go" "$ways/way_test.go" "$bin/go/"; printf 'module way\n\ngo 1.18\n' >"$bin/go/go.mod"
	export GOCACHE=$base/gocache GOFLAGS=-mod=mod GOTOOLCHAIN=local
	go telemetry off 2>/dev/null # from Go 1.23 it writes counters, which files.caches lets go only below ~/.config
	go_built() { built "$1" env CGO_ENABLED="$2" go build -C "$bin/go" -o "$1" . || built "$1" sh -c "cd '$bin/go' && CGO_ENABLED=$2 go build -o '$1' ."; }
	if go_built "$bin/way-go" 0; then try go-static "$bin/way-go"; else all_of go-static "$why"; fi
	if go_built "$bin/way-go-net" 1 && ldd "$bin/way-go-net" >/dev/null 2>&1; then
		try go-dynamic "$bin/way-go-net"
		(cd "$bin/go" && go run . && go vet . && go test -count=1) >/dev/null 2>&1 # what is compiled is in the cache then
		# shellcheck disable=SC2016 # for the inner shell
		try go-run sh -c 'here=$PWD; cd ../../bin/go && exec go run . -C "$here" "$@"' -
		# shellcheck disable=SC2016
		try go-test sh -c 'here=$PWD; cd ../../bin/go && go test -count=1 -args -- -C "$here" "$@" | grep "^= "' -
	else
		all_of 'go-dynamic go-run go-test' "no dynamic Go program: ${why:-static}"
	fi
else
	all_of 'go-static go-dynamic go-run go-test' "no go"
fi
if wanted rust && have rustc; then
	if built "$bin/way-rust" env HOME="$passwd_home" rustc -C debuginfo=0 -o "$bin/way-rust" "$ways/way.rs"; then try rust "$bin/way-rust"; else all_of rust "$why"; fi
else
	all_of rust "no rustc"
fi
if wanted java && have javac; then
	if built "$bin/Way.class" javac -d "$bin" "$ways/Way.java"; then try java java -XX:TieredStopAtLevel=1 -cp "$bin" Way; else all_of java "$why"; fi
else
	all_of java "no javac"
fi

# --- without the library
try env-i env -i "$bin/way" -w libc
try unsetenv "$bin/way" -s unsetenv -w libc
try bare-exec "$bin/way" -s bare-exec -w libc
loader=$(readelf -l "$bin/way" 2>/dev/null | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
if [ -n "$loader" ]; then try loader "$loader" "$bin/way" -w libc; else all_of loader "no readelf"; fi
if [ "$(uname -m)" = x86_64 ]; then try unmap "$bin/way" -s unmap -w asm; fi

# --- another root, another mount namespace
if have unshare; then
	try unshare unshare -Urm "$bin/way" -w libc
	try unshare-pid unshare -Urmpf "$bin/way" -w libc
	if [ -e "$bin/way-static" ]; then try unshare-static unshare -Urm "$bin/way-static" -w libc; fi
else
	all_of 'unshare unshare-pid unshare-static' "no unshare"
fi
if have bwrap; then
	system=(--ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --symlink usr/bin /bin --proc /proc --dev /dev --tmpfs /tmp)
	# A tree that is installed is below /usr, where a sandbox sees it; one of the tests is not.
	try bwrap bwrap "${system[@]}" --ro-bind "$GATE_STAGE" "$GATE_STAGE" --bind "$base" "$base" "$bin/way" -w libc
	try bwrap-bare bwrap "${system[@]}" --bind "$base" "$base" "$bin/way" -w libc
else
	all_of 'bwrap bwrap-bare' "no bwrap"
fi
if [ -n "$root" ] && [ -e "$bin/way-static" ]; then # dynamic commands have no loader there
	lacks='deny ask' try chroot "$bin/way-static" -s chroot="$base" -w libc
else
	all_of chroot "not root, or no static libc"
fi

# --- a seccomp filter of its own
for name in statx-enosys statx-eperm; do try $name "$bin/way" -s $name -w libc; done
lacks='deny deny-static ask'
try allow-list "$bin/way" -s allow-list -w libc
if [ -e "$bin/way-static" ]; then try allow-static "$bin/way-static" -s allow-list -w libc; fi
lacks=

# --- another user under root's session, and a session of a user's
uid=(--reuid 65534 --regid 65534 --clear-groups)
if [ -n "$root" ] && setpriv "${uid[@]}" test -x "$GATESH" -a -x "$bin/way"; then
	try setpriv setpriv "${uid[@]}" "$bin/way" -w libc
	if [ -e "$bin/way-static" ]; then try setpriv-static setpriv "${uid[@]}" "$bin/way-static" -w libc; fi
	try runuser runuser -u nobody -- "$bin/way" -w libc
	# shellcheck disable=SC2016 # for the inner shell
	try su su -s /bin/sh -c 'exec "$@"' -- nobody - "$bin/way" -w libc
	if have start-stop-daemon; then # it goes to / by itself
		# shellcheck disable=SC2016
		try start-stop sh -c 'exec start-stop-daemon -S -q -c nobody -d "$PWD" -x "$@"' - "$bin/way" -- -w libc
	else
		all_of start-stop "no start-stop-daemon"
	fi
	if have sudo; then try sudo sudo -n -u nobody "$bin/way" -w libc; else all_of sudo "no sudo"; fi
	AS=(setpriv "${uid[@]}")
	install -m 711 "$bin/way" "$bin/way-711"; [ ! -e "$bin/way-static" ] || install -m 711 "$bin/way-static" "$bin/way-static-711"
	try user "$bin/way" -w libc
	try user-nodump "$bin/way" -s nodump -w libc
	try user-711 "$bin/way-711" -w libc
	if [ -e "$bin/way-static" ]; then
		try user-static "$bin/way-static" -w libc
		unreadable=1
		try user-nodump-s "$bin/way-static" -s nodump -w libc
		try user-711-s "$bin/way-static-711" -w libc
		unreadable=
	fi
	AS=()
else
	all_of 'setpriv setpriv-static runuser su start-stop sudo user user-nodump user-711 user-static user-nodump-s user-711-s' "not root, or the build is where others can't read"
fi

ways_matrix
done_testing
