#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# git.t - tool=git: clone, fetch, push and submodules by address; what a push does, from the push itself; two scopes.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 git openssl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
mkdir -p "$XDG_CONFIG_HOME/gate" "$T/srv/repos/org"; cd "$T" || exit 99
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$T/gitconfig
git config --global user.name Person; git config --global user.email person@example.org; git config --global init.defaultBranch main
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null

# two repositories, one the submodule of the other
for r in app lib; do
	git init -q --bare "srv/repos/org/$r.git"; git -C "srv/repos/org/$r.git" config http.receivepack true
	git init -q "$r"; echo "$r" >"$r/file"; git -C "$r" add file; git -C "$r" commit -qm "first $r"
	git -C "$r" push -q "$T/srv/repos/org/$r.git" main
done
read=ghs_read0000aaaabbbbccccddddeeee write=ghs_write0000aaaabbbbccccddddeee
printf 'READ=%s\nWRITE=%s\n' $read $write >keys; chmod 600 keys
python3 "$GATE_SRC/tests/support/git_server.py" srv cert.pem key.pem keys >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s srv/port
port=$(cat srv/port) url=https://localhost:$(cat srv/port)
export SSL_CERT_FILE=$T/cert.pem
cat >"$XDG_CONFIG_HOME/gate/job.principal" <<END
name: job
git-author: Agent <agent@example.org>
confirm-destructive: true
network-allow: git.example
secret: forge from file:$T/keys#READ for $url tool=git scope=read
secret: forge from file:$T/keys#WRITE for $url scope=write
END
run() { setsid -w "$GATESH" run -p job "$@" </dev/null; }
# answer allow|deny: the next question, whose text goes to $T/question
answer() {
	wait_for 20 any_question || return
	"$GATESH" pending >"$T/question"
	"$GATESH" "$1" "$(awk 'NR == 1 { print $1 }' "$T/question")" >/dev/null
}
tip() { git -C "$T/srv/repos/org/app.git" rev-parse --verify -q "$1"; }

# --- reading
run -- git clone -q "$url/org/app.git" ws 2>err; is "a clone" "$(cat ws/file 2>/dev/null)" app
is "keeps the server's address in its configuration" "$(git -C ws config remote.origin.url)" "$url/org/app.git"
is "the server saw the token that reads, and nothing else" "$(awk '{ print $3 }' srv/log | sort -u)" $read
cd ws || exit 99
run -- git fetch -q; is "a fetch" $? 0
# shellcheck disable=SC2016
is "the configuration that is there stays" "$(GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=my.key GIT_CONFIG_VALUE_0=mine run -- git config my.key)" mine
is "no process of the session has a token" "$(run -- sh -c 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr "\0" "\n" | grep -c "ghs_[r]ead0000\|ghs_[w]rite0000"')" 0
is "and git keeps the loopback address nowhere" "$(grep -rl 127.0.0.1 . | head -1)" ""
like "git remote -v shows the server, as http" "$(run -- git remote -v)" "http://localhost:$port/org/app.git"
like "a credential helper has none" "$(run -- sh -c 'printf "protocol=https\nhost=localhost:%s\n\n" '"$port"' | GIT_TERMINAL_PROMPT=0 git credential fill' 2>&1)" "could not read|terminal prompts"

# --- committing and pushing
echo hook >.git/hooks/pre-commit; printf '#!/bin/sh\necho ran >"%s/hook"\n' "$T" >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit
echo two >>file; run -- git commit -qam second 2>/dev/null
is "a commit has the principal as author and committer" "$(git log -1 --format='%an <%ae> %cn <%ce>')" "Agent <agent@example.org> Agent <agent@example.org>"
is "and the repository's hooks run" "$(cat "$T/hook")" ran
: >../srv/log
run -- git push -q origin main; is "a push that loses nothing asks nobody" $? 0
is "and arrives" "$(tip main)" "$(git rev-parse HEAD)"
like "with the token that writes" "$(cat ../srv/log)" "POST /org/app.git/git-receive-pack $write 200"
like "the log has the operation, the ref and the tips" "$("$GATESH" log --json | grep '"credential"' | tail -1)" '"principal": ?\{"agent": ?"job"\}, ?"secret": ?"forge",.*"scope": ?"write", ?"operation": ?"git-push refs/heads/main [0-9a-f]{12}\.\.[0-9a-f]{12}"'
run -- git push -q origin main:topic; is "nor does a new branch" $? 0

git submodule -q add "$T/app" sub 2>/dev/null; git -c protocol.file.allow=always submodule -q add ../lib.git lib 2>/dev/null
run -- git submodule add -q ../lib.git lib 2>"$T/err"; is "a submodule by a relative address" "$(cat lib/file)" lib
is "which .gitmodules has as it was given" "$(git config -f .gitmodules submodule.lib.url)" ../lib.git
is "and no file has the loopback address" "$(grep -rl 127.0.0.1 . | head -1)" ""
git submodule -q deinit -f lib >/dev/null 2>&1; git reset -q --hard

# --- what loses something
git commit -q --amend -m other; old=$(tip main)
(answer allow; answer deny) & run -- git push -q -f origin main 2>"$T/err"; is "a forced push asks, and after a no" $? 1; wait $!
like "the question has the server" "$(cat "$T/question")" "localhost:$port/org/app.git/git-receive-pack"
like "the operation, the ref and both tips" "$(cat "$T/question")" "git-force-push refs/heads/main ${old:0:12}\.\.$(git rev-parse HEAD | head -c 12)"
like "git says why, at the ref" "$(cat "$T/err")" "remote rejected.*main -> main \(gate: refused"
is "nothing has changed" "$(tip main)" "$old"
: >../srv/log
(answer allow; answer allow) & run -- git push -q -f origin main 2>"$T/err"; is "after a yes it goes" $? 0; wait $!
is "and is there" "$(tip main)" "$(git rev-parse HEAD)"
is "with the token that writes" "$(awk '/POST/ { print $3 }' ../srv/log)" $write
(answer allow; answer allow) & run -- git push -q origin :topic 2>"$T/err"; is "so does a deletion" $? 0; wait $!
like "about which the question says what is deleted" "$(cat "$T/question")" "git-delete-ref refs/heads/topic"
is "the branch is gone" "$(tip topic)" ""

# --- by hand: no command line that a rule knows, and what Gate can't read
cat >../raw.py <<'END'
import os, subprocess, sys, urllib.request
def config(key): return subprocess.run(['git', 'config', '--get-regexp', key], stdout=subprocess.PIPE, text=True).stdout.split()[1]
base = os.environ['GIT_CONFIG_KEY_0'][4:-10]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({'http': config(r'^http\..*\.proxy$')}))
def send(method, path, body=None, **fields):
    try: return opener.open(urllib.request.Request(base + path, body, fields, method=method)).status
    except urllib.error.HTTPError as e: return '%d %s' % (e.code, e.read().decode().strip())
packet = lambda text: b'%04x%s' % (len(text) + 4, text)
delete = packet(('%s %s refs/heads/main\0report-status' % (sys.argv[1], '0' * 40)).encode()) + b'0000'
for method, path, body in (('POST', 'org/app.git/git-receive-pac%6b', delete), ('DELETE', 'api/v4/projects/1', None), ('TRACE', 'org/app.git/x', None)):
    print(method, send(method, path, body))
print('gzip', send('POST', 'org/app.git/git-receive-pack', __import__('gzip').compress(delete), **{'Content-Encoding': 'gzip'}))
END
old=$(tip main); answer deny & out=$(run -- python3 ../raw.py "$old" 2>/dev/null); wait $!
like "a push whose path Gate can't read has the token that reads" "$out" "POST 403 this token only reads"
like "so has a deletion about which nobody was asked" "$out" "DELETE 403 this token only reads"
like "TRACE is refused" "$out" "TRACE 403 gate: no such secret"
like "and a push in a form that git does not send is asked about" "$(cat "$T/question")" "git-force-push \? .Gate can't read what is pushed"
is "nothing is lost" "$(tip main)" "$old"

# --- redirections
: >../srv/log
run -- git ls-remote -q "$url/moved/org/app.git" >"$T/out" 2>&1; like "a redirection at the server comes back through gatesh" "$(cat "$T/out")" "refs/heads/main"
: >../srv/log
run -- git -c http.sslVerify=false ls-remote "$url/redirect/org/app.git" >"$T/out" 2>&1
unlike "one to another host gets no credential" "$(cat ../srv/log "$T/out")" "GET /org/app.git[^ ]* ghs_"

# --- a credential that the server does not take, and one that is not there
printf 'READ=x\nWRITE=y\n' >../keys
like "a 401 is a clear failure" "$(run -- git fetch 2>&1)" "localhost did not take the credential forge .401|error: 403"
rm ../keys
like "so is a source that is not there" "$(run -- git fetch 2>&1)" "error: 502|No such file"

# --- a single credential
printf 'READ=%s\nWRITE=%s\n' $read $write >../keys; chmod 600 ../keys
cat >"$XDG_CONFIG_HOME/gate/job.principal" <<END
name: job
secret: forge from file:$T/keys#WRITE for $url tool=git
END
run -- git fetch -q; is "one credential for all" $? 0
like "is for git's protocol alone" "$(run -- python3 ../raw.py "$old" 2>/dev/null)" "DELETE 403 gate: git does not make such requests"
like "principal show has tool and scope" "$("$GATESH" principal show job)" "forge from file:$T/keys#WRITE for $url tool=git"
done_testing
