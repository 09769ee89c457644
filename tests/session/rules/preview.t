#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# preview.t - what a question shows of the loss: of the target that the command names, by options and by the asker's variables,
# or that it is unknown.  A real repository with a bare remote; kubectl, redis-cli and docker are stand-ins that say what they got.
. "${GATE_SRC:?}/tests/support/lib.sh"

export GIT_CONFIG_GLOBAL=$T/gitconfig GIT_CONFIG_SYSTEM=/dev/null
git config --global user.email ann@example.org; git config --global user.name ann; git config --global init.defaultBranch main
git init -q --bare "$T/remote.git"
git clone -q "$T/remote.git" "$T/repo" 2>/dev/null
cd "$T/repo" || exit 99
git commit -q --allow-empty -m one
git branch topic
git commit -q --allow-empty -m two; git commit -q --allow-empty -m three; git push -q origin main topic
git reset -q --hard HEAD~2; git commit -q --allow-empty -m other; git checkout -q topic
git clone -q "$T/remote.git" "$T/second"
git -C "$T/second" commit -q --allow-empty -m unseen; git -C "$T/second" push -q origin HEAD:far; git -C "$T/second" checkout -q -b shared; git -C "$T/second" push -q origin HEAD:shared

mkdir -p "$T/bin"
for tool in kubectl redis-cli docker psql terraform; do
	cat >"$T/bin/$tool" <<'END'
#!/bin/sh
echo "${0##*/} $*"
echo "config ${KUBECONFIG-none}, host ${PGHOST-none}, password ${PGPASSWORD-none}"
case $* in *slow*) sleep 60 ;; *broken*) echo "no route" >&2; exit 3 ;; *silent*) exec >/dev/null; exit 1 ;; esac
END
	chmod +x "$T/bin/$tool"
done
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/when.rules" <<'END'
rule: test.probed
on: exec
program: terraform
keyword: probed
match: ^terraform\b.* probed
when: [ "$TF_WORKSPACE" = prod ]; [ $? = 0 ] && echo {target} >/dev/null
severity: danger
reason: production alone
hit: terraform probed
miss: terraform plan
END
export PATH=$T/bin:$PATH KUBECONFIG=/own/config
mkfifo "$T/in"
setsid "$GATESH" run --wait-for-answer -a tester -- bash --norc <"$T/in" >"$T/out" 2>"$T/err" &
run=$!
exec 7>"$T/in"
wait_for 10 any_session
inside() { rm -f "$T/status"; echo "{ $1; } 2>>$T/err; echo \$? >$T/status" >&7; }
question() { "$GATESH" pending --json; }
number() { question | sed -nE 's/.*"id":([0-9]+).*/\1/p'; }
no() { for i in $(number); do "$GATESH" deny "$i" >/dev/null 2>&1; done; wait_for 5 test -s "$T/status"; }
previewed() { question | grep -q '"preview":'; }
# asked COMMAND: its question, with the preview; the answer is no
asked() {
	inside "$1"
	wait_for 3 any_question
	wait_for 3 previewed
	q=$(question)
	no
}
# shows WHAT COMMAND REGEX
shows() { asked "$2"; like "$1" "$q" "$3"; }

# --- the target of the options
shows "kubectl looks at the context of the command" "kubectl delete ns shop --context prod" '"preview":"kubectl --context=prod get ns shop'
shows "and at what it selects" "kubectl -n web delete deploy -lapp=x --now" '"preview":"kubectl --namespace=web get --selector=app=x +deploy'
shows "redis-cli at the server" "redis-cli -h prod -n 2 flushdb" '"preview":"redis-cli -h prod -n 2 info keyspace'
shows "docker at the daemon" "docker -H tcp://prod:1 volume rm data" '"preview":"docker --host=tcp://prod:1 volume ls'
shows "docker compose at its files" "docker --context prod compose -f ab.yml down -v" '"preview":"docker --context prod compose -f ab.yml ps -a'
shows "what a command has in an option's value stays there" "kubectl delete ns -- '--context=x;touch $T/oops'" 'get +ns --context=x;touch'
ok "as a word" test ! -e "$T/oops"

# --- and of the asker's own variables
shows "a variable of the command's own" "KUBECONFIG=/x/prod.yaml kubectl delete ns shop" 'config /x/prod.yaml'
like "the question says which" "$q" '"settings":"KUBECONFIG=/x/prod.yaml"'
shows "the person's own is nothing to say" "kubectl delete ns shop" 'config /own/config'
unlike "about" "$q" '"settings"'
shows "one that the agent took out" "unset KUBECONFIG; kubectl delete ns shop" 'config none'
like "is said, too" "$q" '"settings":"KUBECONFIG is not set"'
shows "libpq's variables" "export PGHOST=db PGPASSWORD=hush; psql -c 'DROP VIEW v'; unset PGHOST PGPASSWORD" 'host db, password hush'
like "and a secret is not said" "$q" '"settings":"PGHOST=db, PGPASSWORD=(…|\\u2026)"'
like "a raw exec's, too" "$(asked "python3 -c 'import os; os.execve(\"$T/bin/kubectl\", [\"kubectl\", \"delete\", \"ns\", \"shop\"], {\"PATH\": \"/bin\", \"KUBECONFIG\": \"/x/raw\"})'"; echo "$q")" '"settings":"[^"]*KUBECONFIG=/x/raw".*config /x/raw'
inside "terraform probed"; wait_for 10 test -s "$T/status"; is "a probe has them: not production" "$(cat "$T/status")" 0
inside "TF_WORKSPACE=prod terraform probed"; wait_for 3 any_question; like "production asks" "$(question)" test.probed
no
inside "KUBECONFIG=/x/a kubectl delete ns shop & KUBECONFIG=/x/b kubectl delete ns shop & wait"
two() { [ "$("$GATESH" pending --json | wc -l)" = 2 ]; }
ok "the same words for two targets are two questions" wait_for 3 two
no

# --- a yes for the session is for one target
yes() { "$GATESH" allow "$(number)" session >/dev/null; wait_for 5 test -s "$T/status"; cat "$T/status"; }
inside "KUBECONFIG=/x/a kubectl delete svc web"; wait_for 3 any_question; is "yes for the session" "$(yes)" 0
inside "KUBECONFIG=/x/a kubectl delete svc web"; wait_for 5 test -s "$T/status"; is "the same again: no question" "$(cat "$T/status" 2>/dev/null)" 0
asked "KUBECONFIG=/x/b kubectl delete svc web"; like "another target asks" "$q" '"settings":"KUBECONFIG=/x/b"'
asked "kubectl delete svc web"; like "and so does the person's" "$q" 'kubectl.*delete.*web'

# --- no answer is unknown
shows "a failure" "kubectl delete ns broken" 'no route\\nunknown: the preview failed \(status 3\)'
shows "without a word" "kubectl delete ns silent" 'unknown: the preview failed \(status 1\)'
asked "kubectl delete ns slow"; like "no end" "$q" 'unknown: no complete answer within 2 s'
shows "a redis cluster's nodes are named elsewhere: no preview" "redis-cli -h prod shutdown" 'info persistence'
inside "redis-cli --cluster del-node cache:1 abc"; wait_for 3 any_question; sleep 0.3; unlike "so none is shown" "$(question)" '"preview"'
no

# --- git push: from the remote's own tips
shows "a force push of another branch than the one checked out" "git push --force origin main" '"preview":"main on origin loses 2 commits:\\n[0-9a-f]+ three\\n[0-9a-f]+ two"'
shows "without an upstream, from elsewhere" "cd /; git -C $T/repo push -f $T/remote.git +main:main; cd $T/repo" "main on $T/remote.git loses 2 commits:"
shows "the branch that is checked out" "git push --force" '"preview":"topic on origin loses 0 commits"'
shows "a tip that this clone does not have" "git push -f origin main:far" 'far on origin is at [0-9a-f]{9}, which this clone does not have: how many commits go is unknown'
shows "a new branch" "git push -f origin main:new" 'origin has no new yet: nothing goes'
shows "a deleted one" "git push origin --delete main" 'main on origin, at [0-9a-f]{9}, is deleted\\nmain on origin loses 2 commits:'
shows "and in its other form" "git push origin :topic" 'topic on origin, at [0-9a-f]{9}, is deleted\\ntopic on origin loses 0 commits'
shows "a mirror" "git push --mirror" 'heads/far on origin, at [0-9a-f]{9}, is deleted'
shows "a remote that does not answer" "git push -f /nowhere main" 'unknown: /nowhere does not answer'
is "the refs of the clone are as before" "$(git -C "$T/repo" for-each-ref --format='%(refname)' | wc -l)" 4

# --- whose they are
log=$("$GATESH" log --json --rule 'nothing*'; "$GATESH" log --json)
like "what a preview does is marked in the log" "$(grep '"preview":true' <<<"$log" | head -n 1)" '"principal":\{"uid"'
exec 7>&-
wait "$run" 2>/dev/null
done_testing
