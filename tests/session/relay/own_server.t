#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# own_server.t - a database server that the session itself started, with data that it made: nothing that was there before is in it, and nobody
# is asked. About a server of somebody else, and about a tunnel to one, everybody is.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
log=$XDG_STATE_HOME/gate/audit.jsonl
cat >tunnel.py <<'END'
import socket, sys, threading
def copy(a, b):
    while d := a.recv(65536): b.sendall(d)
    b.close()
l = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    a, b = l.accept()[0], socket.create_connection(("127.0.0.1", int(sys.argv[2])))
    threading.Thread(target=copy, args=(a, b), daemon=True).start()
    threading.Thread(target=copy, args=(b, a), daemon=True).start()
END
until_it() { for _ in $(seq 200); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done; return 1; }
export -f until_it

if serve_redis; then
	own=$(free_port) tunnel=$(free_port)
	export own tunnel redis
	is "Redis: the session stops its own server" "$(inside bash -c 'redis-server --port "$own" --bind 127.0.0.1 --save "" >/dev/null & server=$!
		until_it redis-cli -p "$own" ping; redis-cli -p "$own" shutdown nosave 2>&1; wait "$server"; echo "it ended: $?"')" "it ended: 0"
	like "the log says why" "$(grep -i '"shutdown' "$log" | tail -n 1)" 'the session itself created what this is about'
	like "... but its data are asked about" "$(inside bash -c 'redis-server --port "$own" --bind 127.0.0.1 --save "" >/dev/null & server=$!
		until_it redis-cli -p "$own" ping; exec 3<>"/dev/tcp/127.0.0.1/$own"; printf "FLUSHALL\r\nQUIT\r\n" >&3; cat <&3; kill "$server"; wait')" 'redis.statement-flush'
	like "somebody else's" "$(inside redis-cli -p "$redis" shutdown nosave 2>&1)" 'gate: refused'
	like "a tunnel to it" "$(inside bash -c 'python3 tunnel.py "$tunnel" "$redis" & until_it redis-cli -p "$tunnel" ping
		redis-cli -p "$tunnel" shutdown nosave; kill %1' 2>&1)" 'gate: refused'
	is "somebody else's is there" "$(redis-cli -p "$redis" ping)" PONG
else
	skip "Redis" "no server here"
fi
# psql's own arguments are judged when it starts, before there is a connection; a driver's statements are not.
cat >say.py <<'END'
import os, sys, psycopg2
for s in sys.argv[1:]:
    c = psycopg2.connect(host="127.0.0.1", port=os.environ["own"], user="me", dbname="postgres")
    c.autocommit = True
    k = c.cursor()
    try:
        k.execute(s)
        if k.description: print(k.fetchone()[0])
    except psycopg2.Error as e:
        print(e)
    c.close()
END
if /usr/bin/python3 -c 'import psycopg2' 2>/dev/null && serve_postgresql; then
	own=$(free_port)
	export own pg pg_bin
	chmod 777 .
	cat >cluster.sh <<'END'
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
[ -e mine ] || { mkdir mine; [ "$(id -u)" != 0 ] || chown nobody mine; "${as[@]}" "$pg_bin/initdb" -D "$PWD/mine/data" -A trust -U me --no-sync; } >init.log 2>&1
(cd mine && exec "${as[@]}" "$pg_bin/postgres" -D "$PWD/data" -p "$own" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off) >>init.log 2>&1 &
until_it psql -h 127.0.0.1 -p "$own" -U me postgres -c 'select 1'
/usr/bin/python3 say.py "$@"
kill -INT "$!"
wait
END
	is "PostgreSQL: a cluster that the session made" "$(inside bash cluster.sh 'create database a' 'create table t as select 1 as n' 'select count(*) from t')" 1
	like "... which the next session starts, is not its own" "$(inside bash cluster.sh 'drop database a')" 'gate: refused'
	rm -rf mine
	is "its own, in another connection than the one that created it" "$(inside bash cluster.sh 'create table if not exists t (n int)' 'delete from t' 'drop table t' 'create database a' 'drop database a')" ""
	like "a program in it is asked about" "$(rm -rf mine; inside bash cluster.sh "copy (select 1) to program 'cat'")" 'gate: refused'
else
	skip "PostgreSQL" "no server or no psycopg2 here"
fi
if /usr/bin/python3 -c 'import pymysql' 2>/dev/null && command -v mariadbd >/dev/null && command -v mariadb-install-db >/dev/null; then
	own=$(free_port)
	export own
	cat >say_my.py <<END
import os, sys, pymysql
for s in sys.argv[1:]:
    c = pymysql.connect(host="127.0.0.1", port=int(os.environ["own"]), user="root", database="mysql")
    try: c.cursor().execute(s)
    except pymysql.MySQLError as e: print(e)
    c.close()
END
	cat >maria.sh <<'END'
as=()
[ "$(id -u)" != 0 ] || as=(--user=nobody)
[ -e maria ] || { mkdir maria; [ "$(id -u)" != 0 ] || chown nobody maria; mariadb-install-db --no-defaults "${as[@]}" --datadir="$PWD/maria" --skip-test-db; } >maria.log 2>&1
mariadbd --no-defaults "${as[@]}" --datadir="$PWD/maria" --port="$own" --bind-address=127.0.0.1 --socket="$PWD/maria/s" --pid-file="$PWD/maria/pid" \
	--skip-grant-tables --skip-name-resolve </dev/null >>maria.log 2>&1 &
until_it mariadb --no-defaults -h 127.0.0.1 -P "$own" -u root -e 'select 1'
/usr/bin/python3 say_my.py "$@"
kill "$!"
wait
END
	is "MariaDB: data that the session made" "$(inside bash maria.sh 'create database if not exists a' 'create table if not exists a.t (n int)' 'delete from a.t' 'drop database a')" ""
	like "... which the next session starts, are not its own" "$(inside bash maria.sh 'create database if not exists a' 'drop database a')" 'gate: refused'
else
	skip "MariaDB" "no server or no PyMySQL here"
fi
done_testing
