#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# remembered.t - libgate/formats/remembered.h, entry by entry: whom each thing that is remembered is for, and what takes it back.
# check_ID checks the entry ID.  An entry without a check fails, and so does a check without an entry.
# shellcheck disable=SC2016,SC2086,SC2015 # $actor is words
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
export T DONE=$T/done
page=$GATE_SRC/libgate/formats/remembered.h actor="python3 -B $GATE_SRC/tests/support/actor.py" sessions=
quick=$GATE_STAGE/lib/gate.d/test-remembered.$$
test_cleanup() { over; rm -rf "$base" "$quick"; }
mkdir -p "$XDG_CONFIG_HOME/gate/rules" "$XDG_CONFIG_HOME/gate/gate.d" "$T/bin"; PATH=$T/bin:$PATH
printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>"$DONE"\n' >"$T/bin/doomsday"
printf '#!/bin/sh\nexec %s "$@"\n' "$actor" >"$T/bin/wipe"
chmod +x "$T/bin/doomsday" "$T/bin/wipe"
cat >"$XDG_CONFIG_HOME/gate/rules/test.rules" <<'END'
rule: test.doom
on: exec
program: doomsday
match: ^doomsday\b
severity: danger
reason: ends the world
hit: doomsday x
miss: echo doomsday

rule: test.wipe
on: exec
program: wipe
match: ^wipe\b
severity: danger
reason: wipes
hit: wipe x
miss: echo wipe

rule: test.never
on: unlink
path: *.never
action: deny
severity: notice
reason: never
hit: x.never
miss: x

rule: test.precious
on: unlink
path: *.precious
severity: critical
reason: precious
hit: x.precious
miss: x

rule: test.net
on: connect
net: 127.77.0.0/16
severity: danger
reason: r
hit: 127.77.0.1:1
miss: 127.0.0.1:1

rule: test.name
on: connect
host: localhost
severity: danger
reason: r
hit: localhost
miss: example.org

rule: test.socket
on: connect
socket: gate-test.sock
severity: danger
reason: r
hit: /x/gate-test.sock
miss: /x/other.sock

rule: test.critical
on: connect
socket: gate-critical.sock
severity: critical
reason: r
hit: /x/gate-critical.sock
miss: /x/other.sock
END
static=$T/bin/netprobe-static
${CC:-cc} -D_GNU_SOURCE -static -w -o "$static" "$GATE_SRC/tests/support/netprobe.c" 2>"$T/cc.log" || static=
cd "$W" || exit 99

# --- sessions of actors
g() { "$GATESH" "$@"; }
# session [NAME [SERVICE]]: a new session whose command is the actor NAME (main)
session() {
	sleep 0.05 # a file's time of birth is coarse: those there are to be older than the session
	setsid "$GATESH" run --wait-for-answer -s "${2-agent}" -- $actor "${1-main}" </dev/null >>"$T/session.log" 2>&1 &
	sessions="$sessions $!"
	wait_for 20 is_ready "${1-main}" || fail "the session of ${1-main} starts" "$(tail -5 "$T/session.log")"
}
# end_session: a session stays while it has a process, so it is killed
end_session() { kill -9 "$(sed 's/.*"pid":\([0-9]*\).*/\1/' "$XDG_RUNTIME_DIR"/gate/*/info.json)"; wait_for 20 sh -c "[ -z \"\$('$GATESH' sessions)\" ]"; }
# over: every actor and every session ends
over() {
	local f pids
	pids=$(sed -n 's/^ready //p' "$T"/*.out 2>/dev/null)
	# shellcheck disable=SC2086 # lists of words
	{ kill -9 $pids; wait $sessions; } 2>/dev/null
	sessions=
	for f in "$T"/*.in; do rm -f "$f" "${f%.in}.out" "${f%.in}.err" "${f%.in}.sent"; done
}
# files DIR...: a directory each below the home, with the files 1 to 9
files() { local d; for d; do mkdir -p "$HOME/$d"; for i in 1 2 3 4 5 6 7 8 9; do echo "$i" >"$HOME/$d/$i"; done; done; }
is_ready() { grep -q '^ready' "$T/$1.out"; }
# send ACTOR COMMAND...: it begins with it
send() { local a=$1; shift; echo x >>"$T/$a.sent"; echo "$(wc -l <"$T/$a.sent") $*" >"$T/$a.in"; }
has_result() { grep -q "^$(wc -l <"$T/$1.sent") " "$T/$1.out"; }
# result ACTOR: what became of its last command
result() { wait_for 20 has_result "$1"; sed -n "s/^$(wc -l <"$T/$1.sent") //p" "$T/$1.out"; }
waiting() { [ "$(g pending --json | wc -l)" = "$1" ]; }
settled() { has_result "$1" || waiting 1; }
number() { g pending --json | sed -nE '1s/.*"id":([0-9]+).*/\1/p'; }
# try ACTOR COMMAND...: its result, or "asked" when there is a question
try() { send "$@"; wait_for 20 settled "$1"; if has_result "$1"; then result "$1"; else echo asked; fi; }
# yes, session, no ACTOR: the answer to its question, and the result then
yes() { g allow "$(number)"; result "$1"; }
granted() { g allow "$(number)" session; result "$1"; }
no() { g deny "$(number)" "${2-not this}"; result "$1"; }
# start NAME [PARENT]: a child of PARENT (main) that executes the actor; fork NAME PARENT: one that does not
start() { send "${2-main}" start "$1" $actor; wait_for 20 is_ready "$1"; }
forked() { send "$2" fork "$1"; wait_for 20 is_ready "$1"; }
# exec ACTOR: it executes itself anew, and is the same process
again() { local had; had=$(grep -c '^ready' "$T/$1.out"); send "$1" exec; wait_for 20 sh -c "[ \$(grep -c '^ready' '$T/$1.out') -gt $had ]"; }
pid() { sed -n 's/^ready //p' "$T/$1.out" | tail -1; }
orphaned() { ! grep -q "^PPid:[^0-9]*$(pid "$2")\$" "/proc/$(pid "$1")/status"; }
# some grant is given and revoked
revoke_one() { try main sh doomsday for-revoking >/dev/null; granted main >/dev/null; g grants revoke "$(grant_id)"; }
grant_id() { g grants --json | sed -nE '$s/.*"id":([0-9]+).*/\1/p'; }
freeze() { g freeze >/dev/null; }
thaw() { g thaw >/dev/null; }
refusals() { grep -c '^gate: .*refused' "$T/$1.err"; }

check_grant_command() {
	session; start a
	is "a command asks" "$(try main sh doomsday g)" asked
	is "allowed for the session" "$(granted main)" 0
	is "another process may, too" "$(try a sh doomsday g)" 0
	is "another argument asks" "$(try a sh doomsday g h)" asked; no a >/dev/null
	is "another directory asks" "$(try a sh "cd / && doomsday g")" asked; no a >/dev/null
	freeze; is "frozen: refused" "$(try a sh doomsday g)" 126
	thaw; is "thawed: it holds" "$(try a sh doomsday g)" 0
	ok "revoked" g grants revoke 1
	is "it asks again" "$(try a sh doomsday g)" asked; is "and is refused" "$(no a)" 126
	try a sh doomsday g >/dev/null; granted a >/dev/null; over
	session; is "another session asks" "$(try main sh doomsday g)" asked; no main >/dev/null
}

check_grant_file() {
	files docs other; session; start a; start b
	is "a file asks" "$(try a rm "$HOME/docs/1")" asked
	is "allowed for the session" "$(granted a)" ok
	is "another process may, another file of the directory" "$(try b rm "$HOME/docs/2")" ok
	is "another directory asks" "$(try b rm "$HOME/other/1")" asked; no b >/dev/null
	is "and replace one: it is the same rule" "$(try b mv "$HOME/docs/3" "$HOME/docs/9")" ok
	freeze; is "frozen: refused" "$(try a rm "$HOME/docs/4")" EPERM
	thaw; is "thawed: it holds" "$(try a rm "$HOME/docs/4")" ok
	ok "revoked" g grants revoke 1
	is "the process that was asked asks again" "$(try a rm "$HOME/docs/5")" asked; no a >/dev/null
	is "and so does the other" "$(try b rm "$HOME/docs/6")" asked; no b >/dev/null
	is "a named file asks" "$(try main sh "rm -f $HOME/other/2")" asked
	is "and is the only one that is granted" "$(granted main; try main sh "rm -f $HOME/other/3")" $'0\nasked'; no main >/dev/null
}

check_grant_connection() {
	session; start a; start b; start c
	is "a connection asks" "$(try a tcp 127.77.0.1 1)" asked
	is "allowed for the session" "$(granted a)" ECONNREFUSED
	is "another process may" "$(try b tcp 127.77.0.1 1)" ECONNREFUSED
	is "another port asks" "$(try b tcp 127.77.0.1 2)" asked; no b >/dev/null
	is "another address asks" "$(try b tcp 127.77.0.2 1)" asked; no b >/dev/null
	freeze; is "frozen: refused" "$(try c tcp 127.77.0.1 1)" EPERM
	thaw
	ok "revoked" g grants revoke 1
	is "a process that was not there yet asks" "$(try c tcp 127.77.0.1 1)" asked; no c >/dev/null
}

# Two links to one socket: one host to the session, two destinations to the process.
check_process_connection() {
	ln -sfn "$W" "$T/one"; ln -sfn "$W" "$T/two"; : >"$W/gate-test.sock"
	session; start a; start b
	is "a socket asks" "$(try a unix "$T/one/gate-test.sock")" asked
	is "allowed once" "$(yes a)" ECONNREFUSED
	is "on another way there: not asked" "$(try a unix "$T/two/gate-test.sock")" ECONNREFUSED
	is "not listed" "$(g grants)" ""
	is "another process asks" "$(try b unix "$T/one/gate-test.sock")" asked; no b >/dev/null
	forked c a; ln -sfn "$W" "$T/three"
	is "a fork is another process" "$(try c unix "$T/three/gate-test.sock")" asked; no c >/dev/null
	again a; is "an exec makes no other process" "$(try a unix "$T/one/gate-test.sock")" ECONNREFUSED
	freeze; is "frozen: refused" "$(try a unix "$T/three/gate-test.sock")" EPERM
	thaw; is "thawed: it holds" "$(try a unix "$T/three/gate-test.sock")" ECONNREFUSED
	: >"$W/gate-critical.sock"
	is "a critical one asks" "$(try a unix "$T/one/gate-critical.sock")" asked
	is "allowed, with its word" "$(g allow --word critical "$(number)"; result a)" ECONNREFUSED
	is "is remembered as well" "$(try a unix "$T/two/gate-critical.sock")" ECONNREFUSED
	ok "any grant revoked" revoke_one
	is "it asks again" "$(try a unix "$W/gate-critical.sock")" asked; no a >/dev/null
	again a; is "after an exec, too" "$(try a unix "$T/one/gate-test.sock")" asked; no a >/dev/null
}

check_answer_command() {
	files docs other more; echo x >"$HOME/docs/x.never"; session; start a
	send main start w wipe; wait_for 20 waiting 1
	is "a command asks" "$(g allow "$(number)"; wait_for 20 is_ready w; result main)" ok
	is "its files do not" "$(try w rm "$HOME/docs/1")" ok
	start w2 w; is "nor those of a child" "$(try w2 rm "$HOME/other/1")" ok
	is "a rule's deny stays" "$(try w2 rm "$HOME/docs/x.never")" EPERM
	is "another process asks" "$(try a rm "$HOME/docs/2")" asked; no a >/dev/null
	again w; is "an exec makes no other process" "$(try w rm "$HOME/docs/3")" ok
	freeze; is "frozen: refused" "$(try w rm "$HOME/docs/4")" EPERM
	thaw; start w3 w; is "thawed: it holds" "$(try w3 rm "$HOME/docs/4")" ok
	start w5 w3; send w3 quit; wait_for 20 orphaned w5 w3
	is "a child without its parent asks" "$(try w5 rm "$HOME/docs/5")" asked; no w5 >/dev/null
	ok "any grant revoked" revoke_one
	start w4 w; is "they ask again" "$(try w4 rm "$HOME/docs/5")" asked; no w4 >/dev/null
	is "but for a process that remembers it itself" "$(try w rm "$HOME/docs/6")" ok
	over; session; send main start w wipe; wait_for 20 waiting 1
	is "a command, allowed for the session" "$(granted main)" ok; wait_for 20 is_ready w; send w quit
	rm "$T/w.out"; start_wiper() { send main start w wipe; wait_for 20 is_ready w; }
	ok "the grant lets it start" start_wiper; : >"$T/w.sent"
	is "and is a yes to its files" "$(try w rm "$HOME/docs/7")" ok
	ok "its revoke" g grants revoke 1
	start w2 w; is "takes that back" "$(try w2 rm "$HOME/docs/8")" asked; no w2 >/dev/null
}

check_answer_file() {
	files docs other third; echo x | tee "$HOME/docs/x.precious" >"$HOME/other/x.precious"; session; start a; start b
	is "a file asks" "$(try a rm "$HOME/docs/1")" asked
	is "allowed once" "$(yes a)" ok
	start a2 a; is "a child's, too" "$(try a2 rm "$HOME/docs/2")" ok
	is "another directory asks" "$(try a2 rm "$HOME/other/1")" asked
	is "a no" "$(no a2)" EPERM
	is "what is more severe asks" "$(try a2 rm "$HOME/docs/x.precious")" asked; no a2 >/dev/null
	start a3 a2; is "is one for its children" "$(try a3 rm "$HOME/other/2")" EPERM
	is "and for what is more severe" "$(try a3 rm "$HOME/other/x.precious")" EPERM
	is "not for its parent" "$(try a rm "$HOME/other/3")" asked; no a >/dev/null
	is "replacing asks" "$(try a2 mv "$HOME/docs/3" "$HOME/docs/9")" asked; no a2 >/dev/null
	is "another process asks" "$(try b rm "$HOME/docs/4")" asked; no b >/dev/null
	freeze
	is "frozen: refused" "$(try a2 rm "$HOME/docs/5")" EPERM
	thaw; start a4 a; is "thawed: it holds" "$(try a4 rm "$HOME/docs/5")" ok
	ok "any grant revoked" revoke_one
	start a5 a; is "the yes is gone" "$(try a5 rm "$HOME/docs/6")" asked; no a5 >/dev/null
	start a6 a2; is "the no is not" "$(try a6 rm "$HOME/other/4")" EPERM
	# That the session is frozen is no answer.
	is "a question" "$(try b rm "$HOME/third/1")" asked; freeze
	is "that a freeze refuses" "$(result b)" EPERM
	thaw; start b2 b; is "is asked again" "$(try b2 rm "$HOME/third/2")" asked; no b2 >/dev/null
	is "named files ask" "$(try main sh "rm -f $HOME/third/3 $HOME/third/4")" asked
	is "once for them all" "$(yes main)" 0
	is "not for others" "$(try main sh "rm -f $HOME/third/5")" asked; no main >/dev/null
	over; expired_question
}

check_answer_write() {
	local f
	if : >"$W/c1" && cp --reflink=always "$W/c1" "$W/c2" 2>/dev/null; then skip "a file that can't be kept asks" "this file system clones"; return; fi
	for f in 1 2 3 4; do truncate -s 300M "$W/huge$f"; done; session; start a; start b
	poke() { echo "dd if=/dev/zero of=$W/huge$1 bs=1 count=1 conv=notrunc status=none"; }
	is "a file that can't be kept asks" "$(try a sh "$(poke 1)")" asked
	is "a no" "$(no a)" 1
	is "is for the process: the next asks" "$(try a sh "$(poke 1)")" asked
	is "a yes" "$(yes a)" 0
	is "is for the program, in every process and for every file there" "$(try b sh "$(poke 2)")" 0
	is "not for another program" "$(try b sh "perl -e 'open(F, \"+<\", \"$W/huge3\") || exit 1'")" asked; no b >/dev/null
	freeze; is "frozen: refused" "$(try b sh "$(poke 3)")" 126
	thaw; is "thawed: it holds" "$(try b sh "$(poke 3)")" 0
	ok "any grant revoked" revoke_one
	is "it asks again" "$(try b sh "$(poke 4)")" asked; no b >/dev/null
	over; rm -f "$W"/huge?
}

# Nobody answers in time: a no, which is not asked again.
expired_question() {
	printf 'exec required gate_permit.so\nunlink sufficient %s\n' gate_rules.so >"$quick"
	printf 'unlink sufficient gate_keep.so\nunlink requisite gate_confirm.so timeout=500ms\n' >>"$quick"
	files docs other; session main "${quick##*/}"; start a
	send a rm "$HOME/docs/1"; is "a question whose time is over" "$(result a)" EPERM
	start a2 a; is "is a no to a child" "$(try a2 rm "$HOME/docs/2")" EPERM
	send main rm "$HOME/other/1"; is "another question" "$(result main)" EPERM
	is "is the second: there was none for the child" "$(g log --json --event unlink | python3 -c 'import json, sys; print(*[json.loads(l).get("id", "-") for l in list(sys.stdin)[-3:]])')" "1 - 2"
}

check_told_file() {
	files docs; session; start a; start b
	is "a file asks" "$(try a rm "$HOME/docs/1")" asked; no a "because of this" >/dev/null
	start a2 a
	is "refused again" "$(try a2 rm "$HOME/docs/2")" EPERM
	is "it was explained once to the tree" "$(refusals a) $(refusals a2)" "1 0"
	try b rm "$HOME/docs/3" >/dev/null; no b >/dev/null
	is "and to another process" "$(refusals b)" 1
	revoke_one
	start a3 a; is "a revoke: still refused" "$(try a3 rm "$HOME/docs/4")" EPERM
	is "and explained already" "$(refusals a3)" 0
	start c; is "a question" "$(try c rm "$HOME/docs/5")" asked; freeze; result c >/dev/null; thaw
	try c rm "$HOME/docs/6" >/dev/null; no c "another reason" >/dev/null
	like "a freeze explains no other refusal" "$(cat "$T/c.err")" "another reason"
}

check_shared_answer() {
	session; start a; start b; start c
	send a sh doomsday s; wait_for 20 waiting 1; send b sh doomsday s
	askers() { g pending --json | grep -q "\"askers\": *$1[,}]"; }
	ok "two processes, one question" wait_for 20 askers 2
	g allow "$(number)"; is "one yes" "$(result a) $(result b)" "0 0"
	is "is none to those who come later" "$(try c sh doomsday s)" asked; no c >/dev/null
	send a tcp 127.77.0.1 1; wait_for 20 waiting 1; send b tcp 127.77.0.1 1; wait_for 20 askers 2
	g deny "$(number)"; is "one no" "$(result a) $(result b)" "EPERM EPERM"
	is "of connections, too" "$(try c tcp 127.77.0.1 1)" asked; no c >/dev/null
	send a sh doomsday s; wait_for 20 waiting 1; send b sh doomsday s; wait_for 20 askers 2
	freeze; is "a freeze refuses all" "$(result a) $(result b)" "126 126"; thaw
	is "it is asked again" "$(try a sh doomsday s)" asked; no a >/dev/null
}

check_late_answer() {
	export GATE_TOOL_LIMIT=1s; session; unset GATE_TOOL_LIMIT; start a; start b
	later() { send "$1" sh doomsday "$2"; is "$3" "$(result "$1")" 126; wait_for 20 waiting 1; }
	answered() { "${@}"; wait_for 20 no_question; }
	later a t "its process is told to come back"; answered g allow "$(number)"
	send b sh doomsday t; is "the yes is for the same, run again" "$(result b)" 0
	later b t "once"; answered g deny "$(number)"
	send a sh doomsday t; is "a no, too" "$(result a)" 126; ok "unasked" no_question
	later a t "once"; answered g allow "$(number)"
	later b other "other arguments ask"; answered g allow "$(number)" session
	g grants revoke "$(g grants | awk 'NR == 1 { print $1 }')"
	later a t "a revoke takes the yes"; answered g deny "$(number)"
}

check_check_answer() {
	printf 'exec required gate_confirm.so\nexec required gate_confirm.so\n' >"$XDG_CONFIG_HOME/gate/gate.d/agent"
	session
	is "two lines ask" "$(try main sh doomsday c)" asked
	is "one answer is for both" "$(yes main)" 0
	is "the next event asks" "$(try main sh doomsday c)" asked
	is "one no is for both" "$(no main)" 126
	rm "$XDG_CONFIG_HOME/gate/gate.d/agent"
}

check_memory_answer() {
	local was i
	files docs other d1 d2 d3 d4; echo x | tee "$HOME/docs/x.precious" >"$HOME/docs/x.never"
	events() { g log --json --event unlink | grep -c "$HOME/docs/"; }
	session; start a; start b
	is "a file asks" "$(try a rm "$HOME/docs/1")" asked; yes a >/dev/null; was=$(events)
	is "the next does not" "$(try a rm "$HOME/docs/2")" ok
	is "nor does the session hear of it" "$(events)" "$was"
	is "a rule's deny stays" "$(try a rm "$HOME/docs/x.never")" EPERM
	forked c a; is "a fork has it" "$(try c rm "$HOME/docs/3")" ok
	freeze; is "frozen: refused" "$(try a rm "$HOME/docs/4")" EPERM
	thaw; is "thawed: it holds" "$(try a rm "$HOME/docs/4")" ok
	ok "any grant revoked" revoke_one
	is "it holds" "$(try a rm "$HOME/docs/5")" ok
	forked d a; is "in forks, too" "$(try d rm "$HOME/docs/6")" ok
	again d; is "until an exec" "$(try d rm "$HOME/docs/7")" asked; no d >/dev/null
	is "not in another process" "$(try b rm "$HOME/docs/7")" asked; no b >/dev/null
	is "a no" "$(try b rm "$HOME/docs/7")" EPERM
	start p; try p rm "$HOME/docs/9" >/dev/null; yes p >/dev/null
	is "what is more severe asks" "$(try p rm "$HOME/docs/x.precious")" asked; no p >/dev/null
	for i in 1 2 3 4; do try a rm "$HOME/d$i/1" >/dev/null; yes a >/dev/null; done
	is "four are remembered, and the oldest goes" "$(try a rm "$HOME/docs/7")" asked; no a >/dev/null
	start e; is "a question" "$(try e rm "$HOME/other/1")" asked; freeze
	is "that a freeze refuses" "$(result e)" EPERM
	thaw; is "is asked again" "$(try e rm "$HOME/other/1")" asked; yes e >/dev/null
	end_session
	is "the session's end leaves it" "$(try e rm "$HOME/other/2")" ok
	is "what is not remembered is refused" "$(try e rm "$HOME/docs/8")" EPERM
}

check_memory_place() {
	local r i
	mkdir -p "$W/here"; files there; session; start a; start b
	is "the workspace does not ask" "$(touch "$W/here/0"; try a rm "$W/here/0")" ok
	for i in 1 2 3 4 5; do # on a machine that is busy it may take too long
		rm -rf "$W/here" "$HOME/gone$i"; mkdir "$W/here"; echo x >"$W/here/1"; echo x >"$W/here/2"; echo x >"$W/here/3"
		over; session; start a; start b
		send a moved "$W/here/1" "$T/flag$i" "$HOME/gone$i/2"
		wait_for 20 test -e "$T/flag$i"; mv "$W/here" "$HOME/gone$i"
		wait_for 20 settled a; has_result a && r=$(result a) || { r=asked; no a >/dev/null; }
		[ "$r" = late ] || break
	done
	is "a directory that another process moves is where it was, for a second" "$r" ok
	is "not for another process" "$(try b rm "$HOME/gone$i/3")" asked; no b >/dev/null
	sleep 1.1
	is "and after that asks" "$(try a rm "$HOME/gone$i/3")" asked; no a >/dev/null
	over; mkdir "$W/here"; echo x >"$W/here/1"; echo x >"$W/here/2"; session; start a
	is "a directory that the process moves itself" "$(try a rm "$W/here/1")" ok
	r=$(try a mv "$W/here" "$HOME/mine"); [ "$r" != asked ] || r=$(yes a)
	is "is moved" "$r" ok
	is "and known to be elsewhere" "$(try a rm "$HOME/mine/2")" asked; no a >/dev/null
}

check_memory_tree() {
	files docs; printf 'Signature: 8a477f597d28d172789f06886806bc55\n' >"$HOME/docs/CACHEDIR.TAG"; session; start a; start b
	is "a cache does not ask" "$(try a rm "$HOME/docs/1")" ok
	rm "$HOME/docs/CACHEDIR.TAG"
	is "it stays one for the process that knows it" "$(try a rm "$HOME/docs/2")" ok
	is "not for another" "$(try b rm "$HOME/docs/3")" asked; no b >/dev/null
	forked c a; is "for a fork" "$(try c rm "$HOME/docs/3")" ok
	start d a; is "not for a program that it starts" "$(try d rm "$HOME/docs/4")" asked; no d >/dev/null
	revoke_one; is "a revoke is nothing to it" "$(try a rm "$HOME/docs/4")" ok
	again a; is "an exec ends it" "$(try a rm "$HOME/docs/5")" asked; no a >/dev/null
	[ -n "$static" ] || return
	call() { try a sh "$T/bin/filecalls unlink $HOME/docs/$1 >/dev/null"; }
	${CC:-cc} -D_GNU_SOURCE -static -w -o "$T/bin/filecalls" "$GATE_SRC/tests/support/filecalls.c"
	over; printf 'Signature: 8a477f597d28d172789f06886806bc55\n' >"$HOME/docs/CACHEDIR.TAG"; session; start a
	is "supervised: a cache does not ask" "$(call 5)" 0
	rm "$HOME/docs/CACHEDIR.TAG"
	is "supervised: it stays one, for every supervised program" "$(call 6)" 0
	over; session; start a; is "supervised: not in another session" "$(call 7)" asked; no a >/dev/null
}

check_memory_install() {
	local at=$W/node_modules
	mkdir -p "$at" "$W/sub/node_modules"; echo {} >"$W/package-lock.json"; echo {} >"$at/.package-lock.json"
	for i in 1 2 3 4 5 6; do echo "$i" >"$at/$i"; touch -d '+1 second' "$at/$i"; done; echo x >"$W/sub/node_modules/f"
	kept() { g undo --json --all | grep -c "/work/node_modules/$1\""; }
	session; start a; start b
	is "changed after the install: kept" "$(try a rm "$at/1") $(kept 1)" "ok 1"
	rm "$at/.package-lock.json"
	is "so it is for the process that has looked" "$(try a rm "$at/2") $(kept 2)" "ok 1"
	is "not for another" "$(try b rm "$at/3") $(kept 3)" "ok 0"
	forked c a; is "but for a fork" "$(try c rm "$at/4") $(kept 4)" "ok 1"
	is "until it looks at another node_modules" "$(try a rm "$W/sub/node_modules/f"; try a rm "$at/5")$(kept 5)" $'ok\nok0'
	again c; is "or executes" "$(try c rm "$at/6") $(kept 6)" "ok 0"
}

check_memory_plain() {
	mkdir -p "$W/p" "$W/q"; for i in 1 2 3 4 5 6; do echo "$i" >"$W/p/$i"; echo "$i" >"$W/q/$i"; done
	kept() { g undo --json --all | grep -c "/work/p/$1\""; }
	session; start a; start b
	is "no cache: kept" "$(try a rm "$W/p/1") $(kept 1)" "ok 1"
	printf 'Signature: 8a477f597d28d172789f06886806bc55\n' >"$W/p/CACHEDIR.TAG"
	is "it is none for the process that has looked" "$(try a rm "$W/p/2") $(kept 2)" "ok 1"
	is "it is one for another" "$(try b rm "$W/p/3") $(kept 3)" "ok 0"
	forked c a; is "none for a fork" "$(try c rm "$W/p/4") $(kept 4)" "ok 1"
	is "until it looks at another directory" "$(try a rm "$W/q/1"; try a rm "$W/p/5")$(kept 5)" $'ok\nok0'
	again c; is "or executes" "$(try c rm "$W/p/6") $(kept 6)" "ok 0"
}

check_memory_names() {
	session; start a; start b
	is "an address that nobody looked up does not ask" "$(try a tcp 127.0.0.1 1)" ECONNREFUSED
	try a resolve localhost >/dev/null
	is "looked up, it has a name that asks" "$(try a tcp 127.0.0.1 1)" asked; no a >/dev/null
	is "not in another process" "$(try b tcp 127.0.0.1 1)" ECONNREFUSED
	forked c a; is "in a fork" "$(try c tcp 127.0.0.1 2)" asked; no c >/dev/null
	again a; is "an exec forgets it" "$(try a tcp 127.0.0.1 1)" ECONNREFUSED
}

check_connect_verdict() {
	session; start a; start b
	is "a connection asks" "$(try a tcp 127.77.0.1 1)" asked; yes a >/dev/null
	is "the next does not" "$(try a tcp 127.77.0.1 1)" ECONNREFUSED
	is "another process asks" "$(try b tcp 127.77.0.1 1)" asked; is "a no" "$(no b)" EPERM
	is "is not asked again" "$(try b tcp 127.77.0.1 1)" EPERM
	is "and explained once" "$(refusals b)" 1
	forked c a; is "a fork has the yes" "$(try c tcp 127.77.0.1 1)" ECONNREFUSED
	freeze; is "frozen: refused" "$(try a tcp 127.77.0.1 1)" EPERM
	thaw; is "thawed: it holds" "$(try a tcp 127.77.0.1 1)" ECONNREFUSED
	ok "any grant revoked" revoke_one
	is "it holds" "$(try a tcp 127.77.0.1 1)" ECONNREFUSED
	start d c; is "not in a program that it starts" "$(try d tcp 127.77.0.1 1)" asked; no d >/dev/null
	again b; is "nor is a no left after an exec" "$(try b tcp 127.77.0.1 1)" asked; no b >/dev/null
	is "a question" "$(try b tcp 127.77.0.1 3)" asked; freeze; is "that a freeze refuses" "$(result b)" EPERM
	thaw; is "is asked again" "$(try b tcp 127.77.0.1 3)" asked; no b >/dev/null
	end_session
	is "the session's end leaves it" "$(try a tcp 127.77.0.1 1)" ECONNREFUSED
	is "what is not remembered is refused" "$(try a tcp 127.77.0.1 9)" EPERM
}

check_supervised_verdict() {
	[ -n "$static" ] || { skip "supervised programs" "no static libc"; return; }
	rm -f "$T"/go*; session
	lines() { [ "$(wc -l <"$T/$1")" -ge "$2" ] || waiting 1; }
	# said FILE N: its line N, or "asked"
	said() { wait_for 20 lines "$1" "$2"; [ "$(wc -l <"$T/$1")" -ge "$2" ] && sed -n "$2s/.* //p" "$T/$1" || echo asked; }
	deny() { g deny "$(number)" no >/dev/null; }
	try main sh "$static tcp 127.77.0.1 1 and wait $T/go1 and tcp 127.77.0.1 1 and wait $T/go2 and tcp 127.77.0.1 1 and wait $T/go3 and tcp 127.77.0.1 1 and wait $T/go4 and tcp 127.77.0.1 1 >$T/p 2>>$T/perr &" >/dev/null
	is "a connection asks" "$(said p 1)" asked; g allow "$(number)"; is "allowed" "$(said p 1)" ECONNREFUSED
	: >"$T/go1"; is "the next does not" "$(said p 2)" ECONNREFUSED
	try main sh "$static tcp 127.77.0.1 1 and retry 127.77.0.1 1 3 >$T/q 2>$T/qerr &" >/dev/null
	is "another process asks" "$(said q 1)" asked; deny; is "a no" "$(said q 1)" EPERM
	is "is not asked again" "$(said q 2)" EPERM
	is "and explained once" "$(grep -c '^gate: refused' "$T/qerr")" 1
	freeze; : >"$T/go2"; is "frozen: refused" "$(said p 3)" EPERM
	thaw; : >"$T/go3"; is "thawed: it holds" "$(said p 4)" ECONNREFUSED
	ok "any grant revoked" revoke_one
	: >"$T/go4"; is "it asks again" "$(said p 5)" asked; deny; said p 5 >/dev/null
}

check_lookup() {
	session
	is "libc connects to sort addresses: no destination" "$(try main sh "getent ahosts localhost >/dev/null")" 0
	cat >"$T/raw.py" <<'END'
import ctypes, socket
socket.getaddrinfo("localhost", 1)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ctypes.CDLL(None).syscall({"x86_64": 42, "aarch64": 203}[__import__("os").uname().machine], s.fileno(), bytes([2, 0, 0, 1, 127, 77, 0, 1]) + bytes(8), 16)
END
	is "a raw call after a lookup is judged" "$(try main sh "python3 $T/raw.py")" asked
	no main >/dev/null; over
}

check_made_files() {
	files own; session; start a
	like "made here, by one process: another removes it unkept" "$(try a sh "echo x >$W/own-new; exec rm $W/own-new"; over; "$GATESH" undo --all 2>&1 | grep -c own-new)" '^0
0$'
	session; start a; echo x >"$W/foreign"
	try a rm "$W/foreign" >/dev/null; over
	like "made by somebody else meanwhile: kept" "$("$GATESH" undo --all 2>&1)" 'foreign'
}

check_settled_files() {
	echo old >"$W/settled"; session; start a
	try a sh "echo 1 1<>$W/settled" >/dev/null; try a sh "echo 2 1<>$W/settled" >/dev/null; over
	is "written in place by two programs: kept once" "$("$GATESH" undo --all 2>/dev/null | grep -c 'settled  *written in place')" 1
	"$GATESH" undo --yes --all --since 1h >/dev/null 2>&1 </dev/null; is "as it was before the first" "$(cat "$W/settled")" old
}

check_freeze() {
	session; start a; session main2
	ids() { g sessions | awk '{ print $1 }'; }
	g freeze "$(ids | head -1)"
	frozen=$(try a sh true)-$(try main2 sh true)
	like "one session is frozen, for every process; the other is not" "$frozen" '^(126-0|0-126)$'
	g thaw "$(ids | head -1)"; is "thawed" "$(try a sh true)-$(try main2 sh true)" 0-0
}

check_pause() {
	files docs; session; start a
	pause() { python3 "$GATE_SRC/tests/support/type_line.py" "go on:" pause "$GATESH" pause >/dev/null; }
	is "a question" "$(try a rm "$HOME/docs/1")" asked
	pause; is "a pause answers yes" "$(result a)" ok
	is "and asks about nothing" "$(try a rm "$HOME/docs/2") $(try a sh doomsday p)" "ok 0"
	g resume >/dev/null
	is "no yes of it is remembered" "$(try a rm "$HOME/docs/3")" asked
	is "a no is" "$(no a)" EPERM
	pause; is "which a pause overrides" "$(try a rm "$HOME/docs/4")" ok
	g resume >/dev/null; is "and after it holds again" "$(try a rm "$HOME/docs/5")" EPERM
}

check_fault_told() {
	files docs; session; start a; end_session
	is "no session: refused" "$(try a rm "$HOME/docs/1")-$(try a rm "$HOME/docs/2")" EPERM-EPERM
	is "explained once" "$(grep -c '^gate: ' "$T/a.err")" 1
}

ids() { sed -nE 's/^ \* \| ([a-z-]+) \| .*/\1/p' "$page"; }
# The words that begin the lines of each entry, and the files that it names.
form() { sed -n '/^ \* | /,$p' "$page" | sed -nE 's/^ \* \| .*/:/p; s/^ \*     ([a-z]+) +.*/\1/p' | tr '\n' ' ' | tr ':' '\n' | sort -u | grep .; }
gone() { grep -oE '(gatesh|libgate)/[a-z_/]+\.[ch]' "$page" | sort -u | while read -r f; do [ -e "$GATE_SRC/$f" ] || echo "$f"; done; }
checks() { declare -F | sed -n 's/^declare -f check_//p' | tr _ -; }
is "every entry has a check, and every check an entry" "$(ids | sort)" "$(checks | sort)"
is "no entry is there twice" "$(ids | sort | uniq -d)" ""
is "each says where, for whom, until when and what takes it back" "$(form)" " kept for until back "
is "the files it names are there" "$(gone)" ""
for id in ${ONLY:-$(checks)}; do
	diag "--- $id"
	"check_${id//-/_}"
	over
done
done_testing
