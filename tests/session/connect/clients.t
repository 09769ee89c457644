#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# clients.t - what real programs connect with: each is known by the name that it looked up, and hears of a refusal.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
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
printf '127.0.0.1 localhost fine.test\n127.0.0.1 no.test\n' >hosts
mount --bind hosts /etc/hosts || exit 99
mkdir -p "$XDG_CONFIG_HOME/gate/rules" && cat >"$XDG_CONFIG_HOME/gate/rules/t.rules" <<'EOF'
rule: t.no
on: connect
host: no.test
severity: danger
action: deny
reason: r
hit: no.test
miss: fine.test
EOF
if command -v git >/dev/null; then
	git init -q repo && git -C repo -c user.name=t -c user.email=t@t commit -q --allow-empty -m one && git -C repo update-server-info
fi
python3 - <<'EOF' &
import http.server, os
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args): pass
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
open("port.new", "w").write(str(s.server_address[1])); os.rename("port.new", "port")
s.serve_forever()
EOF
server=$!
test_cleanup() { kill "$server"; umount /etc/hosts; } 2>/dev/null
wait_for 10 test -s port || exit 99
port=$(cat port) && echo page >page

# client NEEDS PROGRAM COMMAND...: HOST and PORT in it stand for the server; fine.test is in the log for PROGRAM, no.test refused
client() {
	local what=$1 needs=$2 program=$3 words allowed denied log=$XDG_STATE_HOME/gate/audit.jsonl
	shift 3
	if ! command -v "$needs" >/dev/null; then
		skip "$what" "no $needs here"
		return
	fi
	for host in fine.test no.test; do
		words=("${@//HOST/$host}"); words=("${words[@]//PORT/$port}")
		rm -rf "$log" clone
		timeout 30 "$GATESH" run -s ci "${words[@]}" </dev/null >"out.$host" 2>"err.$host"
		cp "$log" "log.$host" 2>/dev/null || : >"log.$host"
	done
	has() { python3 -c '
import json, os, sys
print(sorted({o["verdict"] for o in map(json.loads, open(sys.argv[1]))
              if o["event"] == "connect" and sys.argv[2] in o.get("hosts", []) and os.path.basename(o["exe"]).startswith(sys.argv[3])}))' "$@"; }
	allowed=$(has log.fine.test fine.test "$program") denied=$(has log.no.test no.test "$program")
	is "$what" "$allowed $denied $(grep -c '^gate: refused: connect no\.test' err.no.test)" "['allow'] ['deny'] 1"
	[ "$allowed" = "['allow']" ] || diag "$(cat err.fine.test)"
}
client curl curl curl curl -s "http://HOST:PORT/page"
client wget wget wget wget -q --tries=1 -O - "http://HOST:PORT/page"
client "git over http" git git git clone -q "http://HOST:PORT/repo/.git" clone
client "git over ssh" ssh ssh env GIT_SSH_COMMAND='ssh -oBatchMode=yes -oConnectTimeout=3' git clone -q ssh://HOST:PORT/x clone
client "python: urllib" python3 python3 python3 -c 'import urllib.request as u; print(u.urlopen("http://HOST:PORT/page").read())'
client "python: asyncio" python3 python3 python3 -c 'import asyncio; asyncio.run(asyncio.open_connection("HOST", PORT))'
client "python: asyncio, happy eyeballs" python3 python3 python3 -c 'import asyncio
asyncio.run(asyncio.open_connection("HOST", PORT, happy_eyeballs_delay=0.1))'
client "node: http" node node node -e 'require("http").get("http://HOST:PORT/page", r => r.resume()).on("error", e => console.log(e.code))'
client "node: fetch" node node node -e 'fetch("http://HOST:PORT/page").catch(e => console.log(e.cause.code))'
client "node: a datagram" node node node -e 'const s = require("dgram").createSocket("udp4"); s.send("x", PORT, "HOST", e => { if (e) console.log(e.code); s.close() })'
client psql psql psql psql -w -h HOST -p PORT -c 'select 1' template1
client redis-cli redis-cli redis-cli timeout 3 redis-cli -h HOST -p PORT ping
client nc nc nc timeout 3 nc HOST PORT
client socat socat socat timeout 3 socat - TCP:HOST:PORT
client perl perl perl perl -MIO::Socket::INET -e 'IO::Socket::INET->new("HOST:PORT") or print "$!\n"'
client dig dig dig dig +tries=1 +time=1 -p PORT @HOST fine.test
# ping opens its socket before it looks a name up: by ping_group_range, or with rights that no program gains in a session.
setpriv --no-new-privs ping -c 1 -W 1 127.0.0.1 >/dev/null 2>err.ping
if [ $? -gt 1 ] && command -v ping >/dev/null; then # 1: no answer
	skip ping "no socket for it here, ping_group_range is $(tr '\t' ' ' </proc/sys/net/ipv4/ping_group_range): $(tail -n 1 err.ping)"
else
	client ping ping ping ping -c 1 -W 1 HOST
fi
is "the page came" "$("$GATESH" run -s ci curl -s "http://fine.test:$port/page" </dev/null 2>/dev/null)" page
done_testing
