# SPDX-License-Identifier: BSD-2-Clause
# ways.sh - runs one way into the kernel through all acts, for tests/session/seam/ways.t.
#
# `try NAME COMMAND...` runs COMMAND, which gets its acts as further arguments (way.c), four times: natively and in a
# session, with acts on files from before the session and with acts that concern nobody.  Each act is a line of the test;
# `ways_matrix` prints the table of all.  The native run proves the test: an act that does nothing there is a failure.
# shellcheck shell=bash disable=SC2034 # ways.t reads them
: "${base:?call files_base first}"
bin=$base/bin

# Acts on old files: each has a file of its own.  The rest are what some ways can do besides.
old_acts='rename unlink truncate overwrite inplace creat openat2 handle ftruncate punch copyrange mmap'
required=' rename unlink truncate overwrite inplace deny deny-static ask connect '
columns="$old_acts deny deny-static ask connect own errno exec net quiet"

# AS: the words that become the user of a session.  lacks: the required acts that this way does not have.  unreadable: gatesh may not read
# the program, which does not ask by itself: all that it would judge is refused.
AS=() lacks= unreadable=
declare -A cell=()
rows=()

# --- ports: one that a rule denies, one of no concern, one where nobody listens
ways_listen() {
	python3 - "$T/ports" <<'PY' &
import os, socket, sys, threading
def serve(s):
    n = 0
    while True:
        c = s.accept()[0]
        n += 1
        try:
            c.sendall(b"%d\n" % n)
        except OSError: pass
        c.close()
bound = [socket.socket() for _ in range(3)]
for s in bound: s.bind(("127.0.0.1", 0))
for s in bound[:2]:
    s.listen(1000); threading.Thread(target=serve, args=(s,), daemon=True).start()
open(sys.argv[1] + ".new", "w").write(" ".join(str(s.getsockname()[1]) for s in bound))
os.rename(sys.argv[1] + ".new", sys.argv[1])
threading.Event().wait()
PY
	listener=$!
	wait_for 10 test -s "$T/ports" || exit 99
	read -r denied allowed closed <"$T/ports"
}
# The connections that have reached the denied port, this one included: the queue is first in, first out.
ways_arrived() { local n; exec 3<>"/dev/tcp/127.0.0.1/$denied"; read -r n <&3; exec 3>&-; echo "$n"; }

ways_rules() {
	mkdir -p "$base/config/gate/rules"
	cat >"$base/config/gate/rules/ways.rules" <<-EOR
	rule: ways.deny
	on: exec
	program: way-denied way-denied-static
	severity: danger
	action: deny
	reason: the test denies it
	hit: way-denied x
	miss: way-harmless x

	rule: ways.ask
	on: exec
	program: way-asked
	severity: danger
	reason: the test asks about it
	hit: way-asked x
	miss: way-harmless x

	rule: ways.port
	on: connect
	port: $denied
	severity: danger
	action: deny
	reason: the test denies it
	hit: 127.0.0.1:$denied
	miss: 127.0.0.1:$allowed
	EOR
	export XDG_CONFIG_HOME=$base/config
}

# --- one run
# The acts as words: those on old files and denied ones; those of no concern, by group.
ways_acts() {
	local act
	serious=(make tmp - rename tmp old/rename)
	for act in ${old_acts#rename }; do serious+=("$act" "old/$act" -); done
	serious+=(exec ../../bin/way-denied mark-deny exec ../../bin/way-denied-static mark-deny-static
		exec ../../bin/way-asked mark-ask connect 127.0.0.1 "$denied")
	own=(make own/a - overwrite own/a - inplace own/a - truncate own/a - make own/b - rename own/b own/a unlink own/a -
		make own/c - temp - -)
	errno=(unlink none - rename none own/x truncate none - overwrite dir - unlink dir - truncate dir - inplace none -
		overwrite none/x - unlink own/c/ -)
	exec=(exec ../../bin/way-harmless mark-exec exec ../../bin/none mark-none)
	net=(connect 127.0.0.1 "$allowed" connect 127.0.0.1 "$closed")
}
# The loader says it where it can't find the library (another root); no session can help that.
ways_other_roots=' bwrap-bare chroot '
ways_noise='^ERROR: ld.so: object .* from LD_PRELOAD cannot be preloaded'
ways_run() { # ways_run DIR LOG COMMAND...: in the directory, as the user of the session
	local dir=$1 log=$2
	shift 2
	(cd "$dir" && setsid -w timeout -k 5 120 ${AS[@]+"${AS[@]}"} "$@" </dev/null >"$log" 2>&1)
	echo "end: $?" >>"$log"
}
ways_undo() { (cd "$row/work" && ${AS[@]+"${AS[@]}"} "$GATESH" undo --yes --all --since 1h </dev/null >"$row/undo.log" 2>&1); }
ways_sums() { (cd "$1" && for act in $old_acts; do sha256sum "old/$act" 2>/dev/null || echo "gone old/$act"; done); }
sum_of() { awk -v f="old/$2" '$2 == f { print $1 }' "$1"; }
# The way's word on an act; empty if it did not get there.
said() { sed -n "s#^= $2: ##p" "$1" | head -1; }

ways_prepare() { # a workspace to act in natively, and one for the session
	local act place
	row=$base/$name
	for place in native work; do
		mkdir -p "$row/$place/old" "$row/$place/dir" "$row/$place/own"
		for act in $old_acts; do { echo "$act"; seq 3000; } >"$row/$place/old/$act"; done
		echo keep >"$row/$place/dir/keep"
	done
	mkdir -p "$row/home" "$row/state" "$T/run/$name"; chmod 700 "$T/run/$name"
	chmod -R a+rwX "$row"
	[ ${#AS[@]} = 0 ] || chown -R 65534:65534 "$row/home" "$row/state" "$row/work" "$row/native" "$T/run/$name"
	export HOME=$row/home XDG_STATE_HOME=$row/state XDG_RUNTIME_DIR=$T/run/$name
	[ ${#AS[@]} = 0 ] || chmod 755 "$row" "$row"/*
}

# --- the judgement of a cell
verdict() { # verdict COLUMN RESULT [DETAIL]: good results are words in small letters
	cell[$name.$1]=$2
	case $2 in
	-) ;;
	*[A-Z]*) fail "$name: $1: $2" "${3:-}" ;;
	*) pass "$name: $1: $2" ;;
	esac
}
# ways_native COLUMN SAID DONE: true if the native run did it; otherwise the cell is judged.
ways_native() {
	[ "$2" != ok ] || [ "$3" != 1 ] || return 0
	if [ "$2" != ok ] && { [[ $required != *" $1 "* ]] || [[ " $lacks " == *" $1 "* ]] || [ "$lacks" = all ]; }; then
		verdict "$1" -
	else
		verdict "$1" TEST-IS-WRONG "natively: said '$2', done: $3"
	fi
	return 1
}
ways_judge_file() { # ways_judge_file ACT
	local act=$1 line="$1 old/$1" before after undone natively said changed=1
	[ "$act" != rename ] || line='rename tmp'
	before=$(sum_of "$row/before" "$act") after=$(sum_of "$row/after" "$act") undone=$(sum_of "$row/undone" "$act")
	natively=$(sum_of "$row/natively" "$act") said=$(said "$row/serious.log" "$line")
	if [ "$before" != "$undone" ]; then verdict "$act" LOST "said '$said'; $(tail -n 3 "$row/undo.log")"; return; fi
	[ "$before" != "$natively" ] || changed=0
	ways_native "$act" "$(said "$row/native.log" "$line")" $changed || return
	case $said in
	ok) if [ "$before" != "$after" ]; then verdict "$act" kept; else verdict "$act" NOT-DONE "said ok, and did nothing"; fi ;;
	'') verdict "$act" DIED "$(tail -n 3 "$row/serious.log")" ;;
	*) if [ "$before" = "$after" ]; then verdict "$act" refused; else verdict "$act" DONE-AND-REFUSED "said '$said'"; fi ;;
	esac
}
ways_judge_denied() { # ways_judge_denied COLUMN LINE DONE-NATIVELY DONE-IN-SESSION
	local said
	said=$(said "$row/serious.log" "$2")
	if [ "$4" != 0 ]; then verdict "$1" LET "said '$said', and it happened"; return; fi
	ways_native "$1" "$(said "$row/native.log" "$2")" "$3" || return
	case $said in
	'') verdict "$1" DIED "$(tail -n 3 "$row/serious.log")" ;;
	ok) verdict "$1" NOT-DONE "said ok, and did nothing" ;;
	*) verdict "$1" refused ;;
	esac
}
ways_judge_quiet() { # ways_judge_quiet COLUMN FROM TO: the native run's lines must be the session's
	local natively now other
	natively=$(grep '^= ' "$row/native-quiet.log" | sed -n "$2,$3p") now=$(grep '^= ' "$row/quiet.log" | sed -n "$2,$3p")
	other=$(diff <(echo "$natively") <(echo "$now") | grep '^[<>]')
	if [ "$natively" = "$now" ]; then verdict "$1" same
	elif [ -n "$unreadable" ] && ! grep '^>' <<<"$other" | grep -qv -e ': errno 1$' -e ': errno 13$' -e ': status 201$'; then verdict "$1" refused
	else verdict "$1" DIFFERS "$other"; fi
}
ways_judge_silence() {
	local now natively
	now=$(grep -v '^= ' "$row/quiet.log")
	[[ $ways_other_roots != *" $name "* ]] || now=$(grep -v "$ways_noise" <<<"$now")
	natively=$(grep -v '^= ' "$row/native-quiet.log")
	if [ -n "$unreadable" ] && grep -q ': refused: gatesh may not read this process' <<<"$now"; then verdict quiet refused
	elif [ "$now" = "$natively" ] && [ "$(cd "$row/work" && ls own mark-exec 2>&1)" = "$(cd "$row/native" && ls own mark-exec 2>&1)" ]; then
		verdict quiet same
	else
		verdict quiet DIFFERS "$(diff <(echo "$natively") <(echo "$now") | grep '^[<>]'; cd "$row/work" && ls own)"
	fi
}
ran() { if [ -e "$row/$1/mark-$2" ]; then echo 1; else echo 0; fi; }

# try NAME COMMAND...: run and judge a way.
try() {
	local act from natively insession a b c
	name=$1; shift
	[[ " ${GATE_WAYS:-$name} " == *" $name "* ]] || return 0
	rows+=("$name"); ways_prepare
	ways_sums "$row/work" >"$row/before"
	from=$(ways_arrived)
	ways_run "$row/native" "$row/native.log" "$@" "${serious[@]}"
	natively=$(($(ways_arrived) - from - 1))
	if ! grep -q '^= ' "$row/native.log"; then
		skip "$name" "it does not run here: $(grep -v '^end:' "$row/native.log" | head -1)"; unset 'rows[-1]'; return
	fi
	ways_run "$row/native" "$row/native-quiet.log" "$@" "${own[@]}" "${errno[@]}" "${exec[@]}" "${net[@]}"
	ways_sums "$row/native" >"$row/natively"
	from=$(ways_arrived)
	ways_run "$row/work" "$row/serious.log" "$GATESH" run -- "$@" "${serious[@]}"
	insession=$(($(ways_arrived) - from - 1))
	ways_sums "$row/work" >"$row/after"
	ways_undo
	ways_sums "$row/work" >"$row/undone"
	ways_run "$row/work" "$row/quiet.log" "$GATESH" run -- "$@" "${own[@]}" "${errno[@]}" "${exec[@]}" "${net[@]}"
	for act in $old_acts; do ways_judge_file "$act"; done
	for act in deny deny-static ask; do
		ways_judge_denied "$act" "exec ../../bin/way-$(echo "$act" | sed 's/^ask/asked/; s/^deny/denied/')" "$(ran native "$act")" "$(ran work "$act")"
	done
	ways_judge_denied connect 'connect 127.0.0.1' "$natively" "$insession"
	a=$((${#own[@]} / 3)) b=$((a + ${#errno[@]} / 3)) c=$((b + ${#exec[@]} / 3))
	ways_judge_quiet own 1 $a
	ways_judge_quiet errno $((a + 1)) $b
	ways_judge_quiet exec $((b + 1)) $c
	ways_judge_quiet net $((c + 1)) $((c + 2))
	ways_judge_silence
}

# The table, with short words: a way a line, an act a column.
ways_matrix() {
	local name column
	{
		printf '%-16s' way
		for column in $columns; do printf ' %-8.8s' "$column"; done
		echo
		for name in ${rows[@]+"${rows[@]}"}; do
			printf '%-16s' "$name"
			for column in $columns; do printf ' %-8.8s' "${cell[$name.$column]:-?}"; done
			echo
		done
	} >"$T/matrix"
	diag "$(cat "$T/matrix")"
}
