#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# log.t - gatesh log: filters, bad lines, --follow across rotation and truncation, statuses.
# shellcheck disable=SC1091,SC2016,SC2129 # single quotes: scripts of other shells
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 31
log=$XDG_STATE_HOME/gate/audit.jsonl
export TZ=UTC

# line TIME SESSION VERDICT RULE SUBJECT [MEMBERS]
line() {
	printf '{"v":1,"time":"%s","session":"%s","id":1,"event":"exec","verdict":"%s","rules":["%s"],"by":"terminal","subjects":["%s"]%s}\n' \
		"$1" "$2" "$3" "$4" "$5" "${6:-}"
}

is "no log yet is no error" "$("$GATESH" log 2>&1; echo $?)" "gatesh: log: nothing was decided yet: no $log"$'\n'0

mkdir -p "$XDG_STATE_HOME/gate"
{
	line 2026-11-23T10:00:00.250Z one allow git.force-push 'git push --force'
	line 2026-11-23T11:00:00.000Z one deny fs.recursive 'rm -rf build' ',"text":"use make clean"'
	line 2026-11-23T12:00:00.000Z two deny git.reset-hard 'git reset --hard'
} >"$log"
is "plain columns" "$("$GATESH" log --session one --verdict deny)" \
	'2026-11-23 11:00:00  deny   terminal    fs.recursive              rm -rf build  "use make clean"'
is "all lines, in order" "$("$GATESH" log --json | sed 's/.*T\(..\):00.*/\1/' | tr '\n' ' ')" "10 11 12 "
is "--rule takes a glob" "$("$GATESH" log --rule 'git.*' | wc -l)" 2
is "--session is exact" "$("$GATESH" log --session on | wc -l)" 0
is "--verdict" "$("$GATESH" log --verdict allow | wc -l)" 1
is "--event" "$("$GATESH" log --event exec | wc -l) $("$GATESH" log --event connect | wc -l)" "3 0"
is "--since with a time, UTC" "$("$GATESH" log --since 2026-11-23T11:00Z | wc -l)" 2
is "--since with milliseconds" "$("$GATESH" log --since 2026-11-23T10:00:00.251Z | wc -l)" 2
is "--since with a day" "$("$GATESH" log --since 2026-11-24 | wc -l)" 0
is "--since in local time" "$(TZ=UTC-2 "$GATESH" log --since '2026-11-23 13:30' | wc -l)" 1
is "-n 1 is the last" "$("$GATESH" log -n 1 --json | grep -c reset-hard)" 1
is "-n 0 is none" "$("$GATESH" log -n 0 | wc -l)" 0
is "--json keeps members it does not know" \
	"$(line 2026-11-23T10:00:00Z x deny r s ',"later":[1,{"a":2}]' >"$log.x"; mv "$log" "$log.keep"; mv "$log.x" "$log"
	"$GATESH" log --json; mv "$log.keep" "$log")" \
	'{"v":1,"time":"2026-11-23T10:00:00Z","session":"x","id":1,"event":"exec","verdict":"deny","rules":["r"],"by":"terminal","subjects":["s"],"later":[1,{"a":2}]}'

span=$(date -u -d '5 minutes ago' +%Y-%m-%dT%H:%M:%S.000Z)
line "$span" three allow a.b 'true' >>"$log"
is "--since with a span" "$("$GATESH" log --since 10m | wc -l) $("$GATESH" log --since 60s | wc -l)" "1 0"

printf '%s\n' 'not json' '[1]' '{"time":"x"}' '{"v":2,"session":"one"}' >>"$log"
line "$span" four deny c.d 'esc \u001b[2J bidi \u202e end' >>"$log"
printf '{"v":1,"ti' >>"$log"
"$GATESH" log >"$T/out" 2>"$T/err"
is "bad lines are skipped, status 0" "$? $(wc -l <"$T/out")" "0 5"
is "and told with their numbers" "$(sed "s|.*audit.jsonl:||" "$T/err" | tr '\n' '|')" \
	"5: not a line of the audit log, skipped|6: not a line of the audit log, skipped|7: no version, skipped|8: from another version of gate, skipped|10: torn, skipped|"
is "what is shown is escaped" "$(grep -c 'esc \\e\[2J bidi \\u{202E} end' "$T/out")" 1
ok "no raw control character, plain or JSON" \
	bash -c '! { "$0" log; "$0" log --json; } 2>&1 | grep -q "[[:cntrl:]]"' "$GATESH"

{ line "$span" o1 allow a.b before; head -c 17000000 /dev/zero | tr '\0' x; echo; line "$span" o2 allow a.b after; } >"$T/huge"
mkdir -p "$T/big/gate"; mv "$T/huge" "$T/big/gate/audit.jsonl"
is "a line of 17 MB is skipped, too" "$(XDG_STATE_HOME=$T/big "$GATESH" log 2>"$T/err" | awk '{print $NF}' | tr '\n' ' ')$(grep -c ':2: .*skipped' "$T/err")" "before after 1"
rm -r "$T/big"

is "bad usage is 64, one line" "$(for o in '--verdict maybe' '--event verdict' '--since soon' '-n x' '-n -1' '--nope' '-z' 'more' '--session'; do
	# shellcheck disable=SC2086
	"$GATESH" log $o >"$T/out" 2>"$T/err"; printf '%s,%s,%s ' "$?" "$(wc -l <"$T/err")" "$(wc -c <"$T/out")"; done)" \
	"64,1,0 64,1,0 64,1,0 64,1,0 64,1,0 64,1,0 64,1,0 64,1,0 64,1,0 "
ok "--help on stdout" bash -c '[ "$("$0" log --help 2>/dev/null | head -1)" = "usage: gatesh log [OPTION ...]" ]' "$GATESH"
"$GATESH" log >/dev/full 2>"$T/err"
is "a full stdout is 74 and told" "$? $(grep -c 'No space' "$T/err")" "74 1"
is "a log that can't be read is 74" "$(mkdir -p "$T/other/gate/audit.jsonl"; XDG_STATE_HOME=$T/other "$GATESH" log 2>/dev/null; echo $?)" 74

# --follow (a shell without job control starts a background job with SIGINT ignored)
line "$span" f1 allow a.b first >"$log"
env --default-signal=INT "$GATESH" log --follow >"$T/follow" 2>"$T/err" & follower=$!
test_cleanup() { kill "$follower" 2>/dev/null; }
ok "follow shows what is there" wait_for 5 grep -q first "$T/follow"
printf '{"v":1,"session":"f2","verdict":"deny",' >>"$log"
printf '"subjects":["second"]}\n' >>"$log"
ok "a line written in two parts is one" wait_for 5 grep -q second "$T/follow"
mv "$log" "$log.1"
line "$span" f3 allow a.b third >>"$log.1"
line "$span" f4 allow a.b fourth >"$log"
ok "follow survives rotation" wait_for 5 grep -q fourth "$T/follow"
: >"$log"; sleep 0.2; line "$span" f5 allow a.b fifth >>"$log"
ok "follow survives truncation" wait_for 5 grep -q fifth "$T/follow"
is "nothing twice, nothing skipped" "$(awk '{print $NF}' "$T/follow" | tr '\n' ' ')$(cat "$T/err")" "first second third fourth fifth "
kill -INT "$follower"; wait "$follower" 2>/dev/null
is "SIGINT ends it" "$?" 130

mkfifo "$T/pipe"
"$GATESH" log --follow >"$T/pipe" & follower=$!
head -1 <"$T/pipe" >/dev/null
ok "a reader that went away ends it" wait_for 5 bash -c "! kill -0 $follower"
