#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# git-push.sh - keeps the tips that a push takes from a remote, and pushes them back.
#
#     git-push.sh keep|undo [GIT-OPTION ...] push [--delete] [--mirror] [--prune] [REMOTE [REFSPEC ...]]
#
# `keep` asks the remote for its refs and stores in $GATE_KEEP, as bundles of refs/gate/..., the commits that no other ref of the
# remote has; it writes nothing into the clone or the remote.  `undo` fetches them into the clone, below refs/gate/ID/, and pushes
# each to its old name; whatever the remote has there by then is shown first, and must not change meanwhile.
export GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0
unset GIT_EDITOR GIT_SEQUENCE_EDITOR
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "git-push.sh: no GATE_KEEP"
act=$1
shift

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
	*) fail "a push with $1 is not kept" ;;
	esac
	shift
done
[ $# -gt 0 ] && shift
delete='' mirror=''
while :; do
	case ${1-} in
	--delete) delete=1 ;;
	--mirror | --prune) mirror=1 ;;
	*) break ;;
	esac
	shift
done

# --- undo ---

# back N COMMIT REF
back() {
	mine=refs/gate/$GATE_KEEP_ID/${3#refs/}
	git fetch -q "$GATE_KEEP/$1.bundle" "+refs/gate/${3#refs/}:$mine" 2>/dev/null ||
		{ git fetch -q "$url" && git fetch -q "$GATE_KEEP/$1.bundle" "+refs/gate/${3#refs/}:$mine"; } || return 1
	[ "$(git rev-parse "$mine")" = "$2" ] || { say "$mine is not $2" >&2; return 1; }
	now=$(git ls-remote --refs "$url" "$3" | cut -f 1)
	if [ "$now" = "$2" ]; then say "$3 on $url is $2 already"; return 0; fi
	say "$3 on $url: ${now:-nothing} becomes $2"
	git push -q --force-with-lease="$3:$now" "$url" "$mine:$3"
}

if [ "$act" = undo ]; then
	url=$(cat "$GATE_KEEP/url") || exit 2
	failed=0
	while read -r n commit ref; do back "$n" "$commit" "$ref" </dev/null || failed=1; done <"$GATE_KEEP/tips"
	exit $failed
fi

# --- keep ---

branch=$(git symbolic-ref -q --short HEAD)
if [ $# -gt 0 ]; then
	remote=$1
	shift
else
	remote=$(git config "branch.$branch.pushRemote" || git config remote.pushDefault || git config "branch.$branch.remote" || echo origin)
fi
url=$(git remote get-url --push "$remote" 2>/dev/null) || url=$remote
case $url in [!/]*:* | /*) ;; *) url=$(cd -- "$url" 2>/dev/null && pwd) || url=$remote ;; esac
refs=$(git ls-remote --refs "$url" 2>&1) || fail "$remote does not answer: $(printf '%s\n' "$refs" | head -n 1)"

# the full names of the refs that may go, a line each
if [ "$mirror" ]; then
	gone=$(printf '%s\n' "$refs" | while read -r old ref; do [ "$(git rev-parse -q --verify "$ref")" = "$old" ] || say "$ref"; done)
else
	if [ $# = 0 ]; then
		[ "$branch" ] || fail "no branch is checked out"
		target=$branch
		if [ "$(git config push.default)" = upstream ]; then
			target=$(git config "branch.$branch.merge") && target=${target#refs/heads/}
		fi
		set -- "$branch:$target"
	fi
	gone=$(for spec; do
		spec=${spec#+}
		case $spec in *\** | :) exit 1 ;; esac
		name=${spec#*:}
		[ "$delete" ] && name=$spec
		[ "$name" = HEAD ] && name=$branch
		for full in "refs/heads/$name" "refs/tags/$name" "$name"; do
			printf '%s\n' "$refs" | awk -v ref="$full" '$2 == ref { found = 1 } END { exit !found }' && say "$full" && break
		done
	done) || fail "a pattern of refs is not kept"
fi
[ "$gone" ] || { say "kept: nothing, since $remote has none of these refs"; exit 0; }

clone=$(git rev-parse --path-format=absolute --git-common-dir) || exit 2
tmp=$GATE_KEEP/tmp.git
unset GIT_DIR GIT_WORK_TREE
git init -q --bare "$tmp" && say "$clone/objects" >"$tmp/objects/info/alternates" || exit 2
say "$url" >"$GATE_KEEP/url"
n=0
for ref in $gone; do
	n=$((n + 1))
	old=$(printf '%s\n' "$refs" | awk -v ref="$ref" '$2 == ref { print $1 }')
	mine=refs/gate/${ref#refs/}
	git --git-dir="$tmp" fetch -q --no-tags "$url" "+$ref:$mine" || fail "$ref can't be fetched from $remote"
	# the tips of refs that stay, as far as they are here
	stay=$(printf '%s\n' "$refs" | while read -r tip name; do
		printf '%s\n' "$gone" | grep -qxF -- "$name" && continue
		git --git-dir="$tmp" cat-file -e "$tip" 2>/dev/null && say "$tip"
	done)
	# shellcheck disable=SC2086 # a list of object names
	git --git-dir="$tmp" bundle create -q "$GATE_KEEP/$n.bundle" "$mine" --not $stay 2>/dev/null ||
		git --git-dir="$tmp" bundle create -q "$GATE_KEEP/$n.bundle" -1 "$mine" || fail "$ref can't be bundled"
	git --git-dir="$tmp" bundle list-heads "$GATE_KEEP/$n.bundle" | grep -q "^$old " || fail "$ref is not in its bundle"
	say "$n $old $ref" >>"$GATE_KEEP/tips"
	say "kept: $mine at $(git --git-dir="$tmp" rev-parse --short "$old"), from $remote"
done
rm -rf "$tmp"
