#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# readme.t - the README's own rule passes the README's own gatesh lint, and its examples pass gatesh test.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99

# The indented block that begins with a rule.
sed -n '/^    rule: /,/^$/{s/^    //p;}' "$GATE_SRC/README.md" >"$T/team.rules"
ok "README has a rule" grep -q '^rule: ' "$T/team.rules"
like "it passes gatesh lint" "$("$GATESH" lint "$T/team.rules" 2>&1; echo "=$?")" '^1 rules? in 1 packs?, 0 errors, 0 warnings.=0$'
ok "and its hits and misses gatesh test" sh -c '"$1" test "$2" >/dev/null' _ "$GATESH" "$T/team.rules"
mkdir -p "$XDG_CONFIG_HOME/gate/rules"; cp "$T/team.rules" "$XDG_CONFIG_HOME/gate/rules/"
# What it shows of gatesh explain, from the command to the sentence of the service.
shown=$(sed -n '/^    \$ gatesh explain -- deploy/,/^    service /{/^    \$/d;s/^    //p;/^$/p;}' "$GATE_SRC/README.md" | cat -s)
is "gatesh explain prints what README shows" "$(cd "$T" && "$GATESH" explain -- deploy --fast prod 2>&1 | cat -s)" "$shown"
# The principal that it shows.
mkdir -p "$XDG_CONFIG_HOME/gate"
sed -n '/^    name: shop-agent/,/^$/{s/^    //p;}' "$GATE_SRC/README.md" >"$XDG_CONFIG_HOME/gate/shop-agent.principal"
like "its principal is one" "$("$GATESH" principal show shop-agent 2>&1)" 'secret +repo from vault://kv/git#token for https://github.com'
commands=$(grep -oE '^    gatesh [a-z-]+' "$GATE_SRC/README.md" | awk '{ print $2 }' | sort -u)
ok "it names commands" test -n "$commands"
unknown=$(for c in $commands; do "$GATESH" help "$c" >/dev/null 2>&1 || echo "$c"; done)
is "which exist" "$unknown" ""
# A build for another prefix, such as the one of ./bootstrap, does not read /etc/gate.
is "what people copy or follow names no directory that this build may not read" \
	"$(grep -rln '/etc/gate' "$GATE_SRC/README.md" "$GATE_SRC/rules" "$GATE_SRC/examples" --exclude=*.rules)" ""
done_testing
