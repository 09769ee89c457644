#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# principal.t - gatesh run --principal and --scrub: identity, network, and the environment without credentials.
. "${GATE_SRC:?}/tests/support/lib.sh"
run() { setsid -w "$GATESH" run "$@" </dev/null; }
etc=$XDG_CONFIG_HOME/gate; [ -n "$XDG_CONFIG_HOME" ] || etc=$HOME/.config/gate
mkdir -p "$etc"
last() { "$GATESH" log --json | grep -v '"preview"' | tail -1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["principal"][sys.argv[1]])' "$1"; } # last FIELD
principal() { cat >"$etc/$1.principal"; } # principal NAME: from standard input

principal agent-svc <<'END'
name: agent-svc
git-author: Agent Service <agent-svc@example.org>
deny: *.prod.example
keep-env: KEPT_TOKEN
END
export GH_TOKEN=ghp_aaaabbbbccccddddeeeeffff0000111122 DB=postgres://me:hunter2x@db.example/shop KEPT_TOKEN=stays-here
export DEPLOY_KEY="-----BEGIN OPENSSH PRIVATE KEY-----"

# --- credentials
out=$(run -p agent-svc -- sh -c 'echo "$GH_TOKEN"; echo "$DB"; echo "$KEPT_TOKEN"; echo "${DEPLOY_KEY-gone}"' 2>"$T/err")
like "a token becomes a sentinel of its form" "$(sed -n 1p <<<"$out")" '^ghp_[a-z2-9]{34}$'
ok "which is another text" test "$(sed -n 1p <<<"$out")" != "$GH_TOKEN"
like "of a URL the password alone" "$(sed -n 2p <<<"$out")" '^postgres://me:[a-z]{6}[2-9][a-z]@db.example/shop$'
is "keep-env leaves a variable" "$(sed -n 3p <<<"$out")" stays-here
is "a private key is withheld" "$(sed -n 4p <<<"$out")" gone
like "the person is told which" "$(cat "$T/err")" "sentinels that no server honours in place of (DB, GH_TOKEN|GH_TOKEN, DB)"
like "and which are withheld" "$(cat "$T/err")" "does not get DEPLOY_KEY"
ok "but no value" test -z "$(grep -E 'aaaabbbb|hunter2x|stays-here' "$T/err")"
is "a token's sentinel is the same in the next session" "$(run -p agent-svc -- printenv GH_TOKEN 2>/dev/null)" "$(sed -n 1p <<<"$out")"
like "--scrub does it without a principal" "$(run --scrub -- printenv GH_TOKEN 2>/dev/null)" '^ghp_[a-z2-9]{34}$'
is "without either, the session has the person's own" "$(run -- printenv GH_TOKEN)" "$GH_TOKEN"
# The processes above the session, and gatesh itself, do not show the values in /proc.
cat >"$T/look" <<'END'
for p in /proc/[0-9]*; do
	tr '\0' '\n' 2>/dev/null <"$p/environ" | grep -aq -e "^GH_TOKEN=ghp_aaaa" && echo "$p $(tr '\0' ' ' <"$p/cmdline")"
done
exit 0
END
is "no process that the session can read has them" "$(env bash -c 'setsid -w "$0" run -p agent-svc -- sh "$1" 2>/dev/null </dev/null; :' "$GATESH" "$T/look")" ""

# --- identity
is "git's author and committer are the principal's" "$(run -p agent-svc -- git var GIT_COMMITTER_IDENT 2>/dev/null | sed 's/ [0-9]* [-+0-9]*$//')" "Agent Service <agent-svc@example.org>"
run -p agent-svc -- git push --force 2>/dev/null
is "the log names the principal" "$(last agent)" agent-svc
is "and whose credentials it had" "$(last credentials)" "taken out of the environment"
run -- git push --force 2>/dev/null
is "without a principal they are the person's own" "$(last credentials)" "the person's own"

# --- network
principal listed <<'END'
name: listed
network-allow: 127.0.0.1:1
END
# shellcheck disable=SC2016
like "network-allow refuses the rest, and says where it stands" "$(run -p listed -- bash -c 'exec 3<>/dev/tcp/192.0.2.1/80' 2>&1)" \
	"not on the list network-allow in .*/listed.principal"
like "and lets its own pass" "$(run -p listed -- bash -c 'exec 3<>/dev/tcp/127.0.0.1/1' 2>&1)" "Connection refused"
run -p listed --network ask -- true 2>"$T/err"; is "--network beside it: 64" $? 64
is "nothing of it is left in the session's directory" "$(run -p listed -- sh -c 'ls "${GATE_SESSION%.}"' 2>/dev/null | grep -c principal)" 0
like "show has the denied names" "$("$GATESH" principal show agent-svc)" "deny +\*\.prod\.example"
# deny goes by the name that was looked up: a resolver of our own, in a mount namespace
if unshare -m true 2>/dev/null; then
	printf '127.0.0.9 ecs.prod.example\n127.0.0.1 ecs.staging.example\n' >"$T/hosts"
	named() { unshare -m sh -c 'mount --bind "$1" /etc/hosts && shift && exec setsid -w "$@" </dev/null' - "$T/hosts" "$GATESH" run -p agent-svc -- python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], 1), 3)' "$1" 2>&1; }
	like "deny refuses a name that it lists" "$(named ecs.prod.example)" "principal.deny .critical.: the principal agent-svc may not connect there"
	like "and no other" "$(named ecs.staging.example)" "Connection refused"
else
	skip 2 "no mount namespace here"
fi

# --- mistakes
run -p agent-sv -- true 2>"$T/err"; is "no such principal: 64" $? 64
like "with the nearest" "$(cat "$T/err")" "did you mean 'agent-svc'"
run -p ../agent-svc -- true 2>/dev/null; is "a path is no name: 64" $? 64
principal other <<<"name: another"
run -p other -- touch "$T/started" 2>"$T/err"; is "a name that is not the file's: 78" $? 78
like "says so" "$(cat "$T/err")" "other.principal: is named other, but its .name. is another"
principal open <<<"name: open"; chmod 666 "$etc/open.principal"
run -p open -- touch "$T/started" 2>"$T/err"; is "a file that anybody can write: 78" $? 78
ok "and nothing was started" test ! -e "$T/started"
run -p agent-svc --agent x -- true 2>/dev/null; is "--agent beside it: 64" $? 64
like "inside a session it is too late" "$(run -- "$GATESH" run --scrub -- true 2>&1)" "already in a session"
rm "$etc/open.principal" "$etc/other.principal"

# --- the command
is "principal list" "$("$GATESH" principal list | awk '{ print $1 }' | tr '\n' ' ')" "agent-svc listed "
like "principal test names the variables" "$("$GATESH" principal test agent-svc)" "DEPLOY_KEY +withheld +private key"
like "and as JSON" "$("$GATESH" principal test --json agent-svc)" '"variable": ?"DEPLOY_KEY"'
is "and prints no value" "$("$GATESH" principal test --json agent-svc | grep -cE 'aaaabbbb|hunter2x|stays-here|BEGIN')" 0
"$GATESH" principal shw agent-svc 2>"$T/err"; is "an unknown act: 64" $? 64
"$GATESH" principal show nobody 2>/dev/null; is "show of none: 1" $? 1

# --- a key that is none
printf short >"$XDG_STATE_HOME/gate/sentinel.key"
run --scrub -- touch "$T/started" 2>"$T/err"; is "a bad sentinel.key: no session" $? 70
like "says why" "$(cat "$T/err")" "can't be taken out of the environment"
ok "and nothing was started" test ! -e "$T/started"

done_testing
