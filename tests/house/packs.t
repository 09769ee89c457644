#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# packs.t - every rule pack is installed (GATE_PACKS) and has its row in rules/README.md.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99

# faults TREE: a line for each pack without one of the two.
faults() {
	local f name
	for f in "$1"/rules/*.rules; do
		name=$(basename "$f")
		grep -q "^	rules/$name\( \|$\)" "$1/rules/Makemodule.am" || echo "$name: not in GATE_PACKS"
		grep -q "${name%.rules}" "$1/rules/README.md" || echo "$name: no row in rules/README.md"
	done
}

is "every pack is listed" "$(faults "$GATE_SRC")" ""
mkdir -p "$T/tree"; cp -R "$GATE_SRC/rules" "$T/tree/"; chmod -R u+w "$T/tree"
: >"$T/tree/rules/frobnicate.rules"
is "one that is not is seen" "$(faults "$T/tree" | wc -l)" 2
done_testing
