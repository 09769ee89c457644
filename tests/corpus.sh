#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# corpus.sh - measure the rule packs against commands with verdicts that somebody else wrote.  Figures, not a test: a low
# one never fails a build.  See corpus-differences.md for the rows where this project means to differ.
usage() {
	cat <<'END'
usage: corpus.sh [OPTION ...] FILE.tsv ...

Judge every row of FILE with `gatesh check --lines --json` and print, for each family, how many destructive rows
were held (ask, deny, or deferred to the file events) and how many safe ones were asked.
A row is: source, expected (destructive or safe), family, command; one line of names first; in the command \\ \n \t \r \0.

  -g, --gatesh PATH   the gatesh to ask (default: $GATESH, else the one in PATH)
  -r, --rules PATH    a pack or directory of packs instead of the installed ones
  -f, --family NAME   only this family
  -m, --missed        list the destructive rows that were allowed
  -a, --asked         list the safe rows that were not, with the rules
      --tsv           the table as tab-separated values

Exit status: 0 measured or nothing to measure, 1 a check failed, 64 usage.
END
}

gatesh=${GATESH:-gatesh} family='' missed=0 asked=0 tsv=0 check=()
while [ $# -gt 0 ]; do
	case $1 in
	-g | --gatesh) gatesh=${2:?}; shift ;;
	-r | --rules) check+=(--rules "${2:?}"); shift ;;
	-f | --family) family=${2:?}; shift ;;
	-m | --missed) missed=1 ;;
	-a | --asked) asked=1 ;;
	--tsv) tsv=1 ;;
	-h | --help) usage; exit 0 ;;
	-*) usage >&2; exit 64 ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || { usage >&2; exit 64; }
command -v "$gatesh" >/dev/null || { echo "corpus: skipped, no gatesh at $gatesh (--gatesh PATH)" >&2; exit 0; }

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
for file; do
	[ -r "$file" ] || { echo "corpus: skipped, no file $file" >&2; continue; }
	awk -F'\t' -v family="$family" 'FNR > 1 && NF == 4 && (family == "" || $3 == family)' "$file"
done >"$tmp/rows"
[ -s "$tmp/rows" ] || { echo "corpus: skipped, no rows" >&2; exit 0; }

cut -f4 "$tmp/rows" | "$gatesh" check "${check[@]}" --lines --json >"$tmp/verdicts" || exit 1
[ "$(wc -l <"$tmp/rows")" = "$(wc -l <"$tmp/verdicts")" ] || { echo "corpus: not every row got a verdict" >&2; exit 1; }

paste "$tmp/rows" "$tmp/verdicts" | awk -F'\t' -v missed=$missed -v asked=$asked -v tsv=$tsv '
function field(name) { # the value of a flat JSON member, as written
	return match($5, "\"" name "\": ?(\"[a-z]*\"|\\[[^]]*\\]|true|false)") ? substr($5, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : ""
}
function share(part, whole) { return whole ? sprintf("%.3f", part / whole) : "-" }
function row(name, d, h, s, a) {
	return sprintf(tsv ? "%s\t%d\t%d\t%s\t%d\t%d\t%s" : "%-12s %11d %5d %7s %6d %6d %6s", name, d, h, share(h, d), s, a, share(a, s))
}
{
	families[$3] = 1
	held = field("verdict") ~ /ask|deny/
	if ($2 == "destructive") {
		D[$3]++
		if (held || field("deferred") ~ /true/) H[$3]++
		else if (missed) print "missed\t" $3 "\t" $4
	} else {
		S[$3]++
		if (held) {
			A[$3]++
			if (asked) print "asked\t" $3 "\t" $4 "\t" field("rules")
		}
	}
}
END {
	printf tsv ? "family\tdestructive\theld\trecall\tsafe\tasked\trate\n" : "%-12s %11s %5s %7s %6s %6s %6s\n", "family", "destructive", "held", "recall", "safe", "asked", "rate"
	fflush()
	for (f in families) {
		print row(f, D[f], H[f], S[f], A[f]) | "LC_ALL=C sort"
		d += D[f]; h += H[f]; s += S[f]; a += A[f]
	}
	close("LC_ALL=C sort")
	print row("total", d, h, s, a)
}'
