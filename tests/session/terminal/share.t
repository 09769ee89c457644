#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# share.t - many askers: identical questions share a prompt, different ones are never crossed, and gatesh stays small.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
cd "$T" || exit 99
pending() { "$GATESH" pending --json; }
waiting() { [ "$(pending | wc -l)" = "$1" ]; }
askers() { pending | grep -o '"askers":[0-9]*' | cut -d: -f2; }
asked_by() { [ "$(askers)" = "$1" ]; }
lines() { [ "$(wc -l <"$1")" = "$2" ]; }
log() { "$GATESH" log --json; }
session() { setsid "$GATESH" run --wait-for-answer -- "$@" </dev/null >"$T/out" 2>"$T/err" & }

session bash -c 'for i in {1..50}; do { doomsday same; echo $? >>'"$T"'/statuses; } & done; wait'; pid=$!
ok "50 that ask the same are one question" wait_for 20 asked_by 50
is "of which there is one" "$(pending | wc -l)" 1
is "the session says once where it can be answered" "$(grep -c waits "$T/err")/$(cat "$T/err")" \
	"1/gate: a question waits: gatesh pending shows it, gatesh allow 1 and gatesh deny 1 answer it"
ok "it is allowed once" "$GATESH" allow 1
wait $pid
is "and all of them run" "$(sort "$T/statuses" | uniq -c | tr -s ' ')" " 50 0"
ok "each one did" lines "$T/done" 50
is "the log has a line for each" "$(log | grep -c '"verdict":"allow".*"rules":\["test.doom"\]')" 50
is "with the same question" "$(log | grep -o '"id":[0-9]*' | sort -u)" '"id":1'

# Each asker has its own life: the first one goes, the question stays for the others.
session bash -c 'doomsday again & echo $! >'"$T"'/first; sleep 0.3; doomsday again & wait; doomsday again; wait'; pid=$!
ok "two ask" wait_for 10 asked_by 2
before=$(pending | grep -o '"cookie":"[^"]*"')
kill "$(cat "$T/first")"
ok "one of them dies" wait_for 10 asked_by 1
is "it is the same question" "$(pending | grep -o '"cookie":"[^"]*"')" "$before"
unlike "of the one that is left" "$(pending)" "\"pid\":$(cat "$T/first"),"
ok "no is for the one that is left" "$GATESH" deny 1 "not twice"
ok "a later one is asked anew" wait_for 10 waiting 1
like "under another number" "$(pending)" '"id":2'
"$GATESH" deny 2; wait $pid

# Another user's view of the same words: directory, arguments or program differ, so does the question.
mkdir -p "$T/elsewhere"
session bash -c 'doomsday x & (cd '"$T"'/elsewhere; doomsday x) & doomsday x y & wait'; pid=$!
ok "another directory or argument is another question" wait_for 10 waiting 3
for i in 1 2 3; do "$GATESH" deny $i; done; wait $pid

# 200 different ones at once: even numbers are allowed, odd ones refused.
rm -f "$T/done"
cat >"$T/askers" <<'END'
for i in {1..200}; do { doomsday number $i 2>/dev/null; echo "$i $?" >>"$STATUSES"; } & done; wait
END
STATUSES=$T/crossed session bash "$T/askers"; pid=$!
ok "200 different questions at once" wait_for 60 waiting 200
rss=$(awk '/VmHWM/ { print $2 }' "/proc/$pid/status")
diag "gatesh: at most $rss kB resident with 200 questions open"
if ldd "$GATESH" | grep -q libasan; then skip "gatesh stays under 50 MB" "instrumented"
else ok "gatesh stays under 50 MB" test "$rss" -lt 51200; fi
python3 - "$GATESH" <<'END'
import json, subprocess, sys
for line in subprocess.check_output([sys.argv[1], "pending", "--json"]).splitlines():
    q = json.loads(line)
    say = "allow" if int(q["argv"][-1]) % 2 == 0 else "deny"
    subprocess.check_call([sys.argv[1], say, "%s.%d" % (q["session"], q["id"])])
END
wait $pid
is "all of them are answered" "$(wc -l <"$T/crossed")" 200
is "and none crossed" "$(awk '$1 % 2 == 0 && $2 != 0 || $1 % 2 && $2 != 126' "$T/crossed")" ""
ok "exactly the allowed ones ran" lines "$T/done" 100
done_testing
