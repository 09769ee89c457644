#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# notify.t - questions on the desktop: a session bus, an X server, notification servers and a mouse, all real.
. "${GATE_SRC:?}/tests/support/lib.sh"
NOTIFY=$GATE_STAGE/libexec/gate/gate-notify
XFCE=$(find /usr/lib -name xfce4-notifyd -type f -perm -1 2>/dev/null | head -1)
none() { echo "1..0 # SKIP $1"; exit 0; }
[ -x "$NOTIFY" ] || none "gate-notify was not built (no libnotify)"
for p in Xvfb xdotool dbus-daemon dbus-monitor; do command -v $p >/dev/null || none "no $p here"; done
[ -n "$XFCE" ] || none "no xfce4-notifyd here"
. "$GATE_SRC/tests/support/term.sh"

Xvfb -screen 0 800x500x24 -nolisten tcp -displayfd 3 3>"$T/display" >/dev/null 2>&1 & x=$!
pids="$x"
test_cleanup() { term kill-server 2>/dev/null; for p in $pids; do kill "$p" 2>/dev/null; done; }
wait_for 10 test -s "$T/display" || none "Xvfb does not start"
DISPLAY=:$(cat "$T/display"); export DISPLAY

# A bus that starts nothing by itself.
cat >"$T/bus.conf" <<END
<busconfig><type>session</type><listen>unix:path=$T/run/bus</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
END
unset DBUS_SESSION_BUS_ADDRESS
bus_start() {
	dbus-daemon --config-file="$T/bus.conf" --nofork >"$T/bus.log" 2>&1 & bus=$!
	pids="$pids $bus"
	wait_for 5 test -S "$T/run/bus"
	: >"$T/said"
	dbus-monitor --address "unix:path=$T/run/bus" "interface='org.freedesktop.Notifications'" >>"$T/said" 2>/dev/null & pids="$pids $!"
}
bus_stop() { kill "$bus"; wait "$bus" 2>/dev/null; rm -f "$T/run/bus"; }
served() { dbus-send --bus="unix:path=$T/run/bus" --print-reply --dest=org.freedesktop.DBus / \
	org.freedesktop.DBus.GetNameOwner string:org.freedesktop.Notifications; }
serve() { DBUS_SESSION_BUS_ADDRESS=unix:path=$T/run/bus "$@" >/dev/null 2>&1 & server=$!; pids="$pids $!"; wait_for 10 served; }
serve_stop() { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }

# ask WORD ...: doomsday in a session of its own without a terminal; its exit status comes in $T/status.
OPTIONS=
ask() {
	rm -f "$T/status" "$T/err" "$DONE"; : >"$T/said"
	# shellcheck disable=SC2086
	(setsid -w "$GATESH" run $OPTIONS -- doomsday "$@" </dev/null >/dev/null 2>"$T/err"; echo $? >"$T/status") &
}
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }
# "X Y WIDTH HEIGHT" of the notification
window() {
	xdotool search --onlyvisible --name '.*' 2>/dev/null | while read -r w; do
		eval "$(xdotool getwindowgeometry --shell "$w" 2>/dev/null)"
		[ "${WIDTH:-0}" -gt 50 ] && [ "$WIDTH" -lt 800 ] && echo "$X $Y $WIDTH $HEIGHT"
	done | grep .
}
shown() { wait_for 10 window; }
gone() { ! window; }
hidden() { wait_for 10 gone; }
seen() { wait_for 10 grep -qF -- "$1" "$T/said"; }
# press allow|deny|text: past the guard
press() {
	local X Y W H; sleep 0.6
	read -r X Y W H < <(window)
	case $1 in
	allow) xdotool mousemove $((X + W - 155)) $((Y + H - 31)) click 1 ;;
	deny) xdotool mousemove $((X + W - 59)) $((Y + H - 31)) click 1 ;;
	text) xdotool mousemove $((X + 100)) $((Y + 20)) click 1 ;;
	esac
	xdotool mousemove 1 490
}
running() { pgrep -u "$(id -u)" -f "^$NOTIFY\$"; }
stopped() { ! running; }
# The id of this test's open question.
question() { "$GATESH" pending 2>/dev/null | awk -v t="$T/bin" 'index($0, t) { print $1 }' | grep .; }
asked() { wait_for 10 question; question; }

bus_start
# --- a bus and no server on it
ask nobody; is "no notification server and nobody else: refused" "$(status)" 126
like "because nobody is there" "$(cat "$T/err")" "Nobody is there"
wait_for 5 stopped

# --- xfce4-notifyd: buttons
serve "$XFCE"
ask "allow me"; ok "the notification appears" shown
press allow; is "Allow once: the command runs" "$(status)" 0
is "it was this one" "$(cat "$DONE")" "allow me"
like "the log says who allowed it" "$(tail -1 "$XDG_STATE_HOME/gate/audit.jsonl")" '"by": ?"desktop"'
ok "the notification is gone" hidden
ok "and gate-notify with its session" wait_for 5 stopped
like "summary: severity and rule" "$(cat "$T/said")" 'string "gate: danger: test.doom"'
like "the reason" "$(cat "$T/said")" "why: ends the world"
like "the directory" "$(cat "$T/said")" "in: $PWD"
like "what to do instead" "$(cat "$T/said")" "instead: postpone it"
like "urgency" "$(grep -A2 '"urgency"' "$T/said" | tr -d '\n ')" 'byte2'

# --- two companions and a notification on one question
companions=
for c in 1 2; do
	mkfifo "$T/companion.$c"
	sleep 1000 >"$T/companion.$c" & companions="$companions $!"
	script -qfc "$GATESH companion" "$T/companion.$c.out" <"$T/companion.$c" >/dev/null 2>&1 & companions="$companions $!"
done
pids="$pids$companions"
ask "by all"; shown
for c in 1 2; do ok "companion $c is asked too" wait_for 10 grep -q "doomsday.*by all" "$T/companion.$c.out"; done
press allow; is "the notification answers" "$(status)" 0
for c in 1 2; do ok "companion $c is told who did" wait_for 10 grep -q "allowed.*desktop" "$T/companion.$c.out"; done
# shellcheck disable=SC2086 # a list of pids
kill $companions
hidden; wait_for 5 stopped

ask deny; shown; press deny; is "Deny: 126" "$(status)" 126
ok "and nothing ran" test ! -e "$DONE"
like "the agent is told" "$(cat "$T/err")" "The person said no"

ask '<b>x</b> & <a href="y">z</a>'; seen "why:"
like "markup in a command is text" "$(cat "$T/said")" '&#39;&lt;b&gt;x&lt;/b&gt; &amp; &lt;a href=&quot;y&quot;&gt;z&lt;/a&gt;&#39;</b>'
shown; press deny; status >/dev/null

start=$(date +%s%N); ask quick; shown
read -r X Y W H < <(window); xdotool mousemove $((X + W - 155)) $((Y + H - 31)) click 1
if [ $(($(date +%s%N) - start)) -lt 500000000 ]; then
	sleep 0.4; ok "a press at once is no yes" test ! -s "$T/status" -a ! -e "$DONE"
	ok "the question is shown again" shown
else
	skip "a press at once is no yes" "this machine is too slow for it"
fi
[ -s "$T/status" ] || press deny; status >/dev/null

ask close; shown; press text; is "closed, and nobody else there: refused" "$(status)" 126
like "as nobody said anything" "$(cat "$T/err")" "Nobody is there"
OPTIONS=--wait-for-answer; ask close; shown; press text; ok "closed, and others may answer" hidden
sleep 0.3; ok "it stays open" test -n "$(question)"
"$GATESH" allow "$(question)"; is "and they do" "$(status)" 0
ask first; shown; id=$(asked); "$GATESH" allow "$id"; is "gatesh allow wins" "$(status)" 0
ok "and the notification closes" hidden
OPTIONS=

ask critically; shown; seen "open gatesh"
like "critical: its word cannot be typed here" "$(cat "$T/said")" "To allow it, you must type a word: open gatesh"
unlike "no Allow" "$(cat "$T/said")" "Allow once"
press deny; is "but Deny" "$(status)" 126
long=$(printf 'x%.0s' {1..600}); ask "$long"; shown; seen "bytes more"
unlike "what cannot be shown whole cannot be allowed" "$(cat "$T/said")" "Allow once"
press deny; status >/dev/null

ask died; shown; sleep 0.2; kill -9 "$(running)"
is "gate-notify killed and nobody else there: refused" "$(status)" 126
like "which the person is told" "$(cat "$T/err")" "gate-notify died"
serve_stop; serve "$XFCE" # the notification of one that was killed stays until its time is over
setsid -w "$GATESH" run -- sh -c 'timeout -s KILL 2 doomsday asker; sleep 4' </dev/null >/dev/null 2>&1 & session=$!
shown; ok "an asker that dies takes its notification along" wait_for 3 gone
ok "while the session lives" kill -0 $session
wait $session

# Several at once: four are shown, and each that is answered makes room.
setsid -w "$GATESH" run -- sh -c 'for i in 1 2 3 4 5 6; do doomsday $i & done; wait' </dev/null >/dev/null 2>&1 & session=$!
count() { [ "$(window | wc -l)" = "$1" ]; }
ok "of six questions four are shown" wait_for 10 count 4
id=$(question | head -1); "$GATESH" allow "$id"; sleep 0.5; ok "one answered, and the next comes" wait_for 5 count 4
question | while read -r id; do "$GATESH" deny "$id"; done
wait $session; ok "none is left" hidden

# A session that a bare LD_PRELOAD started has no terminal: here the desktop is all there is.
rm -f "$T/status" "$DONE"
(LD_PRELOAD=$GATE_STAGE/lib/libgate-preload.so setsid -w sh -c 'doomsday auto' </dev/null >/dev/null 2>&1; echo $? >"$T/status") &
shown; press allow; is "gatesh session --auto asks on the desktop" "$(status)" 0
ok "and its notification is gone" hidden

# A session on a terminal: the panel and the notification are one question.
term_start 80 24 "bash --norc"; line "$GATESH run -- doomsday both; echo status \$?"
ready "y once"; ok "on the terminal and on the desktop" shown
keys n; ok "answered on the terminal" sees "status 126"
ok "the notification is gone" hidden
line "clear; $GATESH run -- doomsday both; echo status \$?"; ready "y once"; shown; press allow
ok "answered on the desktop" sees "status 0"
term kill-server

# The desktop stays on the bus's side: what happens to it happens to nobody else.
OPTIONS=--wait-for-answer
ask outlive; shown; bus_stop; ok "the bus is lost: gate-notify ends" wait_for 5 stopped
ok "and the question is open for the others" test -n "$(question)"
"$GATESH" allow "$(question)"; is "who answer it" "$(status)" 0
OPTIONS=; bus_start; serve "$XFCE"
ask alone; shown; bus_stop; is "the bus is lost and nobody else there: refused" "$(status)" 126
bus_start; serve "$XFCE"
ask alone; shown; serve_stop; is "the server dies and nobody else is there: refused" "$(status)" 126

# Dead twice: a session tries no third time.
serve "$XFCE"
setsid -w "$GATESH" run --wait-for-answer -- sh -c 'doomsday 1; doomsday 2; doomsday 3; :' </dev/null >/dev/null 2>"$T/err" & session=$!
shown; kill -9 "$(running)"; sleep 0.2; "$GATESH" deny "$(asked)"
ok "it died: with the next question it is there again" wait_for 5 running
shown; kill -9 "$(running)"; sleep 0.2; "$GATESH" deny "$(asked)"
asked >/dev/null; sleep 0.5; ok "it died again: no third time" stopped
"$GATESH" deny "$(question)"; wait $session
serve_stop

# --- dunst: it says that it has actions, and draws no buttons
if command -v dunst >/dev/null; then
	serve dunst -conf /dev/null
	ask "on dunst"; shown; seen "Open gatesh in a terminal to answer."
	unlike "no buttons are sent" "$(cat "$T/said")" "Allow once"
	id=$(asked); "$GATESH" allow "$id"; is "gatesh allow answers" "$(status)" 0
	ask "dismissed"; shown; press text; ok "closing it says nothing: the text sent the person elsewhere" hidden
	sleep 0.2; "$GATESH" deny "$(asked)"; is "where it is answered" "$(status)" 126
	serve_stop
	printf '[global]\nmarkup = no\n' >"$T/dunstrc"; serve dunst -conf "$T/dunstrc"
	ask '<b>x</b>'; seen "why:"; like "a server without markup gets none" "$(cat "$T/said")" "doomsday '<b>x</b>'"
	unlike "nor entities" "$(cat "$T/said")" "&lt;"
	"$GATESH" deny "$(asked)"; status >/dev/null; serve_stop
else
	skip "a server without buttons" "no dunst here"
fi

# --- what the policy lets the desktop do: a copy of the installation, with a service of its own
prefix=${GATE_STAGE#"$GATE_BUILD/stage"}
mkdir -p "$T/copy$prefix"; cp -a "$GATE_STAGE/." "$T/copy$prefix"
GATESH=$T/copy$prefix/bin/gatesh; GATE_STAGE=$T/copy$prefix
policy() { sed "s/^exec.*gate_confirm.so.*/exec requisite gate_confirm.so $*/" <"$GATE_STAGE/lib/gate.d/agent" >"$T/agent"; cp "$T/agent" "$GATE_STAGE/lib/gate.d/agent"; }
serve "$XFCE"
policy desktop=none; ask hidden; is "desktop=none: nobody is there" "$(status)" 126
ok "no notification" test -z "$(window)"
policy desktop=warning; ask danger; shown; seen "It cannot be allowed from the desktop"
press deny; is "desktop=warning: danger can only be denied" "$(status)" 126
policy desktop=critical; ask critically; shown; press allow; is "desktop=critical allows it" "$(status)" 0
policy; mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"
printf 'exec requisite gate_confirm.so desktop=warning\n' >"$XDG_CONFIG_HOME/gate/gate.d/agent"
ask twice; shown; press allow; sleep 0.5; ok "a user's tighter file asks again what the desktop allowed" test ! -e "$DONE"
seen "It cannot be allowed from the desktop"; press deny; is "and there it can be denied only" "$(status)" 126
rm "$XDG_CONFIG_HOME/gate/gate.d/agent"; serve_stop

# The session does not rely on gate-notify: another program in its place says yes to everything.
rm "$GATE_STAGE/libexec/gate/gate-notify"
cat >"$GATE_STAGE/libexec/gate/gate-notify" <<'END'
#!/bin/bash
echo '{"op":"subscribe"}' >&0
read -r q
id=$(sed 's/.*"id":\([0-9]*\),"cookie".*/\1/' <<<"$q") cookie=$(sed 's/.*"cookie":"\([0-9a-f]*\)".*/\1/' <<<"$q")
for choice in session once no; do
	echo "{\"op\":\"answer\",\"id\":$id,\"cookie\":\"$cookie\",\"choice\":\"$choice\",\"by\":\"terminal\"}" >&0
	while read -r reply && [[ $reply == *'"event"'* ]]; do :; done; echo "$choice: $reply" >>"$TOLD"
done
END
chmod +x "$GATE_STAGE/libexec/gate/gate-notify"; export TOLD=$T/told
policy desktop=warning; ask forged; is "what policy does not allow is refused" "$(status)" 126
is "each of them" "$(cat "$TOLD")" 'session: {"ok":false,"error":"this question cannot be allowed from the desktop"}
once: {"ok":false,"error":"this question cannot be allowed from the desktop"}
no: {"ok":true}'
rm "$TOLD"; policy desktop=danger typed=danger; ask forged; status >/dev/null
like "nor a typed word" "$(cat "$TOLD")" 'once: ."ok":false,"error":"a yes to this question must come with its typed word"'
rm "$TOLD"; policy desktop=danger; ask forged; is "once is allowed" "$(status)" 0
like "the session is not" "$(cat "$TOLD")" 'session: ."ok":false,"error":"this question cannot be allowed from the desktop"'
like "and who it was is the session's own word" "$(tail -1 "$XDG_STATE_HOME/gate/audit.jsonl")" '"by": ?"desktop"'
done_testing
