#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# show.t - gatesh show: rules, one rule, the service with its includes, the image.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 19
cd "$T" || exit 99
show() { "$GATESH" show "$@" 2>"$T/err"; echo "=$?"; }

out=$(show)
like "every rule, a line each" "$out" '(^|'$'\n'')git.force-push +danger +ask +git +rewrites the history'
is "as many as lint counts" "$(($(wc -l <<<"$out") - 1))" "$("$GATESH" lint | sed 's/ rules.*//')"
is "columns are aligned" "$("$GATESH" show | grep -bo -m2 '  ask  ' | head -1 | cut -d: -f1)" \
	"$("$GATESH" show | head -1 | grep -bo '  ask  ' | head -1 | cut -d: -f1)"
out=$(show git.force-push)
like "one rule in full" "$out" 'rule: +git.force-push'$'\n''from: +[^ ]*git.rules:[0-9]+'$'\n'
like "its examples, too" "$out" 'hit: +git push .*miss: +git push '
is "a rule that is not there is 1, one line" "$(show no.such-rule; wc -l <"$T/err")" $'=1\n1'
out=$(show service)
like "the paths in force" "$out" 'interposer +[^ ]*/lib/gate/interposer/[^ /]*/libgate-preload.so'$'\n'
like "the stack" "$out" 'gate.d/agent'$'\n''  exec +sufficient +gate_rules'
mkdir -p "$XDG_CONFIG_HOME/gate/gate.d"
printf 'exec include ci\n' >"$XDG_CONFIG_HOME/gate/gate.d/agent"
like "what is included, below it and deeper" "$(show service)" \
	'config/gate/gate.d/agent'$'\n''  exec +include +[^ ]*ci'$'\n''    exec +sufficient +gate_rules'
rm "$XDG_CONFIG_HOME/gate/gate.d/agent"
mkdir .gate; printf 'exec required gate_deny.so\n' >bad; mkdir .gate/gate.d; mv bad .gate/gate.d/agent
like "the directory's own, too" "$(show service)" "$T/.gate/gate.d/agent"$'\n''  exec +required +gate_deny'
rm -r .gate
like "another service" "$(show -s ci service)" 'gate.d/ci'$'\n'
like "the image" "$(show image)" 'rules +[1-9][0-9]*'$'\n''.*gate-standin: +/'
# valid EXPRESSION ARG...: what the expression is of the object `o` that is printed
valid() {
	local expr=$1; shift
	"$GATESH" show --json "$@" | python3 -c 'import json,sys; o=json.loads(sys.stdin.read()); print(eval(sys.argv[1], {"o": o}))' "$expr" 2>&1
}
is "--json rules" "$(valid 'len(o["rules"]) > 40 and len(o["files"]) > 3' rules)" True
is "--json of one rule" "$(valid '(o["rule"], o["program"], len(o["hit"]) > 0)' git.force-push)" "('git.force-push', ['git'], True)"
is "--json service" "$(valid '(o["service"], o["stacks"][0]["lines"][0]["module"])' service)" "('agent', 'gate_rules')"
is "--json image" "$(valid 'o["version"] > 0 and o["rules"] > 0' image)" True
is "bad usage is 64, one line" "$(show a b; wc -l <"$T/err")$(show --nope; wc -l <"$T/err")" $'=64\n1=64\n1'
like "78: no such service" "$(show -s nope)" '=78'
"$GATESH" show >/dev/full 2>/dev/null
is "a full stdout is 74" $? 74
