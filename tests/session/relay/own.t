#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# own.t - the session is not asked about what it created itself over the same API, and about everything else as before.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
serve || exit 99
url=http://127.0.0.1:$web log=$XDG_STATE_HOME/gate/audit.jsonl
refused() { grep -c 'gate: refused'; }

# http NAME REQUEST...: requests of one session, each as curl's arguments; nobody is there to ask, so that what asks is refused.
http() {
	local what=$1 want=$2 r script=
	shift 2
	for r; do script+="curl -s $r | grep -q 'gate: refused' && echo asked || echo silent; "; done
	is "$what" "$(inside bash -c "$script" | tail -n 1)" "$want"
}
http "a collection asks" asked "-X DELETE $url/buckets/photos"
http "what a 201's Location names does not" silent "-X POST -H 'X-Status: 201' -H 'X-Location: /buckets/photos' $url/buckets" "-X DELETE $url/buckets/photos"
like "the log says why" "$(tail -n 1 "$log")" '"request".*"the session itself created what this is about"'
http "nor with the host in it" silent "-X POST -H 'X-Status: 201' -H 'X-Location: $url/buckets/photos' $url/buckets" "-X DELETE $url/buckets/photos"
http "nor what its JSON names" silent "-X POST -H 'X-Status: 201' -H 'X-Body: {\"name\": \"photos\"}' $url/buckets" "-X DELETE $url/buckets/photos/"
http "nor in a list" silent "-X POST -H 'X-Status: 201' -H 'X-Body: [{\"id\": 5}, {\"id\": \"photos\"}]' $url/buckets" "-X DELETE $url/buckets/photos"
http "nor by the id, where there is a name, too" asked "-X POST -H 'X-Status: 201' -H 'X-Body: {\"id\": 5, \"name\": \"photos\"}' $url/buckets" "-X DELETE $url/buckets/photos"
http "nor the path of a PUT" silent "-X PUT -H 'X-Status: 201' $url/shops" "-X DELETE $url/shops"
http "which was there before" asked "-X PUT $url/shops" "-X DELETE $url/shops"
http "an index" silent "-X PUT -H 'X-Body: {\"acknowledged\": true, \"index\": \"logs\"}' $url/logs" "-X DELETE $url/logs"
http "once: then it is gone" asked "-X PUT -H 'X-Status: 201' $url/shops" "-X DELETE $url/shops" "-X DELETE $url/shops"
http "a failed deletion" silent "-X PUT -H 'X-Status: 201' $url/shops" "-X DELETE -H 'X-Status: 500' $url/shops" "-X DELETE $url/shops"
http "an answer that is no 201" asked "-X POST -H 'X-Location: /buckets/photos' $url/buckets" "-X DELETE $url/buckets/photos"
http "the collection itself is not its own" asked "-X POST -H 'X-Status: 201' -H 'X-Location: /buckets' $url/buckets" "-X DELETE $url/buckets"
http "nor above it" asked "-X POST -H 'X-Status: 201' -H 'X-Location: /' $url/items" "-X DELETE $url/items"
http "another host's" asked "-X POST -H 'X-Status: 201' -H 'X-Location: http://other.example/buckets/photos' $url/buckets" "-X DELETE $url/buckets/photos"
http "the same path at another host" asked "-X PUT -H 'X-Status: 201' -H 'Host: a.example' $url/shops" "-X DELETE -H 'Host: b.example' $url/shops"
http "a Location that is no plain path" asked "-X POST -H 'X-Status: 201' -H 'X-Location: /a/../shops' $url/buckets" "-X DELETE $url/shops"
http "an id that is no plain word" asked "-X POST -H 'X-Status: 201' -H 'X-Body: {\"id\": \"x/../../shops\"}' $url/buckets" "--path-as-is -X DELETE $url/buckets/x/../../shops"
cat >hasty.py <<END
import socket
s = socket.create_connection(("127.0.0.1", $web))
s.sendall(b"POST /buckets HTTP/1.1\r\nHost: h\r\n\r\nPUT /shops HTTP/1.1\r\nHost: h\r\nX-Status: 201\r\n\r\n")
back = b""
while back.count(b"HTTP/1.1") < 2: back += s.recv(9999)
s.sendall(b"DELETE /shops HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
while d := s.recv(9999): back += d
print(b" 403 " in back)
END
is "a client that does not wait for answers" "$(inside python3 hasty.py)" True

# A rule that denies is not about whose it is.
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/t.rules" <<'END'
rule: t.shops
on: request
method: DELETE
path: /shops
action: deny
severity: danger
reason: never
hit: DELETE h/shops
miss: GET h/shops
END
http "a rule that denies" asked "-X PUT -H 'X-Status: 201' $url/shops" "-X DELETE $url/shops"
rm "$XDG_CONFIG_HOME/gate/rules/t.rules"

# Databases: sql WHAT NUMBER STATEMENT...: by a driver, in one session; how many of them were refused.  "to DATABASE" is a connection of its
# own.
sql() {
	local what=$1 want=$2
	shift 2
	is "$what" "$(inside /usr/bin/python3 "$driver" "$@" 2>&1 | refused)" "$want"
}
has() { /usr/bin/python3 -c "import $1" 2>/dev/null; }
if has psycopg2 && serve_postgresql; then
	driver=pg.py
	cat >pg.py <<END
import sys, psycopg2
def to(database):
    c = psycopg2.connect("host=127.0.0.1 port=$pg user=me dbname=" + database)
    c.autocommit = True
    return c
c = to("shop")
for s in sys.argv[1:]:
    try:
        if s.startswith("to "):
            c.close()
            c = to(s[3:])
        else:
            c.cursor().execute(s)
    except psycopg2.Error as e:
        print(s, "-", e)
END
	others() { psql -Xq -h 127.0.0.1 -p "$pg" -U me shop -c "$1"; }
	others 'create table users (a int)'; others 'create schema other'; others 'create table other.own (a int)'
	sql "PostgreSQL: a table of others asks" 1 'drop table users'
	sql "its own table, rows, column and all" 0 'create table own (a int, b int)' 'insert into own values (1)' 'delete from own' \
		'update own set a = 2' 'alter table own drop column b' 'truncate own' 'drop table own'
	like "the log says why" "$(grep '"drop table own' "$log" | tail -n 1)" 'the session itself created what this is about'
	sql "which was not created" 1 'create table users (b int)' 'drop table users'
	sql "nor by IF NOT EXISTS" 1 'create table if not exists users (b int)' 'drop table users'
	sql "in a transaction" 0 'begin' 'create table own (a int)' 'delete from own' 'commit' 'drop table own'
	sql "rolled back: as if it had never been" 1 'begin' 'create table own (a int)' 'rollback' 'drop table own'
	sql "a savepoint, too" 1 'begin' 'savepoint s' 'create table own (a int)' 'rollback to s' 'drop table own'
	sql "failed" 1 'begin' 'create table own (a int)' 'select 1/0' 'commit' 'drop table own'
	sql "dropped: another of the name is not its own" 1 'create table own (a int)' 'drop table own' 'drop table own'
	sql "a temporary table hides a table, and once" 1 'create temp table users (a int)' 'delete from users' 'drop table users' 'drop table users'
	sql "a temporary table that its transaction drops" 1 'begin' 'create temp table users (a int) on commit drop' 'commit' 'drop table users'
	sql "two drops in one statement" 1 'create temp table users (a int)' 'drop table users, users'
	sql "of several, one of others" 1 'create table own (a int)' 'drop table own, users' 'drop table own'
	sql "another search path" 2 'create table own (a int)' 'set search_path = other' 'drop table own' 'drop table public.own'
	others 'drop table public.own'
	sql "a rename makes it forget" 1 'create table own (a int)' 'alter table own rename to mine' 'drop table mine'
	others 'drop table mine'
	sql "TRUNCATE ... CASCADE reaches others" 1 'create table own (a int)' 'truncate own cascade' 'drop table own'
	sql "a view of others' rows" 1 'create view v as select * from users' 'delete from v' 'drop view v'
	sql "its own schema" 0 'create schema s' 'create table s.t (a int)' 'delete from s.t' 'drop schema s cascade'
	sql "a database of its own, and what is in it" 0 'create database d' 'to d' 'create table if not exists t (a int)' 'delete from t' 'drop table t' 'to shop' 'drop database d'
	sql "other connections know it, too" 0 'create table own (a int)' 'to shop' 'drop table own'
	sql "and other sessions" 0 'create table own (a int)'
	sql "... do not" 1 'drop table own'
	others 'drop table own'
	is "nothing of others was lost" "$(psql -XAtq -h 127.0.0.1 -p "$pg" -U me shop -c 'select count(*) from users' -c 'select count(*) from other.own')" $'0\n0'
else
	skip "PostgreSQL" "no server or no psycopg2 here"
fi
if has pymysql && serve_mysql; then
	driver=my.py
	cat >my.py <<END
import sys, pymysql
c = pymysql.connect(host="127.0.0.1", port=$mysql, user="root", database="shop")
for s in sys.argv[1:]:
    try:
        if s.startswith("to "):
            c.select_db(s[3:])
        else:
            c.cursor().execute(s)
    except pymysql.MySQLError as e:
        print(s, "-", e)
END
	mariadb --no-defaults -h 127.0.0.1 -P "$mysql" -u root shop -e 'create table users (a int); create database other; create table other.own (a int)'
	sql "MySQL: its own table" 0 'create table own (a int, b int)' 'delete from own' 'alter table own drop column b' 'drop table own'
	sql "one of others" 1 'create table users (a int)' 'drop table users'
	sql "a temporary table, once" 1 'create temporary table users (a int)' 'delete from users' 'drop table users' 'drop table users'
	sql "in another database" 1 'create table own (a int)' 'use other' 'drop table own'
	sql "by the driver" 1 'to shop' 'create table mine (a int)' 'to other' 'drop table own'
	sql "a database of its own" 0 'create database d' 'to d' 'create table if not exists t (a int)' 'drop table t' 'drop database d'
else
	skip "MySQL" "no server or no PyMySQL here"
fi
done_testing
