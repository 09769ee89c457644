#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# replay.t - gatesh replay: the audit log of real sessions judged again, by other rules; what a program read included.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 24
cd "$T" || exit 99
replay() { "$GATESH" replay "$@" 2>"$T/err"; echo "=$?"; }
rule() { printf 'rule: %s\non: exec\nprogram: %s\nkeyword: %s\nseverity: danger\naction: %s\nreason: r\nhit: %s %s\nmiss: true\n\n' "$1" "$2" "$3" "$4" "$2" "$3"; }
log=$XDG_STATE_HOME/gate/audit.jsonl

like "no log yet: nothing to judge" "$(replay; cat "$T/err")" $'^0 decisions judged again: .*\n=0\ngatesh: replay: nothing was decided yet'
"$GATESH" run -- sh -c 'git push -f; git push -f; git clean -n; git push --dry-run -f' </dev/null >/dev/null 2>&1
lines=$(wc -l <"$log") # git may start others of its own
is "the rules of now: no difference" "$(replay)" \
	"$lines decisions judged again: 0 newly asked, 0 no longer asked, 0 changed otherwise, $lines the same; 0 not judged"$'\n'"=0"
like "--all: what is the same, alike ones together" "$(replay --all)" $'ask -> ask +2x +git.force-push +git push -f\n'
{ rule n.dry git dry-run ask; rule n.clean git clean deny; } >new.rules
out=$(replay --rules new.rules)
like "newly asked" "$out" $'allow -> ask +1x +n.dry +git push --dry-run -f\n'
like "newly denied" "$out" $'allow -> deny +1x +n.clean +git clean -n\n'
like "no longer asked, by which rule it was" "$out" $'ask -> allow +2x +git.force-push +git push -f\n'
like "counts, and 1" "$out" '2 newly asked, 2 no longer asked, 0 changed otherwise, [0-9]+ the same; 0 not judged'$'\n''=1$'
rule n.push git push deny >push.rules
like "the one for the other" "$(replay --rules push.rules)" 'ask -> deny +2x +n.push +git push -f'
is "--json" "$("$GATESH" replay -j --rules push.rules | python3 -c 'import json,sys
l = [json.loads(x) for x in sys.stdin]; d = [x for x in l if x.get("then") == "ask"][0]
print(d["change"], d["now"], d["rules_then"], d["rules_now"], d["times"], d["line"] > 0, l[-1]["otherwise"])')" \
	"otherwise deny ['git.force-push'] ['n.push'] 2 True 2"
is "nothing is written to the log by it" "$(wc -l <"$log")" "$lines"

# a program that reads: what it was given is judged again
cp "$(type -P true)" psql; PATH=$T:$PATH
echo 'VACUUM users; SELECT 1' >q.sql
printf 'rule: w.any\non: exec\nprogram: psql\ncontent: sql\nmatch: .\nseverity: notice\naction: log\nreason: r\nhit: psql <<< "SELECT 1"\nmiss: true\n' >wants.rules
mkdir -p "$XDG_CONFIG_HOME/gate/rules"; cp wants.rules "$XDG_CONFIG_HOME/gate/rules/"
"$GATESH" run -- sh -c 'psql -f q.sql' </dev/null >/dev/null 2>&1; rm q.sql
like "the statements that a rule wanted are in the log" "$(grep -F '"event":"exec"' "$log" | tail -1)" '"content":\["VACUUM users"'
printf 'rule: n.vacuum\non: exec\nprogram: psql\ncontent: sql\nmatch: ^(?i)vacuum\nseverity: danger\nreason: r\nhit: psql <<< "VACUUM x"\nmiss: psql <<< "SELECT 1"\n' >sql.rules
like "and judged again, though the file is gone" "$(replay -r sql.rules "$log")" 'allow -> ask +[12]x +n.vacuum[^'$'\n'']* psql -f q.sql'

# files and connections, with what the log knows of them
{ echo '{"v":1,"event":"unlink","exe":"/bin/rm","argv":["rm","x"],"path":"/srv/keys/x","file":["outside"],"verdict":"allow","ret":"success"}'
	echo '{"v":1,"event":"connect","exe":"/usr/bin/psql","argv":["psql"],"address":"10.1.2.3","port":5432,"hosts":["db.prod.example.org"],"protocol":"tcp","verdict":"allow","ret":"success"}'
	echo '{"v":1,"event":"connect","exe":"/usr/bin/x","argv":["x"],"path":"/run/x.sock","protocol":"unix","verdict":"allow","ret":"success"}'
	echo '{"v":1,"event":"connect","exe":"/usr/bin/x","argv":["x"],"verdict":"allow","ret":"success"}'
	echo '{"v":1,"event":"unlink","exe":"/bin/rm","argv":["rm","x"],"verdict":"allow","ret":"success"}'; } >events.jsonl
example() { printf 'severity: danger\nreason: r\n\n'; }
{ printf 'rule: e.keys\non: unlink\npath: /srv/keys/\nscope: outside-workspace\nhit: /srv/keys/x\nmiss: /srv/x\n'; example
	printf 'rule: e.prod\non: connect\nhost: *.prod.example.org\nport: 5432\nhit: db.prod.example.org 10.0.0.1:5432\nmiss: db.example.org 10.0.0.1:5432\n'; example
	printf 'rule: e.sock\non: connect\nsocket: /run/x.sock\nhit: /run/x.sock\nmiss: /run/y.sock\n'; example; } >events.rules
out=$(replay -r events.rules events.jsonl; cat "$T/err")
like "a file, by its path and what is known of it" "$out" 'allow -> ask +1x +e.keys '
like "a connection, by name and port" "$out" 'allow -> ask +1x +e.prod '
like "a socket, by its path" "$out" 'allow -> ask +1x +e.sock '
like "without a path or an address it is not judged" "$out" '3 decisions judged again: 3 newly asked, .*; 2 not judged'
sed 's/"outside"/"cache"/' events.jsonl >inside.jsonl
unlike "what is known of the file counts" "$(replay -r events.rules inside.jsonl)" 'e.keys'

# bad input
{ echo garbage; echo '{"v":1,"event":"exec","argv":"x","verdict":"allow","ret":"success"}'; echo '{"v":1,"event":"exec"}'
	echo '{"v":1,"event":"unlink","path":"/x","verdict":"allow","ret":"success"}'
	echo '{"v":1,"event":"exec","argv":["git","clean"],"verdict":"deny","ret":"deny","reason":"the session is frozen by x"}'
	echo '{"v":1,"event":"exec","argv":["git",7],"verdict":"allow","ret":"success"}'; printf '{"v":1,"event":"ex'; } >odd.jsonl
out=$(replay odd.jsonl; cat "$T/err")
like "lines that can't be judged again are counted" "$out" '^0 decisions judged again: .*; 5 not judged'$'\n''=0'
like "garbage and a torn line are told" "$out" 'odd.jsonl:1: not a line of the audit log, skipped.*odd.jsonl:7: torn, skipped'
like "no such log: 74" "$(replay no.jsonl; cat "$T/err")" '=74.*no.jsonl: No such file'
mkdir empty
is "--rules with no rules in it: 78" "$(replay --rules empty; cat "$T/err")" $'=78\ngatesh: replay: --rules empty: there are no rules in it'
like "--rules that do not compile: 78" "$(printf 'rule: a.b\nmatch: (\n' >bad.rules; replay --rules bad.rules; cat "$T/err")" '=78.*bad.rules:2:9: '
is "bad usage is 64" "$(replay a b; wc -l <"$T/err")" $'=64\n1'
"$GATESH" replay >/dev/full 2>/dev/null
is "a full stdout is 74" $? 74
