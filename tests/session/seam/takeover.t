#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# takeover.t - nothing that a process of a session can reach has a say: not the session's directory, not the page, not
# another GATE_SESSION, not a terminal.  Whatever it does to them, a command is still asked about and a file is still kept.
# shellcheck disable=SC2154 # files.sh sets base
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
. "$GATE_SRC/tests/support/files.sh"
. "$GATE_SRC/tests/support/askd.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
test_cleanup() { askd_stop; term kill-server 2>/dev/null; rm -rf "$base"; }
export T PRELOAD SESSION DONE BASE=$base/work
chmod 711 "$T" "$T/bin"; : >"$DONE"; chmod 666 "$DONE"
# A session that somebody forged: its policy knows nothing, and it says yes to everything.
askd allow way-of-the-forger/none; chmod -R a+rX "$SESSION"; chmod a+w "$SESSION"/*
cat >"$T/raw.py" <<'END'
import ctypes, fcntl, mmap, os, socket, sys, termios
libc = ctypes.CDLL("libc.so.6", use_errno=True) # not through the library's hooks
openat, execve = {"x86_64": (257, 59), "aarch64": (56, 221)}[os.uname().machine]
def page():
    return libc.syscall(openat, -100, b"", os.O_WRONLY, 0, ctypes.c_long(1), ctypes.c_long(0x67617465736b3f01))
def attempt(name, act):
    try:
        act()
        print(name, "done", flush=True)
    except (OSError, ValueError) as e:
        print(name, "failed", flush=True)
def patch():
    fd = page()
    print("page", "given" if fd >= 0 else "missing")
    m = mmap.mmap(fd, 0, mmap.MAP_SHARED, mmap.PROT_READ)
    at = next(l.split("-")[0] + "-" + l.split()[0].split("-")[1] for l in open("/proc/self/maps") if "gate-page" in l)
    def memory():
        with open("/proc/self/mem", "r+b", buffering=0) as f:
            f.seek(int(at.split("-")[0], 16) + 4096); f.write(bytes(64))
    def again(path, flags):
        f = os.open(path, flags); os.pwrite(f, bytes(64), 4096)
    attempt("write", lambda: os.pwrite(fd, bytes(64), 4096))
    attempt("truncate", lambda: os.ftruncate(fd, 0))
    attempt("map", lambda: mmap.mmap(fd, 0, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE))
    attempt("seal", lambda: fcntl.fcntl(fd, 1033, 8))
    attempt("fd", lambda: again("/proc/self/fd/%d" % fd, os.O_RDWR))
    attempt("map_files", lambda: again("/proc/self/map_files/" + at, os.O_RDWR))
    attempt("mem", memory)
def gatesh(pid):
    def getfd():
        p = os.pidfd_open(pid)
        if libc.syscall(438, p, 3, 0) < 0: raise OSError
    attempt("gatesh-mem", lambda: open("/proc/%d/mem" % pid, "r+b").close())
    attempt("gatesh-fd", lambda: os.open("/proc/%d/fd/3" % pid, os.O_RDWR))
    attempt("gatesh-getfd", getfd)
    def trace():
        if libc.ptrace(16, pid, 0, 0): raise OSError
    attempt("gatesh-ptrace", trace)
def type_into(paths):
    for path in paths:
        def ioctl(request, arg): fcntl.ioctl(os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK), request, arg)
        attempt("TIOCSTI", lambda: ioctl(termios.TIOCSTI, b"y"))
        attempt("TIOCLINUX", lambda: ioctl(0x541C, b"\3"))
def execute(session, path, *words):
    v = lambda a: (ctypes.c_char_p * (len(a) + 1))(*[x.encode() for x in a], None)
    env = ["GATE_SESSION=" + session, "LD_PRELOAD=" + os.environ["PRELOAD"], "DONE=" + os.environ["DONE"], "PATH=/bin:/usr/bin"]
    libc.syscall(execve, path.encode(), v([path, *words]), v(env))
    sys.exit(os.strerror(ctypes.get_errno()))
what, args = sys.argv[1], sys.argv[2:]
if what == "patch": patch()
elif what == "gatesh": gatesh(int(args[0]))
elif what == "type": type_into(args)
else: execute(*args)
END
# attack WORDS: run them in a session, then let it judge: a command that must be refused, and a file that must be kept.
cat >"$T/bin/attack" <<'END'
#!/bin/bash
cd "$BASE" || exit
doomsday "$1-before" 2>/dev/null; echo "before $?"
eval "$1" 2>&1
doomsday "$1-after" 2>/dev/null; echo "after $?"
bash -c 'doomsday from-a-child' 2>/dev/null; echo "child $?"
rm -f old; echo new >old2
END
chmod +x "$T/bin/attack"
gatesh() { if [ -z "$as" ]; then "$GATESH" "$@"; else setpriv --reuid "$as" --regid "$as" --clear-groups "$GATESH" "$@"; fi; }
fresh() { echo kept >"$W/old"; echo kept >"$W/old2"; [ -z "$as" ] || chown "$as" "$W/old" "$W/old2"; : >"$DONE"; sleep 0.02; }
# stands NAME WORDS: nothing was let through
stands() {
	fresh; cd "$W" || exit 99
	# shellcheck disable=SC2016
	out=$(gatesh run -- attack "$2" </dev/null 2>&1)
	gatesh undo --yes old old2 >/dev/null 2>&1
	is "$who: $1" "$(grep -E '^(before|after|child) ' <<<"$out" | tr '\n' ' ')$(cat "$DONE")$(cat old old2 | tr '\n' ' ')" \
		"before 126 after 126 child 126 kept kept "
}
says() { like "$who: $1" "$out" "$2"; }
silent() { unlike "$who: $1" "$out" "$2"; }

attacks() {
	stands "the directory has nothing but a note for gatesh sessions" 'ls -A "$GATE_SESSION"'; says "which is there" "info.json"; silent "and no policy" "policy|sock"
	stands "the directory is removed" 'rm -rf "$GATE_SESSION"; ls -d "$GATE_SESSION"'; says "or that is refused" "No such file|Operation not permitted"
	stands "the directory is replaced by a forged one" 'rm -rf "$GATE_SESSION"; ln -s "$SESSION" "${GATE_SESSION%/}"; ls "$GATE_SESSION"'; says "or that is refused" "policy.img|Operation not permitted"
	ok "$who: gatesh removes nothing by a link" test -e "$SESSION/policy.img" -a -S "$SESSION/ask.sock"
	stands "a forged policy and socket are put there" 'cp "$SESSION/policy.img" "$GATE_SESSION/"; ln -s "$SESSION/ask.sock" "$GATE_SESSION/ask.sock"; mkdir "$GATE_SESSION/preview"'
	stands "the note is forged" 'echo "{}" >"$GATE_SESSION/info.json"; rm -f "$GATE_SESSION/info.json"'
	for how in "" / /.; do
		stands "GATE_SESSION names a forged session, '$how'" "GATE_SESSION=\$SESSION$how doomsday forged-1; GATE_SESSION=\$SESSION$how bash -c 'doomsday forged-2; :'; export GATE_SESSION=\$SESSION$how"
		stands "GATE_SESSION is forged for a raw exec, '$how'" "python3 $T/raw.py exec \"\$SESSION$how\" $T/bin/doomsday forged; python3 $T/raw.py exec \"\$SESSION$how\" /bin/sh -c '$T/bin/doomsday forged; rm -f old'"
	done
	stands "the page is written" "python3 $T/raw.py patch"
	says "the page was there" "page given"; silent "and stays as it is" "(write|truncate|map|seal|fd|map_files|mem) done"
	stands "gatesh is opened and traced" "python3 $T/raw.py gatesh \$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/' \"\$GATE_SESSION/info.json\")"
	silent "without success" "gatesh-[a-z]* done"
}
who=$(id -un) as=; attacks
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	who=user as=65534
	chmod 755 "$base" "$W"; chown -R $as "$W"; mkdir "$base/user"; mkdir -m 700 "$base/user/run"; chown -R $as "$base/user"
	cp -R "$XDG_CONFIG_HOME" "$base/user/config"; chmod -R a+rX "$base/user/config"
	export HOME=$base/user XDG_RUNTIME_DIR=$base/user/run XDG_STATE_HOME=$base/user/state XDG_CONFIG_HOME=$base/user/config
	if setpriv --reuid $as --regid $as --clear-groups test -x "$GATESH" 2>/dev/null; then attacks; else skip "as a user" "the build can't be reached"; fi
	who=root as=
fi

# --- terminals: the person's, the inner one, and from a preview
sed -i "s#^preview: .*#preview: python3 $T/raw.py type /dev/tty \"\$OUTER\" >$T/preview; ps -o sid=,pid= -p \$\$ >$T/sid#" "$XDG_CONFIG_HOME/gate/rules/doom.rules"
cd "$W" || exit 99
term_start 100 30 "bash --norc"
line "PS1='$ '; export OUTER=\$(tty); clear; $GATESH run -- sh -c 'python3 $T/raw.py type /dev/tty \$OUTER >$T/typed; echo typed; doomsday now; echo status \$?'"
ready "ends the world"
wait_for 10 test -s "$T/sid"
is "TIOCSTI and TIOCLINUX are refused inside, for both terminals" "$(grep -c failed "$T/typed") $(grep -c 'done' "$T/typed")" "4 0"
is "and in a preview" "$(grep -c failed "$T/preview") $(grep -c 'done' "$T/preview")" "4 0"
ok "which is a POSIX session of its own" awk '{ exit !($1 == $2) }' "$T/sid"
ok "nobody has typed a yes" shows "ends the world"
keys n; ok "the person's no counts" sees "status 126"
done_testing
