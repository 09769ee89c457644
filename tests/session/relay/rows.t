#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# rows.t - a real PostgreSQL server counts the rows that a statement would delete or change, before anybody is asked; nothing of that is
# left, and nothing is held while a person thinks.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
if ! /usr/bin/python3 -c 'import psycopg2' 2>/dev/null || ! serve_postgresql; then
	sed 's/^/# /' pg.log 2>/dev/null
	echo "1..0 # SKIP no PostgreSQL server or no psycopg2 here"
	exit 0
fi
export PGHOST=127.0.0.1 PGPORT=$pg PGUSER=me PGDATABASE=shop PGOPTIONS='-c client_min_messages=warning'
sql() { psql -XAtq "$@"; }
odd=\"Odd.Na\"\"me\'\\\"
cat >tables.sql <<END
create table events (id int primary key, at date, note text);
insert into events select i, date '2020-01-01' + i % 1000, 'n' || i from generate_series(1, 5000) i;
create table orders (id int, event int references events on delete cascade);
insert into orders select i, i from generate_series(1, 100) i;
create sequence fired;
create table watched (id int);
insert into watched select generate_series(1, 3000);
create function fire() returns trigger language plpgsql as \$\$ begin perform nextval('fired'); return old; end \$\$;
create trigger t before delete on watched for each row execute function fire();
create function hit(int) returns bool language sql as \$\$ select nextval('fired') > 0 \$\$;
create table parts (id int) partition by range (id);
create table parts_1 partition of parts for values from (0) to (2000);
create table parts_2 partition of parts for values from (2000) to (9000);
insert into parts select generate_series(1, 4000);
create view shown as select * from events;
create table $odd (id int);
insert into $odd select generate_series(1, 1500);
create table bare (id int);
insert into bare select generate_series(1, 2500);
analyze;
END
sql -f tables.sql || exit 99
cat >driver.py <<'END'
import sys, psycopg2
c = psycopg2.connect("")
c.autocommit = sys.argv[1] == "auto"
k = c.cursor()
for s in sys.argv[2:]:
    try:
        k.execute(s)
        print(k.rowcount, k.fetchall() if k.description else "")
    except psycopg2.Error as e:
        print(type(e).__name__, str(e).split("\n")[0])
        c.rollback()
print(c.get_transaction_status())
END
now() { inside /usr/bin/python3 driver.py "$@" | tr '\n' ' '; }

# asks WHAT ROWS MODE STATEMENT...: a question, whose text says ROWS; refused.
asks() {
	local what=$1 rows=$2
	shift 2
	asking /usr/bin/python3 driver.py "$@"
	wait_for 20 any_question
	like "$what" "$("$GATESH" pending)" "\($rows\)"
	settle deny 1 'archive them'
	like "... and refused" "$got" 'InsufficientPrivilege gate: refused'
}
asks "every row, counted" "5000 rows" auto 'delete from events'
asks "in a transaction" "5000 rows" tx 'delete from events'
asks "a condition that takes too many" "2[0-9]{3} rows" tx "select 1" "update events set note = 'x' where at < '2021-02-04'"
like "the rule is that of many rows" "$got" 'more than a thousand rows'
asks "by another query" "3000 rows" tx 'delete from events where id in (select id from events where id > 2000)'
asks "its children" "3997 rows" auto 'delete from parts where id > 3'
asks "RETURNING" "4996 rows" auto 'delete from events where id > 4 returning id'
asks "WITH" "4996 rows" auto 'with old as (select 4 as id) delete from events using old where events.id > old.id'
asks "after an INSERT of the same transaction" "5001 rows" tx "insert into events values (9999, '2030-01-01', 'x')" 'delete from events'
asks "a name with quotes and a backslash: by its plan" "about 1500 rows" auto "delete from $odd"
asks "a trigger: by its plan" "about 3000 rows" tx 'delete from watched'
asks "a function of its own: by its plan" "about [0-9]+ rows" tx 'delete from bare where hit(id) or id > 0'
is "... neither ran" "$(sql -c "select is_called from fired")" f
asks "a view" "about [0-9]+ rows" auto 'delete from shown'
asks "DROP: about as many as the table has" "about 2500 rows" auto 'drop table bare'
asks "TRUNCATE" "about [0-9]+ rows" tx 'truncate events cascade'
asks "ALTER" "about 2500 rows" auto 'alter table bare drop column id'
log() { "$GATESH" log --json --event statement; }
like "the log has the number" "$(log)" '"rows": ?5000'
like "and says that others are estimates" "$(log | grep 'drop table bare')" '"estimate": ?true'

is "few rows: nobody is asked" "$(now tx 'delete from events where id > 4990' 'update bare set id = 1 where id < 5' 'rollback')" "10  4  -1  0 "
is "outside a transaction, too" "$(now auto 'update bare set id = id where id < 5')" "4  0 "
is "an error stays the server's" "$(now auto 'delete from nothing where a < 5' 'delete from events where "x y" > 5')" 'UndefinedTable relation "nothing" does not exist UndefinedColumn column "x y" does not exist 0 '
is "a savepoint of the same name" "$(now tx 'savepoint gate_count' 'delete from events where id > 4990' 'rollback to gate_count' 'select count(*) from events' 'release gate_count')" "-1  10  -1  1 [(5000,)] -1  2 "
is "two statements are not one to be tried" "$(now auto 'delete from bare where id < 0; commit')" "-1  0 "

# The count is undone before the question.
asking /usr/bin/python3 driver.py tx "update events set note = 'y'" 'rollback'
wait_for 20 any_question
is "while a person thinks, no row and no table is held" "$(sql -c "select count(*) from pg_locks l join pg_class c on c.oid = l.relation where relname = 'events'" -c 'select count(*) from (select id from events for update nowait) x')" $'0\n5000'
settle allow 1
is "yes: the client's own statement, and its own number" "$got" $'5000 \n-1 \n0'
is "rolled back by the client itself" "$(sql -c 'select count(*) from events')" 5000

# Some of the rows are in the question, and nowhere else.
cat >people.sql <<'END'
create table people (id int primary key, name text, password text, note text);
insert into people select i, 'p' || i, 'hunter2', case i when 1 then E'\x1b[2Jgone\nnext' else repeat('ä', 50) end from generate_series(1, 2000) i;
create role clerk login;
grant delete on people to clerk;
grant select (id) on people to clerk;
create table own_rows (id int);
alter table own_rows enable row level security;
create policy p on own_rows using (true);
insert into own_rows select generate_series(1, 1200);
grant all on own_rows to clerk;
analyze people;
END
sql -f people.sql || exit 99
# shows WHAT PATTERN MODE STATEMENT...: the sample of the question is like PATTERN; refused.
shows() {
	local what=$1 pattern=$2 question
	shift 2
	asking /usr/bin/python3 driver.py "$@"
	wait_for 20 any_question
	question=$("$GATESH" pending --json)
	like "$what" "$(jq -r '.sample // "none"' <<<"$question" | tr '\n' '|')" "$pattern"
	like "... and their number" "$(jq -r .command <<<"$question")" '\([0-9]{3,} rows\)'
	settle deny 1 'archive them'
}
a=ääääääääääääääääääää…
shows "five of the rows, safe to show, without what is secret" "^id=1 name=p1 password=\(hidden\) note=.e\[2Jgone.nnext\|id=2 name=p2 password=\(hidden\) note=$a\|id=3 .*\|id=4 .*\|id=5 [^|]*\|\|?$" \
	tx 'delete from people where id > 0;'
shows "of an UPDATE: as they would be" '^id=1 name=new .*\|id=5 [^|]*\|\|?$' auto "update people set name = 'new'"
shows "a statement that returns rows itself: none" '^none' tx 'delete from people where id > 0 returning id'
shows "a comment at its end: none" '^none' tx 'delete from people where id > 0 -- all'
PGUSER=clerk shows "a role that may not read all columns: none, but their number" '^none' auto 'delete from people'
PGUSER=clerk shows "a table whose policies say who reads which row: none" '^none' auto 'delete from own_rows'
is "the log has none of it" "$(grep -c 'hunter2\|name=p\|p1999' "$XDG_STATE_HOME/gate/audit.jsonl")" 0
is "and all rows are there" "$(sql -c "select count(*) from people where name like 'p%'" -c 'select count(*) from own_rows')" $'2000\n1200'

# Somebody holds a row: nobody waits for it, and the plan's number stands.
mkfifo go held
(printf '%s\n' begin\; 'update events set note = 1 where id = 7;' '\! echo held >held' '\! cat go >/dev/null' rollback\; | sql) &
holder=$!
cat held >/dev/null
asks "a row that another session holds" "about [0-9]+ rows" auto 'delete from events'
echo go >go; wait "$holder"

# "or unknown": an estimate is not a count.
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/t.rules" <<'END'
rule: t.some
on: statement
effect: delete
object: watched bare
rows: > 2000 or unknown
severity: warning
reason: may be many
hit: postgresql: DELETE FROM watched WHERE id > 3
miss: postgresql rows=3: DELETE FROM watched WHERE id > 3
END
asks "an estimate of few rows, where unknown asks" "about [0-9]+ rows?" auto 'delete from watched where id > 2995'
is "counted to be few: nobody is asked" "$(now tx 'delete from bare where id > 2495' 'rollback')" "5  -1  0 "
rm "$XDG_CONFIG_HOME/gate/rules/t.rules"

bench() { "$pg_bin/pgbench" "$@"; }
export -f bench; export pg_bin
bench -qi >/dev/null 2>&1
is "pgbench" "$(inside bash -c 'bench -M simple -n -c 2 -t 50 2>/dev/null' | sed -n 's/.*actually processed: //p')" "100/100"
extended() { echo "delete from events where id > :few;" >script; bench -M extended -n -D few="$1" -f script -t 1 2>&1; }
export -f extended
is "the extended protocol: few rows" "$(inside bash -c 'extended 4990' | sed -n 's/.*actually processed: //p')" "1/1"
asking bash -c 'extended 10'
wait_for 20 any_question
like "the extended protocol: its parameters count" "$("$GATESH" pending)" '\(4980 rows\)'
settle deny 1 'archive them'
like "... and refused" "$got" 'gate: refused'
extended() { echo "delete from events where id > :few;" >script; bench -M "${mode:-extended}" -n -D few="$1" -f script -t "${2:-1}" 2>&1; }
export -f extended; export mode=prepared
is "a prepared statement: few rows" "$(inside bash -c 'extended 4985 3' | sed -n 's/.*actually processed: //p')" "3/3"
asking bash -c 'extended 20'
wait_for 20 any_question
like "a prepared statement: each time by its values" "$("$GATESH" pending)" '\(4965 rows\)'
settle deny 1 'archive them'
like "... and refused" "$got" 'gate: refused'
is "nothing was lost" "$(sql -c 'select count(*) from events' -c 'select count(*) from orders' -c 'select count(*) from watched')" $'4985\n100\n3000'
idle() { [ "$(sql -c "select count(*) from pg_stat_activity where datname = 'shop' and pid <> pg_backend_pid()")" = 0 ]; }
ok "no backend is left" wait_for 20 idle
done_testing
