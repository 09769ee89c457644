#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# s3-versions.sh - a bucket with versioning keeps what `aws s3 rm` deletes: notes what goes, and takes the delete markers away.
#
#     s3-versions.sh keep|undo [OPTION ...] -- s3://BUCKET/KEY
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "s3-versions.sh: no GATE_KEEP"
act=$1
shift
options=''
quote() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
while [ $# -gt 0 ] && [ "$1" != -- ]; do options="$options$(quote "$1")"; shift; done
[ $# -gt 0 ] && shift
case ${1-}:${2-} in s3:rm) ;; *) fail "only what aws s3 rm deletes is kept" ;; esac
while case ${1-} in s3://* | '') false ;; *) true ;; esac do shift; done
[ $# -gt 0 ] || fail "no object is named"
path=${1#s3://} bucket='' key=''
bucket=${path%%/*}
case $path in */*) key=${path#*/} ;; esac
aws_() { eval "aws $options\"\$@\""; }

if [ "$act" = undo ]; then
	since=$(cat "$GATE_KEEP/since") || exit 2
	aws_ s3api list-object-versions --bucket "$bucket" --prefix "$key" --output text \
		--query "DeleteMarkers[?IsLatest && LastModified>='$since'].[Key,VersionId]" >"$GATE_KEEP/markers" || exit 1
	back=0 failed=0
	while IFS='	' read -r object version; do
		[ "$object" = None ] && continue
		if aws_ s3api delete-object --bucket "$bucket" --key "$object" --version-id "$version" </dev/null >/dev/null; then
			back=$((back + 1))
		else
			failed=$((failed + 1))
		fi
	done <"$GATE_KEEP/markers"
	say "$back objects of s3://$path are back, $failed failed"
	exit $((failed > 0))
fi
status=$(aws_ s3api get-bucket-versioning --bucket "$bucket" --query Status --output text) || exit 2
[ "$status" = Enabled ] || fail "the bucket $bucket has no versioning, so what goes is gone"
date -u +%Y-%m-%dT%H:%M:%SZ >"$GATE_KEEP/since"
say "kept: s3://$path, as versions in the bucket (versioning is on)"
say "loses: what the bucket's lifecycle removes of old versions"
