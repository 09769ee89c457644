#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# private_names.t - libgate.so exports the public interface alone, and a program that happens to define every one of the
# engine's private names does not put its functions in their place: the policy still loads and decides.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
command -v nm >/dev/null || { echo "1..0 # SKIP no nm here"; exit 0; }

libdir=$(dirname "$(find "$GATE_STAGE" -name libgate.so | head -1)")
exported() { nm -D --defined-only "$1" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u; }
public=$(sed -n '/^global:/,/^local:/p' "$GATE_SRC/libgate/libgate.sym" | grep -o 'gate_[a-z_]*' | sort -u)
is "libgate.so exports what libgate.sym names" "$(exported "$libdir/libgate.so" | grep -v '^__\(asan\|ubsan\|odr\)')" "$public"
private=$(comm -23 <(exported "$libdir"/gate/libgate-private-*.so | grep -v '^__\|\.') <(echo "$public"))
ok "the private library exports much more" test "$(wc -l <<<"$private")" -gt 50

{
	cat <<'END'
#include <gate.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void replaced(const char *name)
{
	fprintf(stderr, "the program's %s was called\n", name);
	_exit(99);
}
END
	while read -r name; do printf 'void %s(void);\nvoid %s(void)\n{\n\treplaced("%s");\n}\n' "$name" "$name" "$name"; done <<<"$private"
	cat <<'END'
int main(void)
{
	const char *const argv[] = {"git", "push", "--force", "origin", "main", NULL};
	struct gate_event event = {.struct_size = sizeof event, .type = GATE_EVENT_EXEC, .uid = getuid(), .exe = "/usr/bin/git", .argv = argv, .argc = 5, .cwd = "/"};
	gate_handle_t *h;
	int err = gate_start("agent", NULL, NULL, &h);
	if (err)
		return fprintf(stderr, "gate_start: %d\n", err), 1;
	int ret = gate_check(h, &event, GATE_CHECK_NO_ASK);
	puts(gate_strret(ret));
	gate_end(h, ret);
	return 0;
}
END
} >"$T/names.c"
"${CC:-cc}" -w -rdynamic -I"$GATE_SRC/libgate" -o "$T/names" "$T/names.c" -L"$libdir" -lgate 2>"$T/err" || diag "$(head -5 "$T/err")"
asan= # an instrumented libgate wants its runtime loaded first
readelf -d "$libdir/libgate.so" | grep -q 'NEEDED.*libasan' && asan=$("${CC:-cc}" -print-file-name=libasan.so)
out=$(LD_PRELOAD=$asan LD_LIBRARY_PATH=$libdir:$libdir/gate "$T/names" 2>&1)
is "a program with all of them gets the engine's decision" "$out" "no_agent"
done_testing
