#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# ssh.t - gatesh at the other end of a real sshd: the companion, an answer from a script, the prompt, and a lost connection.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || { echo "1..0 # SKIP no sshd here"; exit 0; }
command -v ssh >/dev/null || { echo "1..0 # SKIP no ssh here"; exit 0; }
cd "$T" || exit 99
# One sshd a connection, on the client's pipe: nothing listens anywhere.
ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f key && cp key.pub authorized || exit 99
cat >sshd_config <<END
HostKey $T/host
AuthorizedKeysFile $T/authorized
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
END
made=
if [ "$(id -u)" = 0 ] && [ ! -d /run/sshd ]; then mkdir /run/sshd && made=/run/sshd; fi # sshd's own; of a service that never ran
test_cleanup() { term kill-server 2>/dev/null; [ -z "$made" ] || rmdir "$made"; }
cat >remote <<END
#!/bin/sh
exec env HOME='$HOME' XDG_RUNTIME_DIR='$XDG_RUNTIME_DIR' XDG_STATE_HOME='$XDG_STATE_HOME' XDG_CONFIG_HOME='$XDG_CONFIG_HOME' \
	LC_ALL=C.UTF-8 PATH='$PATH' DONE='$DONE' ASAN_OPTIONS='$ASAN_OPTIONS' "\$@"
END
chmod +x remote
cat >over <<END
#!/bin/sh
exec ssh -F none -q -o ProxyCommand='$sshd -i -f $T/sshd_config' -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no \
	-o BatchMode=yes -o IdentitiesOnly=yes -i '$T/key' "\$@"
END
chmod +x over
if ! why=$(./over x "$T/remote" true 2>&1); then echo "1..0 # SKIP sshd lets nobody in here: $why"; exit 0; fi

session() { setsid "$GATESH" run "$@" </dev/null >"$T/out" 2>"$T/err" & job=$!; }
ended() { wait "$job"; status=$?; }
asked() { [ -n "$("$GATESH" pending)" ]; }
open_questions() { "$GATESH" pending | wc -l; }
id() { "$GATESH" pending | awk '{ print $1; exit }'; }

# --- the companion
term_start 100 30 "./over -tt x $T/remote $GATESH; echo left; sleep 1000"
ok "a prompt" sees "gate>"
session -- doomsday far away
ok "a question is shown as it comes" sees "danger: test.doom"
line "allow 1"; ended; is "allow" "$status" 0
is "and it ran" "$(cat "$T/done")" "far away"
session -- doomsday again; sees "[2]"; line "deny 2 not today"; ended; is "deny" "$status" 126
like "with the sentence" "$(cat "$T/err")" 'The person said: "not today"'
session --wait-for-answer -- doomsday third; sees "[3]"
pkill -KILL -f "^ssh .*$T/sshd_config" ; ok "the connection is lost" sees left
is "which answers nothing" "$(open_questions)" 1

# --- a script
./over x "$T/remote" "$GATESH" pending >list; like "pending" "$(cat list)" "test.doom"
./over x "$T/remote" "$GATESH" allow "$(id)" >/dev/null; ended; is "gatesh allow ID" "$status" 0

# --- the prompt of a session there
term_start 100 30 "./over -tt x $T/remote $GATESH run -- bash --norc; echo left; sleep 1000"
line "PS1='there> '; clear"; ok "a session" sees "there>"
line "doomsday near"; ok "the prompt" ready "y once"
keys y; ok "goes away" lost "y once"
is "and a yes runs it" "$(wait_for 5 grep -q near "$T/done"; tail -1 "$T/done")" near
line "doomsday nearer"; ready "y once"
pkill -KILL -f "^ssh .*$T/sshd_config"; sees left
over() { [ -z "$("$GATESH" sessions)" ]; }
ok "a session ends with its connection" wait_for 10 over
is "what was asked is not done" "$(tail -1 "$T/done")" near
done_testing
