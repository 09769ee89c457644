#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# hidden.t - the files that a principal's credentials come from, and those in which tools keep the person's, can't be read from
# inside: the library refuses each open, and in root's session a mount lies over them.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 curl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
chmod 755 "$T"
# look.py DIR NAME...: opens each by libc, by a raw call, and by the root of a process that is not the session's.
cat >"$T/look.py" <<'PY'
import ctypes, os, platform, sys
libc, openat = ctypes.CDLL(None, use_errno=True), {'x86_64': 257}.get(platform.machine(), 56)
def raw(path):
    fd = libc.syscall(openat, -100, path.encode(), 0)
    return os.read(fd, 100).decode().strip() if fd >= 0 else 'error %d' % ctypes.get_errno()
for name in sys.argv[2:]:
    path = os.path.join(sys.argv[1], name)
    try: print(name, 'open', open(path).read().strip())
    except OSError as e: print(name, 'open', 'error', e.errno)
    print(name, 'raw', raw(path))
    print(name, 'outside', raw('/proc/1/root' + path))
PY
# home DIR: the files of a person and of a principal
home() {
	mkdir -p "$1/.aws" "$1/.ssh" "$1/config/gate" "$1/run" "$1/state"; chmod 700 "$1/run"
	echo 'real-role real-secret' >"$1/approle"; ln -s approle "$1/link"; echo real-github >"$1/app.pem"; echo KEY=real-filed >"$1/keys"
	echo real-aws >"$1/.aws/credentials"; echo real-ssh >"$1/.ssh/id_rsa"; echo public >"$1/.ssh/id_rsa.pub"; echo plain >"$1/plain"
	cat >"$1/config/gate/job.principal" <<-CONFIG
		name: job
		secrets-from: vault https://localhost:1 approle=$1/link
		secret: app from github-app:id=1 installation=2 key=$1/app.pem for https://api.example env=A base=A_URL
		secret: filed from file:$1/keys#KEY for http://127.0.0.1:1 env=B base=B_URL
	CONFIG
	chmod -R go-rwx "$1"
}
names=(approle link app.pem keys .aws/credentials .ssh/id_rsa .ssh/id_rsa.pub plain)
# refused WHO OUTPUT: every file that is protected, and no other
refused() {
	local f
	for f in "${names[@]:0:6}"; do is "$1: $f is refused" "$(grep "^$f open" <<<"$2")" "$f open error 13"; done
	is "$1: what is beside them is not" "$(grep -E '^(plain|.ssh/id_rsa.pub) open' <<<"$2")" $'.ssh/id_rsa.pub open public\nplain open plain'
	is "$1: the root of a process outside is no way" "$(grep -E 'outside real' <<<"$2")" ""
}

home "$HOME"; export XDG_CONFIG_HOME=$HOME/config; cd "$HOME" || exit 99
run() { setsid -w "$GATESH" run -p job "$@" </dev/null 2>"$T/err"; }
out=$(run -- python3 "$T/look.py" "$HOME" "${names[@]}")
refused "the library" "$out"
like "with the reason" "$(cat "$T/err")" "principal.sources .critical.: holds what the credentials of the principal job come from"
like "the log has it" "$("$GATESH" log --event read --json)" "\"path\": ?\"$HOME/approle\""
# gatesh itself reads what is hidden: the failure is the server's
# shellcheck disable=SC2016
like "gatesh reads them" "$(run -- sh -c 'curl -s "$B_URL"')" "127.0.0.1.*(refused|can't be reached)"

# --- root: mounts
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	is "a raw call reads nothing" "$(grep ' raw real' <<<"$out")" ""
	is "outside they are as they were" "$(cat approle .aws/credentials keys)" $'real-role real-secret\nreal-aws\nKEY=real-filed'
	is "and no mount is left" "$(grep -c "$HOME" /proc/self/mountinfo)" 0
	is "nobody inside takes the mount away" "$(run -- sh -c 'umount approle; unshare -m umount approle; unshare -Urm umount approle; rm -f approle; mv approle x; cat x approle')" ""
	chmod 711 "$HOME" "$HOME/.aws"; chmod 644 .aws/credentials
	is "with --user as well" "$(run --user nobody -- python3 "$T/look.py" "$HOME" .aws/credentials | grep -c real)" 0
	. "$GATE_SRC/tests/support/files.sh"
	if files_base; then # what is lost in these mounts comes back
		mkdir -p "$HOME/config"; cp -r "$T/home/config/gate" "$HOME/config/"; export XDG_CONFIG_HOME=$HOME/config
		cd "$W" || exit 99; echo old >old; echo raw >raw; sleep 0.05
		run -- python3 -c 'import ctypes, os; os.unlink("old"); ctypes.CDLL(None).syscall({"x86_64": 263}.get(os.uname().machine, 35), -100, b"raw", 0)'
		is "both are gone" "$(ls)" ""
		"$GATESH" undo --yes --all --since 1h </dev/null >/dev/null 2>&1
		is "and both come back" "$(cat old raw)" $'old\nraw'
	else
		skip "both are gone" "no directory that is not a temporary one"; skip "both come back" "the same"
	fi
else
	for i in 1 2 3 4 5 6 7; do skip "mounts $i" "not root, or no mount namespace"; done
fi

# --- a user, who has the library's word alone
as() { (cd / && setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$T/user" XDG_RUNTIME_DIR="$T/user/run" XDG_STATE_HOME="$T/user/state" XDG_CONFIG_HOME="$T/user/config" "$@"); }
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null && as test -x "$GATESH"; then
	home "$T/user"; chown -R 65534:65534 "$T/user"
	refused "a user" "$(as setsid -w "$GATESH" run -p job -- /usr/bin/python3 "$T/look.py" "$T/user" "${names[@]}" </dev/null 2>"$T/err")"
else
	for i in 1 2 3 4 5 6 7 8; do skip "as a user $i" "not root, or a tree that others can't enter"; done
fi
done_testing
