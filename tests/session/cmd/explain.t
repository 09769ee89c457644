#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# explain.t - gatesh explain: for each rule the step that decided, the stack's lines, the verdict.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 22
cd "$T" || exit 99
cat >r.rules <<'END'
rule: t.push
on: exec
program: git
keyword: push
match: \spush\s.*(?:-f|--force)\b
unless: --dry-run
severity: danger
reason: rewrites history
hit: git push -f
miss: git push

rule: t.any
on: exec
keyword: detonate
match: \bdetonate\s+now\b
severity: critical
reason: bang
hit: anything detonate now
miss: anything detonate later
END
explain() { "$GATESH" explain -r r.rules "$@" 2>"$T/err"; echo "=$?"; }

out=$(explain -- git push origin --force)
like "the subject" "$out" '^subject  git push origin --force'
like "the rule that matches, and its severity" "$out" $'\n  t.push  danger\n'
like "the pattern and where it stands" "$out" '  match    .spush.s.*\(r.rules:5\)'
like "what it matched is marked" "$out" $'\n           git push origin --force\n              \\^{20}\n'
like "the stack, line by line" "$out" 'LINE +MODULE +CONTROL +RETURN +ACTION'
like "with return and action" "$out" 'gate_rules +sufficient +finding +ignore'
like "the verdict, as the status of check -n" "$out" 'service agent: ask: t.push: rewrites history.*=2$'
like "a keyword that is missing" "$(explain -- git status)" '  t.push  no match  keyword: none of push'
like "a pattern that is missing" "$(explain -- git push)" '  t.push  no match  match: none of its 1 pattern \(r.rules:5\)'
out=$(explain -- git push -f --dry-run)
like "an exception, marked" "$out" $'  t.push  excepted\n  unless   --dry-run  \\(r.rules:6\\)\n           git push -f --dry-run\n                       \\^{9}\n'
like "who granted it" "$out" 'gate_rules +sufficient +success +done +grants.*allow'$'\n''=0$'
like "a program that no rule is about" "$(explain -- true)" '  no rule is about true'
like "-v: rules for any program" "$(explain -v -- true)" '  t.any  no match  keyword: none of detonate'
like "every command of a shell text" "$(explain -c 'cd /x; git push -f')" 'subject  cd /x.*subject  git push -f'
unlike "nothing raw reaches the terminal" "$(explain -c $'git push -f \e[2J\u202e')" $'\e|\u202e'
json=$(explain --json -- git push -f); json=${json%=2}
is "--json" "$(python3 -c 'import json,sys; o=json.loads(sys.argv[1]); r=o["steps"][0]["rules"][0]; t=o["trace"][0]
print(o["verdict"], r["rule"], r["matched"], r["by"], r["span"], r["line"], t["module"], t["ret"], t["action"], t["grantor"])' "$json" 2>&1)" \
	"ask t.push True hit [3, 11] 5 gate_rules finding ignore False"
is "bad usage is 64, one line" "$(explain; wc -l <"$T/err")$(explain -c x -- y; wc -l <"$T/err")$(explain -z -- y; wc -l <"$T/err")" \
	$'=64\n1=64\n1=64\n1'
like "--help on stdout" "$(explain --help)" '^usage: gatesh explain.*=0$'
printf 'command: git\nabbreviates: options\noptions: -C:\nverb: push\noptions: -f|--force! --dry-run!\n\n' | cat - r.rules >s.rules
out=$("$GATESH" explain -r s.rules -- git push -C x --forc --dry-run --no-dry-run)
like "what the command means, below what was typed" "$out" $'^subject  git push -C x --forc --dry-run --no-dry-run\nmeans    git push --force -C x\n'
like "a match is shown in the text that it is in" "$out" $'  match [^\n]*\n           git push --force -C x\n'
like "and an exception" "$("$GATESH" explain -r s.rules -- git push --dry-r -f)" $'  unless   --dry-run [^\n]*\n           git push --dry-run --force\n'
"$GATESH" explain -- true >/dev/full 2>/dev/null
is "a full stdout is 74" $? 74
