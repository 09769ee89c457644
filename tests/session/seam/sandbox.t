#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# sandbox.t - a program that loads the interposer in a sandbox: where it may not look at files, reach the store or open a descriptor, it
# leaves the call to the session, which judges and keeps.  The kernel does the call with the sandbox's own rights.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
run() { (cd "$W" && setsid -w "$GATESH" run "$@" </dev/null 2>&1); }
undo() { (cd "$W" && "$GATESH" undo "$@" </dev/null 2>&1); }
objects() { find "$base" -path '*/undo/*/o/*' -type f 2>/dev/null | wc -l; }
nobody=65534 root=; [ "$(id -u)" != 0 ] || root=1
mkdir "$T/bin"; chmod 755 "$T" "$T/bin" "$base" "$W"
call=$T/bin/filecalls
${CC:-cc} -D_GNU_SOURCE -o "$call" "$GATE_SRC/tests/support/filecalls.c" || exit 99
fresh() {
	rm -rf "$W/d" "$XDG_STATE_HOME/gate/undo"; mkdir "$W/d"
	echo old >"$W/d/a"; echo other >"$W/d/b"
}
acts=("unlink d/a" "rename d/b d/a" "truncate d/a 0" "ftruncate d/a 0" "open d/a" "openat2 d/a")
# kept SANDBOX COMMAND...: each act happens, and comes back.
kept() {
	local what=$1 act; shift
	for act in "${acts[@]}"; do
		fresh; [ -z "${owner:-}" ] || chown -R "$owner" "$W/d"
		# shellcheck disable=SC2086 # a list of words
		like "$what: $act" "$(run -- "$@" $act)" "^0
gate: kept 1 file "
		undo --yes --since 1m >/dev/null
		is "$what: it comes back after $act" "$(cat "$W/d/a")" old
	done
}
# refused SANDBOX ERROR COMMAND...: the kernel's own refusal, and nothing is kept.
refused() {
	local what=$1 error=$2 act; shift 2
	for act in "unlink d/a" "rename d/b d/a" "truncate d/a 0" "open d/a"; do
		fresh; [ -z "${owner:-}" ] || chown -R "$owner" "$W/d"
		# shellcheck disable=SC2086
		is "$what: $act" "$(run -- "$@" $act) $(cat "$W/d/a") $(objects) $(stat -c %h "$W/d/a")" "-1 $error old 0 1"
	done
}

# --- a filter of its own
# EPERM is what container runtimes answer, ENOSYS what older ones do.
for err in EPERM=1 ENOSYS=38 EACCES=13; do kept "statx fails with ${err%=*}" "$call" -s "${err#*=}"; done
kept "a program that is started behind such a filter" "$call" -s 1 -x
kept "a filter that kills for every other call" "$call" -k
fresh
is "a file of its own is not kept" "$(run -- sh -c 'echo x >d/own; exec "$0" -k unlink d/own' "$call"; ls "$W/d")" "0
a
b"

# --- no descriptor
acts=("unlink d/a" "rename d/b d/a" "truncate d/a 0" "ftruncate d/a 0")
kept "no descriptor is left" "$call" -n
acts+=("open d/a")

# --- another user
if [ -n "$root" ]; then
	owner=$nobody kept "another user's file, under root's session" "$call" -u $nobody
	refused "another user, and root's file" EACCES "$call" -u $nobody
else
	skip "another user" "not root"
fi
if [ -n "$root" ] && unshare -Ur true 2>/dev/null; then
	owner=$nobody refused "root of a user namespace, and a file of nobody in it" EACCES unshare -Ur "$call"
else
	skip "a user namespace" "not root, or none here"
fi
if "$call" -l unlink "$T/none" >/dev/null 2>&1; [ $? != 99 ]; then
	refused "a Landlock domain that may change nothing" EACCES "$call" -l
else
	skip "a Landlock domain" "no Landlock here"
fi

# --- another root
if [ -n "$root" ]; then
	acts=("unlink /a" "rename /b /a" "truncate /a 0" "open /a")
	kept "in a chroot" "$call" -c d
	acts=("unlink d/a" "rename d/b d/a" "truncate d/a 0" "open d/a")
else
	skip "in a chroot" "not root"
fi
# --- a root without the library: the loader is not told of it, and the seam judges
hidden=$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")
if unshare -m true 2>/dev/null; then
	without() { (cd "$W" && setsid -w "$GATESH" run -- unshare -m sh -c 'mount -t tmpfs none "$1"; shift; exec "$@"' sh "$hidden" "$@" </dev/null 2>&1); }
	is "a program that can't find the library starts without a word of the loader's" "$(without sh -c 'ls / >/dev/null; echo "${LD_PRELOAD-none}"')" none
	is "and what else LD_PRELOAD names stays" "$(LD_PRELOAD=libm.so.6 without sh -c 'echo "$LD_PRELOAD"')" libm.so.6
	like "it is judged" "$(without sh -c 'git push --force')" "^gate: refused: git push --force"
else
	for what in "a program that can't find the library" "what else LD_PRELOAD names" "it is judged"; do skip "$what" "no mount namespace here"; done
fi

# --- more variables than the hooks can rebuild on the stack: the program starts with those it was given, and the seam judges
many() { run -- env -i "$(command -v bash)" -c 'for i in {1..1500}; do export V$i=1; done; unset LD_PRELOAD GATE_SESSION; exec "$@"' bash "$@"; }
is "1,500 variables without Gate's: as without Gate" "$(many env | grep -c '^V[0-9]*=1$')" 1500
like "and judged" "$(many git push --force)" "^gate: refused: git push --force"
is "so by posix_spawn" "$(run -- python3 -c 'import os, sys
os.waitpid(os.posix_spawn("/usr/bin/env", ["env"], {"V%d" % i: "1" for i in range(1500)}), 0)' | grep -c '^V[0-9]*=1$')" 1500
acts=("unlink d/a")
kept "1,500 variables" env -i "$(command -v bash)" -c 'for i in {1..1500}; do export V$i=1; done; unset LD_PRELOAD GATE_SESSION; exec "$@"' bash "$call"
acts=("unlink d/a" "rename d/b d/a" "truncate d/a 0" "open d/a")

box=(bwrap --ro-bind / / --dev /dev)
alone=(--unshare-all) # no user namespace can be made in a chroot
(cd "$W" && "${box[@]}" --proc /proc "${alone[@]}" true) 2>/dev/null || alone=(--unshare-ipc --unshare-pid --unshare-net --unshare-uts)
if (cd "$W" && "${box[@]}" --proc /proc "${alone[@]}" true) 2>"$T/log"; then
	kept "the store is read-only" "${box[@]}" --proc /proc --bind "$W" "$W" "$call"
	kept "the store is hidden" "${box[@]}" --proc /proc --tmpfs "$HOME" --bind "$W" "$W" "$call"
	kept "no /proc" "${box[@]}" --tmpfs /proc --bind "$W" "$W" "$call"
	kept "no network, no other process" "${box[@]}" --proc /proc --bind "$W" "$W" "${alone[@]}" "$call"
	refused "everything is read-only" EROFS "${box[@]}" --proc /proc "$call"
	# --- and what has to be asked about
	echo precious >"$base/outside"
	like "nobody answers: refused" "$(run -- "${box[@]}" --proc /proc "${alone[@]}" --bind "$base" "$base" "$call" unlink "$base/outside")" "gate: .*
-1 EPERM"
	is "it stays" "$(cat "$base/outside")" precious
	asked() { # asked FILE COMMAND...: a person allows it, once
		local file=$1; shift
		(cd "$W" && setsid -w "$GATESH" run --wait-for-answer -- "${box[@]}" --proc /proc "${alone[@]}" "$@" </dev/null >"$T/asked" 2>/dev/null) &
		wait_for 5 any_question
		is "a question: it is still there" "$(cat "$file")" precious
		"$GATESH" allow "$("$GATESH" pending --json | sed -nE 's/.*"id":([0-9]+).*/\1/p')" >/dev/null
		wait $!
	}
	asked "$base/outside" --bind "$base" "$base" "$call" -s 1 unlink "$base/outside"
	is "after a yes the kernel removes it" "$(head -1 "$T/asked"; ls "$base/outside" 2>/dev/null)" 0
	# The interposer asks, and can't keep: nobody is asked again.
	for act in "unlink x.tfstate" "rename d/b x.tfstate" "truncate x.tfstate 0" "ftruncate x.tfstate 0" "open x.tfstate"; do
		fresh; echo precious >"$W/x.tfstate"
		# shellcheck disable=SC2086
		asked "$W/x.tfstate" --bind "$W" "$W" "$call" $act
		is "one question is enough: $act" "$(head -1 "$T/asked"; grep precious "$W/x.tfstate" 2>/dev/null)" 0
		undo --yes --since 1m >/dev/null
		is "and it comes back" "$(cat "$W/x.tfstate")" precious
	done
else
	skip "another root" "$(tail -1 "$T/log")"
fi

# --- a session in a chroot below a temporary directory, and a program in a mount namespace: the kernel reports its paths from above
# the chroot
if [ -n "$root" ] && mkdir "$T/top" && unshare -m sh -c 'mount --rbind / "$1" && chroot "$1" unshare -m true' sh "$T/top" 2>"$T/log"; then
	# shellcheck disable=SC2016 # for the inner shell
	run() { unshare -m sh -c 'mount --rbind / "$1" && top=$1 && cd "$2" && shift 2 && exec chroot "$top" sh -c '\''cd "$1" && shift && exec setsid -w "$@"'\'' sh "$PWD" "$@"' \
		sh "$T/top" "$W" "$GATESH" run "$@" </dev/null 2>&1; }
	kept "a session in a chroot" unshare -m "$call"
	if [ -n "${box[*]:-}" ] && run -- "${box[@]}" --proc /proc true >"$T/log" 2>&1; then
		kept "a session in a chroot, and another root" "${box[@]}" --proc /proc --bind "$W" "$W" "$call"
	fi
	acts=("unlink /a" "rename /b /a" "open /a")
	kept "a session in a chroot, and a chroot in it" unshare -m "$call" -c d
	run() { (cd "$W" && setsid -w "$GATESH" run "$@" </dev/null 2>&1); }
else
	skip "a session in a chroot" "not root, or no mount namespace here"
fi

# --- gatesh may not read the program
if [ -n "$root" ]; then
	install -m 711 "$call" "$T/bin/unreadable"
	${CC:-cc} -D_GNU_SOURCE -static -o "$T/bin/static" "$GATE_SRC/tests/support/filecalls.c" 2>/dev/null && chmod 711 "$T/bin/static"
	as_nobody() { (cd "$W" && HOME=$base/nobody XDG_STATE_HOME=$base/nobody/state XDG_RUNTIME_DIR=$T/nobody setsid -w setpriv --reuid $nobody --regid $nobody --clear-groups "$@" </dev/null 2>&1); }
	mkdir -p "$base/nobody/state" "$T/nobody"; chmod 700 "$T/nobody"; chown -R $nobody:$nobody "$base/nobody" "$T/nobody"
	if as_nobody test -x "$GATESH"; then
		fresh; chown -R $nobody "$W/d"
		like "a hooked program judges and keeps by itself" "$(as_nobody "$GATESH" run -- "$T/bin/unreadable" unlink d/a)" "^0
gate: kept 1 file "
		if [ -e "$T/bin/static" ]; then
			fresh; chown -R $nobody "$W/d"
			is "any other is refused, with a line" "$(as_nobody "$GATESH" run -- sh -c '"$0" unlink d/a; true' "$T/bin/static")" "gate: static: refused: gatesh may not read this process, Operation not permitted
-1 EPERM"
			is "and the file stays" "$(cat "$W/d/a")" old
			like "also if gatesh itself is its parent" "$(as_nobody "$GATESH" run -- "$T/bin/static" unlink d/a)" "refused: gatesh may not read this process"
		fi
	else
		skip "a program that gatesh may not read" "the build is where others can't read"
	fi
else
	skip "a program that gatesh may not read" "not root"
fi
done_testing
