#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# read.t - the event `read`: opening a file in which a tool keeps credentials is asked about, but for the tool itself, which is known
# by its file; with a principal it is refused to every program.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
mkdir -p "$HOME/.aws" "$HOME/.ssh" "$HOME/.kube" "$HOME/bin" "$W/bin" "$W/.aws" "$XDG_CONFIG_HOME/gate"
echo secret-aws >"$HOME/.aws/credentials"; echo region >"$HOME/.aws/config"; echo secret-key >"$HOME/.ssh/id_test"; echo public >"$HOME/.ssh/id_test.pub"
echo project >"$W/.aws/credentials"; echo secret-kube >"$HOME/.kube/config"; echo secret-own >"$HOME/own.key"
cp "$(command -v cat)" "$HOME/bin/aws"; cp "$(command -v cat)" "$W/bin/aws" # the tool that reads its own file, and one of the workspace's
sleep 0.05
cd "$W" || exit 99
# run COMMAND: its output and status; nobody is there to answer
run() { setsid -w "$GATESH" run "${with[@]}" -- sh -c "$1" </dev/null 2>"$T/err"; echo $?; }
with=()
aws=$HOME/.aws/credentials

# --- without a principal
like "another program is refused where nobody can be asked" "$(run "cat $aws")" '^1$'
like "with the rule and the reason" "$(cat "$T/err")" "gate: refused: read .*credentials.aws .danger.: reads the person's AWS keys"
like "the program gets EACCES" "$(cat "$T/err")" 'Permission denied'
is "the log has the event" "$("$GATESH" log --event read --json | sed -nE 's/.*"event":"read".*"path":"([^"]*)".*/\1/p' | head -1)" "$aws"
is "its own tool reads it unasked" "$(run "$HOME/bin/aws $aws")" $'secret-aws\n0'
is "and nothing is said" "$(cat "$T/err")" ""
is "a file beside it is nobody's business" "$(run "cat $HOME/.aws/config $HOME/.ssh/id_test.pub")" $'region\npublic\n0'
is "nor is one of that name elsewhere" "$(run "cat .aws/credentials")" $'project\n0'
is "a name relative to its directory is the same file" "$(run "cd $HOME/.aws && cat credentials")" 1
is "and so is one through a link to the directory" "$(run "ln -s $HOME/.aws a; cat a/credentials; rm a")" "0"
like "that was refused as well" "$(cat "$T/err")" 'credentials.aws'
for how in "cp $HOME/bin/aws $HOME/bin/mine; mv $HOME/bin/mine $HOME/bin/gh; cp \$(command -v cat) $T/aws; $T/aws" "ln -s \$(command -v cat) $T/aws; $T/aws" "cp -l $HOME/bin/aws $HOME/bin/s3cmd; $HOME/bin/s3cmd" "$W/bin/aws"; do
	like "a name that the session gave is not the tool: ${how##*; }" "$(run "${how%; *}; ${how##*; } $aws; rm -f $T/aws $HOME/bin/s3cmd $HOME/bin/gh")" '^0$'
	like "... the reason" "$(cat "$T/err")" 'credentials.aws'
done
is "the shell's own redirection" "$(run "read -r x <$HOME/.ssh/id_test; echo \"\$x\"")" $'\n0'
if command -v python3 >/dev/null; then
	echo 'machine example.org login me password secret-netrc' >"$HOME/.netrc"; chmod 600 "$HOME/.netrc"
	is "requests and pip read ~/.netrc unasked, as python3" "$(run "python3 -c 'import netrc; print(netrc.netrc().authenticators(\"example.org\")[2])'")" $'secret-netrc\n0'
	like "other scripts don't" "$(run "cat $HOME/.netrc")$(cat "$T/err")" '^1.*credentials.netrc'
	is "an open for reading and writing" "$(run "python3 -c 'open(\"$HOME/.kube/config\", \"r+\")' 2>/dev/null")" 1
	is "stdio" "$(run "python3 -c 'import ctypes; l = ctypes.CDLL(None); l.fopen.restype = ctypes.c_void_p; print(l.fopen(b\"$HOME/.kube/config\", b\"r\"))'")" $'None\n0'
	is "what is only looked at" "$(run "python3 -c 'import os; print(os.stat(\"$HOME/.kube/config\").st_size)'")" $'12\n0'
fi
is "a file that the session made" "$(run "rm -rf $HOME/.npmrc; echo new >$HOME/.npmrc; cat $HOME/.npmrc")" $'new\n0'

# --- a rule of one's own, about a name that the stock rules don't have
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
printf 'rule: my.key\non: read\npath: *.key\nseverity: danger\nreason: mine\nhit: a.key\nmiss: a\n' >"$XDG_CONFIG_HOME/gate/rules/my.rules"
is "a rule of one's own" "$(run "cat $HOME/own.key")" 1
like "its reason" "$(cat "$T/err")" 'my.key .danger.: mine'
is "other files, then" "$(run "cat $HOME/.aws/config")" $'region\n0'
rm -r "$XDG_CONFIG_HOME/gate/rules"

# --- with a principal
printf 'name: agent-svc\n' >"$XDG_CONFIG_HOME/gate/agent-svc.principal"; chmod 600 "$XDG_CONFIG_HOME/gate/agent-svc.principal"
with=(--principal agent-svc)
is "with a principal, the tool is refused as well" "$(run "$HOME/bin/aws $aws")" 1
like "by a rule" "$(cat "$T/err")" 'credentials.aws'
is "also in a service that asks about no reads" "$(with=(--principal agent-svc --service ci); run "cat $aws")" 1
is "which lets them pass without one" "$(with=(--service ci); run "cat $aws")" $'secret-aws\n0'

is "so is ~/.netrc to python3" "$(with=(--principal agent-svc); run "python3 -c 'open(\"$HOME/.netrc\")'")" 1
like "by its rule" "$(cat "$T/err")" 'credentials.netrc .danger'

# --- the commands know it
like "check" "$("$GATESH" rules --json 2>/dev/null | grep -F credentials.aws | head -1)" '"read"'
done_testing
