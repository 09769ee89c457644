# SPDX-License-Identifier: BSD-2-Clause
# said.sh - for the tests of what is said over connections: servers, and policies that ask about all of it.
# shellcheck shell=bash disable=SC2034
: "${T:?source lib.sh first}"
said_pids=()
test_cleanup() { [ ${#said_pids[@]} = 0 ] || kill "${said_pids[@]}"; } 2>/dev/null

# serve: the servers of said_server.py, at $web and $plain; $T/seen is what the first got.
serve() {
	python3 "$GATE_SRC/tests/support/said_server.py" "$T" &
	said_pids+=($!)
	wait_for 10 test -s "$T/ports" || return 1
	read -r web plain <"$T/ports"
}

# policy EVENT REST...: one more line of the user's stack of the service `agent`; without arguments: no line.
policy() {
	mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"
	rm -f "$XDG_CONFIG_HOME/gate/gate.d/agent"
	[ $# = 0 ] || printf '%s\n' "$*" >"$XDG_CONFIG_HOME/gate/gate.d/agent"
}

# In a session; outside; in the background, where questions wait for an answer.
inside() { "$GATESH" run -- "$@" </dev/null; }
asking() { rm -f "$T/out" "$T/err"; setsid -w "$GATESH" run --wait-for-answer -- "$@" </dev/null >"$T/out" 2>"$T/err" & job=$!; }
# settle ANSWER: answer the one question, and wait for the end: $got is what the program printed.
settle() { wait_for 20 any_question; "$GATESH" "$@" >/dev/null; wait "$job"; got=$(cat "$T/out"); }

# same WHAT COMMAND...: the same output as without Gate
same() {
	local what=$1 want got
	shift
	want=$("$@" </dev/null 2>&1; echo "$?"); got=$(inside "$@" 2>&1; echo "$?")
	is "$what" "$got" "$want"
}

# free_port: a port of 127.0.0.1 that nobody listens on.
free_port() { python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# tls: a certificate for 127.0.0.1 in $T/tls, which the servers of a test can read.
tls() {
	mkdir "$T/tls"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout "$T/tls/key" -out "$T/tls/cert" 2>/dev/null || return 1
	chmod 600 "$T/tls/key"
	[ "$(id -u)" != 0 ] || chown -R nobody "$T/tls"
}

# A PostgreSQL server of this test, at 127.0.0.1:$pg, with a database `shop`; its programs are in $pg_bin.  Arguments are more of the
# server's.  Returns false if there is none here.
serve_postgresql() {
	local bin as=() all=(/usr/lib/postgresql/*/bin)
	bin=${all[-1]}
	[ -x "$bin/initdb" ] && command -v psql >/dev/null || return 1
	pg=$(free_port) pg_bin=$bin
	mkdir "$T/pg"
	if [ "$(id -u)" = 0 ]; then
		as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
		chmod 711 "$T"; chown nobody "$T/pg"
	fi
	(cd "$T/pg" && "${as[@]}" "$bin/initdb" -D "$T/pg/data" -A trust -U me --no-sync) >"$T/pg.log" 2>&1 || return 1
	(cd "$T/pg" && exec "${as[@]}" "$bin/postgres" -D "$T/pg/data" -p "$pg" -c listen_addresses=127.0.0.1 \
		-c unix_socket_directories= -c fsync=off "$@") >>"$T/pg.log" 2>&1 &
	said_pids+=($!)
	wait_for 20 psql -h 127.0.0.1 -p "$pg" -U me postgres -c 'create database shop'
}

# A Redis server, at 127.0.0.1:$redis; a MariaDB server without passwords, at 127.0.0.1:$mysql, with a database `shop`.
serve_redis() {
	command -v redis-server >/dev/null && command -v redis-cli >/dev/null || return 1
	redis=$(free_port)
	redis-server --port "$redis" --bind 127.0.0.1 --save '' --dir "$T" >"$T/redis.log" 2>&1 &
	said_pids+=($!)
	wait_for 20 redis-cli -p "$redis" ping
}
serve_mysql() {
	{ command -v mariadbd && command -v mariadb && command -v mariadb-install-db; } >/dev/null || return 1
	local user=()
	mysql=$(free_port)
	mkdir "$T/my"
	if [ "$(id -u)" = 0 ]; then
		user=(--user=nobody)
		chmod 711 "$T"; chown nobody "$T/my"
	fi
	mariadb-install-db --no-defaults "${user[@]}" --datadir="$T/my/data" --skip-test-db >"$T/my.log" 2>&1 || return 1
	mariadbd --no-defaults "${user[@]}" --datadir="$T/my/data" --port="$mysql" --bind-address=127.0.0.1 --socket="$T/my/s" \
		--pid-file="$T/my/pid" --skip-grant-tables --skip-name-resolve "$@" </dev/null >>"$T/my.log" 2>&1 &
	said_pids+=($!)
	wait_for 30 mariadb --no-defaults -h 127.0.0.1 -P "$mysql" -u root -e 'create database if not exists shop'
}
