#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# mysql.t - statements to a real MariaDB server: byte for byte as without Gate, refused by the server itself with Gate's reason.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
serve_mysql || { sed 's/^/# /' my.log 2>/dev/null | tail -n 5; echo "1..0 # SKIP no MariaDB server here"; exit 0; }
client=(mariadb --no-defaults -h 127.0.0.1 -P "$mysql" -u root -N shop)
"${client[@]}" -e 'create table users (id int primary key, name text); insert into users select seq, concat("u", seq) from seq_1_to_1000'
cat >driver.py <<EOF
import sys, pymysql
c = pymysql.connect(host="127.0.0.1", port=$mysql, user="root", database="shop")
k = c.cursor()
for s in sys.argv[1:]:
    try:
        k.execute(s)
        print(k.rowcount, k.fetchall())
    except pymysql.MySQLError as e:
        print(type(e).__name__, e)
c.commit()
EOF
driver() { /usr/bin/python3 -c 'import pymysql' 2>/dev/null; }
same "reads" "${client[@]}" -e 'select count(*), max(name) from users; select nothing'
same "a write, and rolled back" "${client[@]}" -e 'begin; update users set name = 1 where id = 7; select name from users where id = 7; rollback'
same "another database" "${client[@]}" -e 'use mysql; select database()'
same "compression that the client asks for" "${client[@]}" --compress -e 'select repeat("z", 100000)'
same "a prepared statement" "${client[@]}" -e 'prepare p from "select ? + 1"; set @a = 4; execute p using @a'
same "100 KB" "${client[@]}" -e "select length('$(head -c 100000 /dev/zero | tr '\0' z)')"
if driver; then same "PyMySQL" /usr/bin/python3 driver.py 'select 5' "insert into users values (2000, 'x')" 'delete from users where id = 2000' 'oops'; else skip PyMySQL "no python3-pymysql here"; fi
policy statement requisite gate_deny.so '[reason=not here]'
like "mariadb: an error of the server's with the reason" "$(inside "${client[@]}" -e 'select 6' 2>&1)" 'ERROR 1644 \(45000\).* gate: refused: select 6.*not here'
driver && like "PyMySQL: an error of its own" "$(inside /usr/bin/python3 driver.py 'select 7' 2>&1)" "OperationalError: .1644, 'gate: refused: .*not here"
policy
is "nothing was changed" "$("${client[@]}" -e 'select count(*) from users')" 1000
done_testing
