#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# answer.t - questions seen and answered from outside: sessions, pending, allow, deny; and from inside not.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
test_cleanup() { term kill-server 2>/dev/null; }
# A session without a terminal whose question waits; its pid in $job.
waiting() { rm -f "$T/err" "$DONE"; setsid -w "$GATESH" run --wait-for-answer -- "$@" </dev/null 2>"$T/err" & job=$!; wait_for 10 pending; }
pending() { [ -n "$("$GATESH" pending 2>/dev/null)" ]; }

is "no session, no lines" "$("$GATESH" sessions; "$GATESH" pending)" ""
"$GATESH" allow 1 2>"$T/no"; is "nothing to allow" $? 1
like "and says so" "$(cat "$T/no")" "no question 1 is open"
"$GATESH" allow 2>/dev/null; is "no ID: usage" $? 64
"$GATESH" deny 2>/dev/null; is "for deny too" $? 64
"$GATESH" pending extra 2>/dev/null; is "pending takes no argument" $? 64
like "--help" "$("$GATESH" allow --help; "$GATESH" deny --help; "$GATESH" pending --help; "$GATESH" sessions --help)" "usage: gatesh sessions"

setsid -w "$GATESH" run -- doomsday </dev/null 2>"$T/err"; is "nobody there: refused at once" $? 126
like "and told so" "$(cat "$T/err")" "Nobody is there to ask"

waiting doomsday "a b"
id=$("$GATESH" sessions --json | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
like "sessions shows it" "$("$GATESH" sessions)" "^$id +doomsday +agent .*1 waiting +doomsday a b"
like "pending too" "$("$GATESH" pending)" "^$id\.1 .*danger +test\.doom +/bin/sh .*/doomsday 'a b'"
json=$("$GATESH" pending --json)
like "with everything" "$json" '"rules":\[\{"id":"test.doom","severity":"danger","reason":"ends the world","instead":"postpone it"'
like "the words" "$json" '"argv":\["/bin/sh","[^"]*doomsday","a b"\]'
"$GATESH" allow "$id.1"; is "allow SESSION.N" $? 0
wait $job; is "it runs" $? 0
is "indeed" "$(cat "$DONE")" "a b"

waiting doomsday; "$GATESH" deny 1 "use the" "other one"; wait $job; is "deny N with a sentence" $? 126
like "which it reads" "$(cat "$T/err")" 'The person said: "use the other one"'
waiting sh -c 'doomsday; doomsday; doomsday x'; "$GATESH" allow 1 session; wait_for 5 pending; "$GATESH" deny 2; wait $job
is "allow N session covers the second, not other arguments" "$(wc -l <"$DONE")" 2
waiting doomsday critically; "$GATESH" allow 1 2>"$T/no"; is "a critical one wants its word" $? 1
like "and says so" "$(cat "$T/no")" "must come with its typed word"
"$GATESH" allow 1 session 2>/dev/null; is "never for the session" $? 1
word=$("$GATESH" pending --json | sed -n 's/.*"word":"\([^"]*\)".*/\1/p')
"$GATESH" allow --word "$word" 1; wait $job; is "with its word it runs" $? 0

# What is not in order on the socket is answered, and the session goes on.
waiting doomsday
id=$("$GATESH" sessions --json | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
cat >"$T/talk.py" <<'END'
import json, socket, sys
def talk(line):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.connect("\0gate/%d/%s" % (__import__("os").geteuid(), sys.argv[1]))
    s.sendall(line)
    s.settimeout(5)
    try:
        return s.makefile().readline().strip()
    except OSError as e:
        return str(e)
for line in [b"garbage\n", b"{}\n", b'{"op":"answer"}\n', b'{"op":"answer","id":1,"cookie":"0","choice":"once"}\n', b"x" * 20000 + b"\n"]:
    print(talk(line))
q = json.loads(talk(b'{"op":"pending"}\n'))["questions"][0]
for choice in ["maybe", None]:
    print(talk(json.dumps({"op": "answer", "id": q["id"], "cookie": q["cookie"], "choice": choice}).encode() + b"\n"))
END
ops="op is one"
is "garbage is refused, each in its own words" "$(python3 "$T/talk.py" "$id" | sed 's/.*"error":"\([^"]*\)".*/\1/; s/^op must be .*/op is one/' | tr '\n' '|')" \
	"$ops|$ops|no such question is open|no such question is open||choice must be once, session or no|choice must be once, session or no|"
"$GATESH" deny 1; wait $job; is "the question is still there to be answered" $? 126

# A subscribed front end is somebody.
setsid -w "$GATESH" run -- sh -c "touch $T/up; while test ! -e $T/go; do sleep 0.05; done; doomsday" </dev/null 2>"$T/err" & job=$!
wait_for 5 test -e "$T/up"
id=$("$GATESH" sessions --json | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
cat >"$T/front.py" <<'END'
import json, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.connect("\0gate/%d/%s" % (os.geteuid(), sys.argv[1]))
s.sendall(b'{"op":"subscribe"}\n')
s.settimeout(10)
f = s.makefile()
f.readline()
open(sys.argv[2], "w").close()
e = json.loads(f.readline())
q = e["question"]
s.sendall((json.dumps({"op": "answer", "id": q["id"], "cookie": q["cookie"], "choice": "once", "by": "test"}) + "\n").encode())
while e.get("event") != "closed":
    e = json.loads(f.readline())
print(e["event"], e["id"], q["command"])
END
python3 "$T/front.py" "$id" "$T/go" >"$T/front"; wait $job; status=$?
is "a subscriber is asked, answers, and hears that it is closed" "$(cat "$T/front")" "closed 1 /bin/sh $T/bin/doomsday"
is "and the command ran" $status 0

# The first answer wins, whichever front end gives it.
term_start 90 24 "bash --norc"
line "PS1='\$ '; $GATESH run -- doomsday; echo status \$?"; ready "? more"
"$GATESH" allow 1; ok "an answer from outside takes the panel away" lost "? more"
ok "and counts" sees "status 0"

# What dead sessions leave is cleared away.
setsid "$GATESH" run -- sleep 30 </dev/null 2>/dev/null & disown; wait_for 5 any_session
pid=$("$GATESH" sessions --json | sed -n 's/.*"pid":\([0-9]*\).*/\1/p'); kill -9 "$pid"
wait_for 5 no_session; is "a killed session is not listed" "$("$GATESH" sessions)" ""
is "and its directory goes" "$(ls "$XDG_RUNTIME_DIR/gate")" ""
done_testing
