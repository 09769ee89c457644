#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# prompt.sh - measures how long a person waits for the prompt, and gatesh's cost of a question with a thousand rules loaded,
# in sessions on a real terminal.  make bench
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh"
bench=$GATE_BUILD/tests/bench/prompt_bench
command -v git >/dev/null || { echo "skipped: no git here"; exit 0; }
mkdir "$T/work" && cd "$T/work" || exit 1
git init -q . && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m one || exit 1
force=(git push --force origin main)
"$bench" "$GATESH" prompt "${1:-20}" "${force[@]}" || exit 1

# Copies of the shipped packs, with other rule names.  A user's pack can't allow anything.
packs=$XDG_CONFIG_HOME/gate/rules
shipped=$(cat "$GATE_STAGE"/share/gate/rules/*.rules | grep -c '^rule:')
mkdir -p "$packs"
for ((copy = 1; shipped * (copy + 1) < shipped + 1000; copy++)); do
	for pack in "$GATE_STAGE"/share/gate/rules/*.rules; do
		sed "s/^rule: /rule: copy$copy./; s/^action: allow$/action: log/" "$pack" >"$packs/copy$copy-${pack##*/}"
	done
done
echo "$(cat "$GATE_STAGE"/share/gate/rules/*.rules "$packs"/*.rules | grep -c '^rule:') rules loaded:"
"$bench" "$GATESH" cpu "${2:-200}" "${force[@]}"
