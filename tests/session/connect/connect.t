#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# connect.t - connections: names, addresses and sockets against rules, what is refused and how, and what is in the log.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
probe=$GATE_BUILD/tests/support/netprobe log=$XDG_STATE_HOME/gate/audit.jsonl
# Names of our own need a mount namespace of our own, in which /etc/hosts is another file.
if [ "${1-}" != inside ]; then
	for how in "unshare -m" "unshare -rm"; do
		# shellcheck disable=SC2086
		$how true 2>/dev/null && rm -rf "$T" && exec $how -- "$BASH" "$0" inside
	done
	echo "1..0 # SKIP no mount namespace for a hosts file here"
	exit 0
fi
cd "$T" || exit 99
mount --make-rprivate / 2>/dev/null
hosts() { printf '%s\n' "127.0.0.1 localhost" "$@" >hosts; }
hosts; mount --bind hosts /etc/hosts || { echo "Bail out! /etc/hosts can't be another file"; exit 99; }
# Only the rules of this test.
: >none; mount --bind none "$GATE_STAGE/share/gate/rules/connections.rules" || exit 99
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
rules() { cat >"$XDG_CONFIG_HOME/gate/rules/t.rules"; }
run() { "$GATESH" run -s ci "$@" </dev/null 2>err; }
# The last connect line of the log as "VERDICT NAMES ADDRESS PORT PROTOCOL PATH ATTEMPTS".
last() { tail -n "${1:-1}" "$log" | python3 -c '
import json, sys
for o in map(json.loads, sys.stdin):
    print(o["verdict"], ",".join(o.get("hosts", ["-"])), o.get("address", "-"), o.get("port", "-"), o["protocol"], o.get("path", "-"), o["attempts"])'; }
# summed COMMAND...: runs it; then its connect lines, of which a slow machine writes more than one a destination, as one
summed() {
	local before; before=$(wc -l <"$log"); run "$@"
	last "+$((before + 1))" | awk '{ n = $NF; sub(/ [0-9]+$/, ""); if (!($0 in a)) o[++k] = $0; a[$0] += n } END { for (i = 1; i <= k; i++) print o[i], a[o[i]] }'
}
# Servers: a port on which all of 127/8 and ::1 answer, and a unix socket.
python3 - <<'EOF' &
import socket, threading, os
def serve(s):
    s.listen(100)
    while True:
        s.accept()[0].close()
four = socket.socket(); four.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); four.bind(("0.0.0.0", 0))
port = four.getsockname()[1]
six = socket.socket(socket.AF_INET6); six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
try:
    six.bind(("::1", port)); threading.Thread(target=serve, args=(six,), daemon=True).start()
except OSError: pass
local = socket.socket(socket.AF_UNIX); local.bind("local.sock"); threading.Thread(target=serve, args=(local,), daemon=True).start()
name = socket.socket(socket.AF_UNIX); name.bind("\0gate-test-%d" % port); threading.Thread(target=serve, args=(name,), daemon=True).start()
open("port.new", "w").write(str(port)); os.rename("port.new", "port")
serve(four)
EOF
server=$!
# shellcheck disable=SC2086 # none or one process
test_cleanup() { kill $server $asked 2>/dev/null; umount /etc/hosts "$GATE_STAGE/share/gate/rules/connections.rules" 2>/dev/null; }
asked=
wait_for 10 test -s port || exit 99
port=$(cat port)

# --- what no rule speaks of
is "it passes" "$(run "$probe" tcp 127.0.0.1 "$port")" "127.0.0.1 ok"
is "and is in the log" "$(last)" "allow - 127.0.0.1 $port tcp - 1"
is "a refusal of the network's own is passed on" "$(run "$probe" tcp 127.0.0.1 1)" "127.0.0.1 ECONNREFUSED"
lines=$(wc -l <"$log")
is "a destination, and how often it was gone to" "$(summed "$probe" retry 127.0.0.1 "$port" 30 | tail -1)" "allow - 127.0.0.1 $port tcp - 30"
ok "in a line or two a second, not in one for each" test $(($(wc -l <"$log") - lines)) -lt 15
run "$probe" retry 127.0.0.1 "$port" 3 and fork 127.0.0.1 "$port" 4 >/dev/null
is "a fork counts for itself" "$("$GATESH" net --json | python3 -c 'import json, sys; print(sum(json.loads(l)["attempts"] for l in sys.stdin))')" 7
is "::ffff: is IPv4" "$(run "$probe" tcp ::ffff:127.0.0.1 "$port"; last)" $'::ffff:127.0.0.1 ok\nallow - 127.0.0.1 '"$port tcp - 1"
if "$probe" tcp ::1 "$port" | grep -q ok; then
	is "IPv6" "$(run "$probe" tcp ::1 "$port"; last)" $'::1 ok\nallow - ::1 '"$port tcp - 1"
else
	skip "IPv6" "no ::1 here"
fi
is "datagrams" "$(summed "$probe" udp 127.0.0.1 53)" $'sendto ok\nsendmsg ok\nconnect ok\nallow - 127.0.0.1 53 udp - 3'
is "what is no destination is the kernel's" "$(run "$probe" odd 127.0.0.1 "$port")" "$("$probe" odd 127.0.0.1 "$port")"
is "a connect that does not wait" "$(run "$probe" nonblock 127.0.0.1 "$port" and nonblock 127.0.0.1 1)" $'127.0.0.1 ok\n127.0.0.1 ECONNREFUSED'

# --- names
hosts "127.77.0.1 a.test b.test" "127.77.0.2 both.test" "127.77.0.3 both.test" "127.77.0.4 xn--bcher-kva.test"
for how in getaddrinfo gethostbyname gethostbyname2 gethostbyname_r gethostbyname2_r getaddrinfo_a nowait; do
	is "$how is seen" "$(run "$probe" name $how a.test "$port"; last)" "a.test ok
allow a.test 127.77.0.1 $port tcp - 1"
done
rules <<'EOF'
rule: t.b
on: connect
host: B.Test.
severity: danger
reason: r
hit: b.test
miss: a.test

rule: t.three
on: connect
net: 127.77.0.3
severity: danger
action: deny
reason: r
hit: 127.77.0.3:1
miss: 127.77.0.2:1

rule: t.idn
on: connect
host: bücher.test
severity: danger
reason: r
hit: bücher.test
hit: xn--bcher-kva.test
miss: bucher.test

rule: t.socket
on: connect
socket: local.sock @gate-test-*
severity: danger
reason: r
hit: /x/local.sock
miss: /x/other.sock
EOF
is "a name that is asked about" "$(run "$probe" name getaddrinfo b.test "$port"; last)" "b.test EPERM
deny b.test 127.77.0.1 $port tcp - 1"
like "one line says why" "$(cat err)" '^gate: refused: connect b\.test:[0-9]+ \(127\.77\.0\.1, tcp\): t\.b \(danger\): r\. .*'
is "of several names for an address one is enough" \
	"$(run "$probe" name getaddrinfo a.test "$port" and name getaddrinfo b.test "$port" and name getaddrinfo a.test "$port")" \
	$'a.test ok\nb.test EPERM\na.test EPERM'
is "without the lookup it is an address" "$(run "$probe" tcp 127.77.0.1 "$port")" "127.77.0.1 ok"
is "refused once, it is refused at once, and told once" "$(run "$probe" retry 127.77.0.3 "$port" 20; grep -c '^gate: refused' err)" $'127.77.0.3 EPERM\n1'
is "every attempt is counted" "$("$GATESH" net --json | python3 -c 'import json, sys; o = json.loads(sys.stdin.readline()); print(o["attempts"], o["verdict"])')" "20 deny"
is "of a name's addresses the one that is allowed is taken" "$(hosts "127.77.0.3 both.test" "127.77.0.2 both.test"; run "$probe" each both.test "$port" | tail -1)" "127.77.0.2 ok"
hosts "127.77.0.2 moving.test"
run "$probe" name getaddrinfo moving.test "$port" and wait moved and name getaddrinfo moving.test "$port" >out &
asked=$!
wait_for 10 grep -q ok out; hosts "127.77.0.3 moving.test"; : >moved; wait $asked; asked=
is "a name that moves is judged by where it leads now" "$(cat out)" $'moving.test ok\nmoving.test EPERM'
hosts "127.77.0.4 xn--bcher-kva.test"
is "an internationalised name" "$(run "$probe" name getaddrinfo xn--bcher-kva.test "$port")" "xn--bcher-kva.test EPERM"

# --- datagrams and sockets
is "datagrams are refused, however they are sent" "$(run "$probe" udp 127.77.0.3 53)" $'sendto EPERM\nsendmsg EPERM\nconnect EPERM'
is "of several messages those before it are sent" "$(run "$probe" mmsg 127.77.0.2 127.77.0.3 9)" $'sendmmsg 1 \nby number 1 '
is "and none when it is the first" "$(run "$probe" mmsg 127.77.0.3 127.77.0.2 9)" $'sendmmsg -1 EPERM\nby number -1 EPERM'
is "connect by its number" "$(run "$probe" number 127.77.0.3 "$port" and number 127.77.0.2 "$port")" $'127.77.0.3 EPERM\n127.77.0.2 ok'
ln -s local.sock link; mkdir sub
is "a unix socket" "$(run "$probe" unix "$T/local.sock")" "$T/local.sock EPERM"
is "through a symbolic link" "$(run "$probe" unix "$T/link"; last)" "$T/link EPERM
deny - - - unix $(realpath local.sock) 1"
is "by a relative path" "$(cd sub && "$GATESH" run -s ci "$probe" unix ../local.sock </dev/null 2>/dev/null)" "../local.sock EPERM"
is "an abstract one" "$(run "$probe" unix "@gate-test-$port")" "@gate-test-$port EPERM"
is "one that is not there" "$(run "$probe" unix "$T/none.sock")" "$T/none.sock ENOENT"

# --- the name is unknown
rules <<'EOF'
rule: t.unknown
on: connect
host: unknown
port: 1-65535
severity: danger
reason: r
hit: 127.0.0.1:1
miss: a.test 127.0.0.1:1
EOF
hosts "127.77.0.1 a.test"
is "an address that nobody looked up" "$(run "$probe" tcp 127.77.0.1 "$port" and name getaddrinfo a.test "$port")" $'127.77.0.1 EPERM\na.test ok'
rules </dev/null

# --- an allow-list
printf '# what may be\na.test %s\n' "$port" >list
hosts "127.77.0.1 a.test other.test" "127.77.0.2 c.test"
is "a listed name" "$(run --network allow-listed --allow-list list "$probe" name getaddrinfo a.test "$port")" "a.test ok"
is "another is refused" "$(run --network allow-listed --allow-list list "$probe" name getaddrinfo c.test "$port")" "c.test EPERM"
like "with its reason" "$(cat err)" 'not on the list .*/list\.'
is "the address of a listed name is no name" "$(run --network allow-listed --allow-list list "$probe" tcp 127.77.0.1 "$port")" "127.77.0.1 EPERM"
is "every name is to be listed" "$(run --network allow-listed --allow-list list "$probe" name getaddrinfo a.test "$port" and name getaddrinfo other.test "$port")" $'a.test ok\nother.test EPERM'
is "--network ask, with nobody to ask" "$(run --network ask --allow-list list "$probe" name getaddrinfo c.test "$port")" "c.test EPERM"
printf '127.77.0.0/16\n' >list
rules <<'EOF'
rule: t.ten
on: connect
net: 127.77.0.10
severity: danger
reason: r
hit: 127.77.0.10:1
miss: 127.77.0.9:1
EOF
is "a rule stands above a list" "$(run --network allow-listed --allow-list list "$probe" tcp 127.77.0.10 "$port" and tcp 127.77.0.9 "$port")" $'127.77.0.10 EPERM\n127.77.0.9 ok'

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
ask() { "$GATESH" run --wait-for-answer "$@" </dev/null >out 2>err & asked=$!; wait_for 10 "$GATESH" pending; }
question() { "$GATESH" pending --json | python3 -c 'import json, sys; q = json.load(sys.stdin)[0]; print(q["'"$1"'"])'; }
hosts "127.77.0.1 two.test" "127.77.0.2 two.test"
ask "$probe" each two.test 1 and name getaddrinfo two.test "$port"
wait_for 10 sh -c "'$GATESH' pending | grep -q two.test"
like "a question says where to" "$("$GATESH" pending --json)" 'two\.test:1 \(127\.77\.0\.1, tcp\)'
like "and what the session would cover" "$("$GATESH" pending --json)" '"covers": ?"t\.ask: any connection to two\.test:1 \(tcp\)"'
"$GATESH" allow "$("$GATESH" pending | awk 'NR == 1 { print $1 }')" >/dev/null
wait_for 10 sh -c "'$GATESH' pending | grep -q two.test:$port"
is "a yes is one to the name's other addresses, of this process and port" "$(cat out)" $'127.77.0.1 ECONNREFUSED\n127.77.0.2 ECONNREFUSED'
"$GATESH" deny "$("$GATESH" pending | awk 'NR == 1 { print $1 }')" not this one >/dev/null; wait $asked; asked=
is "another port is another question" "$(tail -1 out)" "two.test EPERM"
like "and the program hears the no" "$(cat err)" 'The person said: "not this one"'
ask sh -c "'$probe' tcp 127.77.0.1 $port; '$probe' tcp 127.77.0.1 $port; '$probe' tcp 127.77.0.2 $port"
wait_for 10 sh -c "'$GATESH' pending | grep -q 127.77.0.1"
"$GATESH" allow "$("$GATESH" pending | awk 'NR == 1 { print $1 }')" session >/dev/null
wait_for 10 sh -c "'$GATESH' pending | grep -q 127.77.0.2"
is "the rest of the session covers host and port, for every program" "$(cat out)" $'127.77.0.1 ok\n127.77.0.1 ok'
like "and is listed so" "$("$GATESH" grants)" 't\.ask: any connection to 127\.77\.0\.1:[0-9]+ \(tcp\)'
"$GATESH" freeze >/dev/null; wait $asked; asked=
is "a frozen session connects nowhere" "$(tail -1 out)" "127.77.0.2 EPERM"

# --- without a session
rm -f go; rules </dev/null
run sh -c 'echo "$GATE_SESSION" >session; exec "$@"' sh "$probe" wait go and tcp 127.0.0.1 "$port" >out & asked=$!
wait_for 10 test -s session; kill -9 "$(sed 's/.*"pid":\([0-9]*\).*/\1/' "$(cat session)/info.json")"; : >go; wait $asked; asked=; wait_for 10 test -s out
is "no session, no connection" "$(cat out)" "127.0.0.1 EPERM"
says_why() { grep -qE 'not permitted; nothing was done|has ended' err; } # the line about gatesh itself may be there first
wait_for 10 says_why
like "and why" "$(cat err)" "gate: (netprobe: refused: the session can't be reached, not permitted; nothing was done|refused: this session's gatesh has ended)"
python3 -c '
import socket, subprocess, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
subprocess.run([sys.argv[1], "run", "-s", "ci", "true"], stdin=subprocess.DEVNULL, pass_fds=[s.fileno()])' "$GATESH" "$port"
is "a socket that is given is in the log" "$(last)" "allow - 127.0.0.1 $port tcp - 1"
done_testing
