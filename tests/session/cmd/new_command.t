#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# new_command.t - gatesh new-command: the stanza of a tool from the help that it and its verbs print; the tool runs confined.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99

new() { "$GATESH" new-command "$@" 2>"$T/err"; echo "=$?"; }

# --- a tool like those of cobra: its verbs have verbs
cat >zap <<'END'
#!/bin/sh
case "$*" in
"db drop --help") cat <<'X' ;;
Drop a database

Usage:
  zap db drop NAME [flags]

Flags:
  -f, --force             don't ask
      --label strings     only those with a label
      --grace int         seconds

Global Flags:
  -c, --config string   config file
X
"db --help") printf '%s\n' 'Available Commands:' '  drop, rm    Drop a database' '  list        List them' '' 'Flags:' '  -h, --help   help for db' ;;
"db list --help") printf 'Flags:\n  -o, --output string   format\n' ;;
"--help") cat <<'X' ;;
Usage:
  zap [command]

Available Commands:
  db          Databases
  help        Help about any command

Flags:
  -c, --config string   config file
  -v, --verbose         more output
X
*) exit 1 ;;
esac
END
chmod +x zap
out=$(new ./zap)
is "verbs of verbs, flags that can be taken back, values, repeated ones" "$out" "# Drafted from the help of zap; what it leaves out is guessed.  Check: which options take a value,
# whether global ones are valid between the words (globals:), which may be abbreviated.
command: zap
# env: the variables that choose what it acts on
options: -c|--config: -v|--verbose!
verb: db
options: -h|--help!
verb: db drop|rm
options: -f|--force! --label:* --grace:
verb: db list
options: -o|--output:
=0"
sed '/^=/d' <<<"$out" >zap.rules
ok "the stanza passes gatesh lint" "$GATESH" lint zap.rules
is "--shallow: no help of the verbs" "$(new --shallow ./zap | grep -c '^verb')" 1
cat >>zap.rules <<'END'

rule: zap.drop
on: exec
program: zap
keyword: db
match: ^zap db drop(?= .*--force)
severity: danger
reason: drops a database
hit: zap db drop shop --force
hit: zap -c x db rm -f shop
miss: zap db list
miss: zap db drop shop
END
ok "and a rule on the tool judges by it" "$GATESH" lint zap.rules

# --- argparse and getopt, git and apt, as they print it
cat >arg <<'END'
import argparse
p = argparse.ArgumentParser(prog="arg")
p.add_argument("-n", "--name", metavar="NAME")
p.add_argument("--dry-run", action="store_true")
s = p.add_subparsers()
w = s.add_parser("wipe", help="wipe it")
w.add_argument("-x", "--extra", type=int)
s.add_parser("show", help="show it")
p.parse_args()
END
if command -v python3 >/dev/null; then
	printf '#!/bin/sh\nexec python3 %q "$@"\n' "$T/arg" >argtool
	chmod +x argtool
	out=$(new ./argtool)
	like "argparse: options" "$out" $'\noptions: --dry-run -h\\|--help -n\\|--name:'
	like "argparse: verbs with theirs" "$out" $'\nverb: wipe\noptions: (.* )?-x\\|--extra:'
else
	skip "argparse: options" "no python3"
	skip "argparse: verbs with theirs" "no python3"
fi
draft() { new --from - "$1" | grep -E '^(options|verb|depth):' | tr '\n' ' '; }
is "click" "$(draft cl <<'END'
Usage: cl [OPTIONS] COMMAND [ARGS]...

Options:
  -p, --profile TEXT  Profile.
  --yes / --no-yes    Confirm.
  --help              Show this message and exit.

Commands:
  drop  Drop it.
  list  List it.
END
)" "options: -p|--profile: --yes! --help verb: drop verb: list "
is "getopt: attached and optional values, no verbs" "$(draft lsx <<'END'
Usage: lsx [OPTION]... [FILE]...
  -a, --all             do not ignore entries
      --block-size=SIZE  scale
      --color[=WHEN]    color
  -w, --width=COLS      width
Exit status:
 0  if OK
END
)" "depth: 0 options: -a|--all --block-size: --color? -w|--width: "
is "git: the usage, headings that are sentences, --[no-]x" "$(draft gx <<'END'
usage: gx [-v | --version] [-C <path>] [--exec-path[=<path>]]
          [--bare] <command>

start a working area (see also: gx help tutorial)
   clone      Clone a repository
   init       Create one

    -n, --[no-]dry-run    dry run
    -o, --[no-]push-option <server-specific>
END
)" "options: -v|--version -C: --exec-path? --bare -n|--dry-run! -o|--push-option:! verb: clone verb: init "
is "apt: a dash before the text" "$(draft ax <<'END'
Most used commands:
  list - list packages
  full-upgrade - upgrade all
END
)" "verb: list verb: full-upgrade "
is "ip: OBJECT := { ... } over lines" "$(draft ix <<'END'
Usage: ix [ OPTIONS ] OBJECT { COMMAND | help }
where  OBJECT := { address | addrlabel | help |
                   route }
END
)" "verb: address verb: addrlabel verb: route "

# --- a real one
if command -v apt >/dev/null; then
	like "apt" "$(new apt)" $'\nverb: install\n.*=0$'
	like "one with a stanza is told" "$(cat err)" "gatesh: new-command: apt has a stanza already: .*packages.rules:[0-9]+"
else
	skip "apt" "no apt"
	skip "one with a stanza is told" "no apt"
fi

# --- a help that does something
cat >evil <<'END'
#!/bin/sh
touch ran
git push --force origin main
echo "  --status$?   what a question gave"
END
chmod +x evil
like "a tool that does something instead is in a session, where nobody is asked" "$(new ./evil)" 'options: --status126'
is "... and not in this directory" "$(ls ran 2>/dev/null)" ""

# --- mistakes
printf '#!/bin/sh\n' >mute
chmod +x mute
like "1: no help" "$(new ./mute; cat err)" $'=1\ngatesh: new-command: .*/mute --help shows neither options nor verbs'
like "64: no tool" "$(new; cat err)" $'=64\ngatesh: new-command: needs a tool'
like "64: two" "$(new a b; cat err)" $'=64\ngatesh: new-command: takes one tool'
like "74: no such file" "$(new --from nothing x; cat err)" $'=74\ngatesh: new-command: No such file'
done_testing
