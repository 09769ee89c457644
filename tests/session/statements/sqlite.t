#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# sqlite.t - statements to SQLite's library: what writes to a database outside the workspace is judged, and nothing else.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
python=/usr/bin/python3
$python -c 'import sqlite3' 2>/dev/null || { echo "1..0 # SKIP no python3 with sqlite3 here"; exit 0; }
cd "$W" || exit 99
D=$base/elsewhere/app.db
cat >driver.py <<'EOF'
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
for s in sys.argv[2:]:
    try:
        k = c.execute(s)
        print(k.rowcount, k.fetchall())
    except sqlite3.Error as e:
        print(type(e).__name__, e)
EOF
fresh() {
	mkdir -p "${D%/*}"; rm -f "$D" "$W"/w.db
	local f
	for f in "$D" "$W/w.db"; do
		$python - "$f" <<-'EOF'
			import sqlite3, sys
			c = sqlite3.connect(sys.argv[1])
			c.execute("create table users (id integer primary key, name text)")
			c.executemany("insert into users values (?, ?)", [(i, "u%d" % i) for i in range(1000)])
			c.commit()
		EOF
	done
	sleep 0.02
}
count() { $python -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("select count(*) from users").fetchone()[0])' "${1:-$D}"; }

# Nobody is asked.
fresh
same "reads" $python driver.py "$D" 'select count(*), max(name) from users' 'with x as (select 1) select * from x' 'select nothing' 'oops'
same "explains" $python driver.py "$D" 'explain query plan delete from users'
is "inserts, and one row by its key" "$(inside $python driver.py "$D" "insert into users values (5000, 'do, or set')" "update users set name = 'y' where id = 5000" 'delete from users where id = 5000' 2>err)" $'1 []\n1 []\n1 []'
is "... and the log has nothing to say" "$("$GATESH" log --json --event statement)" ""
is "all of a table in memory" "$(inside $python driver.py :memory: 'create table t (a)' 'insert into t values (1)' 'delete from t' 'drop table t')" $'-1 []\n1 []\n1 []\n-1 []'
is "all of a table that the session made, outside" "$(inside $python driver.py "$base/elsewhere/new.db" 'create table t (a)' 'insert into t values (1)' 'delete from t')" $'-1 []\n1 []\n1 []'
is "all of a table in the workspace" "$(inside $python driver.py "$W/w.db" 'delete from users' 2>err)" '1000 []'
like "whose file was kept" "$(cat err)" 'kept 1 file'
"$GATESH" undo -y "$W/w.db" </dev/null >/dev/null 2>&1
is "and comes back" "$(count "$W/w.db")" 1000

# Asked, and refused.
fresh
asked_n=$("$GATESH" log --json --event statement | wc -l)
refused='^[A-Za-z]*Error gate: refused: .*archive them'
for s in 'delete from users' 'drop table users' 'update users set name = 0' 'with x as (select 1) delete from users where 1' '/* all */ DELETE FROM "users"' 'alter table users drop column name'; do
	asking $python driver.py "$D" "$s"
	wait_for 20 any_question
	asked=$("$GATESH" pending)
	settle deny 1 'archive them'
	like "$s: asked" "$asked" "elsewhere/app.db: "
	like "... no: the driver's own error, with the reason" "$got" "$refused"
	is "... asked once" "$("$GATESH" log --json --event statement | wc -l)" $((++asked_n))
done
is "nothing was lost" "$(count)" 1000
asking $python driver.py "$D" 'update users set name = 0' 'select count(*) from users where name = 0'
settle allow 1
is "yes: done" "$got" $'1000 []\n-1 [(1000,)]'

# The other functions, and other programs.
cat >script.py <<'EOF'
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
try:
    c.executescript("insert into users values (6000, 'z'); delete from users;")
except sqlite3.Error as e:
    print(e)
EOF
asking $python script.py "$D"
settle deny 1 'archive them'
like "a script of several statements" "$got" '^gate: refused: .*archive them'
is "... stops there" "$(count)" 1001
cat >attach.py <<'EOF'
import sqlite3, sys
c = sqlite3.connect(":memory:")
c.execute("attach ? as a", [sys.argv[1]])
try:
    c.execute("delete from a.users")
except sqlite3.Error as e:
    print(e)
EOF
asking $python attach.py "$D"
settle deny 1 'archive them'
like "an attached database" "$got" '^gate: refused: .*archive them'
cat >default.py <<'EOF'
import ctypes, sqlite3
f = ctypes.CDLL(None)
print([n for n in ("sqlite3_prepare_v2", "sqlite3_exec", "PQexec", "mysql_query") if hasattr(f, n)])
EOF
is "a program that looks for the library with dlsym finds what it has" "$(inside $python default.py)" "[]"
if command -v sqlite3 >/dev/null; then
	same "sqlite3: reads" sqlite3 "$D" 'select count(*) from users'
	echo 'update users set name = 1;' >up.sql
	asking sqlite3 "$D" '.read up.sql'
	settle deny 1 'archive them'
	like "sqlite3: what it reads by itself" "$(cat err "$T/err")" 'gate: refused: .*archive them'
	asking sqlite3 "$D" 'update users set name = 2'
	settle allow 1
	is "sqlite3: a command that was allowed is not asked about again" "$(sqlite3 "$D" 'select count(*) from users where name = 2')" 1001
else
	skip "sqlite3" "no sqlite3 here"
fi
if perl -MDBD::SQLite -e 1 2>/dev/null; then
	printf '%s\n' 'use DBI; my $d = DBI->connect("dbi:SQLite:dbname=$ARGV[0]", "", "", {PrintError => 0});' \
		'for (@ARGV[1 .. $#ARGV]) { my $r = $d->do($_); print defined $r ? "$r\n" : $d->errstr . "\n" }' >driver.pl
	same "Perl: reads" perl driver.pl "$D" 'select 1' 'oops'
	asking perl driver.pl "$D" 'delete from users' 'select 1'
	settle deny 1 'archive them'
	like "Perl: its own error" "$got" '^gate: refused: .*archive them'
else
	skip "Perl" "no DBD::SQLite here"
fi
if cat >api.c <<'EOF' && cc api.c -o api -lsqlite3 2>/dev/null; then
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
static int row(void *data, int n, char **v, char **names) { return sqlite3_exec(data, "delete from users", 0, 0, 0) != SQLITE_OK; }
int main(int argc, char **argv)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	char *error = 0, **table;
	int rows, columns, err = 0;
	unsigned short wide[64] = {0};
	const char *sql = "delete from users";
	for (int i = 0; sql[i]; i++)
		wide[i] = sql[i];
	sqlite3_open(argv[1], &db);
	switch (*argv[2]) {
	case '1': err = sqlite3_prepare(db, sql, -1, &s, 0); break;
	case '3': err = sqlite3_prepare_v3(db, sql, 17, 0, &s, 0); break;
	case 'w': err = sqlite3_prepare16_v2(db, wide, -1, &s, 0); break;
	case 'e': err = sqlite3_exec(db, "select 1; delete from users; select 2", 0, 0, &error); break;
	case 't': err = sqlite3_get_table(db, sql, &table, &rows, &columns, &error); break;
	case 'c': err = sqlite3_exec(db, "select 1", row, db, 0); break;
	}
	printf("%d %s %d\n", err != 0, sqlite3_errmsg(db), error && !strcmp(error, sqlite3_errmsg(db)));
	return 0;
}
EOF
	for way in 1 3 w e t c; do
		asking ./api "$D" $way
		settle deny 1 'archive them'
		like "C, $way" "$got" "^1 .* [$([ $way = e ] || [ $way = t ] && echo 1 || echo 0)]\$"
		[ $way = c ] || like "... the reason" "$got" 'gate: refused: .*archive them'
	done
else
	skip "C" "no sqlite3.h here"
fi
is "nothing was lost" "$(count)" 1001
done_testing
