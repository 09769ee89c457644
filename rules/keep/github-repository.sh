#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# github-repository.sh - keeps a mirror clone of a repository, and pushes it into a new one of the same name.
#
#     github-repository.sh keep|undo [OWNER/NAME]
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "github-repository.sh: no GATE_KEEP"
export GH_PROMPT_DISABLED=1 GIT_TERMINAL_PROMPT=0
if [ "$1" = undo ]; then
	name=$(cat "$GATE_KEEP/name") || exit 2
	visibility=$(cat "$GATE_KEEP/visibility")
	gh repo create "$name" "--${visibility:-private}" || exit 1
	git -C "$GATE_KEEP/repository.git" push -q --mirror "$(gh repo view "$name" --json url --jq .url)"
	exit
fi
name=$(gh repo view ${2:+"$2"} --json nameWithOwner --jq .nameWithOwner)
[ "$name" ] || fail "the repository is not known"
gh repo clone "$name" "$GATE_KEEP/repository.git" -- -q --mirror || exit 2
say "$name" >"$GATE_KEEP/name"
gh repo view "$name" --json visibility --jq .visibility | tr '[:upper:]' '[:lower:]' >"$GATE_KEEP/visibility"
say "kept: all branches and tags of $name ($(git -C "$GATE_KEEP/repository.git" for-each-ref | wc -l) refs)"
say "loses: issues, pull requests, releases, the wiki, settings, stars and forks of $name"
