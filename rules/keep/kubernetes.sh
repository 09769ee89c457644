#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# kubernetes.sh - keeps the manifests of objects, or of a namespace and all in it, and creates them again.
#
#     kubernetes.sh keep|undo PROGRAM [OPTION ...] -- KIND NAME ... | KIND/NAME ...
#
# It only reads the cluster: reclaim policies stay as they are, and the data of volumes is not in a manifest.
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "kubernetes.sh: no GATE_KEEP"
act=$1
program=$2 # for eval
export program
shift 2
# k ARGS: run the program with the options of the command
options=''
quote() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
while [ $# -gt 0 ] && [ "$1" != -- ]; do options="$options$(quote "$1")"; shift; done
[ $# -gt 0 ] && shift
k() { eval "\"\$program\" $options\"\$@\""; }

if [ "$act" = undo ]; then
	for file in "$GATE_KEEP"/*.yaml; do k create -f "$file" || exit 1; done
	exit 0
fi

# Without the version that the server gave: an object that has one can't be created.
manifests() { sed '/^ *resourceVersion: /d'; }
objects() { grep -c '^ *kind: ' "$1"; }

# volumes NAMESPACE: say which data goes with the claims there
volumes() {
	k get pv -o 'custom-columns=N:.spec.claimRef.namespace,P:.spec.persistentVolumeReclaimPolicy' --no-headers 2>/dev/null |
		awk -v n="$1" '$1 == n { all++; gone += $2 == "Delete" } END { if (gone) print "loses: the data of " gone " volumes (reclaim policy Delete)"; else if (all) print "loses: nothing of " all " volumes (reclaim policy Retain)" }'
}

case ${1-} in
ns/* | namespace/* | namespaces/*) space=${1#*/} ;;
ns | namespace | namespaces) space=${2-} ;;
*) space='' ;;
esac
if [ "$space" ]; then
	[ $# -le 2 ] || fail "several namespaces at once are not kept"
	k get namespace "$space" -o yaml >"$GATE_KEEP/raw" || exit 2
	manifests <"$GATE_KEEP/raw" >"$GATE_KEEP/0-namespace.yaml"
	kinds=$(k api-resources --verbs=list,create --namespaced -o name | grep -v '^events' | paste -sd , -) || exit 2
	[ "$kinds" ] || fail "the cluster does not say which kinds it has"
	k get "$kinds" -n "$space" -o yaml --ignore-not-found >"$GATE_KEEP/raw" || exit 2
	[ ! -s "$GATE_KEEP/raw" ] || manifests <"$GATE_KEEP/raw" >"$GATE_KEEP/1-objects.yaml"
	rm -f "$GATE_KEEP/raw"
	say "kept: the manifests of namespace $space and of $(cat "$GATE_KEEP"/*.yaml | objects /dev/stdin) objects, kinds and lists"
	volumes "$space"
else
	k get "$@" -o yaml >"$GATE_KEEP/raw" || exit 2
	manifests <"$GATE_KEEP/raw" >"$GATE_KEEP/objects.yaml"
	rm -f "$GATE_KEEP/raw"
	[ "$(objects "$GATE_KEEP/objects.yaml")" -gt 0 ] || fail "the cluster has no such object"
	say "kept: the manifest of ${*:-what the files and selectors name}"
	case ${1-} in pvc* | persistentvolume* | pv*) say "loses: the data of the volumes, where their reclaim policy is Delete" ;; esac
fi
