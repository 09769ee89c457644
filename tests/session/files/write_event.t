#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# write_event.t - the event `write`: a file that is opened to be written in place and can't be kept is asked about, once for
# the program and the directory, and the question says why.  Logs are not asked about.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
cd "$W" || exit 99
truncate -s 1M clone; if cp --reflink=always clone clone2 2>/dev/null; then echo "1..0 # SKIP this file system clones: every file can be kept"; exit 0; fi
rm -f clone clone2
mkdir -p "$XDG_CONFIG_HOME/gate/rules" "$XDG_CONFIG_HOME/gate/gate.d"
cat >"$XDG_CONFIG_HOME/gate/rules/test.rules" <<'END'
rule: test.watched
on: write
path: *.watched
severity: warning
reason: somebody else reads it
hit: x.watched
miss: x

rule: test.never
on: truncate
path: *.never
action: deny
severity: notice
reason: never
hit: x.never
miss: x

rule: test.precious
on: truncate
path: *.precious
severity: critical
reason: precious
hit: x.precious
miss: x
END
sed 's/gate_keep.so$/gate_keep.so max=1M/' "$GATE_SRC/rules/policy/gate.d/agent" >"$XDG_CONFIG_HOME/gate/gate.d/agent"
passes=$GATE_STAGE/lib/gate.d/test-write.$$
test_cleanup() { rm -f "$passes"; }
mkdir -p data/base/1 data/base/2 other
for f in big big2 data/base/1/a data/base/1/b data/base/2/c other/d other/e x.precious y.precious log image; do truncate -s 2150K "$f"; printf old | dd of="$f" conv=notrunc status=none; done
for f in small x.watched x.never; do echo old >"$f"; done
python3 -c 'import os, sqlite3
d = sqlite3.connect("large.sqlite", isolation_level=None); d.execute("create table t(x)"); d.executemany("insert into t values(?)", [("a" * 500,)] * 4000)
d.execute("pragma journal_mode=wal"); d.execute("update t set x = 1 where rowid < 100"); os._exit(0)' 2>/dev/null
sleep 0.05

mkfifo "$T/in"
setsid "$GATESH" run --wait-for-answer -a tester -- bash --norc <"$T/in" >"$T/out" 2>"$T/err" &
run=$!
exec 7>"$T/in"
inside() { rm -f "$T/status" "$T/e"; echo "{ $1; } 2>$T/e; echo \$? >$T/status" >&7; }
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }
g() { "$GATESH" "$@"; }
waiting() { [ "$(g pending --json | wc -l)" = "$1" ]; }
settled() { test -s "$T/status" || waiting 1; }
# try COMMAND: "asked", or its status
try() { inside "$1"; wait_for 20 settled; if test -s "$T/status"; then cat "$T/status"; else echo asked; fi; }
number() { g pending --json | sed -nE 's/.*"id":([0-9]+).*/\1/p'; }
yes() { g allow "$@" "$(number)"; status; }
no() { g deny "$(number)" 'not this'; status; }
py() { echo "python3 -c 'open(\"$1\", \"r+\").write(\"new\")'"; }
start() { head -c 3 "$1"; }
wait_for 10 any_session

# --- what asks nobody
is "a file that can be kept" "$(try "$(py small)") $(cat small)" "0 new"
is "a log that is appended" "$(try "echo more >>log")" 0
is "one that its program may read as well" "$(try "python3 -c 'open(\"log\", \"a+\").write(\"x\")'")" 0
is "a large file that the session made" "$(try "truncate -s 3M mine; echo x 1<>mine")" 0

# --- the question
is "a file that can't be kept asks" "$(try "$(py big)")" asked
q=$(g pending --json)
like "as the event that it is" "$q" '"command":"open for writing in place [^"]*/work/big".*"event":"write"'
like "with what could be lost" "$q" '"reason":"it may be written in place, and undo could not bring it back: 2.1 MiB, too large to keep \(max 1M\)"'
like "and how far a yes goes" "$q" '"once":"what python3[^ "]* writes in place, in this session, under [^"]*/work"'
wait_for 5 grep -q preview <(g pending --json); wait_for 5 sh -c "'$GATESH' pending --json | grep -q 'preview.*1 file'"
like "and nothing else is at stake" "$(g pending --json)" '"preview":"1 file, 2.1 MiB'
is "no: the open fails" "$(no) $(start big)" "1 old"
like "as a refusal that says why" "$(cat "$T/e")" 'gate: refused: write [^ ]*/work/big: gate_keep \(danger\): it may be written in place.*2.1 MiB, too large to keep \(max 1M\)'
is "a no is for those processes: the next asks" "$(try "$(py big)")" asked
is "yes: it is written" "$(yes) $(start big)" "0 new"
is "nothing claims to have kept it" "$(g undo --all --json 2>/dev/null | grep -c '/work/big"')" 0
g undo big --dry-run >"$T/undo" 2>&1; like "undo says what became of it" "$(cat "$T/undo")" 'work/big: was opened for writing in place at .*; it could not be kept, and a yes allowed it'
g undo small --dry-run >"$T/undo" 2>&1; like "and which other files its program wrote" "$(cat "$T/undo")" 'python3[^ ]* also wrote [^ ]*/work/big [(]2.1 MiB[)] in place, which can'"'"'t come back'

# --- once for the program and the directory
is "the same file again" "$(try "$(py big)")" 0
is "another process of the program, another file" "$(try "$(py big2)") $(start big2)" "0 new"
is "another program asks" "$(try "dd if=/dev/zero of=data/base/1/a bs=1 count=3 conv=notrunc status=none")" asked
like "with its directory" "$(g pending --json)" '"once":"what dd writes in place, in this session, under [^"]*/work/data/base/1"'
no >/dev/null
is "a program in a directory of its own" "$(try "cd data; dd if=/dev/zero of=base/1/a bs=1 count=3 conv=notrunc status=none; s=\$?; cd ..; (exit \$s)")" asked
like "asks for all of it" "$(g pending --json)" '"once":"what dd writes in place, in this session, under [^"]*/work/data"'
is "yes" "$(yes)" 0
is "its other directories are covered" "$(try "dd if=/dev/zero of=data/base/2/c bs=1 count=3 conv=notrunc status=none")" 0
is "a directory beside it is not" "$(try "dd if=/dev/zero of=other/d bs=1 count=3 conv=notrunc status=none")" asked
no >/dev/null
raw='import ctypes, os; fd = ctypes.CDLL(None).syscall({"x86_64": 257, "aarch64": 56}[os.uname().machine], -100, b"other/d", os.O_RDWR); exit(0 if fd >= 0 else 1)'
echo "$raw" >"$T/raw.py"
is "a program that calls the kernel itself" "$(try "env -u LD_PRELOAD python3 $T/raw.py")" 0
if command -v perl >/dev/null; then
	echo 'my $f = "other/e"; my $m = `uname -m` =~ /aarch64/ ? 56 : 257; exit(syscall($m, -100, $f, 2) < 0)' >"$T/raw.pl"
	is "another program, raw" "$(try "perl $T/raw.pl")" asked
	like "asks the same" "$(g pending --json)" '"event":"write".*2.1 MiB, too large to keep [(]max 1M[)]'
	is "and gets a yes" "$(yes)" 0
else
	for w in "another program, raw" "asks the same" "and gets a yes"; do skip "$w" "no perl"; done
fi

PATH=$PATH:/usr/sbin:/sbin
if command -v mkfs.ext4 >/dev/null && command -v debugfs >/dev/null; then
	mkfs.ext4 -qF image 2>/dev/null; debugfs -w -R "write /etc/passwd content" image >/dev/null 2>&1; sum=$(sha256sum <image)
	for tool in "mkfs.ext4 -qF image" "debugfs -w -R 'rm content' image"; do
		is "${tool%% *} on an image with content" "$(try "PATH=\$PATH:/usr/sbin; $tool >/dev/null")" asked
		like "that can't be kept" "$(g pending --json)" '"event":"write".*"path":"[^"]*/work/image"'
		no >/dev/null; is "leaves it as it is" "$(sha256sum <image)" "$sum"
	done
else
	for tool in mkfs.ext4 debugfs; do for w in asks "that can't be kept" "leaves it as it is"; do skip "$tool: $w" "no mkfs.ext4"; done; done
fi

# --- rules
is "a rule on write asks, whatever can be kept" "$(try "$(py x.watched)")" asked
like "and says nothing of undo" "$(g pending --json)" '"id":"test.watched"'
unlike "as it is kept" "$(g pending --json)" '"unkept"'
is "yes: it is kept all the same" "$(yes) $(cat x.watched) $(g undo --all --json | grep -c 'x.watched')" "0 new 1"
is "a rule that forbids overwriting forbids it in place" "$(try "$(py x.never)") $(cat x.never)" "1 old"
is "a rule that asks about overwriting: if the file can't be kept" "$(try "dd if=/dev/zero of=x.precious bs=1 count=3 conv=notrunc status=none")" asked
like "with the rule's reason, and undo's" "$(g pending --json)" '"id":"test.precious".*"unkept":"2.1 MiB, too large to keep \(max 1M\)"'
like "a yes to what is critical is for the process alone" "$(g pending --json)" '"once":"what dd\([0-9]+\) and its children write in place under [^"]*/work"'
is "yes" "$(yes --word precious) $(head -c 3 x.precious | od -An -c | tr -d ' ')" '0 \0\0\0'
is "the next asks" "$(try "dd if=/dev/zero of=y.precious bs=1 count=3 conv=notrunc status=none")" asked
no >/dev/null
[ ! -s large.sqlite-wal ] || is "a large database with a log beside it" "$(try "python3 -c 'import sqlite3; d = sqlite3.connect(\"large.sqlite\"); d.execute(\"update t set x = 2\"); d.commit(); d.close()'")" 0
exec 7>&-; wait "$run"

if [ -e large.sqlite ]; then
	g undo large.sqlite-wal --yes >"$T/undo" 2>&1; is "its log does not come back without it" "$? $(ls large.sqlite*)" "1 large.sqlite"
	like "and undo says why" "$(cat "$T/undo")" "can't .*its database was written in place and is not kept"
else
	skip "its log does not come back without it" "no sqlite3 in python3"; skip "and undo says why" "no sqlite3 in python3"
fi
# --- the log
like "the log has it" "$(g log --json --event write | grep '/work/big"' | tail -1)" '"event":"write".*"unkept":"2.1 MiB, too large to keep \(max 1M\)"'
like "for people" "$(g log --event write)" 'deny +[^ ]* .*write [^ ]*/work/other/d'
g replay >"$T/replay" 2>&1; is "judged again by the same rules, nothing changes" $? 0
g show test.watched >"$T/rule" 2>&1; like "rules show" "$(cat "$T/rule")" 'on: +write'
g test "$XDG_CONFIG_HOME/gate/rules/test.rules" >/dev/null 2>&1; is "gatesh test runs the examples" $? 0

# --- let pass, and logged
printf old | dd of=big conv=notrunc status=none
sed '/^write/d' "$GATE_SRC/rules/policy/gate.d/agent" >"$passes"
printf 'write sufficient %s\n' gate_rules.so 'gate_keep.so max=1M' gate_permit.so >>"$passes"
sleep 0.05; before=$(g log --json --event write | wc -l)
setsid -w "$GATESH" run -s "${passes##*/}" -- sh -c "$(py big); $(py big); $(py small)" </dev/null 2>"$T/e"; is "a service may let it pass" "$? $(start big)" "0 new"
is "it is in the log, the first open of the session" "$(($(g log --json --event write | wc -l) - before))" 1
like "as allowed" "$(g log --json --event write | tail -1)" '"verdict":"allow"'

# --- a service from before there was a write event
sed '/^write/d' "$GATE_SRC/rules/policy/gate.d/agent" >"$passes"
printf old | dd of=small conv=notrunc status=none; sleep 0.05
setsid -w "$GATESH" run -s "${passes##*/}" -- sh -c "$(py small)" </dev/null 2>"$T/e"; is "its lines for truncate let it write" "$? $(start small)" "0 new"
g undo small --yes >"$T/undo" 2>&1; is "and keep what was there" "$(start small)" old
done_testing
