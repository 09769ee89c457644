#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# module.t: a module from outside the tree, built against the installed headers and libgate.pc, decides in a service.
# shellcheck source=tests/support/lib.sh
. "${GATE_SRC:-.}/tests/support/lib.sh"

unset MAKEFLAGS MAKELEVEL MFLAGS # these makes are nobody's children

# An installation of its own, to be written to.
prefix=${GATE_STAGE#"$GATE_BUILD/stage"}
cp -a "$GATE_BUILD/stage" "$T/stage"
export PKG_CONFIG_SYSROOT_DIR=$T/stage PKG_CONFIG_LIBDIR
PKG_CONFIG_LIBDIR=$(dirname "$(find "$T/stage$prefix" -name libgate.pc)")
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 PKG_CONFIG=${PKG_CONFIG:-pkg-config} CC=${CC:-cc}
cp -r "$GATE_SRC/examples/module" "$GATE_SRC/examples/api" "$T"
chmod -R u+w "$T/module" "$T/api"
modules=$T/stage$("$PKG_CONFIG" --variable=moduledir libgate | sed "s|^$T/stage||")
etc=$T/stage$prefix/etc/gate.d
[ -d "$etc" ] || etc=$(find "$T/stage" -type d -path '*/etc/gate.d')

out=$(make -s -C "$T/module" CFLAGS="-O2 -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers" 2>&1)
is "the example module builds without a warning" "$out" ""
is "it exports its struct gate_module and nothing else" "$(nm -D --defined-only "$T/module/gate_weekend.so" | grep -cv "__asan\|__odr\|_init\|_fini")" 1
if command -v clang >/dev/null; then
	out=$(clang -Wall -Wextra -Wpedantic -Werror -Wno-unused-parameter -Wno-missing-field-initializers -Wno-gnu-empty-initializer -I"$GATE_SRC/libgate" -fsyntax-only \
		"$T/module/gate_weekend.c" "$T/api/decide.c" 2>&1)
	is "clang builds the examples without a warning" "$out" ""
else
	skip "clang builds the examples without a warning" "no clang here"
fi
out=$(make -s -C "$T/module" install DESTDIR="$T/stage" MODULES="${modules#"$T/stage"}" 2>&1)
is "and installs" "$out" ""
ok "in the module directory" test -f "$modules/gate_weekend.so"

# shellcheck disable=SC2046 # flags are words
out=$("$CC" -Wall -Wextra -Werror "$T/api/decide.c" $("$PKG_CONFIG" --cflags --libs libgate) -o "$T/decide" 2>&1 | grep -v libasan)
is "the API example builds without a warning" "$out" ""
libdir=$("$PKG_CONFIG" --libs-only-L libgate); libdir=${libdir#-L}; libdir=${libdir%% *}
asan= # an instrumented libgate wants its runtime loaded first
readelf -d "$libdir/libgate.so" | grep -q 'NEEDED.*libasan' && asan=$("$CC" -print-file-name=libasan.so)
decide() { LD_PRELOAD=$asan LD_LIBRARY_PATH=$libdir "$T/decide" "$@" 2>&1; }

today=$(date +%a | tr '[:upper:]' '[:lower:]')
for day in sun mon tue wed thu fri sat; do [ $day = "$today" ] || others="${others:-} $day"; done
service() { # service NAME DAYS...: the example's file with these days
	sed "s/gate_weekend.so .*/gate_weekend.so ${*:2}/" "$T/module/weekend" >"$etc/$1"
}

service quiet "$today"
is "what no rule asks about goes on" "$(decide quiet git status)" "success"
like "on that day, what a rule asks about does not" "$(decide quiet git push --force origin main)" \
	"^deny: not on this day \($today\)"
# shellcheck disable=SC2086 # words
service busy $others
like "on another it is asked about" "$(decide busy git push --force origin main)" "^no_agent: git.force-push: "

service typo caturday
out=$(decide typo git status); status=$?
is "an argument that it does not know refuses the service" "$status" 78
like "and says where" "$out" "/typo:3:[0-9]+: gate_weekend: unknown argument 'caturday'"
chmod g+w "$modules/gate_weekend.so"
like "a module that others can write to is not loaded" "$(decide quiet git status)" "is writable by others"
like "the stock services are there" "$(decide ci git push --force origin main)" \
	"^deny: git.force-push: .*; nobody is asked in this service"
done_testing
