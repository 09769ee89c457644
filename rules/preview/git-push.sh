#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# git-push.sh - shows what a remote would lose by a push that forces, deletes or mirrors, from the remote's own tips.
#
#     git-push.sh [GIT-OPTION ...] push [--delete] [--mirror] [REMOTE [REFSPEC ...]]
#
# It only asks the remote for its refs: nothing is fetched, and no ref is written.  If the commits that would go are not in this
# clone, it says so instead of a number.
export GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0
say() { printf '%s\n' "$*"; }
unknown() { say "unknown: $*"; exit 2; }

# git's own options, as git would take them
settings=0
while [ $# -gt 0 ] && [ "$1" != push ]; do
	case $1 in
	-C) cd -- "$2" || exit 2; shift ;;
	-c)
		export "GIT_CONFIG_KEY_$settings=${2%%=*}" "GIT_CONFIG_VALUE_$settings=${2#*=}"
		settings=$((settings + 1)); export GIT_CONFIG_COUNT=$settings
		shift ;;
	--git-dir=*) export GIT_DIR="${1#*=}" ;;
	--work-tree=*) export GIT_WORK_TREE="${1#*=}" ;;
	--namespace=*) export GIT_NAMESPACE="${1#*=}" ;;
	*) unknown "a push with $1" ;;
	esac
	shift
done
shift
delete='' mirror=''
while :; do
	case ${1-} in
	--delete) delete=1 ;;
	--mirror | --prune) mirror=1 ;;
	*) break ;;
	esac
	shift
done

branch=$(git symbolic-ref -q --short HEAD)
if [ $# -gt 0 ]; then
	remote=$1
	shift
else
	remote=$(git config "branch.$branch.pushRemote" || git config remote.pushDefault || git config "branch.$branch.remote" || echo origin)
fi
url=$(git remote get-url --push "$remote" 2>/dev/null) || url=$remote
refs=$(git ls-remote --refs "$url" 2>&1) || unknown "$remote does not answer: $(printf '%s\n' "$refs" | head -n 1)"

# tip NAME: the remote's commit of a branch, tag or whole ref, or nothing
tip() {
	for full in "refs/heads/$1" "refs/tags/$1" "$1"; do
		found=$(printf '%s\n' "$refs" | awk -v ref="$full" '$2 == ref { print $1 }')
		[ "$found" ] && printf '%s\n' "$found" && return
	done
}

# here COMMIT: does this clone have it, with its history?
here() { git rev-list --quiet --max-count=1 "$1" 2>/dev/null; }

# goes NAME TIP STAYS ...: the commits of TIP that none of STAYS has
goes() {
	name=$1 old=$2
	shift 2
	if ! here "$old"; then
		say "$name on $remote is at $(printf %.9s "$old"), which this clone does not have: how many commits go is unknown"
		return
	fi
	n=$(git rev-list --count "$old" --not "$@" --) || unknown "the commits of $name"
	[ "$n" = 1 ] && s='' || s=s
	say "$name on $remote loses $n commit$s$([ "$n" = 0 ] || echo :)"
	[ "$n" = 0 ] || git log --oneline --no-decorate -6 "$old" --not "$@" --
}

# others REF: the tips of the remote's other refs, as far as they are here
others() {
	printf '%s\n' "$refs" | awk -v ref="$1" '$2 != "refs/heads/" ref && $2 != "refs/tags/" ref && $2 != ref { print $1 }' |
		while read -r other; do here "$other" && echo "$other"; done
}

# deleted NAME
deleted() {
	old=$(tip "$1")
	[ "$old" ] || { say "$remote has no $1: nothing goes"; return; }
	say "$1 on $remote, at $(printf %.9s "$old"), is deleted"
	# shellcheck disable=SC2046 # a list of object names
	goes "$1" "$old" $(others "$1")
}

# replaced NAME SOURCE
replaced() {
	old=$(tip "$1")
	[ "$old" ] || { say "$remote has no $1 yet: nothing goes"; return; }
	new=$(git rev-parse -q --verify "$2^{commit}") || unknown "$2 is not a commit here"
	goes "$1" "$old" "$new"
}

if [ "$mirror" ]; then
	printf '%s\n' "$refs" | while read -r old ref; do
		new=$(git rev-parse -q --verify "$ref") || { say "${ref#refs/} on $remote, at $(printf %.9s "$old"), is deleted"; continue; }
		[ "$old" = "$new" ] || goes "${ref#refs/}" "$old" "$new"
	done
	exit 0
fi
if [ $# = 0 ]; then
	target=$branch
	[ "$branch" ] || unknown "no branch is checked out"
	if [ "$(git config push.default)" = upstream ]; then
		target=$(git config "branch.$branch.merge") && target=${target#refs/heads/}
	fi
	set -- "$branch:$target"
fi
for spec; do
	spec=${spec#+}
	case $spec in *\**) unknown "$spec is a pattern of refs" ;; esac
	case $delete$spec in
	1*) deleted "$spec" ;;
	:) unknown "every branch that both have" ;;
	:*) deleted "${spec#:}" ;;
	*:*) replaced "${spec#*:}" "${spec%%:*}" ;;
	HEAD) replaced "$branch" HEAD ;;
	*) replaced "$spec" "$spec" ;;
	esac
done
