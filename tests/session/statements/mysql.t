#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# mysql.t - statements to a real MariaDB server that the relay does not see, over TLS and a unix socket: judged in the library.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
if ! tls || ! serve_mysql --ssl-cert="$T/tls/cert" --ssl-key="$T/tls/key"; then
	sed 's/^/# /' my.log 2>/dev/null | tail -n 5
	echo "1..0 # SKIP no MariaDB server here"
	exit 0
fi
chmod 755 my
client=(mariadb --no-defaults -h 127.0.0.1 -P "$mysql" -u root -N shop)
"${client[@]}" -e 'create table users (id int primary key, name text); insert into users select seq, concat("u", seq) from seq_1_to_1000'
export MY_PORT=$mysql MY_SOCKET=$T/my/s
asked_n() { "$GATESH" log --json --event statement | wc -l; }
count() { "${client[@]}" -e 'select count(*) from users'; }
encrypted="show status like 'Ssl_cipher'"
cat >driver.py <<'EOF'
import os, sys, MySQLdb
way = sys.argv[1]
to = {"unix_socket": os.environ["MY_SOCKET"]} if way == "socket" else {"host": "127.0.0.1", "port": int(os.environ["MY_PORT"])}
if way == "tls":
    to["ssl"] = {"ca": os.environ["T"] + "/tls/cert"}
c = MySQLdb.connect(user="root", db="shop", **to)
k = c.cursor()
for s in sys.argv[2:]:
    try:
        k.execute(s)
        print(k.rowcount, [r if "Ssl" not in str(r) else bool(r[1]) for r in k.fetchall()])
    except MySQLdb.MySQLError as e:
        print(type(e).__name__, e)
c.commit()
EOF
export T
if /usr/bin/python3 -c 'import MySQLdb' 2>/dev/null; then
	is "the connection is encrypted" "$(inside /usr/bin/python3 driver.py tls "$encrypted")" "1 [True]"
	same "reads" /usr/bin/python3 driver.py tls 'select count(*), max(name) from users' 'oops'
	is "one row by its key: nobody is asked" "$(inside /usr/bin/python3 driver.py tls "insert into users values (5000, 'do x')" "update users set name = 'y' where id = 5000" 'delete from users where id = 5000')" $'1 []\n1 []\n1 []'
	is "... and the log has nothing to say" "$(asked_n)" 0
	for way in tls clear socket; do
		for s in 'delete from users' 'drop table users' 'truncate table users' '/*!50001 drop table users */' 'update users set name = 1'; do
			before=$(asked_n)
			asking /usr/bin/python3 driver.py $way "$s" 'select 7'
			settle deny 1 'no'
			like "$way: $s: the driver's own error" "$got" '^[A-Za-z]*Error \(1644, .gate: refused: .*'$'\n''1 \[\(7,\)\]$'
			is "... asked once" $(($(asked_n) - before)) 1
		done
		"${client[@]}" -e 'create or replace table scrap (a int); insert into scrap values (1)'
		asking /usr/bin/python3 driver.py $way 'update scrap set a = 2'
		settle allow 1
		is "$way: yes: done" "$got" "1 []"
	done
else
	skip MySQLdb "no python3-mysqldb here"
fi
if perl -MDBD::MariaDB -e 1 2>/dev/null; then
	printf '%s\n' 'use DBI; my $d = DBI->connect("dbi:MariaDB:database=shop;host=127.0.0.1;port=$ENV{MY_PORT};mariadb_ssl=1;mariadb_ssl_optional=1;mariadb_ssl_verify_server_cert=0;mariadb_ssl_ca_file=$ENV{T}/tls/cert", "root", "", {PrintError => 0, mariadb_server_prepare => $ARGV[0]}) or die DBI->errstr;' \
		'for (@ARGV[1 .. $#ARGV]) { my $s = $d->prepare($_); my $r = $s && $s->execute; print $r ? "$r\n" : ($s || $d)->errstr . "\n" }' >driver.pl
	for prepared in 0 1; do
		asking perl driver.pl $prepared 'delete from users where id = 5000' 'delete from users' 'select 7'
		settle deny 1 'no'
		like "Perl, prepared $prepared: its own error, and one row unasked" "$got" $'^0E0\n.*gate: refused: delete from users.*\n1'
	done
else
	skip "Perl" "no DBD::MariaDB here"
fi
is "nothing was lost" "$(count)" 1000
done_testing
