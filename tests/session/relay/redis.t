#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# redis.t - commands to a real Redis server: byte for byte as without Gate, refused by the server itself with Gate's reason.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
serve_redis || { echo "1..0 # SKIP no Redis server here"; exit 0; }
cat >driver.py <<EOF
import sys, redis
r = redis.Redis(port=$redis)
for f in (lambda: r.set("a", "b c"), lambda: r.get("a"), lambda: r.pipeline().set("x", 1).incr("x").execute(),
          lambda: r.eval("return {KEYS[1], 5}", 1, "k"), lambda: r.set("big", "z" * 3000000), lambda: len(r.get("big")),
          lambda: r.pipeline(transaction=False).set("y", 1).get("y").execute()):
    try: print(f())
    except redis.RedisError as e: print(type(e).__name__, e)
EOF
driver() { /usr/bin/python3 -c 'import redis' 2>/dev/null; }
same "words and a value with blanks" redis-cli -p "$redis" set key 'a "b" c'
same "a line" bash -c 'exec 3<>/dev/tcp/127.0.0.1/$0; printf "PING\r\nGET key\r\nQUIT\r\n" >&3; cat <&3' "$redis"
same "RESP3" redis-cli -3 -p "$redis" get key
same "a transaction" bash -c 'printf "multi\nset t 1\nincr t\nexec\n" | redis-cli -p $0' "$redis"
same "a pipeline of 10,000" bash -c 'for i in $(seq 10000); do echo "set k$i $i"; done | redis-cli -p $0 --pipe | tail -n 1; redis-cli -p $0 dbsize' "$redis"
if driver; then same "redis-py: pipelines, scripts, 3 MB" /usr/bin/python3 driver.py; else skip "redis-py" "no python3-redis here"; fi
is "redis-benchmark" "$(inside bash -c 'redis-benchmark -p $0 -q -n 2000 -P 16 -t set,get | grep -c "requests per second"' "$redis" 2>/dev/null)" 2
# Commands without an effect pass without being judged one by one; what is between them is judged.
cat >raw.py <<EOF
import socket, sys
s = socket.create_connection(("127.0.0.1", $redis))
words = [c.split() for c in sys.argv[1:]]
s.sendall(b"".join(b"*%d\r\n" % len(w) + b"".join(b"\$%d\r\n%s\r\n" % (len(a), a.encode()) for a in w) for w in words))
s.shutdown(socket.SHUT_WR)
back = b""
while d := s.recv(9999): back += d
print(back.decode().replace("\r\n", " "))
EOF
like "a pipeline with a FLUSHALL in it" "$(inside python3 raw.py 'SET f 1' 'GET f' 'FLUSHALL' 'GET f' 'GET key')" "^\+OK .1 1 -ERR unknown command 'gate: refused: .*redis.statement-flush.* .1 1 .7 a \"b\" c $"
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/t.rules" <<'EOF'
rule: t.one
on: statement
engine: redis
database: 1
severity: danger
reason: not there
hit: redis database=1: GET a
miss: redis database=0: GET a
EOF
like "and a rule on one database" "$(inside python3 raw.py 'GET f' 'GET f' 'SELECT 1' 'GET f' 'SELECT 0' 'GET f')" "^.1 1 .1 1 .*-ERR unknown command 'gate: refused: .*GET f.* .1 1 $"
rm "$XDG_CONFIG_HOME/gate/rules/t.rules"
policy statement requisite gate_deny.so '[reason=not here]'
like "redis-cli: an error with the reason" "$(inside redis-cli -p "$redis" set key 2)" "ERR unknown command 'gate: refused: set key 2. .*not here"
driver && like "redis-py: an error with the reason" "$(inside /usr/bin/python3 driver.py | head -n 1)" "^ResponseError unknown command 'gate: refused: SET a "
policy
is "nothing was changed" "$(redis-cli -p "$redis" get key)" 'a "b" c'
done_testing
