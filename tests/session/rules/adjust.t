#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# adjust.t - packs as directories, and what a user's and a project's files may do to the rules of others, in real sessions.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 21
mkdir -p "$T/w" && cd "$T/w" || exit 99
user=$XDG_CONFIG_HOME/gate/rules
mkdir -p "$user/team" .gate/rules
check() { "$GATESH" check -n -c "$1" 2>&1; echo "=$?"; }
rule() { printf 'rule: %s\non: exec\nprogram: %s\nseverity: danger\nreason: r\nhit: %s\nmiss: true\n\n' "$1" "$2" "$2"; }

{ printf 'pack: team\nversion: 1.2\nrequires: gate 0.1\n\ninclude: inc/shared\n\n'; rule team.deploy frob; } >"$user/team/pack.rules"
rule team.undeploy unfrob >"$user/team/more.rules"
mkdir "$user/team/inc"; rule team.shared sharedfrob >"$user/team/inc/shared"
like "a pack of the user's: its first file" "$(check frob)" 'ask +team.deploy .*=2'
like "the files beside it" "$(check unfrob)" 'ask +team.undeploy .*=2'
like "and what it includes" "$(check sharedfrob)" 'ask +team.shared .*=2'
like "show packs: names, versions, files" "$("$GATESH" show packs)" 'team 1.2 +user +[^ ]*team/pack.rules:1'$'\n''.*1 rule +[^ ]*team/more.rules'
like "show RULE: from, and of which pack" "$("$GATESH" show team.shared)" 'from: +[^ ]*/inc/shared:1'$'\n''pack: +team 1.2'

printf 'override: git.clean\nseverity: critical\naction: deny\n\ndisable: team.undeploy\n' >"$user/local.rules"
like "a user tightens the system's rules" "$(check 'git clean -fdx')" 'deny +git.clean +critical .*=1'
is "and disables those of its own" "$(check unfrob)" "=0"
like "show says what adjusted it" "$("$GATESH" show git.clean)" 'adjusted: +severity [a-z]+ -> critical, action ask -> deny, by [^ ]*/local.rules:1'
like "the list, too" "$("$GATESH" show)" 'git.clean +critical +deny +.*by [^ ]*/local.rules:1'
like "and what is disabled" "$("$GATESH" show)" 'team.undeploy +danger +disabled +.*disabled, by [^ ]*/local.rules:5'
is "--json has it" "$("$GATESH" show -j git.clean | python3 -c 'import json,sys
o = json.load(sys.stdin); print(o["severity"], o["action"], o["disabled"], o["trust"], o["adjusted"][0]["action"], o["adjusted"][0]["line"])')" \
	"critical deny False system deny 1"
is "--json of the packs" "$("$GATESH" show -j packs | python3 -c 'import json,sys
o = json.load(sys.stdin); p = o["packs"][-1]; print(p["name"], p["trust"], p["requires"], [r["rule"] for r in o["disabled"]])')" \
	"team user [{'name': 'gate', 'version': '0.1'}] ['team.undeploy']"

explain() { "$GATESH" explain "$@"; }
like "explain says by what a rule is another" "$(explain -- git clean -fdx)" 'git.clean +critical +\(severity [a-z]+ -> critical, action ask -> deny, by [^ ]*local.rules:1\)'
like "and which one would match, were it not disabled" "$(explain -- unfrob)" 'team.undeploy +would match +disabled, by [^ ]*local.rules:5'
is "in --json, too" "$(explain --json -- unfrob | python3 -c 'import json,sys
print([(r["rule"], r["matched"], r["disabled"]) for r in json.load(sys.stdin)["steps"][0]["rules"]])')" "[('team.undeploy', True, True)]"

printf 'disable: git.reset-hard\n' >"$user/local.rules"
out=$(check true)
like "but may not disable the system's: place and caret" "$out" \
	'local.rules:1:10: git.reset-hard is one of the system.s rules: the user.s file may not disable it'$'\n''  disable: git.reset-hard'$'\n''           \^.*=78'
rm "$user/local.rules"
printf 'override: team.deploy\naction: log\n' >.gate/rules/p.rules
like "nor a project weaken the user's" "$(check true)" 'p.rules:2:9: team.deploy is one of the user.s rules: the project.s file may not weaken .*=78'
out=$("$GATESH" run -- true 2>&1 </dev/null); status=$?
like "no session starts with that" "$out=$status" 'may not weaken .*=78$'
printf 'override: team.deploy\naction: deny\n' >.gate/rules/p.rules
like "it may tighten" "$(check frob)" 'deny +team.deploy .*=1'
is "gatesh lint of such a file alone knows what is installed" "$("$GATESH" lint .gate; echo "=$?")" "0 rules in 1 pack, 0 errors, 0 warnings"$'\n'=0
rm -r .gate; chmod o+w "$user/team/more.rules"
like "a pack's file that anybody can write to is refused" "$(check true)" 'team/more.rules: anybody can write to it.*=78'
