#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# license.t - every source, rule and script says in its first lines under which license it is.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99

# unlicensed TREE: sources, rules and scripts without the line.
unlicensed() {
	(cd "$1" && find libgate gatesh rules tests examples completions packages bootstrap configure.ac Makefile.am .ci -type f \
		\( -name '*.[ch]' -o -name '*.rules' -o -name '*.t' -o -name '*.sh' -o -name '*.py' -o -name '*.am' -o -name '*.sym' \
		-o -name bootstrap -o -name configure.ac -o -path '.ci/*' -o -path 'completions/*' -o -path 'rules/policy/*' -o -path 'packages/action/*' \
		-o -path 'packages/debian/*.in' -o -path packages/debian/rules -o -path 'examples/systemd/*' -o -path 'examples/vscode/*' \) \
		! -path 'tests/fuzz/corpus/*' 2>/dev/null | sort | while read -r f; do
		head -3 "$f" | grep -q 'SPDX-License-Identifier: BSD-2-Clause' || echo "$f"
	done)
}

is "every source, rule and script has its SPDX line" "$(unlicensed "$GATE_SRC")" ""
like "LICENSE is BSD-2-Clause, by the Gate authors" "$(cat "$GATE_SRC/LICENSE")" 'BSD 2-Clause License.*the Gate authors'
like "README says under whose terms a gatesh with readline is distributed" "$(tr '\n' ' ' <"$GATE_SRC/README.md")" 'readline.*(GPL|General Public License)'
mkdir -p "$T/tree"; cp -R "$GATE_SRC/rules" "$T/tree/"; chmod -R u+w "$T/tree"
printf 'rule: x.y\n' >"$T/tree/rules/new.rules"
is "one without it is seen" "$(unlicensed "$T/tree")" "rules/new.rules"
done_testing
