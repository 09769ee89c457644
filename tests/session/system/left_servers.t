#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# left_servers.t - PostgreSQL, nginx and node, left behind by a session's command, serve on and are judged: what they remove
# is kept, what a rule asks about is asked, and nothing else is in their way.  GATE_SECONDS says how long they are driven.
# shellcheck disable=SC2016 # single quotes: scripts of other programs
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
seconds=${GATE_SECONDS:-20}
stops=()
test_cleanup() { local s; for s in "${stops[@]}"; do $s; done >/dev/null 2>&1; }
chmod 755 "$base" "$T"
cd "$base" || exit 99
mkdir -p "$T/bin" "$XDG_CONFIG_HOME/gate/rules"
printf '#!/bin/sh\necho "$*" >>"%s"\n' "$T/done" >"$T/bin/doomsday"
: >"$T/done"; chmod 666 "$T/done"; chmod 755 "$T/bin/doomsday"
cat >"$XDG_CONFIG_HOME/gate/rules/t.rules" <<'END'
rule: test.doom
on: exec
program: doomsday
severity: danger
reason: ends the world
hit: doomsday now
miss: echo doomsday

rule: test.file
on: unlink
path: *.asked
severity: danger
reason: the test asks about it
hit: x.asked
miss: x

rule: test.move
on: rename
path: *.asked
severity: danger
reason: the test asks about it
hit: x.asked
miss: x
END
start() { setsid -w "$GATESH" run --wait-for-answer -- "$@" </dev/null >"$T/out" 2>&1; }
answer() { wait_for 10 any_question && "$GATESH" "$1" "$("$GATESH" pending | awk '{ print $1; exit }')" >/dev/null; }
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
left() { "$GATESH" sessions | grep -c 'command ended'; }
# drive NAME ROUND: repeat the function until the time is over; NAME.rounds has how often, NAME.errors what went wrong
drive() {
	local end=$((SECONDS + seconds)) n=0
	while [ $SECONDS -lt $end ]; do "$2" $((n++)) 2>>"$T/$1.errors" || echo "round $n" >>"$T/$1.errors"; done
	echo $n >"$T/$1.rounds"
}
# driven NAME: its two files are as they should be
driven() {
	is "$1: no error in ${seconds} s" "$(head -5 "$T/$1.errors" 2>/dev/null)" ""
	ok "$1: $(cat "$T/$1.rounds") rounds" test "$(cat "$T/$1.rounds")" -gt 0
}
none() { local what; for what in "started" "no error" "rounds" "keeps" "refused" "allowed" "its own end"; do skip "$1: $what" "$2"; done; }
# asked NAME REFUSED ALLOWED: two functions whose first is refused, whose second is allowed; both true where it is so
asked() {
	"$2" & answer deny; wait $!; is "$1: refused by a person" $? 0
	"$3" & answer allow; wait $!; is "$1: allowed by a person" $? 0
}
# kept NAME FILE: it is gone, and comes back
kept() {
	local was; was=$([ -e "$2" ] && echo there || echo gone)
	"$GATESH" undo --yes "$2" >/dev/null 2>&1
	is "$1: what it removed is kept" "$was $(cat "$2" 2>&1)" "gone old"
}

# --- PostgreSQL
pg_bin=$(printf "%s\n" /usr/lib/postgresql/*/bin | sort -V | tail -1)
[ -d "$pg_bin" ] || pg_bin=$(pg_config --bindir 2>/dev/null)
pg=$base/pg
mkdir "$pg"
# as the user who may run it
pg_as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }
pg_psql() { "$pg_bin/psql" -X -qAt -h "$pg" -p 54329 -U gate -v ON_ERROR_STOP=1 postgres "$@"; }
pg_stop() { pg_as "'$pg_bin/pg_ctl' -D '$pg/data' -m fast stop"; }
pg_round() {
	pg_psql -c 'create table t as select generate_series(1, 1000) i' -c 'vacuum full t' -c 'drop table t' \
		-c 'select pg_switch_wal()' -c checkpoint >/dev/null && pg_psql -c "copy (select 1) to program 'cat >$pg/copy.new && mv $pg/copy.new $pg/copy'"
}
pg_refused() { pg_psql -c "copy (select 1) to program '$T/bin/doomsday pg-no'" 2>&1 | grep -q 'failed'; }
pg_allowed() { pg_psql -c "copy (select 1) to program '$T/bin/doomsday pg-yes'" && grep -q pg-yes "$T/done"; }
pg_why=
[ -x "$pg_bin/initdb" ] || pg_why="no PostgreSQL here"
if [ -z "$pg_why" ] && [ "$(id -u)" = 0 ]; then
	chown postgres "$pg" 2>/dev/null && pg_as "test -w '$pg'" 2>/dev/null || pg_why="the user postgres can't reach $pg"
fi
if [ -z "$pg_why" ]; then
	pg_as "echo old >'$pg/old'"
	stops+=(pg_stop)
	words="'$pg_bin/initdb' -D '$pg/data' -U gate -A trust >'$pg/init' && '$pg_bin/pg_ctl' -w -D '$pg/data' -l '$pg/log' -o '-k $pg -p 54329 -c listen_addresses=' start"
	if [ "$(id -u)" = 0 ]; then start su postgres -s /bin/sh -c "$words"; else start sh -c "$words"; fi
	is "PostgreSQL: started by a session whose command has ended" "$? $(left)" "0 1"
fi

# --- nginx
ngx=$base/nginx ngx_port=$(port)
mkdir -p "$ngx/files" "$ngx/tmp"
ngx_do() { nginx -p "$ngx/" -c "$ngx/conf" -e "$ngx/error" "$@"; }
ngx_stop() { ngx_do -s stop; }
ngx_http() { curl -sf -o /dev/null --max-time 60 "$@" || { echo "curl $*: $?" >&2; return 1; }; }
ngx_round() {
	local at=http://127.0.0.1:$ngx_port
	ngx_http -T "$ngx/conf" "$at/new$1" && ngx_http "$at/new$1" && ngx_http -X MOVE -H "Destination: $at/moved$1" "$at/new$1" &&
		ngx_http -X DELETE "$at/moved$1" || return 1
	[ $(($1 % 20)) != 0 ] || { mv "$ngx/access" "$ngx/access.1" && ngx_do -s reopen && wait_for 5 test -s "$ngx/access" -o -e "$ngx/access"; } || return 1
	[ $(($1 % 50)) != 25 ] || ngx_do -s reload
}
ngx_refused() { ! ngx_http -X DELETE "http://127.0.0.1:$ngx_port/no.asked" 2>/dev/null && [ -e "$ngx/files/no.asked" ]; }
# a no holds for the same event of everything below what nginx's command names
ngx_allowed() { ngx_http -X MOVE -H "Destination: http://127.0.0.1:$ngx_port/moved.asked" "http://127.0.0.1:$ngx_port/yes.asked" && [ ! -e "$ngx/files/yes.asked" ]; }
ngx_why=
command -v nginx >/dev/null || PATH=$PATH:/usr/sbin
command -v nginx >/dev/null && command -v curl >/dev/null || ngx_why="no nginx or no curl here"
[ -n "$ngx_why" ] || nginx -V 2>&1 | grep -q http_dav_module || ngx_why="this nginx has no WebDAV"
if [ -z "$ngx_why" ]; then
	cat >"$ngx/conf" <<-END
		$([ "$(id -u)" != 0 ] || echo "user nobody $(id -gn nobody);")
		worker_processes 2;
		pid $ngx/pid;
		events { worker_connections 64; }
		http {
			access_log $ngx/access;
			client_body_temp_path $ngx/tmp; proxy_temp_path $ngx/tmp; fastcgi_temp_path $ngx/tmp; uwsgi_temp_path $ngx/tmp; scgi_temp_path $ngx/tmp;
			server { listen 127.0.0.1:$ngx_port; location / { root $ngx/files; dav_methods PUT DELETE MOVE; } }
		}
	END
	for f in old no.asked yes.asked; do echo old >"$ngx/files/$f"; done
	[ "$(id -u)" != 0 ] || chown -R nobody "$ngx/files" "$ngx/tmp"
	before=$(left)
	stops+=(ngx_stop)
	start "$(command -v nginx)" -p "$ngx/" -c "$ngx/conf" -e "$ngx/error"
	is "nginx: started by a session whose command has ended" "$? $(($(left) - before))" "0 1"
fi

# --- node
js=$base/node
mkdir "$js"; echo old >"$js/old"
cat >"$js/server.js" <<'END'
const fs = require('fs'), run = require('child_process').execFile
require('http').createServer((q, r) => {
	const [what, a, b] = q.url.slice(1).split('?').map(decodeURIComponent)
	const done = e => { r.statusCode = e ? 500 : 200; r.end(e ? String(e) : 'ok') }
	if (what == 'write') fs.writeFile(a, 'new', e => e ? done(e) : fs.rename(a, b, done))
	else if (what == 'unlink') fs.unlink(a, done)
	else if (what == 'run') run(a, b ? [b] : [], done)
	else { done(); process.exit() }
}).listen(0, '127.0.0.1', function () { fs.writeFileSync('port.new', String(this.address().port)); fs.renameSync('port.new', 'port') })
END
js_http() { ngx_http "http://127.0.0.1:$(cat "$js/port")/$1"; }
js_stop() { curl -s "http://127.0.0.1:$(cat "$js/port")/end"; }
js_round() { js_http "write?a$1?b$1" && js_http "unlink?b$1" && js_http "run?true"; }
js_refused() { ! js_http "run?$T/bin/doomsday?node-no" 2>/dev/null && ! grep -q node-no "$T/done"; }
js_allowed() { js_http "run?$T/bin/doomsday?node-yes" && grep -q node-yes "$T/done"; }
js_why=
command -v node >/dev/null && command -v curl >/dev/null || js_why="no node or no curl here"
if [ -z "$js_why" ]; then
	before=$(left)
	stops+=(js_stop)
	start sh -c 'cd "$1" && { node server.js >log 2>&1 & } && while test ! -s port; do sleep 0.05; done' sh "$js"
	is "node: started by a session whose command has ended" "$? $(($(left) - before))" "0 1"
fi

# --- all at once
[ -n "$pg_why" ] || drive PostgreSQL pg_round & drive_pg=$!
[ -n "$ngx_why" ] || drive nginx ngx_round & drive_ngx=$!
[ -n "$js_why" ] || drive node js_round & drive_js=$!
wait $drive_pg $drive_ngx $drive_js
if [ -n "$pg_why" ]; then none PostgreSQL "$pg_why"; else
	driven PostgreSQL
	pg_psql -c "copy (select 1) to program 'rm $pg/old'" 2>&1 | sed 's/^/# /'
	kept PostgreSQL "$pg/old"
	asked PostgreSQL pg_refused pg_allowed
	before=$(left); pg_stop >/dev/null 2>&1
	less() { [ "$(left)" -lt "$before" ]; }
	ok "PostgreSQL: its session ends with it" wait_for 10 less
fi
if [ -n "$ngx_why" ]; then none nginx "$ngx_why"; else
	driven nginx
	ngx_http -X DELETE "http://127.0.0.1:$ngx_port/old"
	kept nginx "$ngx/files/old"
	asked nginx ngx_refused ngx_allowed
	before=$(left); ngx_stop
	less() { [ "$(left)" -lt "$before" ]; }
	ok "nginx: its session ends with it" wait_for 10 less
fi
if [ -n "$js_why" ]; then none node "$js_why"; else
	driven node
	js_http "unlink?old"
	kept node "$js/old"
	asked node js_refused js_allowed
	before=$(left); js_stop >/dev/null
	less() { [ "$(left)" -lt "$before" ]; }
	ok "node: its session ends with it" wait_for 10 less
fi
stops=()
ok "no session is left" wait_for 10 no_session
done_testing
