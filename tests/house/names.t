#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# names.t - static functions carry their file's prefix: one or more words of the file's name, in its order; and no two of
# them share a name, so that a backtrace and cscope can tell them apart.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99

# statics TREE: FILE NAME, for each static function that is defined in a .c file.
statics() {
	find "$1/libgate" "$1/gatesh" -name '*.c' | sort | while read -r f; do
		awk -v file="${f#"$1"/}" '
		/^static [^=;]*[a-z0-9_]\(/ && !/;[ \t]*$/ {
			s = $0
			gsub(/__attribute__\(\([^)]*\)*\)/, "", s)
			if (match(s, /[a-z0-9_]+\(/)) print file, substr(s, RSTART, RLENGTH - 1)
		}
		/^static [^=;()]*$/ { held = 1; next }
		held && /^[a-z0-9_]+\(/ { s = $0; sub(/\(.*/, "", s); print file, s }
		{ held = 0 }' "$f"
	done
}
violations() {
	statics "$1" | awk '
	function prefixed(name, stem,   n, w, i, j, p) {
		n = split(stem, w, "_")
		for (i = 1; i <= n; i++) {
			p = ""
			for (j = i; j <= n; j++) { p = p w[j] "_"; if (index(name, p) == 1) return 1 }
		}
		return 0
	}
	{
		stem = $1; sub(/\.c$/, "", stem)
		if (stem ~ /\/main$/) sub(/\/main$/, "", stem)
		sub(/.*\//, "", stem)
		if (!prefixed($2, stem) && !($1 == "gatesh/main.c" && $2 ~ /^main_/)) print $1 ": " $2
		if ($2 in of && of[$2] != $1) print $1 ": " $2 " is also in " of[$2]
		of[$2] = $1
	}'
}

is "every static function carries its file's prefix" "$(violations "$GATE_SRC")" ""
count=$(statics "$GATE_SRC" | wc -l)
ok "and the test sees them: $count" test "$count" -gt 1500
mkdir -p "$T/tree"; cp -R "$GATE_SRC/libgate" "$GATE_SRC/gatesh" "$T/tree/"; chmod -R u+w "$T/tree"
printf 'static int tell(void)\n{\n\treturn 0;\n}\n' >>"$T/tree/gatesh/util/out.c"
is "one without it is seen" "$(violations "$T/tree")" "gatesh/util/out.c: tell"
done_testing
