#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# git-stash.sh - keeps the stashes that `git stash drop` and `git stash clear` delete, and stores them again.
#
#     git-stash.sh keep|undo [GIT-OPTION ...] stash drop|clear [STASH]
#
# `keep` writes nothing into the repository.
export GIT_OPTIONAL_LOCKS=0
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "git-stash.sh: no GATE_KEEP"
act=$1
shift
while [ $# -gt 0 ] && [ "$1" != stash ]; do
	case $1 in
	-C) cd -- "$2" || exit 2; shift ;;
	-c) shift ;;
	--git-dir=*) export GIT_DIR="${1#*=}" ;;
	--work-tree=*) export GIT_WORK_TREE="${1#*=}" ;;
	*) fail "a stash with $1 is not kept" ;;
	esac
	shift
done

if [ "$act" = undo ]; then
	failed=0
	while read -r n commit text; do
		mine=refs/gate/$GATE_KEEP_ID/$n
		git fetch -q "$GATE_KEEP/$n.bundle" "+refs/gate/stash:$mine" && git stash store -m "$text" "$commit" &&
			say "stored again: $text" || failed=1
		git update-ref -d "$mine"
	done <"$GATE_KEEP/stashes"
	exit $failed
fi

which='' all=''
while [ $# -gt 0 ]; do
	case $1 in
	clear) all=1 ;;
	stash | drop | -*) ;;
	*) which=$1 ;;
	esac
	shift
done
case $which in '' | *[!0-9]*) ;; *) which="stash@{$which}" ;; esac
# the oldest first, so that they come back in their order
git stash list --format='%gd %H %gs' >"$GATE_KEEP/list" || exit 2
awk -v all="$all" -v which="${which:-stash@{0\}}" 'all || $1 == which { line[++n] = $0 } END { while (n) print line[n--] }' \
	"$GATE_KEEP/list" >"$GATE_KEEP/these"
[ -s "$GATE_KEEP/these" ] || { rm -f "$GATE_KEEP/list" "$GATE_KEEP/these"; say "kept: nothing, since there is no such stash"; exit 0; }
clone=$(git rev-parse --path-format=absolute --git-common-dir) || exit 2
tmp=$GATE_KEEP/tmp.git
unset GIT_DIR GIT_WORK_TREE
git init -q --bare "$tmp" && say "$clone/objects" >"$tmp/objects/info/alternates" || exit 2
n=0
while read -r name commit text; do
	n=$((n + 1))
	git --git-dir="$tmp" update-ref refs/gate/stash "$commit" || exit 2
	git --git-dir="$tmp" bundle create -q "$GATE_KEEP/$n.bundle" refs/gate/stash --not "$commit^1" ||
		fail "$name can't be bundled"
	say "$n $commit $text" >>"$GATE_KEEP/stashes"
	say "kept: $name: $text"
done <"$GATE_KEEP/these"
rm -rf "$tmp" "$GATE_KEEP/list" "$GATE_KEEP/these"
