#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# judged_calls.t - the interposer removes, renames, shortens and opens for writing through preload/base/judged_call.h alone, so that
# the kernel can tell its calls from the program's.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99

# violations TREE: a line for each such call in another file.  sys.h may open, as its functions are checked where they are called.
violations() {
	find "$1/libgate/preload" -name '*.[ch]' ! -name judged_call.h ! -name seam_client.c | sort | while read -r f; do
		tr '\n\t' '  ' <"$f" | tr ';' '\n' | awk -v file="${f#"$1"/}" '
		function bad() { gsub(/ +/, " "); sub(/^ /, ""); print file ": " substr($0, 1, 120) }
		/[^_]SYS\((unlink|unlinkat|rmdir|rename|renameat|renameat2|truncate|ftruncate|creat)[ ,)]/ { bad(); next }
		/[^_]SYS\((open|openat|openat2|open_by_handle_at)[ ,)]/ && file !~ /\/sys\.h$/ { bad(); next }
		/sys_call\(SYS_(unlink|rmdir|rename|truncate|ftruncate|open|creat)/ { bad(); next }
		/sys_open(at)?\(/ && /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE/ { bad(); next }'
	done
}

is "no raw call outside of judged_call.h" "$(violations "$GATE_SRC")" ""

# The test itself: a copy with one such call, of each kind.
mkdir -p "$T/tree/libgate"
cp -R "$GATE_SRC/libgate/preload" "$T/tree/libgate/"; chmod -R u+w "$T/tree"
wrong() { # wrong FILE STATEMENT
	local file=$T/tree/libgate/preload/$1
	cp "$file" "$T/saved"
	printf 'static void wrong(void)\n{\n\t%s\n}\n' "$2" >>"$file"
	like "$1 is seen with: ${2//[$'\n\t']/ }" "$(violations "$T/tree")" "^libgate/preload/$1: "
	cp "$T/saved" "$file"
}
wrong files/locate.c 'SYS(unlinkat, 0, "f", 0, 0, 0, 0);'
wrong exec/exec.c 'long err = SYS(renameat2, 0, "f", 0, "g", 0, 0);'
wrong net/dns_names.c 'SYS(ftruncate, 3, 0, 0, 0, 0, 0);'
wrong base/sys.h 'SYS(truncate, "f", 0, 0, 0, 0, 0);'
wrong files/store_put.c 'sys_open("f", O_RDONLY | O_TRUNC);'
wrong files/store_put.c 'long fd = sys_openat(dir, name,
		O_WRONLY | O_CLOEXEC);'
wrong files/act_truncate.c 'SYS(openat, 0, "f", O_WRONLY, 0, 0, 0);'
done_testing
