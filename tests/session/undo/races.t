#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# races.t - two processes remove, replace or write one file at the same time: no content is lost, and undo has all of it.
# GATE_RACES sets the rounds of each race.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
races=$GATE_BUILD/tests/support/races rounds=${GATE_RACES:-300}
W=$T/home/project

# Every content of before that is in no file of the workspace, and in no object of a record that undo lists.
missing() {
	python3 - "$T/before" "$W" "$XDG_STATE_HOME/gate/undo" <<'PY'
import os, sys
def contents(top):
    for d, _, names in os.walk(top):
        for n in names:
            if n not in ('journal', 'session.json'):
                with open(os.path.join(d, n), 'rb') as f: yield f.read()
had = set(open(sys.argv[1], 'rb').read().splitlines(True))
print(len(had - set(contents(sys.argv[2])) - set(contents(sys.argv[3]))))
PY
}
race() { # race KIND [raw]
	local kind=$1 name="$1${2:+, $2 calls}"
	cd "$T" && rm -rf "$W" "$XDG_STATE_HOME/gate/undo" && mkdir -p "$W" && cd "$W" || exit 99
	"$races" make "$kind" "$rounds"
	find . -type f -exec cat -- {} + | sort -u >"$T/before"; sleep 0.02
	"$GATESH" run -- "$races" run "$kind" "$rounds" ${2:+"$2"} >"$T/out" 2>&1 </dev/null || diag "$(tail -3 "$T/out")"
	is "$name: nothing is lost" "$(missing)" 0
	"$GATESH" undo --yes --all --since 1h >"$T/undo" 2>&1 </dev/null || diag "$(tail -3 "$T/undo")"
	is "$name: nor by the undo" "$(missing)" 0
	case $kind in
	links) is "$name: both names are back" "$(cat -- a.* b.* | sort | uniq -c | awk '$1 != 2' | wc -l) $(find . -type f -links 2 | wc -l)" "0 $((2 * rounds))" ;;
	# At the same moment no order is right: the other version may come back, and this one is kept then.
	copy | unlink | replace)
		is "$name: each file has one whole version" "$(cat -- x.* | grep -c 'content of')" "$rounds"
		is "$name: under its own name" "$(printf '%s\n' x.* | grep -cvE '^x\.[0-9]+$')" 0
		ok "$name: nearly always the first file is back" test "$(cat -- x.* | grep -c 'content of x')" -ge $((rounds * 9 / 10))
		;;
	own) [ "${2:-}" ] || is "$name: the old file is there" "$(cat -- * | grep -c 'content of y')" "$rounds" ;;
	absent) is "$name: both files are there" "$(cat -- * | sort -u | grep -c 'content of')" $((2 * rounds)) ;;
	esac
}
for calls in '' raw; do
	for kind in links unlink replace absent own copy exchange; do race $kind $calls; done
done
race swap # not by raw calls: the kernel walks the path again after gatesh has looked
# One process at a file that it has on a descriptor from before the session: the kernel calls it "x.0 (deleted)" by then.
cd "$T" && rm -rf "$W" "$XDG_STATE_HOME/gate/undo" && mkdir -p "$W" && cd "$W" || exit 99
"$races" make gone 1
echo 'content of another' >'y (deleted)'
"$GATESH" run -- "$races" run gone 1 raw 9<>x.0 >"$T/out" 2>&1 </dev/null
"$GATESH" run -- "$(command -v sh)" -c ': >"y (deleted)"' >>"$T/out" 2>&1 </dev/null
"$GATESH" undo --yes --since 1h . >"$T/undo" 2>&1 </dev/null || diag "$(cat "$T/out" "$T/undo")"
is 'a file that was emptied after its removal has its content and its name' "$(cat x.0 2>&1)" 'content of x.0'
is 'a name that ends in (deleted) is a name' "$(ls; cat 'y (deleted)')" "x.0
y (deleted)
content of another"
done_testing
