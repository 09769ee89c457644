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
import os, sys, psycopg2
c = psycopg2.connect("host=127.0.0.1 port=$pg user=me dbname=shop")
k = c.cursor()
for s in sys.argv[1:] or os.environ["STATEMENTS"].split("\n"):
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
same "COPY, 1,000 rows in and out" bash -c 'seq 2000 2999 | psql -Xqc "copy users (id) from stdin"; psql -XAtc "copy users to stdout" | md5sum; psql -Xqc "delete from users where id >= 2000"'
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
bench -qi >/dev/null 2>&1
for mode in simple extended prepared; do
	is "pgbench, $mode" "$(inside bash -c 'bench -M '$mode' -n -c 4 -t 50 2>/dev/null' | sed -n 's/.*actually processed: //p')" "200/200"
done

# Asked by the shipped rules: the server hears nothing before the answer, and nothing is asked about that one key names.
if psycopg; then
	said() { STATEMENTS=$(printf '%s\n' "$@") asking /usr/bin/python3 driver.py; }
	said "insert into users values (5000, 'x')" 'select count(*) from users' "update users set name = 'y' where id = 5000" 'delete from users where id = 5000'
	wait "$job"; is "one row by its key: nobody is asked" "$(cat out err)" "1 
1 [($(sql -c 'select count(*) + 1 from users'),)]
1 
1 "
	said 'delete from users'
	wait_for 20 any_question
	like "the question says the statement" "$("$GATESH" pending)" 'delete from users'
	is "the server has not heard of it" "$(sql -c 'select count(*) > 0 from users' -c "select count(*) from pg_stat_activity where query like 'delete from users%'")" $'t\n0'
	settle deny 1 'archive them'
	like "no: the driver's own error" "$got" '^InsufficientPrivilege 42501 gate: refused: delete from users.*archive them'
	is "nothing was lost" "$(sql -c 'select count(*) > 0 from users')" t
	said 'create table scrap (a int)' 'insert into scrap values (1)' 'update scrap set a = 2'
	settle allow 1
	is "yes: done" "$got" $'-1 \n1 \n1 '
	is "and it was" "$(sql -c 'select a from scrap')" 2
	STATEMENTS='delete from users' asking bash -c '/usr/bin/python3 driver.py & echo $! >client; wait'
	wait_for 20 any_question; kill -9 "$(cat client)"
	ok "a client that is killed takes its question with it" wait_for 20 no_question
	wait "$job"
	idle() { [ "$(sql -c "select count(*) from pg_stat_activity where datname = 'shop' and pid <> pg_backend_pid()")" = 0 ]; }
	ok "and leaves no backend behind" wait_for 20 idle
fi

policy statement requisite gate_deny.so '[reason=not here]'
like "psql: refused by the server, with the reason" "$(inside psql -XAtc 'select 6' 2>&1)" '^ERROR:  gate: refused: select 6.*not here'
if psycopg; then
	like "psycopg2: an error of its own" "$(inside /usr/bin/python3 driver.py 'drop table users')" '^InsufficientPrivilege 42501 gate: refused: BEGIN.*not here'
fi
like "the extended protocol" "$(inside bash -c 'bench -M extended -f <(echo "delete from users where id > :client_id;") -t 1 2>&1')" 'gate: refused: .*not here'
policy
is "nothing was lost" "$(sql -c 'select count(*) > 0 from users')" t
done_testing
