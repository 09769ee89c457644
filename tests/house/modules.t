#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# modules.t - every module has a manual page in section 8, which is installed with it, and a test that names it.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99

# faults TREE: a line for each module without a page, without a line in a list, or without a test.
faults() {
	local tree=$1 f name
	for f in "$tree"/libgate/modules/gate_*.c; do
		name=$(basename "$f" .c)
		[ -f "$tree/man/$name.8.scd" ] || echo "$name: no manual page man/$name.8.scd"
		grep -q "man/$name\.8\.scd" "$tree/man/Makemodule.am" || echo "$name: its page is not in man/Makemodule.am"
		grep -q "^	$name\.la" "$tree/libgate/modules/Makemodule.am" || echo "$name: not in libgate/modules/Makemodule.am"
		grep -rq --include='*.[ct]' "\b$name\b" "$tree/tests/unit" "$tree/tests/session" || echo "$name: no test names it"
	done
}

is "every module has its page and its test" "$(faults "$GATE_SRC")" ""
if [ -d "$GATE_STAGE" ]; then
	missing=$(for f in "$GATE_SRC"/libgate/modules/gate_*.c; do
		name=$(basename "$f" .c)
		[ -f "$GATE_STAGE/lib/gate/modules/$name.so" ] || echo "$name"
	done)
	is "and is installed" "$missing" ""
else
	skip "and is installed" "no staged installation"
fi
mkdir -p "$T/tree/libgate/modules" "$T/tree/man" "$T/tree/tests"
cp -R "$GATE_SRC/libgate/modules" "$T/tree/libgate/"; cp -R "$GATE_SRC/man" "$T/tree/"
cp -R "$GATE_SRC/tests/unit" "$GATE_SRC/tests/session" "$T/tree/tests/"; chmod -R u+w "$T/tree"
new=gate_never; new=${new}before
: >"$T/tree/libgate/modules/$new.c"
is "one without any of it is seen" "$(faults "$T/tree" | wc -l)" 4
done_testing
