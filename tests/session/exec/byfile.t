#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# byfile.t - a program that rules name is known by its file: a copy or a link of it under another name is judged as it, however
# it is started; a program of many names, and what is not such a file, starts as ever.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"
command -v git >/dev/null || { echo "1..0 # SKIP no git"; exit 0; }
run() { setsid -w "$GATESH" run "$@" </dev/null 2>&1; }
git init -q "$T/repo"; git -C "$T/repo" -c user.name=a -c user.email=a@b commit -q --allow-empty -m a
mkdir "$T/bin" "$T/other"; cd "$T/repo" || exit 99
git=$(realpath "$(command -v git)") python=$(command -v /usr/bin/python3)
cp "$git" x; cp "$git" "a name"; ln -s "$git" y; ln "$git" z 2>/dev/null || ln -s "$git" z; cp "$git" old; mv old new
ln -s y yy; cp "$git" "$T/other/tool"
refused='gate: refused: [^ ]* .*git\.force-push' harm='push --force origin main'

printf '#!/bin/sh\n./x %s\n' "$harm" >script; chmod +x script
printf '#!%s push\n' "$PWD/x" >pushes; printf '#!%s log\n' "$PWD/x" >logs; chmod +x pushes logs
loader=$(ldd "$git" | grep -om1 '/[^ ]*/ld-[^ ]*')
# One session: a line for each way, "NAME: EXIT", and the way without harm.
cat >ways <<EOF2
try() { what=\$1; shift; "\$@" >/dev/null 2>err; echo "\$what: \$? \$(grep -c '^gate: refused: git push.*git.force-push' err)"; }
for p in ./x "./a name" ./y ./yy ./z ./new '$T/other/tool' "\$PWD/x"; do
	try "\${p##*/}" "\$p" $harm
	try "\${p##*/}, harmless" "\$p" log --oneline
done
try PATH sh -c "PATH=$T/other:\$PATH; tool $harm"
try env env A=b ./x $harm
try "nice nohup" nice nohup ./y $harm
try "exec -a" bash -c "exec -a other ./x $harm"
try xargs xargs -a words ./x
try find find y -exec ./{} $harm ';'
try script ./script
try "a script's interpreter" ./pushes --force
try "a script's interpreter, harmless" ./logs -1 HEAD --
try "the loader's argument" $loader ./x $harm
try "the loader's --argv0" $loader --argv0 other ./x $harm
try "the loader's argument, harmless" $loader ./x log --oneline
cp '$git' late; try "a copy of the session's" ./late $harm
ln -sf '$git' late; try "a link of the session's" ./late $harm
EOF2
echo "$harm" >words
run -- bash ways >"$T/ways"
refused_ways="x:a name:y:yy:z:new:tool:x:PATH:env:nice nohup:exec -a:xargs:find:script:a script's interpreter:the loader's argument:the loader's --argv0:a copy of the session's:a link of the session's"
IFS=:; for way in $refused_ways; do like "$way" "$(grep -m1 "^$way: " "$T/ways")" ': [0-9]+ 1$'; done; unset IFS
is "none of them without harm" "$(grep -c ', harmless: [0-9]* 0$' "$T/ways")" 10
if [ -n "$python" ]; then
	cat >raw.py <<'EOF2'
import ctypes, os, sys
libc, how, words = ctypes.CDLL(None, use_errno=True), sys.argv[1], [w.encode() for w in sys.argv[2:]]
argv = (ctypes.c_char_p * (len(words) + 1))(*words, None)
envp = (ctypes.c_char_p * 1)(None) if how == "bare" else ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
if how == "memfd":
    fd = os.memfd_create("m")
    os.write(fd, open(words[0], "rb").read())
    libc.fexecve(fd, argv, envp)
elif how == "rawmemfd":
    fd = os.memfd_create("m")
    os.write(fd, open(words[0], "rb").read())
    libc.syscall(ctypes.c_long({"x86_64": 322, "aarch64": 281}[os.uname().machine]), fd, b"", argv, envp, 0x1000)
else:
    libc.syscall(ctypes.c_long({"x86_64": 59, "aarch64": 221}[os.uname().machine]), words[0], argv, envp)
print("errno", ctypes.get_errno())
EOF2
	# shellcheck disable=SC2086
	for how in raw bare memfd rawmemfd; do
		like "a $how exec from ctypes" "$(run -- "$python" raw.py $how ./x $harm)" "$refused"
		unlike "a $how exec, harmless" "$(run -- "$python" raw.py $how ./x log --oneline)" 'gate: |errno'
	done
else
	skip "raw execs" "no python3"
fi
if ${CC:-cc} -D_GNU_SOURCE -static -o "$T/bin/launch" "$GATE_SRC/tests/support/launch.c" 2>/dev/null; then
	# shellcheck disable=SC2086
	for how in execve "-e execve" posix_spawn "-e fexecve"; do
		like "a static program's $how" "$(run -- "$T/bin/launch" $how "$PWD/x" $harm)" "$refused"
	done
	unlike "a static program's execve, harmless" "$(run -- "$T/bin/launch" execve "$PWD/x" log --oneline)" 'gate: '
fi
# Without the seam, the interposer asks alone.
# shellcheck disable=SC2086
if [ "$(id -u)" = 0 ] || "$GATESH" run --allow-setuid -- true </dev/null 2>/dev/null; then
	for p in ./x ./y; do
		like "$p without the seam" "$(run --allow-setuid -- "$p" $harm)" "$refused"
		unlike "$p without the seam, harmless" "$(run --allow-setuid -- "$p" log --oneline)" 'gate: refused'
	done
fi

# gatesh check, and the words of a question and of the log.
# shellcheck disable=SC2086
is "gatesh check" "$("$GATESH" check -n -- ./x $harm | awk '{ print $1, $2 }' | head -1)" "ask git.force-push"
# shellcheck disable=SC2086
is "gatesh explain and check --json" "$("$GATESH" check --json -- ./x $harm | grep -o '"git push --force origin main"' | head -1)" '"git push --force origin main"'
like "the line of a refusal says which program it is" "$(run -- ./x push --force)" 'git push --force \(as [.]/x, which is [^ ]*git\): git[.]force-push'
like "the log has it" "$("$GATESH" log --json 2>/dev/null | grep -v '"preview"' | tail -1)" '"known": ?"[^"]*git"'

# The question.
setsid -w "$GATESH" run --wait-for-answer -- ./x push --force </dev/null >/dev/null 2>&1 & job=$!
wait_for 20 any_question
like "a question says which program it is" "$("$GATESH" pending)" '\./x \(is [^ ]*git\) push --force'
"$GATESH" deny 1 >/dev/null; wait "$job"
is "and its answer counts" $? 126

# Programs of many names go by the name that they are started under.
mkdir "$T/many"
for name in endtimes a b c d e f g h i; do ln -s "$T/many-names" "$T/many/$name"; done
cp "$GATE_BUILD/tests/support/probe" "$T/many-names"
cp "$GATE_BUILD/tests/support/probe" "$T/bin/alone"; printf x >>"$T/bin/alone"; ln "$T/bin/alone" "$T/bin/twin"; ln -s alone "$T/bin/short"
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/probe.rules" <<'EOF2'
rule: probe.end
on: exec
program: endtimes alone
keyword: danger
severity: danger
reason: the end of the world
hit: endtimes danger
miss: endtimes safe
EOF2
PATH=$T/many:$T/bin:$PATH
like "one of many names, by its own" "$(run -- endtimes danger)" 'gate: refused'
unlike "another of them" "$(run -- a danger)" 'gate: '
cp "$T/many-names" many
unlike "a copy of it" "$(run -- ./many danger)" 'gate: '
unlike "a hard link in PATH has a meaning of its own" "$(run -- twin danger)" 'gate: '
like "a symbolic link in PATH is an abbreviation" "$(run -- short danger)" 'gate: refused'
cp "$T/bin/alone" ./short-copy
like "a copy" "$(run -- ./short-copy danger)" 'gate: refused'
if busybox=$(command -v busybox); then
	cp "$busybox" cat
	is "a copy of busybox goes by its name" "$(run -- sh -c 'echo git push --force | ./cat')" "git push --force"
fi
done_testing
