#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# content.t - what SQL clients read, judged before they start: files, here-documents, pipes, sockets; nothing of it consumed.
# shellcheck disable=SC2016,SC1091 # single quotes: programs of other interpreters
. "${GATE_SRC:?}/tests/support/lib.sh"
cd "$T" || exit 99
# Without any terminal: what would be asked is refused.
run() { setsid -w "$GATESH" run "$@" 2>"$T/err"; }
check() { setsid -w "$GATESH" check --json -c "$1" </dev/null 2>"$T/err" | grep -o 'sql\.statement[a-z-]*\|git\.force-push' | sort -u | paste -sd' '; }

check_lines() { setsid -w "$GATESH" check --json -c "$1" </dev/null 2>"$T/err" | grep -o '"input\.[a-z]*"' | tr -d '"' | sort -u | paste -sd' '; }

mkdir bin
# Reads all it is given, as psql would.
printf '#!/bin/sh\nexec cat\n' >bin/psql
chmod +x bin/psql
export PATH=$T/bin:$PATH
cat >drop.sql <<'END'
-- DROP TABLE commented;
INSERT INTO notes VALUES ('x; DROP TABLE quoted;');
DROP TABLE users;
END
grep -v '^DROP' drop.sql >harmless.sql
echo 'git push --force' >push.sh
echo '\i drop.sql' >include.sql

# --- gatesh check
is "psql -f FILE" "$(check 'psql -f drop.sql')" sql.statement-drop
is "psql <FILE" "$(check 'psql <drop.sql')" sql.statement-drop
is "cat FILE | psql" "$(check 'cat drop.sql | psql -q')" sql.statement-drop
is "a here-document" "$(check $'sudo psql <<X\ntruncate a;\nX')" sql.statement-truncate
is "a file that another one includes" "$(check 'psql -f include.sql')" sql.statement-drop
is "mysql -e" "$(check "mysql -psecret shop -e 'source drop.sql'")" sql.statement-drop
rules() { setsid -w "$GATESH" check --json -c "$1" </dev/null 2>"$T/err" | grep -o '"rule":"[a-z.-]*"' | paste -sd' '; }
is "one act is one finding, and what is kept of it" "$(rules "psql -c 'DROP TABLE users'")" '"rule":"sql.statement-drop" "rule":"pg.drop-table-kept"'
is "two are two" "$(rules "psql -c 'DROP TABLE users' -c 'TRUNCATE b'")" '"rule":"sql.statement-drop" "rule":"sql.statement-truncate" "rule":"pg.drop-table-kept"'
is "a client whose statements are not read has the one of its command line" "$(rules "cqlsh -e 'DROP TABLE users'")" '"rule":"sql.drop"'
is "what is within a container" "$(check 'docker exec -i db psql -U app <drop.sql')" sql.statement-drop
is "strings and comments are none" "$(check 'psql -f harmless.sql')" ""
is "a file that is not there" "$(check 'psql -f none.sql')" ""
is "a directory is no text" "$(check 'psql -f .')" ""
is "a shell script" "$(check 'bash push.sh')" git.force-push
is "a shell script from a file" "$(check 'bash <push.sh')" git.force-push
is "a script that runs itself ends" "$(echo 'bash self.sh; bash self.sh; git push --force' >self.sh; check 'bash self.sh')" git.force-push
is "a client's shell" "$(check "psql -c '\! git push --force'")" git.force-push

is "a line of standard input" "$(check_lines 'echo FLUSHALL | ssh cache redis-cli')" input.redis
is "a line among others, ended as in a script" "$(check_lines $'redis-cli <<X\nGET a\r\n  \nflushdb ;\r\nX')" input.redis
is "a word of a line is none" "$(check_lines "echo 'SET note FLUSHALL' | redis-cli")" ""
is "nor is an argument a line" "$(check_lines 'socat - "disable server a/b" </dev/null')" ""

# --- a live program
run -- psql -q <drop.sql >out; is "a file on standard input: refused" $? 126
like "and told why" "$(cat err)" "sql.statement-drop"
is "nothing of it was run" "$(cat out)" ""
run -- psql -f drop.sql </dev/null; is "a file by its name: refused" $? 126
(cd / && setsid -w "$GATESH" run -- sh -c "cd $T && psql -f drop.sql" </dev/null 2>/dev/null); is "in the directory of the process" $? 126
run -- psql -c "COPY t FROM PROGRAM 'git push --force'" </dev/null; is "what the server's shell would run" $? 126
run -- psql <harmless.sql >out; is "harmless: it runs" $? 0
ok "and reads every byte" cmp -s out harmless.sql
run -- sh -c 'read -r line; read -r line; psql' <drop.sql >/dev/null; is "from where the file stands" $? 126
run -- sh -c 'read -r a; read -r a; read -r a; psql' <drop.sql >out; is "what was read before does not count" "$?:$(cat out)" 0:

run -- sh -c 'cat drop.sql | psql' >out; is "a pipe: refused" $? 126
{ sleep 0.03; cat drop.sql; } | run -- psql >out; is "a pipe that fills a little later" $? 126
seq 1 9000 | sed 's/.*/SELECT &;/' >many.sql
run -- sh -c 'cat many.sql | psql' >out; is "a pipe of 100 KB: it runs" $? 0
ok "and reads every byte of it" cmp -s out many.sql
{ head -c 20000 many.sql; sleep 0.4; tail -c +20001 many.sql; } | run -- psql >out
ok "nor is a slow one read from" cmp -s out many.sql
mkfifo fifo; cat drop.sql >fifo & run -- psql <fifo; is "a named pipe" $? 126; wait

cp bin/psql bin/socat
echo 'disable server shop/web1' | run -- socat - admin.sock >out; is "a line into a pipe: refused" "$?:$(cat out)" 126:
like "and told why" "$(cat err)" "input.haproxy"
echo 'show stat' | run -- socat - admin.sock >out; is "a harmless line arrives" "$?:$(cat out)" "0:show stat"

# --- unknown content is not clean: a rule says what it is
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/site.rules" <<'END'
rule: site.unknown-sql
on: exec
program: psql
content: sql
content-unknown: match
keyword: nothing-has-this
severity: warning
reason: nobody can tell what this psql does
hit: psql <<< 'nothing-has-this'
miss: psql <<< 'SELECT 1'
END
{ sleep 0.4; cat harmless.sql; } | run -- psql >out; is "a pipe that stays empty is unknown" $? 126
like "and matched by the rule that says so" "$(cat err)" "site.unknown-sql"
run -- sh -c 'psql </dev/null'; is "/dev/null is known" $? 0
{ cat harmless.sql; head -c 1100000 /dev/zero | tr '\0' ' '; } >long.sql
run -- psql -f long.sql </dev/null; is "over 1 MiB the rest is unknown" $? 126
run -- psql -f . </dev/null; is "a directory is unknown" $? 126
run -- psql -f none.sql </dev/null; is "a missing file is nothing" $? 0
if command -v python3 >/dev/null; then
	cat >feed.py <<'END'
import socket, subprocess, sys
a, b = socket.socketpair()
a.send(open("drop.sql", "rb").read()); a.shutdown(socket.SHUT_WR)
sys.exit(subprocess.run(["psql"], stdin=b, stdout=subprocess.DEVNULL).returncode)
END
	run -- python3 feed.py </dev/null; is "a socket" $? 126
	like "is looked into, or unknown" "$(cat err)" 'sql\.statement-drop|site\.unknown-sql'
else
	skip "a socket" "no python3"; skip "is looked into, or unknown" "no python3"
fi
rm "$XDG_CONFIG_HOME/gate/rules/site.rules"

# --- the real client
if command -v sqlite3 >/dev/null; then
	sqlite3 app.db 'CREATE TABLE users (a); INSERT INTO users VALUES (1)'
	run -- sqlite3 app.db <drop.sql; is "sqlite3: refused" "$?:$(sqlite3 app.db 'SELECT count(*) FROM users')" 126:1
	echo 'SELECT a + 1 FROM users;' | run -- sqlite3 app.db >out; is "sqlite3: it runs" "$?:$(cat out)" 0:2
	run -- sqlite3 app.db '.read drop.sql' </dev/null; is "sqlite3 .read" $? 126
	run -- sqlite3 -readonly app.db <drop.sql 2>/dev/null; ok "sqlite3 -readonly is not asked about" test $? != 126
else
	for what in "sqlite3: refused" "sqlite3: it runs" "sqlite3 .read" "sqlite3 -readonly is not asked about"; do skip "$what" "no sqlite3"; done
fi
done_testing
