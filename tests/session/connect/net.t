#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# net.t - gatesh net: every destination of a session, once; and the list that it makes.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
probe=$GATE_BUILD/tests/support/netprobe
cd "$T" || exit 99
net() { "$GATESH" net "$@" 2>&1; }
is "nothing yet" "$(net; echo $?)" "gatesh: net: nothing was decided yet: no $XDG_STATE_HOME/gate/audit.jsonl
gatesh: net: no connections
0"
"$GATESH" run -s ci true </dev/null
is "a session without any" "$(net; echo $?)" $'gatesh: net: no connections\n0'
"$GATESH" run -s ci "$probe" retry 127.0.0.1 1 5 and udp 127.0.0.1 53 and name getaddrinfo localhost 2 and unix "$T/none.sock" \
	and tcp 169.254.169.254 80 </dev/null >/dev/null 2>&1
is "a row for each" "$(net | awk '{ print $1, $2, $3, $4, $5, $8, $9 }')" "NAME ADDRESS PORT PROTO PROGRAM ATTEMPTS VERDICT
- 127.0.0.1 1 tcp netprobe 5 allow
- 127.0.0.1 53 udp netprobe 3 allow
localhost 127.0.0.1 2 tcp netprobe 1 allow
$T/none.sock - - unix netprobe 1 allow
- 169.254.169.254 80 tcp netprobe 1 deny"
is "as JSON" "$(net --json | python3 -c '
import json, sys
o = [json.loads(l) for l in sys.stdin]
print(len(o), o[2]["hosts"], o[0]["attempts"], o[0]["first"] <= o[0]["last"], o[4]["rules"], o[3]["path"][-9:])')" \
	"5 ['localhost'] 5 True ['net.metadata'] none.sock"
is "a list of what was allowed" "$(net --allow-list)" "$T/none.sock
127.0.0.1 1
127.0.0.1 53
localhost 2"
net --allow-list >list
is "with which it may go there again, and nowhere else" "$("$GATESH" run -s ci --network allow-listed --allow-list list \
	"$probe" tcp 127.0.0.1 1 and name getaddrinfo localhost 2 and tcp 127.0.0.1 3 </dev/null 2>/dev/null)" $'127.0.0.1 ECONNREFUSED\nlocalhost ECONNREFUSED\n127.0.0.1 EPERM'
is "the last session's" "$(net | awk 'NR > 1 { print $3, $9 }')" $'1 allow\n2 allow\n3 deny'
first=$("$GATESH" log --json | python3 -c 'import json, sys; print([json.loads(l) for l in sys.stdin if "none.sock" in l][0]["session"])')
is "--session" "$(net --session "$first" | wc -l)" 6
is "--all" "$(net --all | wc -l)" 9
"$GATESH" net --follow >follow 2>&1 &
pid=$!
sleep 0.3
"$GATESH" run -s ci "$probe" name getaddrinfo localhost 7 </dev/null >/dev/null
ok "--follow" wait_for 10 grep -q 'allow  tcp   netprobe  localhost (127.0.0.1):7' follow
kill $pid; wait $pid 2>/dev/null
is "--follow tells what comes, not what was" "$(wc -l <follow)" 1
is "what does not go together" "$(net --allow-list --json; echo $?) $(net --all --session x; echo $?)" \
	"gatesh: net: --allow-list goes with neither --follow nor --json; try gatesh net --help
64 gatesh: net: --all or --session, not both; try gatesh net --help
64"
# list files
bad() { printf '%b' "$1" >bad.list; "$GATESH" run --network ask --allow-list bad.list true </dev/null 2>&1; echo $?; }
like "a bad block" "$(bad 'ok.example\n 10.0.0.0/33\n')" 'bad\.list:2:11: an IPv4 prefix length is 0 to 32.*78$'
like "a bad port" "$(bad 'ok.example 70000\n')" 'bad\.list:1:12: the highest port is 65535.*78$'
like "a NUL byte" "$(bad 'ok\0.example\n')" 'bad\.list:1:3: NUL byte in the line.*78$'
like "an endless line" "$(head -c 1000000 /dev/zero | tr '\0' a >bad.list; "$GATESH" run --network ask --allow-list bad.list true </dev/null 2>&1; echo $?)" \
	'bad\.list:1:4097: the line is longer than 4096 bytes.*78$'
like "a list that is not there" "$("$GATESH" run --network ask --allow-list none true </dev/null 2>&1; echo $?)" 'the allow-list none cannot be read.*78$'
chmod 666 list
like "a list that anybody can write to" "$("$GATESH" run --network ask --allow-list list true </dev/null 2>&1; echo $?)" 'anybody can write to it.*78$'
is "a mode that is none" "$("$GATESH" run --network maybe true 2>&1; echo $?)" "gatesh: run: --network takes log, ask or allow-listed, not 'maybe'; try gatesh run --help
64"
is "a list without a use" "$("$GATESH" run --allow-list list true 2>&1; echo $?)" "gatesh: run: --allow-list needs --network ask or allow-listed; try gatesh run --help
64"
done_testing
