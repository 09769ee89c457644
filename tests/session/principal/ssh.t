#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# ssh.t - a principal's ssh keys: the session's agent signs in where the principal may, after a yes, and nothing else, with a real
# ssh and sshd.
. "${GATE_SRC:?}/tests/support/lib.sh"
for program in ssh ssh-agent ssh-add ssh-keygen /usr/sbin/sshd python3; do
	command -v "$program" >/dev/null || { echo "1..0 # SKIP no $program here"; exit 0; }
done
server='' run=''
test_cleanup() { [ -z "$run" ] || kill "$run" 2>/dev/null; [ -z "$server" ] || kill "$server" 2>/dev/null; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
keys=$T/keys; mkdir -m 700 "$keys" "$HOME/.ssh"
for k in host other deploy person; do ssh-keygen -q -t ed25519 -N '' -C $k -f "$keys/$k"; done
cat "$keys/deploy.pub" "$keys/person.pub" >"$keys/authorized"
cat >"$keys/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $keys/host
PidFile $T/sshd.pid
AuthorizedKeysFile $keys/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
END
[ -d /run/sshd ] || mkdir -p /run/sshd 2>/dev/null
/usr/sbin/sshd -t -f "$keys/sshd_config" 2>"$T/sshd.err" || { echo "1..0 # SKIP sshd does not start here: $(tail -1 "$T/sshd.err")"; exit 0; }
/usr/sbin/sshd -D -e -f "$keys/sshd_config" 2>"$T/sshd.log" &
server=$!
echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$keys/host.pub")" >"$HOME/.ssh/known_hosts"
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
wait_for 10 listens || { echo "1..0 # SKIP sshd does not listen: $(tail -1 "$T/sshd.log")"; exit 0; }
ssh="ssh -F none -p $port -o UserKnownHostsFile=$HOME/.ssh/known_hosts -o BatchMode=yes -o ControlPath=none 127.0.0.1"
principal() { printf 'name: svc\n%s\n' "$1" >"$XDG_CONFIG_HOME/gate/svc.principal"; chmod 600 "$XDG_CONFIG_HOME/gate/svc.principal"; }
mkdir -p "$XDG_CONFIG_HOME/gate"
SSH_AUTH_SOCK=$T/person.sock; export SSH_AUTH_SOCK
ssh-agent -D -a "$SSH_AUTH_SOCK" >/dev/null & person=$!
wait_for 5 test -S "$SSH_AUTH_SOCK"; ssh-add -q "$keys/person"
test_cleanup() { for p in $person $run $server; do kill "$p" 2>/dev/null; done; }
if ! $ssh true 2>"$T/err"; then echo "1..0 # SKIP nobody can sign in at this sshd: $(tail -1 "$T/err")"; exit 0; fi
once() { setsid -w "$GATESH" run -p svc -- sh -c "$1" </dev/null 2>"$T/err"; }

# --- signing in without a question
principal "ssh-key: deploy from file:$keys/deploy for [127.0.0.1]:$port"
is "the session has the principal's key alone" "$(once 'ssh-add -l | cut -d" " -f3')" deploy
is "it signs in where the principal may" "$(once "$ssh echo in")" in
like "the log has the use" "$("$GATESH" log --json | grep '"credential"' | tail -1)" "signs in as [a-z]+ at \[127.0.0.1\]:$port \(SHA256:[A-Za-z0-9+/]{43}\) with the key deploy"
like "with the key's fingerprint" "$("$GATESH" log --json | grep '"credential"' | tail -1)" "$(ssh-keygen -lf "$keys/deploy.pub" | cut -d' ' -f2 | sed 's/[+]/[+]/g')"
is "but no value" "$(grep -c 'PRIVATE KEY' "$XDG_STATE_HOME/gate/audit.jsonl")" 0
no_agent() { ! pgrep -f "ssh-agent -a $XDG_RUNTIME_DIR/" >/dev/null; }
ok "nothing is left of it" wait_for 5 no_agent

principal "network-allow: 127.0.0.1:$port
ssh-key: deploy from file:$keys/deploy for [127.0.0.1]:$port"
is "the agent needs no line in network-allow" "$(once "$ssh echo in")" in

principal "ssh-key: deploy from file:$keys/deploy for [127.0.0.1]:$port"
like "show has it" "$("$GATESH" principal show svc)" "ssh-key +deploy from file:$keys/deploy for \[127.0.0.1\]:$port"

# --- nothing else
is "no key is added" "$(once "ssh-add -q $keys/other 2>/dev/null; ssh-add -l | wc -l")" 1
is "none is removed" "$(once "ssh-add -q -D 2>/dev/null; ssh-add -l | wc -l")" 1
once "echo x >$T/data; ssh-keygen -q -Y sign -f $keys/deploy.pub -n gate-answer $T/data"; ok "no data is signed for Gate" test ! -e "$T/data.sig"
like "the log says why" "$("$GATESH" log --json | grep '"credential"' | tail -1)" "the namespace is Gate's own"
once "ssh-keygen -q -Y sign -f $keys/deploy.pub -n file $T/data"; ok "and none for others" test ! -e "$T/data.sig"
cat >"$T/raw.py" <<'END'
import os, socket, struct, sys
def text(b): return struct.pack('>I', len(b)) + b
s = socket.socket(socket.AF_UNIX); s.connect(os.environ['SSH_AUTH_SOCK'])
def ask(m):
    s.sendall(text(m)); n = struct.unpack('>I', s.recv(4, socket.MSG_WAITALL))[0]; return s.recv(n, socket.MSG_WAITALL)
answer = ask(b'\x0b'); n = struct.unpack('>I', answer[5:9])[0]; key = answer[9:9 + n]
data = text(b's' * 32) + b'\x32' + text(b'git') + text(b'ssh-connection') + text(b'publickey') + b'\x01' + text(b'ssh-ed25519') + text(key)
print(ask(b'\x0d' + text(key) + text(data) + struct.pack('>I', 0))[0])
host = open(sys.argv[1]).read().split()[1]
import base64
print(ask(b'\x1b' + text(b'session-bind@openssh.com') + text(base64.b64decode(host)) + text(b's' * 32) + text(text(b'ssh-ed25519') + text(b'x' * 64)) + b'\x00')[0])
print(ask(b'\x0d' + text(key) + text(data) + struct.pack('>I', 0))[0])
END
is "a server that is not known gets no signature, nor one that has proved nothing" "$(once "python3 $T/raw.py $keys/host.pub" | tr '\n' ' ')" "5 28 5 "
is "the private agent is out of reach" "$(once "ls \$(dirname \$SSH_AUTH_SOCK)/keys.sock 2>/dev/null; SSH_AUTH_SOCK=\$(dirname \$SSH_AUTH_SOCK)/proof.sock ssh-add -l")" "The agent has no identities."
is "the person's key is refused to the session's programs" "$(cp "$keys/person" "$HOME/.ssh/id_person"; once "$ssh -i $HOME/.ssh/id_person -o IdentityAgent=none echo in"; echo $?)" 255
is "nor does it sign in through the person's agent" "$(once "$ssh -o IdentityAgent=$T/person.sock echo in"; echo $?)" 255

# --- a forwarded agent
is "a forwarded agent signs nothing" "$(once "$ssh -A 'ssh -F none -p $port -o UserKnownHostsFile=$HOME/.ssh/known_hosts -o BatchMode=yes 127.0.0.1 echo twice'" | wc -l)" 0

# --- a question
principal "ssh-key: deploy from file:$keys/deploy"
is "elsewhere it is asked, and refused where nobody is there" "$(once "$ssh echo in"; echo $?)" 255
setsid "$GATESH" run --wait-for-answer -p svc -- sh -c "$ssh echo in >$T/answer" </dev/null >"$T/out" 2>&1 &
run=$!
wait_for 20 any_question
like "the question shows user, host and key" "$("$GATESH" pending --json)" "signs in as [a-z]+ at \[127.0.0.1\]:$port \(SHA256:.*with the key deploy"
like "and the command, as claimed" "$("$GATESH" pending --json)" "echo in"
"$GATESH" allow "$("$GATESH" pending --json | sed -nE 's/.*"id":([0-9]+).*/\1/p')" >/dev/null; wait "$run"; run=''
is "a yes signs in" "$(cat "$T/answer")" in

# --- faults
principal "ssh-key: deploy from file:$keys/missing"
once true; is "a key that is not there: no session" $? 70
like "with the reason" "$(cat "$T/err")" "ssh-key deploy: ssh-add does not take $keys/missing"
principal "ssh-key: deploy from env:KEY"
once true; like "a source that it does not have" "$(cat "$T/err")" 'svc.principal:2:.*the source of an ssh key is file:/PATH'
done_testing
