#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# threads.t - the tables of names and destinations under 64 threads and ThreadSanitizer; and 64 threads that connect in a
# session.  GATE_SECONDS=10 for longer.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
seconds=${GATE_SECONDS:-2} preload=$GATE_SRC/libgate/preload
build() { "${CC:-cc}" -O1 -g -pthread "$@" -I"$GATE_SRC/libgate" -o "$T/threads" "$GATE_SRC/tests/session/exec/threads.c" \
	"$preload"/net/{dns_names,connect_cache}.c "$GATE_SRC"/libgate/formats/{address,glob}.c 2>"$T/err"; }
if build -fsanitize=thread && "$T/threads" 0 >/dev/null 2>&1; then
	ok "no data race, nothing torn" sh -c "TSAN_OPTIONS=halt_on_error=1 '$T/threads' $seconds >'$T/out' 2>&1"
	diag "$(tail -20 "$T/out")"
else
	skip "no data race, nothing torn" "this compiler has no ThreadSanitizer that runs here"
fi
build && ok "nothing torn at full speed" "$T/threads" "$seconds"
cat >"$T/many.py" <<'EOF'
import socket, sys, threading, time
end = time.time() + float(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0), backlog=512)
port = listener.getsockname()[1]
def serve():
    while True:
        listener.accept()[0].close()
threading.Thread(target=serve, daemon=True).start()
counts, refused = [0] * 64, [0] * 64
def work(i):
    while time.time() < end:
        host = "localhost" if i % 2 else "127.0.0.1"
        try:
            socket.create_connection((host, port), 5).close()
            counts[i] += 1
        except OSError as e:
            print(e)
        try:
            socket.create_connection(("169.254.169.254", 80), 1)
        except PermissionError:
            refused[i] += 1
threads = [threading.Thread(target=work, args=(i,)) for i in range(64)]
[t.start() for t in threads]
[t.join() for t in threads]
print(sum(counts) + 0, sum(refused), min(counts) > 0)
EOF
read -r passed refused all < <("$GATESH" run -s ci python3 "$T/many.py" "$seconds" </dev/null 2>"$T/err" | tail -1)
is "64 threads that connect: all get through, one line says what is refused" "$all $(grep -c '^gate: refused' "$T/err")" "True 1"
is "and every attempt is counted" "$("$GATESH" net --json | python3 -c '
import json, sys
n = {"allow": 0, "deny": 0}
for o in map(json.loads, sys.stdin):
    n[o["verdict"]] += o["attempts"]
print(n["allow"], n["deny"])')" "$passed $refused"
done_testing
