#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# postgresql.t - statements to a real PostgreSQL server: byte for byte as without Gate, refused by the server itself with Gate's
# reason.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
if ! serve_postgresql; then
	sed 's/^/# /' pg.log 2>/dev/null
	echo "1..0 # SKIP no PostgreSQL server here"
	exit 0
fi
export PGHOST=127.0.0.1 PGPORT=$pg PGUSER=me PGDATABASE=shop PGOPTIONS='-c client_min_messages=warning'
sql() { psql -XAt "$@"; }
sql -c 'create table users (id int primary key, name text)' -c "insert into users select i, 'u' || i from generate_series(1, 1000) i" >/dev/null
cat >driver.py <<EOF
import sys, psycopg2
c = psycopg2.connect("host=127.0.0.1 port=$pg user=me dbname=shop")
k = c.cursor()
for s in sys.argv[1:]:
    try:
        k.execute(s)
        print(k.rowcount, k.fetchall() if k.description else "")
    except psycopg2.Error as e:
        print(type(e).__name__, e.pgcode, str(e).split("\n")[0])
        c.rollback()
c.commit()
EOF
psycopg() { /usr/bin/python3 -c 'import psycopg2' 2>/dev/null; }
same "reads" psql -XAt -c 'select count(*), max(name) from users' -c 'table nobody'
same "a write, and rolled back" psql -XAt -c 'begin; update users set name = 1 where id = 7; select name from users where id = 7; rollback'
same "several statements in one query" psql -XAt -c 'select 1; select 2'
same "COPY, 1,000 rows in and out" bash -c 'seq 2000 3000 | psql -Xqc "copy users (id) from stdin"; psql -XAtc "copy users to stdout" | md5sum; psql -Xqc "delete from users where id >= 2000"'
same "ON_ERROR_ROLLBACK" bash -c 'printf "begin;\nselect 1/0;\nselect 2;\ncommit;\n" | psql -XAt -v ON_ERROR_ROLLBACK=on 2>&1'
same "a prepared statement" bash -c 'printf "prepare p as select \$1::int;\nexecute p(5);\n" | psql -XAt'
same "TLS that the server has not" env PGSSLMODE=prefer psql -XAtc 'select 3'
same "GSS encryption that the server has not" env PGGSSENCMODE=prefer psql -XAtc 'select 4'
if psycopg; then
	same "psycopg2" /usr/bin/python3 driver.py 'select 5' "insert into users values (8, 'x')" 'delete from users where id = 8' 'select 1/0'
else
	skip psycopg2 "no psycopg2 here"
fi
bench() { "$pg_bin/pgbench" "$@"; }
export -f bench; export pg_bin
for mode in simple extended prepared; do
	is "pgbench, $mode" "$(inside bash -c 'bench -qi >/dev/null 2>&1; bench -M '$mode' -c 4 -t 50 2>/dev/null' | sed -n 's/.*actually processed: //p')" "200/200"
done

policy statement requisite gate_deny.so '[reason=not here]'
like "psql: refused by the server, with the reason" "$(inside psql -XAtc 'select 6' 2>&1)" '^ERROR:  gate: refused: select 6.*not here'
if psycopg; then
	like "psycopg2: an error of its own" "$(inside /usr/bin/python3 driver.py 'drop table users')" '^InsufficientPrivilege 42501 gate: refused: BEGIN.*not here'
fi
like "the extended protocol" "$(inside bash -c 'bench -M extended -f <(echo "delete from users where id > :client_id;") -t 1 2>&1')" 'gate: refused: .*not here'
policy
is "nothing was lost" "$(sql -c 'select count(*) > 0 from users')" t
done_testing
