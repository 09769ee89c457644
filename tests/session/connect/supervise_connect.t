#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# supervise_connect.t - connections of programs that can't load the interposer: the kernel hands them to the session.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99
hooked=$GATE_BUILD/tests/support/netprobe probe=$T/netprobe-static log=$XDG_STATE_HOME/gate/audit.jsonl
if ! ${CC:-cc} -D_GNU_SOURCE -static -w -o "$probe" "$GATE_SRC/tests/support/netprobe.c" 2>cc.log; then
	plan 1; skip "everything here" "no static libc: $(grep -m1 error cc.log)"; exit 0
fi
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
rules() { cat >"$XDG_CONFIG_HOME/gate/rules/t.rules"; }
run() { "$GATESH" run -s ci "$@" </dev/null 2>err; }
# The last session's destinations, "VERDICT NAMES ADDRESS PORT PROTOCOL PATH ATTEMPTS PROGRAM", a line each.
net() { "$GATESH" net --json | python3 -c '
import json, sys
for o in map(json.loads, sys.stdin):
    print(o["verdict"], ",".join(o.get("hosts", ["-"])), o.get("address", "-"), o.get("port", "-"), o["protocol"],
          o.get("path", "-"), o["attempts"], o.get("program", "-"))'; }
lines() { grep -c '^gate: refused' err; }
# Servers: a port on which all of 127/8 and ::1 answer, and a unix socket.  The abstract one is made inside the session.
python3 - <<'EOF' &
import socket, threading, os
def serve(s):
    s.listen(100)
    while True:
        s.accept()[0].close()
four = socket.socket(); four.bind(("0.0.0.0", 0))
port = four.getsockname()[1]
six = socket.socket(socket.AF_INET6); six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
try:
    six.bind(("::1", port)); threading.Thread(target=serve, args=(six,), daemon=True).start()
except OSError: pass
local = socket.socket(socket.AF_UNIX); local.bind("local.sock"); threading.Thread(target=serve, args=(local,), daemon=True).start()
open("port.new", "w").write(str(port)); os.rename("port.new", "port")
serve(four)
EOF
server=$! asked=
# shellcheck disable=SC2086 # none or one process
test_cleanup() { kill $server $asked 2>/dev/null; }
wait_for 10 test -s port || exit 99
port=$(cat port)
real=$(realpath local.sock)
is "without a session" "$("$probe" tcp 127.0.0.1 "$port")" "127.0.0.1 ok"

# --- what no rule speaks of
is "it passes" "$(run "$probe" tcp 127.0.0.1 "$port")" "127.0.0.1 ok"
is "and is in the log" "$(net)" "allow - 127.0.0.1 $port tcp - 1 netprobe-static"
is "a refusal of the network's own is passed on" "$(run "$probe" tcp 127.0.0.1 1)" "127.0.0.1 ECONNREFUSED"
is "a connect that does not wait" "$(run "$probe" nonblock 127.0.0.1 "$port" and nonblock 127.0.0.1 1)" $'127.0.0.1 ok\n127.0.0.1 ECONNREFUSED'
is "one line a destination, and how often it was gone to" "$(run "$probe" retry 127.0.0.1 "$port" 30; net)" "127.0.0.1 ok
allow - 127.0.0.1 $port tcp - 30 netprobe-static"
like "not one line of the log for each" "$(grep -c '"connect"' "$log")" '^[0-9]$|^1[0-5]$'
is "::ffff: is IPv4" "$(run "$probe" tcp ::ffff:127.0.0.1 "$port"; net)" "::ffff:127.0.0.1 ok
allow - 127.0.0.1 $port tcp - 1 netprobe-static"
if "$probe" tcp ::1 "$port" | grep -q ok; then
	is "IPv6" "$(run "$probe" tcp ::1 "$port"; net)" "::1 ok
allow - ::1 $port tcp - 1 netprobe-static"
else
	skip "IPv6" "no ::1 here"
fi
is "datagrams: sendto, sendmsg and connect" "$(run "$probe" udp 127.0.0.1 53; net)" "sendto ok
sendmsg ok
connect ok
allow - 127.0.0.1 53 udp - 3 netprobe-static"
is "what is no destination is the kernel's" "$(run "$probe" odd 127.0.0.1 "$port")" "$("$probe" odd 127.0.0.1 "$port")"
is "nobody's lookup is seen" "$(run "$probe" name gethostbyname localhost "$port" >/dev/null; net | grep "127.0.0.1 $port")" \
	"allow - 127.0.0.1 $port tcp - 1 netprobe-static"

# --- rules
rules <<'EOF'
rule: t.net
on: connect
net: 127.77.0.3
severity: danger
action: deny
reason: r
hit: 127.77.0.3:1
miss: 127.77.0.2:1

rule: t.port
on: connect
port: 53
net: 127.77.0.4
severity: danger
action: deny
reason: r
hit: 127.77.0.4:53
miss: 127.77.0.4:54

rule: t.unknown
on: connect
host: unknown
net: 127.77.0.5
severity: danger
reason: r
hit: 127.77.0.5:1
miss: a.test 127.77.0.5:1

rule: t.socket
on: connect
socket: local.sock @gate-test-*
severity: danger
reason: r
hit: /x/local.sock
miss: /x/other.sock
EOF
is "refused" "$(run "$probe" tcp 127.77.0.3 "$port"; net)" "127.77.0.3 EPERM
deny - 127.77.0.3 $port tcp - 1 netprobe-static"
like "one line says why" "$(cat err)" '^gate: refused: connect 127\.77\.0\.3:[0-9]+ \(name unknown, tcp\): t\.net \(danger\): r\.'
is "by its name, which is unknown" "$(run "$probe" tcp 127.77.0.5 "$port" and tcp 127.0.0.1 "$port")" $'127.77.0.5 EPERM\n127.0.0.1 ok'
is "a connect that does not wait is refused at once" "$(run "$probe" nonblock 127.77.0.3 "$port")" "127.77.0.3 EPERM"
is "refused once, it is told once" "$(run "$probe" retry 127.77.0.3 "$port" 20; lines; net)" "127.77.0.3 EPERM
1
deny - 127.77.0.3 $port tcp - 20 netprobe-static"
is "a destination each" "$(run "$probe" tcp 127.77.0.3 "$port" and tcp 127.77.0.3 1 and tcp 127.77.0.3 "$port" >/dev/null; lines)" 2
is "datagrams" "$(run "$probe" udp 127.77.0.4 53)" $'sendto EPERM\nsendmsg EPERM\nconnect EPERM'
ln -s local.sock link; mkdir sub
is "a unix socket" "$(run "$probe" unix "$T/local.sock")" "$T/local.sock EPERM"
is "through a symbolic link" "$(run "$probe" unix "$T/link"; net)" "$T/link EPERM
deny - - - unix $real 1 netprobe-static"
is "by a path from where the program is" "$(run sh -c "cd sub && '$probe' unix ../local.sock"; net)" "../local.sock EPERM
deny - - - unix $real 1 netprobe-static"
is "an abstract one" "$(run "$probe" unix "@gate-test-x"; net)" "@gate-test-x EPERM
deny - - - unix @gate-test-x 1 netprobe-static"
is "one that is not there" "$(run "$probe" unix "$T/none.sock")" "$T/none.sock ENOENT"

# --- what a static program starts
cat >twice.c <<'EOF'
#include <unistd.h>
int main(int argc, char **argv) { execvp(argv[1], argv + 1); return argc; }
EOF
${CC:-cc} -static -o start twice.c || exit 99
is "a dynamic program is judged by its hooks alone" "$(run ./start "$hooked" retry 127.0.0.1 "$port" 3 and udp 127.0.0.1 53 and unix "$T/none.sock"; net | sort -k5,5)" "127.0.0.1 ok
sendto ok
sendmsg ok
connect ok
$T/none.sock ENOENT
allow - 127.0.0.1 $port tcp - 3 netprobe
allow - 127.0.0.1 53 udp - 3 netprobe
allow - - - unix $T/none.sock 1 netprobe"
is "refused, it is told once" "$(run ./start "$hooked" tcp 127.77.0.3 "$port"; lines)" $'127.77.0.3 EPERM\n1'
is "and with its environment lost the session judges" "$(run ./start env -i "$probe" tcp 127.77.0.3 "$port"; lines)" $'127.77.0.3 EPERM\n1'

# --- an allow-list
printf '127.0.0.0/30 %s\n' "$port" >list
rules </dev/null
is "an address on the list, and another" \
	"$(run --network allow-listed --allow-list list "$probe" tcp 127.0.0.1 "$port" and tcp 192.0.2.9 "$port" and tcp 127.0.0.1 1)" \
	$'127.0.0.1 ok\n192.0.2.9 EPERM\n127.0.0.1 EPERM'
like "with its reason" "$(cat err)" 'not on the list .*/list\.'
printf 'localhost\n' >list
is "the address of a listed name is no name" "$(run --network allow-listed --allow-list list "$probe" name gethostbyname localhost "$port")" "localhost EPERM"
is "--network ask, with nobody to ask" "$(run --network ask --allow-list list "$probe" tcp 127.0.0.1 "$port")" "127.0.0.1 EPERM"

# --- questions
rules <<'EOF'
rule: t.ask
on: connect
net: 127.77.0.0/16
severity: danger
reason: r
hit: 127.77.0.1:1
miss: 127.0.0.1:1
EOF
ask() { "$GATESH" run --wait-for-answer "$@" </dev/null >out 2>err & asked=$!; wait_for 10 sh -c "'$GATESH' pending | grep -q 127.77"; }
id() { "$GATESH" pending | awk 'NR == 1 { print $1 }'; }
ask "$probe" tcp 127.77.0.1 "$port" and retry 127.77.0.1 "$port" 5 and tcp 127.77.0.2 "$port"
like "a question says where to" "$("$GATESH" pending --json)" '127\.77\.0\.1:[0-9]+ \(name unknown, tcp\)'
"$GATESH" allow "$(id)" >/dev/null
wait_for 10 sh -c "'$GATESH' pending | grep -q 127.77.0.2"
is "a yes lets it, as often as it likes" "$(cat out)" $'127.77.0.1 ok\n127.77.0.1 ok'
"$GATESH" deny "$(id)" not this one >/dev/null; wait $asked; asked=
is "a no is EPERM" "$(tail -1 out)" "127.77.0.2 EPERM"
like "and the program hears it" "$(cat err)" 'The person said: "not this one"'
ask "$probe" tcp 127.77.0.1 "$port"
"$GATESH" freeze >/dev/null; wait $asked; asked=
is "a frozen session connects nowhere" "$(cat out)" "127.77.0.1 EPERM"
ask sh -c "'$probe' tcp 127.77.0.1 $port & echo \$! >pid; wait; '$probe' wait go"
kill "$(cat pid)"
ok "who is gone is asked about no more" wait_for 10 sh -c "! '$GATESH' pending | grep -q 127.77"
: >go; wait $asked; asked=

# --- Go
if command -v go >/dev/null; then
	cat >dial.go <<'EOF'
package main

import ("errors"; "fmt"; "net"; "os"; "sync"; "syscall"; "time")

func main() {
	var group sync.WaitGroup
	var lock sync.Mutex
	refused, ok := 0, 0
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for k := 0; k < 10; k++ {
				c, err := net.DialTimeout(os.Args[1], os.Args[2], 5*time.Second)
				lock.Lock()
				if err == nil { ok++; c.Close() }
				if errors.Is(err, syscall.EPERM) { refused++ }
				lock.Unlock()
			}
		}()
	}
	group.Wait()
	fmt.Println(ok, refused)
}
EOF
	if HOME=$T CGO_ENABLED=0 go build -o dial dial.go 2>go.log; then
		is "a Go program's threads: 80 connections" "$(run ./dial tcp "127.0.0.1:$port"; net)" "80 0
allow - 127.0.0.1 $port tcp - 80 dial"
		is "each of them refused" "$(run ./dial tcp "127.77.0.9:$port")" "0 80"
		is "and told once" "$(lines)" 1
		is "a Go program and a unix socket" "$(run ./dial unix "$T/local.sock"; net)" "80 0
allow - - - unix $real 80 dial"
	else
		skip "Go programs" "$(tail -1 go.log)"
	fi
else
	skip "Go programs" "no go"
fi
done_testing
