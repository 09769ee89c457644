#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# gitsuite.sh TREE [-p] [-n SCRIPTS] [-j JOBS] [-r ROOT] [-o OUT] [GLOB ...]: git's own test scripts outside and inside a session with
# file events on, and whether each test ended the same.  TREE is a built git source tree (make; not part of this project).
# Of the service "agent" the lines about commands and connections are taken out: the scripts run what rules ask about.
# The trash directories are under ROOT (default: a new directory in $HOME), which is the session's workspace and must not be under a
# temporary directory, or nothing would be kept there.  OUT keeps every script's output.  GATE_STAGE tells which gatesh.
# The scripts make their files in the session, so that little of it is kept. On a file system without birth times (mkfs.ext4 -I 128) as ROOT
# nothing is new, and all is; then -p is needed, which allows what would be asked (.git is protected).
# Without GLOB: SCRIPTS (default 220) of t/t[0-7]*.sh, evenly picked.  Exit: 0 the same, 1 not, 64 usage.
set -u
usage() { sed -n 2,9p "$0" >&2; exit 64; }
if [ $# = 0 ] || [ ! -x "$1/git" ] || [ ! -d "$1/t" ]; then usage; fi
tree=$(cd "$1" && pwd) scripts=() count=220 jobs=1 root='' out='' permit=''
shift
while getopts pn:j:r:o: o; do case $o in p) permit=1 ;; n) count=$OPTARG ;; j) jobs=$OPTARG ;; r) root=$OPTARG ;; o) out=$OPTARG ;; *) usage ;; esac; done
shift $((OPTIND - 1))
[ -x "${GATE_STAGE:?the installation to test}/bin/gatesh" ] || usage
root=${root:-$(mktemp -d "$HOME/gitsuite.XXXXXX")} out=${out:-$(mktemp -d "${TMPDIR:-/tmp}/gitsuite.XXXXXX")}
mkdir -p "$root" "$out/outside" "$out/inside" "$out/run" "$out/state" && root=$(cd "$root" && pwd) out=$(cd "$out" && pwd) || exit 1
chmod 700 "$out/run"
stage=$out/stage$GATE_STAGE # its parts find each other by the end of the path
rm -rf "$out/stage" && mkdir -p "$stage" && cp -r "$GATE_STAGE/." "$stage" || exit 1
GATESH=$stage/bin/gatesh
{ printf '%s sufficient gate_permit.so\n' exec connect; grep -E '^(unlink|rename|truncate) ' "$stage/lib/gate.d/agent" |
	sed -E "${permit:+s/requisite +gate_confirm.*/sufficient gate_permit.so/}"; } >"$stage/lib/gate.d/gitsuite"
"$GATESH" lint "$stage/lib/gate.d/gitsuite" || exit 1
unset GATE_SESSION GIT_DIR GIT_WORK_TREE MAKEFLAGS MAKELEVEL TMUX NO_COLOR
export TREE=$tree ROOT=$root OUT=$out GATESH

cd "$tree/t" || exit 1
if [ $# -gt 0 ]; then mapfile -t scripts < <(for g; do compgen -G "$g"; done | sort -u); else
	mapfile -t all < <(printf '%s\n' t[0-7]*.sh | grep -vE '^t(0000|1517|5[0-9]*-(daemon|http)|5[0-9]*http|7003|7519)')
	step=$((${#all[@]} / count)); [ $step -gt 0 ] || step=1
	for ((i = 0; i < ${#all[@]} && ${#scripts[@]} < count; i += step)); do scripts+=("${all[i]}"); done
fi

# one SIDE SCRIPT: the script under its side's command, its "ok" and "not ok" lines to a file; done already: not again
one() {
	local side=$1 script=$2 wrap=() trash=$ROOT/${2%.sh} base=$OUT/$1/${2%.sh}
	[ ! -s "$base.rc" ] || return 0
	mkdir -p "$trash"
	[ "$side" = outside ] || wrap=("$GATESH" run --service gitsuite --)
	(cd "$trash" && XDG_RUNTIME_DIR=$OUT/run XDG_STATE_HOME=$OUT/state timeout -k 5 300 "${wrap[@]}" \
		sh -c 'cd "$1/t" && exec sh "./$2" --root="$3" --no-bin-wrappers' sh "$TREE" "$script" "$trash") \
		>"$base.out" 2>&1 </dev/null
	echo $? >"$base.rc"
	grep -aE '^(not )?ok [0-9]' "$base.out" | sed -E 's/ [0-9]+ - / /' >"$base.results"
	rm -rf "$trash"
}
export -f one
for side in outside inside; do printf '%s\n' "${scripts[@]}" | xargs -P "$jobs" -I{} bash -c 'one "$0" "$1"' $side {}; done

same=0 differ=() tests=0
for s in "${scripts[@]}"; do
	b=${s%.sh}
	tests=$((tests + $(wc -l <"$out/outside/$b.results")))
	if cmp -s "$out/outside/$b.results" "$out/inside/$b.results" && cmp -s "$out/outside/$b.rc" "$out/inside/$b.rc"; then same=$((same + 1)); else differ+=("$b"); fi
done
for b in "${differ[@]}"; do
	echo "differs: $b, exit $(cat "$out/outside/$b.rc") outside, $(cat "$out/inside/$b.rc") inside"
	diff "$out/outside/$b.results" "$out/inside/$b.results" | grep '^[<>]' | head -5
done
rmdir "$root" 2>/dev/null
echo "${#scripts[@]} scripts, $tests tests: $same scripts the same, ${#differ[@]} not; outputs in $out"
[ ${#differ[@]} = 0 ]
