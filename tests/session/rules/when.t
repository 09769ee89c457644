#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# when.t - a rule's probe decides whether it applies; what can't be told applies.
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
mkdir -p "$XDG_CONFIG_HOME/gate/rules" "$T/bin" "$T/work"
printf '#!/bin/sh\necho dropped\n' >"$T/bin/dropall"
chmod +x "$T/bin/dropall"
PATH=$T/bin:$PATH
cd "$T/work" || exit 1

rule() { # rule WHEN: the user's pack
	cat >"$XDG_CONFIG_HOME/gate/rules/when.rules" <<-END
		rule: test.dropall
		on: exec
		program: dropall
		when: $1
		severity: danger
		reason: drops all
		hit: dropall
		miss: dropalls
	END
}
drop() { got=$("$GATESH" run -- dropall 2>&1 </dev/null); status=$?; }

rule 'test -e precious'
drop
is 'the probe says 1: the rule does not apply' "$status $got" '0 dropped'
touch precious
drop
is 'the probe says 0, in the directory of the command: it applies' "$status" 126
like 'and says why' "$got" 'test.dropall'
rm precious

rule 'exit 3'
drop
is 'another exit status can not tell: it applies' "$status" 126
rule 'no-such-program'
drop
is 'a probe that can not run: it applies' "$status" 126
rule "kill -9 \$\$"
drop
is 'a probe that is killed: it applies' "$status" 126
rule 'sleep 30; exit 1'
start=$SECONDS
drop
is 'a probe without an end: it applies' "$status" 126
ok 'and is ended' test $((SECONDS - start)) -lt 10
rule 'dropall; exit 1'
drop
is 'a probe that runs what the rule is about is refused there, and starts no other' "$status $got" '0 dropped'

cat >"$XDG_CONFIG_HOME/gate/rules/when.rules" <<'END'
rule: test.push
on: exec
program: git
keyword: push
when: git status --porcelain | grep -q .
severity: danger
reason: with changes that are not committed
hit: git push
miss: git status
END
git init -q .
git -c user.email=t@example.org -c user.name=T commit -q --allow-empty -m empty
got=$("$GATESH" run -- git push 2>&1 </dev/null)
unlike 'real git, clean: silent' "$got" 'gate:'
touch change
got=$("$GATESH" run -- git push 2>&1 </dev/null)
like 'real git, not clean: refused' "$got" 'gate: refused: git push: test.push'
done_testing
