#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# autosession.t - a bare LD_PRELOAD with the real gatesh: a session starts by itself, gates, is answered from outside, and ends.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh"
LIB=$GATE_STAGE/lib/libgate-preload.so
mkdir -p "$T/bin" "$XDG_CONFIG_HOME/gate/rules"
cat >"$T/bin/doomsday" <<'SH'
#!/bin/sh
echo "doomsday $*"
SH
chmod +x "$T/bin/doomsday"
cat >"$XDG_CONFIG_HOME/gate/rules/doom.rules" <<'RULES'
rule: test.doom
on: exec
program: doomsday
severity: danger
reason: ends the world
hit: doomsday now
miss: echo doomsday
RULES
export PATH=$T/bin:$PATH
TRUE=$(type -P true)
bare() { env LD_PRELOAD="$LIB" "$@"; }
sessions() { "$GATESH" sessions --json | grep -o '"id":"[0-9a-f]*"'; }
none() { [ -z "$(sessions)" ] && [ -z "$(ls -A "$XDG_RUNTIME_DIR/gate" 2>/dev/null)" ]; }
several() { [ "$(sessions | wc -l)" = "$1" ]; }
waiting() { [ -n "$("$GATESH" pending 2>/dev/null)" ]; }
supervisors() { pgrep -fx "gatesh session --auto [0-9]+" -u "$(id -u)" | while read -r p; do
	[ "$(readlink "/proc/$p/exe")" = "$(readlink -f "$GATESH")" ] && echo "$p"; done; }
mine() { sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$XDG_RUNTIME_DIR/gate"/*/info.json; }
# gatesh is not dumpable: what it holds, only root is told.  root_is WHAT COMMAND...: a test of that
root_is() { if [ "$(id -u)" = 0 ]; then ok "$@"; else skip "$1" "not root"; fi; }
gone() { ! kill -0 "$1" 2>/dev/null; }

# --- a session that nobody asked for
is "a program of no concern runs, and nothing is printed" "$(bare bash -c 'echo hello' 2>&1; echo $?)" $'hello\n0'
ok "its session is gone soon after, with its directory" wait_for 10 none
is "its exit status is its own" "$(bare bash -c 'exit 42'; echo $?)" 42
is "a signal is too" "$(bash -c 'LD_PRELOAD="$1" sh -c "kill -9 \$\$" 2>/dev/null; echo $?' - "$LIB" 2>/dev/null)" 137
is "a script has its own name and words" "$(bare "$TRUE" && bare sh -c 'echo "$0 $1"' name word)" "name word"

# --- a question
bare bash -c 'doomsday today; echo "=$?"' >"$T/out" 2>"$T/err" </dev/null & job=$!
ok "a command that a rule is about waits" wait_for 10 waiting
like "gatesh pending shows it" "$("$GATESH" pending)" "test.doom"
is "nothing has happened yet" "$(cat "$T/out")" ""
supervisor=$(mine)
let_go() { [ "$(for fd in 0 1 2; do readlink "/proc/$supervisor/fd/$fd"; done | sort -u)" = /dev/null ]; }
root_is "gatesh has the program's descriptors no more" let_go
"$GATESH" allow 1 >/dev/null; wait $job
is "allow lets it run" "$(cat "$T/out" "$T/err")" $'doomsday today\n=0'
ok "the process of the session ends" wait_for 10 gone "$supervisor"
ok "and takes its directory along" wait_for 10 none
bare bash -c 'doomsday today; echo "=$?"' >"$T/out" 2>"$T/err" </dev/null & job=$!
wait_for 10 waiting; "$GATESH" deny 1 not on a Monday >/dev/null; wait $job
is "deny is 126" "$(cat "$T/out")" "=126"
like "and one line that says it all" "$(cat "$T/err")" '^gate: refused: doomsday today: test.doom \(danger\): ends the world. The person said: "not on a Monday".'
is "it is one" "$(wc -l <"$T/err")" 1
like "the log has both" "$("$GATESH" log --verdict allow)$("$GATESH" log --verdict deny)" "test.doom.*test.doom"
wait_for 10 none

# --- who is in it
is "children are in the same session" "$(bare bash -c 'echo "$GATE_SESSION"; sh -c "echo \$GATE_SESSION"; env -i sh -c "echo \$GATE_SESSION"' | uniq | wc -l)" 1
env LD_PRELOAD="$LIB" sleep 20 & one=$!
env LD_PRELOAD="$LIB" sleep 20 & two=$!
ok "two bare starts are two sessions" wait_for 5 several 2
kill $one; wait $one 2>/dev/null
ok "one ends without the other" wait_for 10 several 1
kill $two; wait $two 2>/dev/null; wait_for 10 none
bare sh -c 'sleep 1.5 >/dev/null 2>&1 & echo $!' >"$T/child"
ok "a child left behind keeps the session" several 1; sleep 0.6
ok "for as long as it runs" several 1
ok "and no longer" wait_for 5 none
bare sh -c "'$GATESH' allow 1; '$GATESH' deny 1" >"$T/out" 2>&1
like "its own processes answer nothing" "$(cat "$T/out")" "gate: "

# --- what it holds: nothing
start=${EPOCHREALTIME/./}; out=$(bare true); took=$(((${EPOCHREALTIME/./} - start) / 1000))
is "\$(...) returns with the program" "$out" ""
ok "at once" [ $took -lt 2000 ]
start=${EPOCHREALTIME/./}
bare bash -c 'exec 5>&1 6<&0 >/dev/null; exec sleep 0.1' </dev/null 2>&1 | cat; took=$(((${EPOCHREALTIME/./} - start) / 1000))
bash -c 'exec 7>&1; LD_PRELOAD="$1" sleep 0.1 >/dev/null 2>&1' - "$LIB" | cat
ok "nor are other descriptors held" [ $(((${EPOCHREALTIME/./} - start) / 1000)) -lt 3000 ]
bash -c 'exec 7>"$2/held"; LD_PRELOAD="$1" exec sleep 20 >/dev/null 2>&1' - "$LIB" "$T" & job=$!
wait_for 5 several 1
holds_nothing() { ! readlink "/proc/$(mine)/fd/"* | grep held; }
root_is "no file of the program's is open in gatesh" holds_nothing
at_root() { [ "$(readlink "/proc/$(mine)/cwd")" = / ]; }
root_is "nor its directory" wait_for 10 at_root
kill $job; wait $job 2>/dev/null; wait_for 10 none
# which of the standard descriptors a program finds open
printf '#!/bin/bash\no=; for fd in 0 1 2; do [ -e /proc/$$/fd/$fd ] && o+=$fd; done; echo "$o" >"$1"; exit 7\n' >"$T/bin/standard"
chmod +x "$T/bin/standard"
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
	bash -c "standard '$T/fds' $closed"; want="$? $(cat "$T/fds")"; rm "$T/fds"
	bash -c "LD_PRELOAD='$LIB' standard '$T/fds' $closed"
	is "with $closed" "$? $(cat "$T/fds")" "$want"
done
is "children that are ignored" "$(bash -c 'trap "" CHLD; LD_PRELOAD="$1" bash -c "echo fine"' - "$LIB")" fine

# --- where
mkdir "$T/readonly"; chmod 500 "$T/readonly"
is "from a directory that can't be written" "$(cd "$T/readonly" && bare pwd)" "$T/readonly"
mkdir "$T/removed"
is "from one that is no more" "$(cd "$T/removed" && rmdir "$T/removed" && bare echo here 2>&1)" here
wait_for 10 none
odd=$T/$'odd\xff'; mkdir "$odd"
is "from one whose name is no UTF-8" "$(cd "$odd" && bare echo here 2>&1)" here
wait_for 10 none
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	user() { (cd / && setpriv --reuid 65534 --regid 65534 --clear-groups env -u XDG_RUNTIME_DIR -u XDG_CONFIG_HOME HOME="$T/user" XDG_STATE_HOME="$T/user" "$@"); }
	chmod 755 "$T"; mkdir "$T/user"; chown 65534:65534 "$T/user"
	if user test -x "$GATESH"; then
		is "another user's" "$(user LD_PRELOAD="$LIB" bash -c 'echo "$(id -u) ${GATE_SESSION%/*}"' 2>&1)" "65534 /tmp/gate-65534"
		ok "its session ends as well" wait_for 10 eval '[ -z "$(ls -A /tmp/gate-65534)" ]'
	else
		skip "another user's" "the build is in a place where others can't read"; skip "its end" "the same"
	fi
else
	skip "another user's" "not root"; skip "its end" "not root"
fi
homeless() { env -u HOME -u XDG_RUNTIME_DIR -u XDG_CONFIG_HOME "$@"; }
is "without HOME and XDG_RUNTIME_DIR" "$(homeless bash -c 'LD_PRELOAD="$1" bash -c "echo fine"' - "$LIB" 2>&1)" fine

# --- what can't be started is refused
mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"; printf 'exec requird gate_permit.so\n' >"$XDG_CONFIG_HOME/gate/gate.d/agent"
is "a bad service file: refused" "$(bare "$TRUE" 2>"$T/err"; echo $?)" 126
like "with its place" "$(cat "$T/err")" "gate.d/agent:1:6: .*gate: true: refused: no session, and gatesh session --auto started none; nothing was executed"
rm -r "$XDG_CONFIG_HOME/gate/gate.d"
cp -a "$GATE_BUILD/stage" "$T/copy"; copy=$T/copy${GATE_STAGE#"$GATE_BUILD/stage"}
rm "$copy/bin/gatesh"
is "no gatesh beside the library: refused" "$(LD_PRELOAD=$copy/lib/libgate-preload.so "$TRUE" 2>"$T/err"; echo $?)" 126
like "and said" "$(cat "$T/err")" "gate: true: refused: no session"
is "session is the interposer's: without a process, usage" "$("$GATESH" session --auto 2>&1; echo $?)" "gatesh: session: needs --auto PID; try gatesh session --help
64"
like "a process that is not there: no session" "$("$GATESH" session --auto 2147483647 2>&1; echo $?)" "gate: the session cannot be started: .*70"

# --- what it has to say later: there is no terminal, so syslog (in a mount namespace of its own, where /dev/log is this test's)
cat >"$T/logged" <<'SH'
mount -t overlay overlay -o "lowerdir=/dev,upperdir=$T/dev,workdir=$T/work" /dev || exit 77
python3 -c 'import os, socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind("/dev/log"); s.settimeout(10)
print("up", flush=True)
while True: print(s.recv(4096).decode(), flush=True)' >"$T/log" 2>/dev/null & log=$!
wait_for 10 test -s "$T/log"
LD_PRELOAD=$LIB env doomsday >"$T/out" 2>&1 & job=$!
wait_for 10 "$GATESH" allow 1
wait $job
wait_for 10 grep -q session "$T/log"
kill $log
SH
mkdir -p "$T/dev" "$T/work" "$XDG_CONFIG_HOME/gate/gate.d"
printf 'exec optional gate_debug.so\nexec required gate_permit.so\n' >"$XDG_CONFIG_HOME/gate/gate.d/agent"
export -f wait_for
if env T="$T" LIB="$LIB" GATESH="$GATESH" unshare -m bash "$T/logged" 2>"$T/err"; then
	like "what a module says goes to syslog" "$(cat "$T/log")" 'gatesh\[[0-9]+\]: session [0-9a-f]+: gate: gate_debug: exec'
	unlike "not to the program" "$(cat "$T/out")" "gate_debug"
else
	skip "what a module says goes to syslog" "no mount namespace with another /dev here: $(tail -n 1 "$T/err")"; skip "not to the program" "the same"
fi
rm -r "$XDG_CONFIG_HOME/gate/gate.d"

# --- how long
bash -c 'for i in 1 2 3 4 5; do LD_PRELOAD="$1" "$2"; done' - "$LIB" "$TRUE"
best=1000000
for _ in 1 2 3 4 5; do
	start=${EPOCHREALTIME/./}; LD_PRELOAD=$LIB "$TRUE"; took=$((${EPOCHREALTIME/./} - start))
	[ $took -lt $best ] && best=$took
done
diag "from a bare start to the end of true, $(grep -c '^rule:' "$GATE_STAGE"/share/gate/rules/*.rules | awk -F: '{n += $2} END {print n}') rules: $((best / 1000)).$((best / 100 % 10)) ms (the best of five)"
ok "far less than a second" [ $best -lt 500000 ]
ok "none is left" wait_for 5 none
no_supervisors() { [ -z "$(supervisors)" ]; }
root_is "nor any process" no_supervisors
done_testing
