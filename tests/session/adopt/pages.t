#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# pages.t - the commands of examples/agents/*.md do what the pages say.  A stand-in of the agent's name does what its model would.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99
unset CLAUDE_CONFIG_DIR CODEX_HOME COPILOT_HOME XDG_DATA_HOME
export SHELL=/bin/bash GATE_TEST_SAID=$T/said
shims=$HOME/.local/share/gate/bin
PATH=$GATE_STAGE/bin:$PATH

# commands PAGE: the indented lines.
commands() { sed -n 's/^    //p' "$1"; }
for page in "$GATE_SRC"/examples/agents/*.md; do
	name=$(basename "$page" .md)
	rm -rf "${T:?}/bin" "$T/ws" "$T/remote.git"; mkdir "$T/bin"
	printf '#!/bin/sh\nrm -r old\ngit push --force origin main 2>"$GATE_TEST_SAID"\n' >"$T/bin/$name"; chmod +x "$T/bin/$name"
	git init -q --bare -b main "$T/remote.git"; git -c init.defaultBranch=main clone -q "$T/remote.git" "$T/ws" 2>/dev/null; cd "$T/ws" || exit 99
	mkdir old; echo 1 >old/a; git add .; git -c user.name=a -c user.email=a@example.org commit -qm one
	sleep 1.1 # old/ is older than the session
	before=$(cd "$HOME" && find . -type f ! -path './.local/*' -exec sha256sum {} + | sort)
	commands "$page" >"$T/commands"
	: >"$T/out"
	while read -r line; do
		printf '$ %s\n' "$line" >>"$T/out"
		case $line in "$name "*) head=$PATH; PATH=$shims:$T/bin:$head ;; *) head=$PATH; PATH=$T/bin:$head ;; esac
		bash -c "$line" </dev/null >>"$T/out" 2>&1; echo "= $?" >>"$T/out"
		PATH=$head
		[[ $line != "gatesh undo" ]] || is "$name: the agent has deleted old/" "$(ls)" ""
		[[ $line != "gatesh install --yes"* ]] || ok "$name: the shim is there" test -x "$shims/$name"
	done <"$T/commands"
	is "$name: its commands succeed, but for the agent's push" "$(grep -c '^= 0' "$T/out") $(grep '^= ' "$T/out" | grep -cv '^= 0')" "$(($(wc -l <"$T/commands") - 1)) 1"
	like "$name: the agent reads why" "$(cat "$T/said")" 'gate: refused: git push --force'
	like "$name: the log has it" "$(cat "$T/out")" 'git.force-push'
	is "$name: undo brings old/ back" "$(cat old/a)" 1
	is "$name: uninstalled to the byte" "$(cd "$HOME" && find . -type f ! -path './.local/*' -exec sha256sum {} + | sort)" "$before"
	cd "$T" || exit 99
done
is "there is a page for each agent" "$(find "$GATE_SRC/examples/agents" -name '*.md' | wc -l)" 6
done_testing
