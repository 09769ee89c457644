#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# timeout.t - a question that is open holds up nobody but its asker: an event loop goes on, its timeouts fire, and the
# question goes with its asker.
# shellcheck disable=SC1091,SC2016,SC2030,SC2031,SC2046,SC2317
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/askd.sh"

mkdir "$T/bin"
cp "$GATE_BUILD/tests/support/probe" "$T/bin/probe-dyn"
printf '#!/bin/sh\nexit 7\n' >"$T/bin/probe-script"
targets="probe-dyn probe-script"
if ${CC:-cc} -D_GNU_SOURCE -static -o "$T/bin/probe-static" "$GATE_SRC/tests/support/probe.c" 2>"$T/static.log"; then
	targets="$targets probe-static"
else
	diag "no static libc: $(tail -1 "$T/static.log")"
fi
chmod +x "$T"/bin/*
askd hold probe-dyn,probe-script,probe-static/danger

gone() { [ "$(grep -c '^gone' "$ASKLOG")" -ge "$1" ]; }

# A program that starts one with a timeout of 500 ms, and counts the ticks of its own event loop meanwhile.  A start that waits for the
# answer returns after the timeout, and its loop has not run; a loaded machine is slower than 10 ms a tick.
cat >"$T/timeout.js" <<'JS'
const cp = require('child_process');
const [how, target] = process.argv.slice(2);
let ticks = 0;
const clock = setInterval(() => ticks++, 10);
const start = process.hrtime.bigint();
const ms = () => Number((process.hrtime.bigint() - start) / 1000000n);
const child = how === 'spawn' ? cp.spawn(target, ['danger'], {timeout: 500, stdio: 'ignore'})
	: how === 'execFile' ? cp.execFile(target, ['danger'], {timeout: 500}, () => {})
	: cp.exec(`exec ${target} danger`, {timeout: 500}, () => {});
const returned = ms();
child.on('exit', (code, signal) => {
	clearInterval(clock);
	const end = ms();
	console.log(signal, returned < 450 ? 'returned' : `held for ${returned} ms`,
		end >= 490 && end < 1500 ? 'in time' : `after ${end} ms`, ticks >= 5 ? 'loop ran' : `${ticks} ticks`);
});
JS
questions=0
for target in $targets; do
	if command -v node >/dev/null; then
		for how in spawn execFile exec; do
			is "node $how of $target: its timeout of 500 ms fires, its loop runs" \
				"$(gated node "$T/timeout.js" $how "$T/bin/$target" 2>&1)" \
				"SIGTERM returned in time loop ran"
			questions=$((questions + 1))
			ok "node $how of $target: the question goes with its asker" wait_for 3 gone $questions
		done
	else
		skip "node and $target" "no node"
	fi
	if command -v python3 >/dev/null; then
		is "python subprocess of $target: timeout, and threads run" "$(gated python3 - "$T/bin/$target" <<'PY'
import subprocess, sys, threading, time
ticks = 0
def clock():
    global ticks
    while True:
        time.sleep(0.01)
        ticks += 1
threading.Thread(target=clock, daemon=True).start()
try:
    subprocess.run([sys.argv[1], "danger"], timeout=0.5)
except subprocess.TimeoutExpired:
    print("timeout", "threads ran" if ticks >= 20 else ticks)
PY
)" "timeout threads ran"
		questions=$((questions + 1))
		ok "python subprocess of $target: the question goes with its asker" wait_for 3 gone $questions
	else
		skip "python and $target" "no python3"
	fi
	gated timeout -s INT 0.3 "$T/bin/$target" danger >"$T/out" 2>&1
	is "$target: SIGINT while it waits is the end of it" "$? $(cat "$T/out")" "124 "
	questions=$((questions + 1))
	ok "$target: and of the question" wait_for 3 gone $questions
done

# Stopped and continued, it goes on waiting; and it is answered.
askd hold=1500 probe-dyn/danger
gated "$T/bin/probe-dyn" danger >"$T/out" 2>"$T/err" &
pid=$!
wait_for 3 grep -q '^exec' "$ASKLOG"
kill -STOP $pid; sleep 0.3; kill -CONT $pid
wait $pid
is "stopped and continued while it waits, it is answered all the same" \
	"$? $(grep -c '^word' "$T/out") $(cat "$T/err")" "7 2 "
done_testing
