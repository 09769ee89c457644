#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# own_redis.t - redis.shutdown asks about a server from outside the session, and its probe finds the session's own one.
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh" || exit 99
{ command -v redis-server && command -v redis-cli; } >/dev/null || { echo "1..0 # SKIP no Redis"; exit 0; }
cd "$T" || exit 99
port=$((20000 + $$ % 10000))
test_cleanup() { redis-cli -p "$port" shutdown nosave 2>/dev/null; redis-cli -p $((port + 1)) shutdown nosave 2>/dev/null; }
answers() { redis-cli -p "$1" ping >/dev/null; }

redis-server --port $port --save '' --daemonize yes >/dev/null
wait_for 5 answers $port || { echo "1..0 # SKIP Redis does not start"; exit 0; }
got=$("$GATESH" run -- redis-cli -p $port shutdown nosave 2>&1 </dev/null)
like "a server from outside is asked about" "$got" 'redis\.shutdown'
ok "and goes on" answers $port

cat >own.sh <<END
redis-server --port $((port + 1)) --save '' --daemonize yes >/dev/null
for i in \$(seq 200); do redis-cli -p $((port + 1)) ping >/dev/null 2>&1 && break; sleep 0.05; done
redis-cli -p $((port + 1)) shutdown nosave
END
unlike "the session's own is not, by the command" "$("$GATESH" run -- sh own.sh 2>&1 </dev/null)" 'redis\.shutdown'
unlike "nor is one that is not there" "$("$GATESH" run -- redis-cli -p $((port + 2)) shutdown nosave 2>&1 </dev/null)" 'redis\.shutdown'
done_testing
