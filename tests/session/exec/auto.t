#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# auto.t - a bare LD_PRELOAD starts a session of its own: gatesh session --auto, played here by a script beside a copy
# of the library.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/askd.sh"

tree=$T/tree${GATE_STAGE#"$GATE_BUILD/stage"}
mkdir -p "$tree/bin" "$tree/lib" "$T/bin"
cp "$PRELOAD" "$tree/lib/"
lib=$tree/lib/libgate-preload.so
for p in probe launch; do cp "$GATE_BUILD/tests/support/$p" "$T/bin/"; done
askd 'deny=gate: refused by the test' probe/danger
cat >"$tree/bin/gatesh" <<SH
#!/bin/sh
echo "\$*; \${LD_PRELOAD-no LD_PRELOAD}; \$(readlink /proc/self/fd/0)" >>"$T/gatesh.log"
echo "$SESSION"
SH
chmod +x "$tree/bin/gatesh"
bare() { env LD_PRELOAD="$lib" "$@"; }

is "a program of no concern runs" \
	"$(bare "$T/bin/probe" safe | grep -v -e '^fd' -e '^_=')" "$("$T/bin/probe" safe | grep -v -e '^fd' -e '^_=')"
is "gatesh session --auto was started, without the library, with nothing to read" \
	"$(sed "1s/ [0-9]*;/ PID;/;q" "$T/gatesh.log")" "session --auto PID; no LD_PRELOAD; /dev/null"
is "its environment names the session" "$(bare sh -c 'echo "$GATE_SESSION"')" "$SESSION"
: >"$T/gatesh.log"
is "a program that a rule concerns is gated" "$(bare "$T/bin/probe" danger 2>&1; echo $?)" "gate: refused by the test
126"
bare sh -c "'$T/bin/probe' safe; '$T/bin/launch' -e execve '$T/bin/probe' safe" >/dev/null
is "children join that session" "$(wc -l <"$T/gatesh.log")" 2
printf '#!/bin/sh\nwait; cat /proc/$$/task/$$/children; echo "$0 $1"\n' >"$T/bin/script"; chmod +x "$T/bin/script"
is "a script has no child that it did not start" "$(cd "$T" && bare bin/script a | sed 's/^[0-9 ]*//')" "bin/script a"
is "the same descriptors as without" "$(bare "$T/bin/probe" | grep '^fd')" "$("$T/bin/probe" | grep '^fd')"
is "and standard ones stay closed" \
	"$(bare sh -c "exec '$T/bin/probe' <&- 2>&-" | grep '^fd')" \
	"$(sh -c "exec '$T/bin/probe' <&- 2>&-" | grep '^fd')"

none="gate: probe: refused: no session, and gatesh session --auto started none; nothing was executed"
printf '#!/bin/sh\nexit 1\n' >"$tree/bin/gatesh"
is "no session to be had is a refusal" "$(bare "$T/bin/probe" 2>&1; echo $?)" "$none
126"
printf '#!/bin/sh\necho nonsense\n' >"$tree/bin/gatesh"
is "nor is nonsense a session" "$(bare "$T/bin/probe" 2>&1)" "$none"
rm "$tree/bin/gatesh"
is "nor is no gatesh" "$(bare "$T/bin/probe" 2>&1)" "$none"
is "GATE_SESSION empty: inert" "$(GATE_SESSION='' bare "$T/bin/probe" 2>&1 | head -1)" "errno 0 argc 1"
done_testing
