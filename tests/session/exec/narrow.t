#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# narrow.t - a dynamic 32-bit program starts without a word of its loader, is judged, and hands the interposer on.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/term.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
test_cleanup() { rm -rf "$base"; }
run() { setsid -w "$GATESH" run -- "$@" </dev/null 2>&1; }

# --- what is installed
dir=$(dirname "$(realpath "$GATE_STAGE/lib/libgate-preload.so")")
narrow=$dir/narrow/libgate-preload.so
is "every name of a narrow machine leads to the narrow library" \
	"$(for p in i386 i486 i586 i686 v6l v7l v8l; do realpath "$dir/$p/libgate-preload.so"; done | sort -u)" "$narrow"
is "every name of a wide one, and a name that no loader replaces, to the interposer" \
	"$(for p in x86_64 haswell xeon_phi aarch64 '$PLATFORM'; do realpath "$dir/$p/libgate-preload.so"; done | sort -u)" "$dir/libgate-preload.so"
if command -v readelf >/dev/null; then
	like "it is a 32-bit shared object" "$(readelf -h "$narrow" 2>&1)" 'ELF32.*DYN.*(Intel 80386|ARM)'
	like "that asks for no executable stack" "$(readelf -lW "$narrow" | grep GNU_STACK)" ' RW +0'
else
	skip "the narrow library" "no readelf"
fi
case $(uname -m) in x86_64) loader=/lib/ld-linux.so.2 ;; *) loader=/lib/ld-linux-armhf.so.3 ;; esac
named=$dir/libgate-preload.so; [ ! -x $loader ] || named=$dir/\$PLATFORM/libgate-preload.so
is "a session names it by the machine where 32-bit programs can run" "$(run sh -c 'echo "$LD_PRELOAD"')" "$named"
loaded() { grep -c "$dir/libgate-preload.so" "$1"; }
run cat /proc/self/maps >"$T/maps"; ok "which a program of this machine loads" test "$(loaded "$T/maps")" -gt 0
# Without its links, as if they had been lost, in a copy.
cp -R "$GATE_BUILD/stage" "$T/stage"
find "$T/stage" -type l \( -name '$PLATFORM' -o -lname . \) -delete
setsid -w "$T/stage${GATE_STAGE#"$GATE_BUILD/stage"}/bin/gatesh" run -- cat /proc/self/maps </dev/null >"$T/maps" 2>&1
ok "without the links by its path" grep -q "$T/stage.*/libgate-preload.so" "$T/maps"

# --- a program
cat >"$T/narrow.c" <<'END'
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char line[4096];
	FILE *maps = fopen("/proc/self/maps", "r");
	while (argc == 1 && maps && fgets(line, sizeof line, maps))
		if (strstr(line, "libgate-preload") || strstr(line, "[stack]"))
			fputs(line, stdout);
	if (argc == 2)
		return unlink(argv[1]) ? perror("narrow"), 1 : 0;
	if (argc > 2)
		execvp(argv[2], argv + 2);
	return argc > 2 ? perror("narrow"), 1 : 0;
}
END
cd "$base" || exit 99
if ! ${CC:-cc} -m32 -o "$T/bin/narrow" "$T/narrow.c" 2>"$T/cc.log" || ! "$T/bin/narrow" >/dev/null 2>&1; then
	skip "a 32-bit program" "none can be made and run here: $(grep -m1 -e error -e 'cannot' "$T/cc.log")"
	done_testing
fi
out=$(run "$T/bin/narrow")
like "a 32-bit program loads the narrow library" "$out" "$narrow"
unlike "its loader says nothing" "$out" 'ERROR|cannot'
like "its stack is not executable" "$out" ' rw-p [^ ]+ [^ ]+ [^ ]+ +\[stack\]'
echo old >file; is "it removes a file as ever" "$(run "$T/bin/narrow" file)" "gate: kept 1 file (4 B) for undo: gatesh undo"
"$GATESH" undo --yes file >/dev/null 2>&1; is "which was kept" "$(cat file)" old
like "what it executes is judged" "$(run "$T/bin/narrow" - doomsday now)" 'refused: doomsday now'
run "$T/bin/narrow" - cat /proc/self/maps >"$T/maps"; ok "and loads the interposer" test "$(loaded "$T/maps")" -gt 0
done_testing
