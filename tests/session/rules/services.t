#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# services.t: the shipped services, and what a user's and a project's files can do to them, on real processes.
# shellcheck source=tests/support/lib.sh
. "${GATE_SRC:-.}/tests/support/lib.sh"

mkdir "$T/work"
cd "$T/work" || exit 99
git init -q . && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m one && git init -q --bare ../remote
git remote add origin ../remote && git push -q origin HEAD:main

user=$XDG_CONFIG_HOME/gate/gate.d project=$T/work/.gate/gate.d
run() { # run SERVICE COMMAND...: its stderr; status in $status
	out=$("$GATESH" run -s "$1" -- "${@:2}" 2>&1 </dev/null)
	status=$?
}
force=(git push --force origin HEAD:main)
layer() { # layer DIR SERVICE LINE...
	rm -rf "$user" "$project"
	mkdir -p "$1" && printf '%s\n' "${@:3}" >"$1/$2"
}

for service in agent ci shell; do
	run $service git status --short
	is "$service: what no rule asks about runs" "$status" 0
	run $service "${force[@]}"
	is "$service: with nobody to ask, what a rule asks about does not" "$status" 126
done
run ci "${force[@]}"
like "ci says why in the agent's line" "$out" "git.force-push .danger.: .*The policy forbids it: nobody is asked in this service"
run agent "${force[@]}"
like "agent says that nobody was there" "$out" "Nobody is there to ask"
run nothere true
is "a service that does not exist starts no session" "$status" 78
like "and is named" "$out" "nothere: no such service in .*/etc/gate.d or .*/lib/gate.d"

for dir in "$user" "$project"; do
	whose=user; [ "$dir" = "$project" ] && whose=project
	layer "$dir" agent 'exec required gate_permit'
	run agent "${force[@]}"
	is "a $whose's file can't allow what the system's refuses" "$status" 126
	layer "$dir" agent 'exec required gate_deny [reason=not in here]'
	run agent "${force[@]}"
	is "a $whose's file can refuse" "$status" 126
	layer "$dir" agent '# nothing to say'
	run agent git status --short
	is "a $whose's file without a line abstains" "$status" 0
	layer "$dir" agent 'exec required gate_permti'
	run agent touch "$T/started"
	is "a $whose's file with a mistake starts no session" "$status" 78
	like "and the place is shown" "$out" "/gate.d/agent:1:15: no module 'gate_permti' .*did you mean 'gate_permit'"
done
ok "nothing was started" test ! -e "$T/started"

layer "$project" agent "exec required gate_exec -- /bin/touch $T/started"
run agent git status --short
is "a project's file can't name a program" "$status" 78
like "and is told so" "$out" "a project's file may not name programs to run: gate_exec"
ok "nor was it run" test ! -e "$T/started"

# shellcheck disable=SC2016 # for the program to expand
printf '#!/bin/sh\necho "asked about $GATE_SUBJECT" >&2; exit 1\n' >"$T/decide"
chmod +x "$T/decide"
layer "$user" ci "exec required gate_exec -- $T/decide"
cat >"$XDG_CONFIG_HOME/gate/gate.d/agent" <<-EOF
	exec required gate_exec -- $T/decide
EOF
mkdir -p "$XDG_CONFIG_HOME/gate/rules"
cat >"$XDG_CONFIG_HOME/gate/rules/own.rules" <<-'EOF'
	rule: own.push
	on: exec
	program: git
	keyword: push
	match: ^git push\b
	severity: notice
	action: log
	reason: leaves this machine
	hit: git push origin main
	miss: git pull
EOF
run agent git push origin HEAD:main
is "a user's file can name a program, which refuses" "$status" 126
like "with its own words" "$out" "The policy forbids it: asked about git push origin HEAD:main"
rm -rf "$XDG_CONFIG_HOME/gate"
run agent git push origin HEAD:main
is "without it the push runs" "$status" 0
done_testing
