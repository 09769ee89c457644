#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# postgres.t - a PostgreSQL cluster from before the session, which the session starts: one question for its data directory
# if its tables can't be kept, none if they can; then undo brings the whole cluster back.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
pg=
for d in /usr/lib/postgresql/*/bin $(command -v initdb >/dev/null && dirname "$(realpath "$(command -v initdb)")"); do [ -x "$d/initdb" ] && pg=$d; done
[ -n "$pg" ] || { echo "1..0 # SKIP no PostgreSQL server"; exit 0; }
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
as=()
if [ "$(id -u)" = 0 ]; then # the server refuses root
	command -v setpriv >/dev/null || { echo "1..0 # SKIP root, and no setpriv"; exit 0; }
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	chmod 711 "$T"; chown -R 65534:65534 "$base" "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME"
	"${as[@]}" test -x "$GATESH" || { echo "1..0 # SKIP the build can't be reached by another user"; exit 0; }
fi
cd "$W" || exit 99
: >clone; if cp --reflink=always clone clone2 2>/dev/null; then clones=1; else clones=; fi; rm -f clone clone2
mkdir -m 700 "$base/sock"; [ ${#as[@]} = 0 ] || chown 65534 "$base/sock"
export PGHOST=$base/sock PGUSER=ann LC_ALL=C
me() { "${as[@]}" "$@"; }
# shellcheck disable=SC2317 # from the trap
test_cleanup() { [ -z "${run:-}" ] || kill "$run" 2>/dev/null; me "$pg/pg_ctl" -D "$W/db" -m immediate stop >/dev/null 2>&1; }
options="-k $base/sock -c listen_addresses="
pg_start() { me "$pg/pg_ctl" -D "$W/db" -w -l "$base/log" -o "$options" start >/dev/null 2>&1; }
pg_stop() { me "$pg/pg_ctl" -D "$W/db" -w -m fast stop >/dev/null 2>&1; }
sql() { me "$pg/psql" -XAtq -d "$1" -c "$2" 2>&1; }
me "$pg/initdb" -D db -U ann -A trust >"$T/init" 2>&1 || { cat "$T/init"; exit 99; }
pg_start || { cat "$base/log"; exit 99; }
sql postgres 'create database other'
for d in postgres other; do
	sql $d "create table wide as select i, repeat('x', 500) t from generate_series(1, 6000) i; create index on wide(i); create table small as select 1 n"
done
pg_stop
sum() { find db -type f ! -name postmaster.opts ! -name 'pgstat.stat' -exec sha256sum {} + | sort; }
old=$(sum)
service() { mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"; sed "s/gate_keep.so\$/gate_keep.so $1/" "$GATE_SRC/rules/policy/gate.d/agent" >"$XDG_CONFIG_HOME/gate/gate.d/agent"; }
g() { me "$GATESH" "$@"; }
number() { g pending --json 2>/dev/null | sed -nE '1s/.*"id":([0-9]+).*/\1/p'; }
# Allows each question, and writes it down.
answers() { local n; while [ ! -e "$T/over" ]; do n=$(number); if [ -n "$n" ]; then g pending --json | head -1 >>"$T/questions"; g allow "$n" >/dev/null; else sleep 0.05; fi; done; }
cat >"$T/work" <<END
"$pg/pg_ctl" -D db -w -l "$base/log" -o "$options" start >/dev/null 2>&1; echo "start \$?"
for d in postgres other; do
	"$pg/psql" -XAtq -d \$d -c "select count(*) from wide; select sum(n) from small; update wide set t = 'new' where i % 100 = 0; insert into small values (2); checkpoint"
done
"$pg/vacuumdb" -q --all; echo "vacuum \$?"
"$pg/pg_ctl" -D db -w -m fast stop >/dev/null 2>&1; echo "stop \$?"
END
chmod 755 "$T/work"
# in_session OPTION...: a session with that gate_keep does the work.  Its questions are in $T/questions.
in_session() {
	service "$*"; rm -f "$T/over"; : >"$T/questions"; sleep 0.05
	answers & run=$!
	me setsid -w timeout -k 5 200 "$GATESH" run --wait-for-answer -- sh "$T/work" </dev/null >"$T/out" 2>"$T/err"
	: >"$T/over"; wait $run; run=
}
done_work="start 0
6000
1
6000
1
vacuum 0
stop 0"
me cp -a db "$base/copy"

# --- tables that can't be kept
in_session max=1M
is "the server works" "$(cat "$T/out")" "$done_work"
if [ -n "$clones" ]; then
	is "a file system that clones keeps them: no question" "$(cat "$T/questions")" ""
else
	is "one question, for tables, indexes and the log of two databases" "$(wc -l <"$T/questions")" 1
	like "for the server and its data directory" "$(cat "$T/questions")" '"once":"what postgres writes in place, in this session, under [^"]*/work/db"'
	like "true to the file" "$(cat "$T/questions")" '"path":"[^"]*/db/(base|pg_wal)/[^"]*".*"unkept":"[0-9.]+ MiB, too large to keep [(]max 1M[)]"'
	is "the log says by whose yes" "$(g log --json --event write | grep -c '"verdict":"allow".*"by":"gatesh allow')" "$(g log --json --event write | wc -l)"
	is "none of them counts as kept" "$(g undo --all --json | python3 -c 'import json, sys; print(sum(json.loads(l).get("size", 0) > 1 << 20 for l in sys.stdin))')" 0
	like "and undo of the others says so" "$(g undo --all --since 1h --dry-run 2>&1)" 'postgres also wrote [^ ]*/db/[^ ]* [(][0-9.]+ MiB[)] and [0-9]+ more in place, which can'"'"'t come back'
fi

# --- a cluster that can be kept
me rm -rf db; me mv "$base/copy" db; me rm -rf "$XDG_STATE_HOME/gate" "$base"/.gate-undo*
in_session max=256M
is "the server works again" "$(cat "$T/out")" "$done_work"
is "no question" "$(cat "$T/questions")" ""
unlike "it has changed the cluster" "$(sum)" "^$old\$"
g undo --yes --all --since 1h </dev/null >"$T/undo" 2>&1
is "every file is as it was" "$(comm -23 <(echo "$old") <(sum))" ""
pg_start; is "and the old cluster starts" "$(sql postgres 'select count(*), count(*) filter (where t <> repeat('"'x'"', 500)) from wide') $(sql other 'select sum(n) from small')" "6000|0 1"
pg_stop
done_testing
