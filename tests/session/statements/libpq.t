#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# libpq.t - statements to a real PostgreSQL server that the relay does not see, over TLS and a unix socket: judged in the library.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
mkdir sock && chmod 777 sock
if ! tls || ! serve_postgresql -c ssl=on -c "ssl_cert_file=$T/tls/cert" -c "ssl_key_file=$T/tls/key" -c "unix_socket_directories=$T/sock"; then
	sed 's/^/# /' pg.log 2>/dev/null
	echo "1..0 # SKIP no PostgreSQL server here"
	exit 0
fi
export PGHOST=127.0.0.1 PGPORT=$pg PGUSER=me PGDATABASE=shop PGOPTIONS='-c client_min_messages=warning'
sql() { psql -XAt "$@"; }
users() { sql -c 'drop table if exists users' -c 'create table users (id int primary key, name text)' -c "insert into users select i, 'u' || i from generate_series(1, 1000) i" >/dev/null; }
users
cat >driver.py <<'EOF'
import sys, psycopg2
c = psycopg2.connect("")
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
asked_n() { "$GATESH" log --json --event statement | wc -l; }
encrypted='select ssl from pg_stat_ssl where pid = pg_backend_pid()'

for mode in require prefer; do
	export PGSSLMODE=$mode
	is "$mode: the connection is encrypted" "$(inside psql -XAtc "$encrypted")" t
	same "$mode: reads" psql -XAt -c 'select count(*), max(name) from users' -c 'table nobody'
	same "$mode: a write, and rolled back" psql -XAt -c 'begin; update users set name = 1 where id = 7; select name from users where id = 7; rollback'
	same "$mode: a prepared statement" bash -c 'printf "prepare p as select \$1::int;\nexecute p(5);\n" | psql -XAt'
	same "$mode: COPY" bash -c 'seq 2000 3000 | psql -Xqc "copy users (id) from stdin"; psql -XAtc "copy users to stdout" | md5sum; psql -Xqc "delete from users where id >= 2000"'
done
export PGSSLMODE=require
same "a server's certificate is checked, bound to the login" env PGSSLROOTCERT="$T/tls/cert" PGSSLMODE=verify-ca psql -XAtc "$encrypted"
if /usr/bin/python3 -c 'import psycopg2' 2>/dev/null; then
	same "psycopg2" /usr/bin/python3 driver.py 'select 5' "insert into users values (8000, 'do x')" 'update users set name = 1 where id = 8000' 'delete from users where id = 8000' 'select 1/0'
	is "... which the log does not mention" "$(asked_n)" 0
	for way in require prefer disable socket; do
		if [ $way = socket ]; then export PGHOST=$T/sock PGSSLMODE=disable; else export PGHOST=127.0.0.1 PGSSLMODE=$way; fi
		for s in 'delete from users' 'drop table users' 'truncate users' 'with x as (delete from users returning 1) select count(*) from x'; do
			before=$(asked_n)
			asking /usr/bin/python3 driver.py "$s" "$encrypted"
			settle deny 1 'archive them'
			like "$way: $s: the driver's own error" "$got" '^InsufficientPrivilege 42501 gate: refused: .*archive them'
			like "... the connection goes on, no less encrypted" "$got" "$([ $way = disable ] || [ $way = socket ] && echo False || echo True)"
			is "... asked once" $(($(asked_n) - before)) 1
		done
		sql -c 'create table if not exists scrap (a int)' -c 'insert into scrap values (1)' >/dev/null
		asking /usr/bin/python3 driver.py 'update scrap set a = 2'
		settle allow 1
		is "$way: yes: done" "$got" "$(sql -c 'select count(*) from scrap') "
	done
	export PGHOST=127.0.0.1 PGSSLMODE=require
	is "nothing was lost" "$(sql -c 'select count(*) from users')" 1000
	STATEMENT='delete from users' asking bash -c '/usr/bin/python3 driver.py "$STATEMENT" & echo $! >client; wait'
	wait_for 20 any_question
	is "while a person thinks, nothing is held" "$(sql -c "select count(*) from pg_locks l join pg_class c on c.oid = l.relation where relname = 'users'")" 0
	kill -9 "$(cat client)"
	ok "a client that is killed takes its question with it" wait_for 20 no_question
	wait "$job"
	before=$(asked_n)
	asking "$pg_bin/psql" -Xc "update scrap set a = 3"
	settle allow 1
	is "psql: a command that was allowed is not asked about again" "$(sql -c 'select count(*) from scrap where a <> 3')" 0
else
	skip psycopg2 "no psycopg2 here"
fi
if cat >api.c <<'EOF' && cc -I"$(pg_config --includedir 2>/dev/null)" api.c -o api -lpq 2>/dev/null; then
#include <libpq-fe.h>
#include <stdio.h>
static const char *result(PGconn *c, PGresult *r)
{
	const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : 0;
	printf("%s %s", state ? state : "none", PQerrorMessage(c));
	return state;
}
int main(int argc, char **argv)
{
	PGconn *c = PQconnectdb("");
	PGresult *r = 0;
	const char *v[] = {"0"};
	switch (*argv[1]) {
	case 'e': result(c, PQexec(c, "select 1; delete from users")); break;
	case 'x': result(c, PQexecParams(c, "delete from users where true or id = $1", 1, 0, v, 0, 0, 0)); break;
	case 'p': result(c, PQprepare(c, "d", "delete from users", 0, 0)); break;
	case 's': PQsendQuery(c, "delete from users"); break;
	case 'y': PQsendQueryParams(c, "delete from users where true or id = $1", 1, 0, v, 0, 0, 0); break;
	case 'q': PQsendPrepare(c, "d", "delete from users", 0, 0); break;
	}
	while ((r = PQgetResult(c)))
		result(c, r);
	PQclear(PQexec(c, "select 1"));
	return PQstatus(c) != CONNECTION_OK;
}
EOF
	for way in e x p s y q; do
		asking ./api $way
		settle deny 1 'archive them'
		like "C, $way" "$got" '^(42501|22P02) ERROR:  .*gate: refused: .*archive them'
	done
else
	skip "C" "no libpq-fe.h here"
fi
if perl -MDBD::Pg -e 1 2>/dev/null; then
	printf '%s\n' 'use DBI; my $d = DBI->connect("dbi:Pg:dbname=shop", "me", "", {PrintError => 0});' \
		'for (@ARGV) { my $r = $d->do($_); print defined $r ? "$r\n" : $d->errstr . "\n" }' \
		'my $s = $d->prepare("delete from users where true or id = ?") or print $d->errstr; $s->execute(1) or print $d->errstr;' >driver.pl
	asking perl driver.pl 'select 1' 'delete from users where id = 5000'
	settle deny 1 'archive them'
	like "Perl: its own error, and one row unasked" "$got" $'^1\n0E0\n.*gate: refused: .*archive them'
else
	skip "Perl" "no DBD::Pg here"
fi
is "nothing was lost" "$(sql -c 'select count(*) from users')" 1000
done_testing
