#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# includes.t - which room may include which: HACKING.md, "The house".  A line in the wrong direction fails, and so does an
# include line that does not name its room.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99

# violations TREE: a line for each include that the house forbids.
violations() {
	find "$1/libgate" "$1/gatesh" -name '*.[ch]' | sort | while read -r f; do
		printf 'FILE %s\n' "${f#"$1"/}"
		grep -hE '^[[:space:]]*#[[:space:]]*include' "$f" | sed 's/^[[:space:]]*#[[:space:]]*/#/'
	done | awk '
	# floor(N, ROOMS): rooms of the engine or of gatesh, the lowest first; rooms of one floor do not include each other
	function floor(kind, n, rooms,   i, v, k) { k = split(rooms, v, " "); for (i = 1; i <= k; i++) { level[v[i]] = n; of[v[i]] = kind } }
	BEGIN {
		floor("formats", 0, "formats")
		floor("engine", 1, "base"); floor("engine", 2, "address subject/list"); floor("engine", 3, "subject/shell subject/code")
		floor("engine", 3, "effects grammar"); floor("engine", 4, "subject/wrappers"); floor("engine", 5, "subject"); floor("engine", 6, "rules")
		floor("engine", 7, "policy"); floor("engine", 8, "image"); floor("engine", 9, "engine")
		floor("preload", 1, "preload/base"); floor("preload", 2, "preload/exec preload/files preload/net preload/standin preload/statements preload/narrow")
		floor("modules", 1, "modules")
		floor("gatesh", 1, "crypto util"); floor("gatesh", 2, "audit principal seam term"); floor("gatesh", 3, "broker keep store"); floor("gatesh", 4, "undo")
		floor("gatesh", 5, "ask"); floor("gatesh", 6, "front relay sshagent supervise"); floor("gatesh", 7, "adopt hook session")
		floor("gatesh", 8, "lint doctor companion draft listing"); floor("gatesh", 9, "pack"); floor("gatesh", 10, "cmd"); floor("gatesh", 11, "main")
		floor("notify", 1, "notify")
	}
	function bad(why) { printf "%s: %s: %s\n", file, why, target }
	function may(from, to) {
		if (from == to) return 1
		if (of[from] == of[to]) return level[from] > level[to]
		if (of[to] == "formats") return of[from] != "modules"
		if (of[from] == "gatesh") return of[to] == "engine" || (from == "supervise" && (to == "preload/base" || to == "preload/files")) || (from == "seam" && to == "preload/base")
		if (of[from] == "notify") return to == "base"
		return 0
	}
	function room_of(path,   r) { r = path; if (!sub(/\/[^\/]*$/, "", r)) r = ""; return r }
	/^FILE / { file = $2; r = room_of(file); sub(/^(libgate|gatesh)\/?/, "", r); if (r == "" && file == "gatesh/main.c") r = "main"; next }
	/gate_module\.h/ { target = "gate_module.h"; if (of[r] == "formats" || of[r] == "preload" || (of[r] == "engine" && level[r] < level["policy"])) bad("may not include"); next }
	!/"/ {
		if (r != "" && !(r in of)) { target = "no such room"; bad(r) }
		next
	}
	{
		target = $2; gsub(/"/, "", target)
		if (target == "config.h" || target == "gate.h") next
		to = room_of(target)
		if (!(to in of)) bad("names no room")
		else if (!may(r, to)) bad("may not include")
	}'
}

is "every include goes downwards" "$(violations "$GATE_SRC")" ""

# The test itself: a copy with one line in the wrong direction, of each kind.
mkdir -p "$T/tree"
cp -R "$GATE_SRC/libgate" "$GATE_SRC/gatesh" "$T/tree/"; chmod -R u+w "$T/tree"
wrong() { # wrong FILE INCLUDE
	cp "$T/tree/$1" "$T/saved"
	printf '#include "%s"\n' "$2" >>"$T/tree/$1"
	like "$1 may not include $2" "$(violations "$T/tree")" "^$1: (may not include|names no room): $2\$"
	cp "$T/saved" "$T/tree/$1"
}
wrong libgate/base/strbuf.c rules/ruleset.h
wrong libgate/rules/parse.c engine/engine.h
wrong libgate/formats/glob.c base/strbuf.h
wrong libgate/modules/gate_deny.c base/strbuf.h
wrong libgate/preload/net/dns_names.c preload/files/locate.h
wrong gatesh/util/out.c ask/question.h
wrong gatesh/front/prompt.c supervise/supervisor.h
wrong gatesh/session/monitor.c cmd/cmd.h
wrong gatesh/ask/question.c preload/base/sys.h
wrong gatesh/seam/filter.c supervise/supervisor.h
wrong gatesh/seam/filter.c preload/files/locate.h
wrong gatesh/util/out.c table.h
wrong gatesh/relay/protocol.c supervise/supervisor.h
wrong libgate/base/strbuf.c gate_module.h
done_testing
