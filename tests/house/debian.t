#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# debian.t - packages/debian says what the sources say: version, symbols, libraries, files.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$GATE_SRC" || exit 99
debian=packages/debian

is "the version is that of configure.ac" "$(sed -n '1s/^gate (\(.*\)-[0-9]*).*/\1/p' $debian/changelog)" "$(sed -n 's/^AC_INIT(\[gate\], \[\([0-9.]*\)\].*/\1/p' configure.ac)"
is "libgate0 promises the symbols of libgate.sym" "$(sed -n 's/^ \(gate_[a-z_]*\)@.*/\1/p' $debian/libgate0.symbols | sort)" \
	"$(sed -n '/^global:/,/^local:/p' libgate/libgate.sym | grep -o 'gate_[a-z_]*' | sort)"
# Debian's package of libNAME-8 is libNAME-dev; libssl-dev has libcrypto as well.
is "it builds with every library that configure wants" "$(sed -n 's/^PKG_CHECK_MODULES(\[[A-Z0-9]*\], \[\([a-z0-9-]*\).*/\1/p' configure.ac | while read -r l; do
	l=${l#lib}
	grep -qE "^ lib${l%-8}-dev" $debian/control || echo "$l"
done)" ""
is "the tarball has every file of packages/" "$(find packages -type f ! -name Makemodule.am | while read -r f; do grep -qF "	$f" packages/Makemodule.am || echo "$f"; done)" ""
is "every package that is described is filled" "$(sed -n 's/^Package: //p' $debian/control | while read -r p; do [ -s "$debian/$p.install" ] || echo "$p"; done)" ""
done_testing
