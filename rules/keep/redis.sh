#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# redis.sh - keeps all keys of a Redis server as an RDB file, and restores them key by key.
#
#     redis.sh keep PROGRAM [OPTION ...] -- [FLUSHALL|FLUSHDB]
#     redis.sh undo PROGRAM [OPTION ...]
#
# The server writes the file as for a new replica.  `undo` loads it into a server of its own on this machine, without a port, and
# restores from there each key that the real server does not have; a key that it has is left as it is.
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "redis.sh: no GATE_KEEP"
act=$1 program=$2
shift 2

if [ "$act" = keep ]; then
	options=''
	quote() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
	while [ $# -gt 0 ] && [ "$1" != -- ]; do options="$options$(quote "$1")"; shift; done
	[ $# -gt 1 ] || fail "only what FLUSHALL and FLUSHDB delete is kept"
	keyspace=$(eval "$(quote "$program")$options info keyspace") || fail "$program does not answer"
	keys=$(printf '%s\n' "$keyspace" | sed -n 's/^db[0-9]*:keys=\([0-9]*\).*/\1/p' | awk '{ n += $1 } END { print n + 0 }')
	eval "$(quote "$program")$options--rdb \"\$GATE_KEEP/dump.rdb\"" >"$GATE_KEEP/said" 2>&1 || fail "$(tail -n 1 "$GATE_KEEP/said")"
	rm -f "$GATE_KEEP/said"
	head -c 5 "$GATE_KEEP/dump.rdb" | grep -q REDIS || fail "the server sent no RDB file"
	say "kept: $keys keys of all databases of the server, as an RDB file"
	exit 0
fi

command -v redis-server >/dev/null || fail "redis-server is needed to read $GATE_KEEP/dump.rdb"
work=$(mktemp -d) || exit 2
trap 'redis-cli -s "$work/s" shutdown nosave >/dev/null 2>&1; rm -rf "$work"' EXIT
cp "$GATE_KEEP/dump.rdb" "$work/dump.rdb" || exit 2
redis-server --port 0 --unixsocket "$work/s" --dir "$work" --save '' --appendonly no --daemonize yes >/dev/null || exit 2
tries=0
until [ "$(redis-cli -s "$work/s" ping 2>/dev/null)" = PONG ]; do
	tries=$((tries + 1)); [ $tries -lt 300 ] || fail "the RDB file can't be read"; sleep 0.1
done
back=0 there=0 failed=0
for db in $(redis-cli -s "$work/s" info keyspace | sed -n 's/^db\([0-9]*\):.*/\1/p'); do
	redis-cli -s "$work/s" -n "$db" --scan >"$work/keys"
	while IFS= read -r key; do
		ttl=$(redis-cli -s "$work/s" -n "$db" pttl "$key" </dev/null)
		[ "$ttl" -gt 0 ] 2>/dev/null || ttl=0
		# the reply ends in a newline of redis-cli's, which is not part of the value
		said=$(redis-cli -s "$work/s" -n "$db" --raw dump "$key" </dev/null | head -c -1 |
			"$program" "$@" -n "$db" -x restore "$key" "$ttl" 2>&1)
		case $said in
		OK) back=$((back + 1)) ;;
		*BUSYKEY*) there=$((there + 1)) ;;
		*) failed=$((failed + 1)); say "$key: $said" >&2 ;;
		esac
	done <"$work/keys"
done
say "$back keys restored, $there were there, $failed failed"
[ $failed = 0 ]
