#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# databases.sh - measures what keeping a database before its first open for writing costs: a SELECT on a SQLite file, and the start
# of a PostgreSQL cluster that is there already.  By CPU time and by a wall clock, natively and in a session in turns: the median of ROUNDS
# (first argument, 3).  GATE_SQLITE_MB and GATE_POSTGRES_MB set the sizes.  The files lie below TMPDIR, so on its file system.  make bench
# shellcheck disable=SC1091,SC2034 # lib.sh reads rounds
if [ "$(id -u)" = 0 ] && [ -z "${GATE_BENCH_USER:-}" ]; then # PostgreSQL refuses to run as root
	export GATE_BENCH_USER=nobody
	nobody=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups --)
	"${nobody[@]}" test -r "$0" -a -x "$GATE_STAGE/bin/gatesh" -a -x "$GATE_BUILD/tests/bench/file_bench" ||
		{ echo "databases: the user nobody may not read ${GATE_SRC:?}, and PostgreSQL refuses to run as root"; exit 0; }
	exec "${nobody[@]}" "$0" "$@"
fi
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/bench/lib.sh"
rounds=${1:-3}
bench=$GATE_BUILD/tests/bench/file_bench
[ -x "$bench" ] || { echo "no $bench: make bench"; exit 1; }
cd "$W" || exit 1
echo "file system: $(stat -f -c %T "$W"), load $(cut -d' ' -f1-3 /proc/loadavg)"
# Microseconds of a wall clock, for `compare`.
wall() { python3 -c 'import subprocess, sys, time
start = time.monotonic()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print("%.0f" % ((time.monotonic() - start) * 1e6))
sys.exit(status)' "$@"; }
wall_native() { wall "$@"; }
wall_gate() { wall "$GATESH" run -- "$@" 2>"$T/gate.err" </dev/null || { cat "$T/gate.err"; exit 1; }; }
# Each session keeps anew.
forget() { "$GATESH" undo prune --all --yes </dev/null >/dev/null 2>&1; }
# both NAME COMMAND...: CPU and wall
both() {
	local name=$1; shift
	compare "$name, CPU" - forget "$bench" run "$@"
	from=wall_native in=wall_gate compare "$name, wall" - forget "$@"
	echo "    $(grep -o 'kept .*for undo' "$T/gate.err" || echo 'nothing kept')"
}

from=wall_native in=wall_gate compare "a session of true, wall" - forget true
if command -v sqlite3 >/dev/null; then
	mb=${GATE_SQLITE_MB:-200}
	sqlite3 data.db "PRAGMA journal_mode=OFF; CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $mb * 250)
		SELECT i, randomblob(4000) AS b FROM n" >/dev/null
	sleep 0.05
	both "SELECT of one row, SQLite file of $mb MB" sqlite3 data.db 'SELECT i FROM t WHERE rowid = 17'
	both "SELECT of all rows, SQLite file of $mb MB" sqlite3 data.db 'SELECT count(*), sum(length(b)) FROM t'
	rm -f data.db
else
	echo "SQLite: no sqlite3 here"
fi

postgres=$(for d in /usr/lib/postgresql/*/bin; do echo "$d"; done | tail -1)
if [ -x "$postgres/initdb" ]; then
	mb=${GATE_POSTGRES_MB:-2048}
	start() { "$postgres/pg_ctl" -s -w -D "$W/cluster" -o "-k $T -c listen_addresses=" -l "$T/log" start; }
	stop() { "$postgres/pg_ctl" -s -w -D "$W/cluster" -m fast stop; }
	{ "$postgres/initdb" -D "$W/cluster" -A trust --no-sync && start && "$postgres/psql" -h "$T" -d postgres -c \
		"CREATE UNLOGGED TABLE t (i int, b text); ALTER TABLE t ALTER b SET STORAGE PLAIN;
		INSERT INTO t SELECT i, repeat(md5(i::text), 120) FROM generate_series(1, $mb * 250) i" && stop; } >"$T/out" 2>&1 ||
		{ tail -3 "$T/out"; exit 1; }
	echo "PostgreSQL: a cluster of $(du -sm cluster | cut -f1) MB"
	cat >"$T/cycle" <<END
#!/bin/sh
"$postgres/pg_ctl" -s -w -D "$W/cluster" -o "-k $T -c listen_addresses=" -l "$T/log" start && "$postgres/pg_ctl" -s -w -D "$W/cluster" -m fast stop
END
	chmod +x "$T/cycle"
	from=wall_native in=wall_gate compare "start and stop of PostgreSQL, wall" - forget "$T/cycle"
	echo "    $(grep -o 'kept .*for undo' "$T/gate.err" || echo 'nothing kept')"
	stop >/dev/null 2>&1
else
	echo "PostgreSQL: no server here"
fi
