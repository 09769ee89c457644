#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# init.t - gatesh init: a project's .gate/ after three questions, never over a file that is there, and right as it is written.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99
export XDG_CONFIG_HOME=$HOME/.config
PATH=$GATE_STAGE/bin:/usr/bin:/bin
mkdir -p shop/scripts shop/deploy shop/.git
printf '[remote "origin"]\n\turl = git@git.example.org:shop/web.git\n' >shop/.git/config
echo '{}' >shop/package.json
printf '#!/bin/sh\necho deployed\n' >shop/scripts/deploy.sh; chmod +x shop/scripts/deploy.sh
cp -a shop Second_Shop; cp -a shop third
sum() { (cd "$1" && find .gate -type f -exec sha256sum {} + | sort -k2); }
# answers DIR LINE...: gatesh init on a terminal, with a line for each question
answers() {
	python3 - "$@" <<'END'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.chdir(sys.argv[1])
    os.execvp('gatesh', ['gatesh', 'init'])
seen, lines, asked = b'', sys.argv[2:], 0
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:  # EIO: the last descriptor was closed
        break
    if not data:
        break
    seen += data
    while lines and seen.count(b'] ') > asked:
        asked += 1
        os.write(fd, lines.pop(0).encode())
sys.stdout.buffer.write(seen.replace(b'\r\n', b'\n'))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
END
}

# --- unasked
is "--dry-run writes nothing" "$(cd shop && gatesh init --yes --dry-run >"$T/dry"; echo "$?"; ls -A "$T/shop")" $'0\n.git\ndeploy\npackage.json\nscripts'
like "and prints the files" "$(cat dry)" '\.gate/rules/shop\.rules:.*\.gate/shop\.principal:.*\.gate/network\.list:'
is "without a terminal, it asks nobody" "$(cd shop && gatesh init </dev/null 2>&1; echo $?; ls -d .gate 2>/dev/null)" \
	"gatesh: init: no terminal to ask on; --yes does not ask; try gatesh init --help"$'\n'64
gatesh init --yes shop >out 2>&1; is "--yes takes what it found" $? 0
is "three files" "$(cd shop/.gate && find . -type f | sort)" $'./network.list\n./rules/shop.rules\n./shop.principal'
like "the script that deploys asks" "$(cat shop/.gate/rules/shop.rules)" $'\nprogram: deploy.sh\n'
is "the registry and the remote's host" "$(grep -v '^#' shop/.gate/network.list)" $'127.0.0.0/8\n::1\nregistry.npmjs.org\ngit.example.org'
ok "gatesh lint agrees" eval 'said=$(cd shop && gatesh lint --strict .gate 2>&1) || { diag "$said"; false; }'
like "with all that a session reads there" "$(cd shop && gatesh lint 2>&1; echo "=$?")" '=0$'
like "the rule asks" "$(cd shop && gatesh check --no-ask -- scripts/deploy.sh prod)" '^ask +shop\.commands +warning'
is "to look at the script does not" "$(cd shop && gatesh check --no-ask -- cat scripts/deploy.sh >/dev/null; echo $?)" 0
like "a push that rewrites takes a word" "$(cd shop && gatesh check --no-ask -- git push --force origin main)" 'git\.force-push +critical'
mkdir -p "$XDG_CONFIG_HOME/gate"; cp shop/.gate/shop.principal "$XDG_CONFIG_HOME/gate/"
like "the principal is one" "$(gatesh principal show shop; echo "=$?")" 'registry\.npmjs\.org git\.example\.org.*=0$'
is "a session has it" "$(cd shop && setsid gatesh run --principal shop -- sh -c 'echo in' </dev/null 2>/dev/null)" in
is "and one the list" "$(cd shop && setsid gatesh run --network allow-listed --allow-list .gate/network.list -- sh -c 'echo in' </dev/null 2>/dev/null)" in

# --- again
before=$(sum shop)
is "again: each stays as it is" "$(cd shop && gatesh init --yes | grep -c 'is there already, and stays as it is')" 3
is "to the byte" "$(sum shop)" "$before"
echo '# mine' >shop/.gate/network.list; rm shop/.gate/shop.principal
(cd shop && gatesh init --yes >/dev/null)
is "what is missing is written, what a person wrote stays" "$(cat shop/.gate/network.list; ls shop/.gate)" $'# mine\nnetwork.list\nrules\nshop.principal'

# --- asked
answers Second_Shop $'\n' $'a.example.org *.b.example.org\n' $'-\n' >out; is "three answers" $? 0
is "the directory's name, as a pack may be called" "$(cd Second_Shop/.gate && find . -type f | sort)" $'./network.list\n./rules/second-shop.rules\n./second-shop.principal'
is "the hosts that were said" "$(grep -v '^#' Second_Shop/.gate/network.list | tail -2)" $'a.example.org\n*.b.example.org'
unlike "no program" "$(cat Second_Shop/.gate/rules/*)" 'program:'
ok "gatesh lint agrees with that" eval '(cd Second_Shop && gatesh lint --strict .gate >/dev/null 2>&1)'
like "an answer that is no host" "$(answers third $'x\n' $'a.example.org http://x/\n' $'\n'; echo "=$?")" "'http://x/' is not the name of a host; nothing was written.*=1"
like "the end of the answers" "$(answers third $'x\n' $'\x04'; echo "=$?")" 'Nothing was written\..*=1'
is "writes nothing" "$(ls -d third/.gate 2>/dev/null)" ""

# --- remotes of all kinds, and a file that is none
mkdir -p remote/.git
host() { printf '[remote "origin"]\n\turl = %s' "$1" >remote/.git/config; gatesh init --yes --dry-run remote | sed -n '/network.list:/,$p' | grep -vE '^(#|$|\.gate|127|::1)'; }
long=$(printf 'a%.0s' {1..400})
is "the host of a remote" "$(for url in https://me@h.example.org:8443/x.git ssh://git@h.example.org/x h.example.org:x git@h.example.org:x $'https://h.example.org/x\r'; do host "$url"; done | sort | uniq -c | tr -s ' ')" " 5 h.example.org"
is "and none, where there is none" "$(for url in /srv/x.git ../x file:///srv/x 'ext::sh -c x' '' ':' '@' '://' 'https://' "https://$long/x" $'https://h\e[2J/x' 'https://[::1]/x'; do host "$url"; done)" ""
printf '\turl = /srv/x.git\n\tpushurl = https://other.example.org/x\n' >remote/.git/config
is "another line's address is not its own" "$(gatesh init --yes --dry-run remote | grep -c other)" 0
head -c 200000 /dev/urandom >remote/.git/config
is "a file of noise" "$(gatesh init --yes --dry-run remote >/dev/null; echo $?)" 0

# --- where it must not write
ln -s "$T/elsewhere" third/.gate; mkdir elsewhere
like "a .gate that is a link is left alone" "$(gatesh init --yes third 2>&1; echo "=$?"; ls elsewhere)" 'is not a directory of its own.*=1$'
like "a session can't say what it needs" "$(setsid gatesh run -- gatesh init --yes shop 2>&1 </dev/null; echo "=$?")" 'inside a session.*=126'
done_testing
