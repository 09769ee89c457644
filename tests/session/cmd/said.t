#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# said.t - statements and requests on the command line: check, explain, new-rule, show, and replay of the audit log.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 26
cd "$T" || exit 99
check() { setsid -w "$GATESH" check "$@" 2>"$T/err" </dev/null; echo "=$?"; }
log=$XDG_STATE_HOME/gate/audit.jsonl

is "a statement that reads passes" "$(check --event statement --engine postgresql 'SELECT 1')" "=0"
like "one that deletes all asks" "$(check --event statement --engine postgresql 'DELETE FROM t')" '^ask  sql.statement-delete-all  critical  .*=2$'
is "one row by its key passes" "$(check --event statement --engine postgresql 'DELETE FROM t WHERE id = 3')" "=0"
like "the rows count" "$(check --event statement --engine mysql --host db.example.com --database shop --rows 5000 'DELETE FROM t WHERE a = 3')" 'sql.statement-many-rows.*=2$'
like "each engine has its own words" "$(check --event statement --engine redis FLUSHALL)" 'redis.statement-flush.*=2$'
like "as a hit writes it" "$(check --event statement 'mongodb: {"drop":"users"}')" 'mongo.statement-delete.*=2$'
like "a request" "$(check --event request DELETE '127.0.0.1:8000/rest/v1/orders?id=neq.0')" 'http.delete-collection.*=2$'
is "a request for one thing" "$(check --event request DELETE 127.0.0.1:8000/v1/orders/3)" "=0"
like "a body" "$(check --event request POST a.example.com/graphql '{"query":"mutation { deleteUser(id: 3) { id } }"}')" 'http.graphql-delete.*=2$'
like "64: not a statement" "$(check --event statement 'SELECT 1'; cat "$T/err")" '=64.*gatesh: check: this statement is not a statement: "postgresql \['
like "64: no such event" "$(check --event unlink x; cat "$T/err")" '=64.*--event unlink: exec, statement or request'
is "a statement a line" "$(printf '%s\n' 'SELECT 1' 'TRUNCATE a' | "$GATESH" check --lines --event statement --engine mysql)" $'allow\t\nask\tsql.statement-truncate'

out=$("$GATESH" explain --event statement --engine postgresql 'SELECT 1; DROP INDEX a; DROP TABLE b')
like "explain: the effects of each statement" "$out" $'subject  DROP TABLE b\neffect   drop table b\n'
like "explain: dropped and created anew" "$("$GATESH" explain --event statement --engine mysql 'DROP TABLE IF EXISTS b; CREATE TABLE c (a int); CREATE TABLE b (a int)')" \
	'subject  DROP TABLE IF EXISTS b \(and creates it anew, empty\)'
like "the rule, and what another lacks" "$out" $'sql.statement-drop +critical .*\n.*sql.statement-drop-object +no match +kind'
is "explain --json" "$("$GATESH" explain -j --event statement --engine redis 'DEL a' | python3 -c 'import json,sys
s = json.load(sys.stdin)["steps"][0]; print(s["effects"])')" "[{'effect': 'delete', 'kind': 'key', 'object': 'a', 'condition': 'any'}]"

"$GATESH" new-rule --event statement --engine mysql --host db.example.com 'DELETE FROM shop.users WHERE id > 0' >new.rules
is "new-rule: a statement's effect" "$(sed -n '2,8p' new.rules)" 'rule: local.delete-shop-users
on: statement
engine: mysql
effect: delete
kind: table
object: shop.users
condition: trivial'
"$GATESH" new-rule --event request PUT 'api.example.com/v1/reset?x=1' '{"a":1}' >request.rules
is "a request's method, host and path" "$(sed -n '3,6p' request.rules)" 'on: request
method: PUT
host: api.example.com
path: /v1/reset'
ok "both pass lint" "$GATESH" lint new.rules request.rules
is "and test" "$("$GATESH" test --tap new.rules request.rules | grep -c ^ok)" 4
like "1: nothing to make a rule of" "$("$GATESH" new-rule --event statement --engine mysql 'SELECT 1' 2>&1; echo "=$?")" 'has no effect.*=1$'
like "show: the terms of a rule" "$("$GATESH" show --rules new.rules local.delete-shop-users)" $'effect: +delete\n.*object: +shop.users\n.*condition: +trivial'
is "show --json" "$("$GATESH" show -j --rules new.rules local.delete-shop-users | python3 -c 'import json,sys
r = json.load(sys.stdin); print(r["on"], r["effect"], r["object"])')" "['statement'] delete shop.users"

mkdir -p "${log%/*}"
line='{"v":1,"time":"2026-01-01T00:00:00.000Z","session":"s","event":"%s","verdict":"allow","ret":"success","principal":{"uid":0},"pid":9,"exe":"/usr/bin/php",%s"argv":["php"],"subjects":["x"],"grantors":["gate_confirm"]}\n'
{
	# shellcheck disable=SC2059 # the format is the line
	printf "$line" statement '"engine":"mysql","said":"DELETE FROM shop.users","address":"192.0.2.1","port":3306,"protocol":"tcp","hosts":["db.example.com"],'
	# shellcheck disable=SC2059
	printf "$line" request '"method":"DELETE","target":"/v1/users",'
} >"$log"
like "replay: both lines are judged again" "$("$GATESH" replay --all)" $'sql.statement-delete-all .*\n?.*2 decisions judged again: 2 newly asked'
like "new-rule: a line of the log" "$("$GATESH" new-rule 1)" $'object: shop.users\ncondition: none\n.*\nhit: mysql host=db.example.com: DELETE FROM shop.users'
like "... that has a request" "$("$GATESH" new-rule 2)" $'method: DELETE\npath: /v1/users\n'
