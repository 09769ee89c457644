#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# remote_servers.t - round trips of the packs' keeps: real Redis and PostgreSQL servers, and stand-ins that have a state for kubectl,
# docker, terraform, gh and aws.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
mkdir -p "$T/work" "$T/bin" "$T/state"; cd "$T/work" || exit 99
export STATE=$T/state PATH=$T/bin:$PATH

# Each stand-in keeps its things as files in $STATE/TOOL, so that a lost one can be seen to be back.
stand_in() { { echo '#!/bin/bash'; echo "S=$T/state/$1; mkdir -p \"\$S\"; echo \"\$*\" >>\"\$S.calls\""; cat; } >"$T/bin/$1"; chmod +x "$T/bin/$1"; }
stand_in kubectl <<'END'
args=(); file=; out=; while [ $# -gt 0 ]; do case $1 in --context=* | --namespace=*) where=$1 ;; -n | --context) shift; where=$1 ;; -f) shift; file=$1 ;; -o) shift; out=$1 ;; -*) ;; *) args+=("$1") ;; esac; shift; done
one() { printf 'apiVersion: v1\nkind: %s\nmetadata:\n  name: %s\n  resourceVersion: "7"\n' "$1" "$2"; cat "$S/$1-$2"; }
case "${args[0]} ${args[1]}" in
"api-resources "*) printf 'configmaps\nsecrets\n' ;;
"get pv") [ -e "$S/pv" ] && cat "$S/pv" ;;
"get namespace" | "get ns") [ -e "$S/namespace-${args[2]}" ] && one namespace "${args[2]}" || { echo "NotFound" >&2; exit 1; } ;;
"get configmaps,secrets") one configmap web ;;
"get configmap" | "get cm") [ -e "$S/configmap-${args[2]}" ] && one configmap "${args[2]}" || { echo NotFound >&2; exit 1; } ;;
"delete namespace" | "delete ns") rm -f "$S"/* ;;
"delete "*) rm "$S/configmap-${args[2]}" ;;
"create "*) grep -q resourceVersion "$file" && { echo "resourceVersion should not be set" >&2; exit 1; }
	kind=$(sed -n 's/^kind: //p' "$file"); name=$(sed -n 's/^  name: //p' "$file" | head -1); sed 1,4d "$file" >"$S/$kind-$name"; echo "$where" >>"$S/where" ;;
esac
END
stand_in docker <<'END'
while case $1 in -H | --host | --context) true ;; -*) true ;; *) false ;; esac do case $1 in -H | --host | --context) shift ;; esac; shift; done
case "$1 $2" in
"image inspect") [ "$3" = busybox ] ;;
"volume inspect") [ -d "$S/$3" ] && echo '[{}]' ;;
"volume create") mkdir "$S/$3" ;;
"volume rm") shift 2; for v; do rm -r "${S:?}/$v"; done ;;
"run --rm") while [ "$1" != busybox ]; do [ "$1" = -v ] && v=${2%%:*}; shift; done; shift; args=("$@"); for i in "${!args[@]}"; do [ "${args[i]}" = /gate ] && args[i]=$S/$v; done; exec "${args[@]}" ;;
esac
END
stand_in terraform <<'END'
case "$*" in
*"state pull") cat "$S/state" ;; *"state push -force "*) cp "${!#}" "$S/state" ;; *"state rm "*) sed -i "/${!#}/d" "$S/state" ;; *"state list") grep -o 'aws[a-z_.]*' "$S/state" ;;
esac
END
stand_in gh <<'END'
case "$*" in
"repo view"*nameWithOwner*) [ -d "$S/acme/app" ] && echo acme/app ;; *visibility*) echo PUBLIC ;; *url*) echo "$S/acme/app" ;;
"repo clone"*) exec git clone -q --mirror "$S/$3" "$4" ;; "repo delete"*) rm -rf "${S:?}/$3" ;; "repo create"*) echo "$4" >"$S/visibility"; git init -q --bare "$S/$3" ;;
esac
END
stand_in aws <<'END'
case "$*" in
*get-bucket-versioning*plain*) echo None ;; *get-bucket-versioning*) echo Enabled ;;
*"s3 rm"*) for f in "$S"/a "$S"/b; do mv "$f" "$f.deleted"; done ;;
*list-object-versions*) printf 'a\tv1\nb\tv2\n' ;;
*delete-object*"--key a --version-id v1") mv "$S/a.deleted" "$S/a" ;; *delete-object*"--key b --version-id v2") mv "$S/b.deleted" "$S/b" ;;
esac
END

# before the session: a server must not have the other end of its input
has_redis='' has_postgresql=''
serve_redis && has_redis=1
serve_postgresql && has_postgresql=1

mkfifo "$T/in"
setsid "$GATESH" run --wait-for-answer -a tester -- bash --norc <"$T/in" >"$T/out" 2>"$T/err" &
run=$!
exec 7>"$T/in"
wait_for 10 any_session
inside() { rm -f "$T/status"; echo "{ $1; } >>$T/out 2>>$T/err; echo \$? >$T/status" >&7; }
question() { "$GATESH" pending --json; }
number() { question | sed -nE 's/.*"id":([0-9]+).*/\1/p'; }
newest() { "$GATESH" undo remote --json | sed -nE '1s/.*"remote":"([^"]*)".*/\1/p'; }
# lose COMMAND: it asks, keeps, gets a yes and happens; $q is the question
answered() { any_question && { q=$q$(question); "$GATESH" allow "$(number)" >/dev/null 2>&1 || "$GATESH" allow --word "$(sed -nE 's/.*"word":"([^"]*)".*/\1/p' <<<"$q")" "$(number)" >/dev/null; }; [ -s "$T/status" ]; }
lose() { q=; inside "$1"; wait_for 30 answered; keeps=$(grep -oE '"keeps":"[^"]*"' <<<"$q" | head -n 1 | sed -E 's/"keeps":"(.*)"/\1/'); }
back() { python3 "$GATE_SRC/tests/support/type_line.py" "go on:" undo env PATH="$PATH" "$GATESH" undo remote "$(newest)" >"$T/back" 2>&1 || diag "$(cat "$T/back" "$T/err")"; }

# --- Kubernetes
mkdir -p "$T/state/kubectl"; k=$T/state/kubectl
objects() { echo 'spec: shop' >"$k/namespace-shop"; echo 'data: {a: b}' >"$k/configmap-web"; printf 'shop Delete\nshop Retain\nother Delete\n' >"$k/pv"; }
objects
lose "kubectl --context prod delete ns shop"
like "a namespace's manifests" "$keeps" 'keeps: the manifests of namespace shop and of 2 objects'
like "its volumes' data is not kept, and said so" "$keeps" 'loses: the data of 1 volumes \(reclaim policy Delete\)'
is "the namespace is gone" "$(ls "$k")" ""
back
is "1: a namespace is back, with what was in it" "$(cat "$k/namespace-shop" "$k/configmap-web")" $'spec: shop\ndata: {a: b}'
is "in the same cluster" "$(sort -u "$k/where")" "--context=prod"
unlike "no reclaim policy was touched" "$(cat "$k.calls")" patch
objects
lose "kubectl delete cm web"; like "an object's manifest" "$keeps" 'keeps: the manifest of cm web'
back; is "2: an object is back" "$(cat "$k/configmap-web")" 'data: {a: b}'

# --- a docker volume
d=$T/state/docker; mkdir -p "$d/pgdata/base"; echo rows >"$d/pgdata/base/1"
lose "docker volume rm pgdata"; like "a volume's files" "$keeps" 'keeps: the files of volume pgdata \(1 files\)'
ok "the volume is gone" test ! -e "$d/pgdata"
back; is "3: a volume is back" "$(cat "$d/pgdata/base/1")" rows

# --- Terraform's state
t=$T/state/terraform; mkdir -p "$t"; printf '{\n "serial": 4,\n "aws_instance.web"\n "aws_s3_bucket.logs"\n}\n' >"$t/state"; cp "$t/state" "$T/tf"
lose "terraform state rm aws_s3_bucket.logs"; like "a state" "$keeps" 'keeps: the state, serial 4'
ok "changed" test "$(wc -l <"$t/state")" = 4
back; ok "4: the state is back" cmp "$t/state" "$T/tf"
lose "terraform workspace delete old"; is "of a workspace nothing is kept, and said so" "$keeps" 'keeps: nothing: the keep failed: only what changes the state itself is kept'

# --- a GitHub repository
export GIT_CONFIG_GLOBAL=$T/gitconfig GIT_CONFIG_SYSTEM=/dev/null
git config --global user.email ann@example.org; git config --global user.name ann; git config --global init.defaultBranch main
g=$T/state/gh; git init -q --bare "$g/acme/app"; git clone -q "$g/acme/app" clone 2>/dev/null; (cd clone && git commit -q --allow-empty -m one && git tag v1 && git push -q origin main v1)
refs=$(git -C "$g/acme/app" for-each-ref)
lose "gh repo delete acme/app --yes"; like "a repository" "$keeps" 'keeps: all branches and tags of acme/app \(2 refs\)'
like "its issues are not kept, and said so" "$keeps" 'loses: issues, pull requests'
ok "deleted" test ! -e "$g/acme/app"
back; is "5: a repository is back, as public as it was" "$(git -C "$g/acme/app" for-each-ref) $(cat "$g/visibility")" "$refs --public"

# --- a bucket with versioning
a=$T/state/aws; mkdir -p "$a"; echo 1 >"$a/a"; echo 2 >"$a/b"
lose "aws --profile prod s3 rm s3://logs/2026/ --recursive"; like "a bucket's versions" "$keeps" 'keeps: s3://logs/2026/, as versions in the bucket'
ok "deleted" test ! -e "$a/a"
back; is "6: the objects are back" "$(cat "$a/a" "$a/b")" $'1\n2'
lose "aws s3 rm s3://plain/x --recursive"; like "without versioning nothing is kept, and said so" "$keeps" 'keeps: nothing: .*the bucket plain has no versioning'

# --- Redis
if [ "$has_redis" ]; then
	r() { redis-cli -p "$redis" "$@"; }
	r mset a 1 b 'two
lines' >/dev/null; r rpush list x y z >/dev/null; r -n 3 hset h f v >/dev/null; r set gone soon ex 1000 >/dev/null
	everything() { for k in a b gone; do r get $k; done; r lrange list 0 -1; r -n 3 hgetall h; }
	before=$(everything)
	lose "redis-cli -h 127.0.0.1 -p $redis flushall"; like "a server's keys" "$keeps" 'keeps: 5 keys of all databases'
	is "flushed" "$(r dbsize) $(r -n 3 dbsize)" "0 0"
	r set a newer >/dev/null
	back
	is "7: the keys are back in their databases, and a newer one is left" "$(everything)" "newer${before#1}"
	ok "with their time to live" test "$(r ttl gone)" -gt 900
	r set a 1 >/dev/null
	lose "redis-cli -h 127.0.0.1 -p $redis -n 3 flushdb"; is "one database" "$(r -n 3 dbsize) $(r get a)" "0 1"
	back; is "8: is back" "$(everything)" "$before"
else
	skip "Redis" "no Redis here"
fi

# --- PostgreSQL
if [ "$has_postgresql" ]; then
	export PGHOST=127.0.0.1 PGPORT=$pg PGUSER=me
	s() { psql -XAt -d shop "$@"; }
	s -qc "create table users (id int primary key, name text); insert into users select i, 'u' || i from generate_series(1, 100) i"
	lose "psql -h 127.0.0.1 -p $pg -U me -d shop -c 'DROP TABLE users'"; like "a table" "$keeps" 'keeps: users, as pg_dump writes it'
	is "dropped" "$(s -c "select to_regclass('users') is null")" t
	back; is "9: a table is back" "$(s -c 'select count(*), max(name) from users')" "100|u99"
	lose "dropdb -h 127.0.0.1 -p $pg -U me shop"; like "a database" "$keeps" 'keeps: the database shop, as pg_dump writes it'
	ok "dropped" test "$(psql -XAt postgres -c "select count(*) from pg_database where datname = 'shop'")" = 0
	back; is "10: a database is back" "$(s -c 'select count(*), max(name) from users')" "100|u99"
else
	skip "PostgreSQL" "no PostgreSQL server here"
fi
exec 7>&-
wait "$run" 2>/dev/null
done_testing
