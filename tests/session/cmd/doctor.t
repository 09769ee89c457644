#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# doctor.t - gatesh doctor: whole here, and broken when a part of it is.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 35
cd "$T" || exit 99
doctor() { timeout 20 "$GATESH" doctor "$@" 2>&1; echo "=$?"; }
# what doctor says of CHECK
line() { grep -E "^[a-z]+ +$1  " <<<"$2" | head -1; }

out=$(doctor)
like "the gate works here" "$out" 'the gate works here: [0-9]+ open, [0-9]+ warnings?.*=0$'
like "the library was really loaded" "$(line library "$out")" '^ok .*refuses programs without one'
like "modules were loaded" "$(line modules "$out")" '^ok +modules +[1-9][0-9]* load'
like "the service and its rules" "$(line service "$out")" '^ok +service +agent: [1-9][0-9]* rules'
is "every state is one of four words" "$(grep -vcE '^(ok|warn|open|broken)  | +-> |^$|^the gate|^=' <<<"$out")" 0
like "what the kernel reports was tried" "$(line seam "$out")" '^(ok .*the kernel reports to gatesh|open .*another program watches)'
like "what to do stands below" "$out" $'\n'' +-> '
is "--json is the same" "$(doctor --json | sed '$d' | python3 -c 'import json,sys
o=json.load(sys.stdin); print(o["works"], len(o["checks"]), sorted({c["status"] for c in o["checks"]} - {"ok","warn","open"}))')" \
	"True $(grep -cE '^(ok|warn|open)  ' <<<"$out") []"
if [ "$(id -u)" = 0 ]; then
	like "root is told" "$(line user "$out")" '^open .*you are root'
else
	skip "root is told" "not root"
fi

# --- the directories that this build reads
stage=$(realpath "$GATE_BUILD/stage")
etc=$stage$(sed -n 's/^sysconfdir = //p' "$GATE_BUILD/Makefile" | sed "s|\${prefix}|${GATE_STAGE#"$GATE_BUILD/stage"}|")
like "its directories" "$(line directories "$out")" "^ok .*this build reads $etc/gate and $etc/gate.d\$"
conf=${etc#"$stage"}
is "the manual names them" "$(cd "$GATE_STAGE/share/man" && for page in man5/gate.conf.5:$conf/gate/gate man5/gate.d.5:$conf/gate.d/SERVICE \
	man5/gate.rules.5:$conf/gate/rules man7/rules.7:$conf/gate/rules man1/gatesh.1:$conf/gate/gate; do
	grep -qF "${page#*:}" "${page%%:*}" || echo "${page%%:*} does not"
done)" ""
# another /etc, in a mount namespace of its own
if [ "$(id -u)" = 0 ]; then own=(unshare -m); else own=(unshare -rm); fi
mkdir -p "$T/etc"
if "${own[@]}" mount --bind "$T/etc" /etc 2>/dev/null; then
	cp -aL /etc/passwd /etc/group /etc/nsswitch.conf "$T/etc/" 2>/dev/null
	cp -L /etc/ld.so.cache "$T/etc/" 2>/dev/null
	elsewhere() { "${own[@]}" sh -c 'mount --bind "$1" /etc && exec "$2" doctor' - "$T/etc" "$GATESH" 2>&1; }
	unlike "no other is there" "$(elsewhere)" 'warn +directories'
	mkdir "$T/etc/gate" "$T/etc/gate.d"
	said=$(elsewhere)
	like "/etc/gate is there and not read" "$said" 'warn +directories +this build does not read /etc/gate, which exists'
	like "nor is /etc/gate.d" "$said" 'warn +directories +this build does not read /etc/gate.d, which exists'
	like "with what to do" "$said" "-> move its files to $etc/gate.d, or configure with --sysconfdir=/etc"
else
	for what in "no other is there" "/etc/gate is there and not read" "nor is /etc/gate.d" "with what to do"; do
		skip "$what" "no mount namespace here"
	done
fi

# --- inside a session, where a program without a policy can't be tried
inside=$(setsid "$GATESH" run -- "$GATESH" doctor </dev/null 2>&1; echo "=$?")
like "in a session doctor says so" "$(line library "$inside")" '^ok .*loaded here: this is inside a session'
like "and that the gate works" "$inside" 'the gate works here: .*=0$'

# --- the world
mkdir -p "$T/tmux-$(id -u)"
python3 -c 'import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$T/tmux-$(id -u)/default"
like "where files are kept" "$(line undo "$(doctor)")" '^ok +undo +Gate keeps files of this directory in '
is "and nothing of the trial is left" "$(find "$XDG_STATE_HOME/gate/undo" -name 'doctor*' 2>/dev/null)" ""
like "the file system of the directory is named" "$(line workspace "$(doctor)")" "^[a-z]+ +workspace +on $(findmnt -no FSTYPE -T "$PWD" | tail -1)"
like "what it can do" "$(line 'birth times' "$(doctor)")" '^[a-z]+ +birth times +'
like "the place is named" "$(line place "$(doctor)")" '^(ok|warn|open) +place +[a-zA-Z]'
# a container, in mount and pid namespaces of its own
in_container() { unshare -mpf sh -c 'mount -t proc proc /proc && mount -t tmpfs none /run && mkdir /run/systemd &&
	echo "$1" >/run/systemd/container && shift && exec "$@"' - "$@"; }
if [ "$(id -u)" = 0 ] && in_container lxc true 2>/dev/null; then
	mkdir "$T/ram"
	said=$(in_container podman sh -c 'mount -t tmpfs ram "$1" && cd "$1" && exec "$2" doctor' - "$T/ram" "$GATESH" 2>&1)
	like "so is a container" "$(line place "$said")" '^ok +place +Podman: '
	like "and a directory in memory" "$(line workspace "$said")" '^warn +workspace +on tmpfs, in memory'
else
	skip "so is a container" "no namespaces here"; skip "and a directory in memory" "no namespaces here"
fi
like "tmux is an open way" "$(line tmux "$(TMUX_TMPDIR=$T doctor)")" "^open +tmux .*$T/tmux-"
like "X11 is an open way" "$(line X11 "$(DISPLAY=:7 doctor)")" '^open .*:7'
like "no X11 is none" "$(line X11 "$(env -u DISPLAY timeout 20 "$GATESH" doctor)")" '^ok '
chmod 755 "$XDG_RUNTIME_DIR"
like "a runtime directory others can read" "$(line XDG_RUNTIME_DIR "$(doctor)")" '^warn .*0755'
chmod 700 "$XDG_RUNTIME_DIR"
like "a listener that is there already is said" "$(line seam "$("$GATE_BUILD/tests/support/listener" "$GATESH" doctor)")" '^open .*another program watches the system calls here'
mkdir bin

# --- broken installations: a copy of this one, with a part taken out
like "a bad gate.conf" "$(echo 'x: y' >"$XDG_CONFIG_HOME/gate.x"; mkdir -p "$XDG_CONFIG_HOME/gate"
	mv "$XDG_CONFIG_HOME/gate.x" "$XDG_CONFIG_HOME/gate/gate.conf"; doctor; rm "$XDG_CONFIG_HOME/gate/gate.conf")" \
	'broken  gate.conf .*the gate does not work here.*=1'
cp -a "$GATE_BUILD/stage" "$T/copy"
root=$T/copy${GATE_STAGE#"$GATE_BUILD/stage"}
GATESH=$root/bin/gatesh
like "a copy works as the original" "$(doctor)" '=0$'
interposer=$(dirname "$(realpath "$root/lib/libgate-preload.so")")
mv "$interposer/gate-standin" "$T/"
like "no gate-standin" "$(doctor)" 'broken  gate-standin .*=1$'
mv "$T/gate-standin" "$interposer/"
chmod 666 "$root/lib/gate/modules/gate_permit.so"
like "a module that anybody can write" "$(line modules "$(doctor)")" '^warn .*gate_permit.so is writable by others'
chmod 755 "$root/lib/gate/modules/gate_permit.so"
: >"$root/lib/libgate-preload.so"
like "a library that does not load" "$(doctor)" 'broken  library .*=1$'
is "bad usage is 64, one line" "$("$GATESH" doctor x 2>&1 | wc -l) $("$GATESH" doctor -z 2>/dev/null; echo $?)" "1 64"
