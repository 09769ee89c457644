#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# lint.t - gatesh lint: what is shipped is clean, and every kind of mistake is found with its place.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 43
cd "$T" || exit 99

# lint FILE...: its output, then the status
lint() { "$GATESH" lint "$@" 2>&1; echo "=$?"; }
summary() { tail -2 <<<"$1" | tr '\n' ' '; }

# pack NAME LINE...: a pack of one good rule, with LINEs in place of its fields of the same name
pack() {
	local name=$1 field line; shift
	for field in rule on program match severity reason hit miss; do
		for line in "$@" "rule: t.push" "on: exec" "program: git" 'match: \spush\s.*(?:-f|--force)(?: |$)' \
			"severity: danger" "reason: rewrites history" "hit: git push -f" "miss: git push"; do
			[ "${line%%:*}" = "$field" ] && { echo "$line"; break; }
		done
	done >"$name"
	for line in "$@"; do
		case $line in rule:*|on:*|program:*|match:*|severity:*|reason:*|hit:*|miss:*) ;; *) echo "$line" ;; esac
	done >>"$name"
}

like "everything installed is clean" "$(summary "$(lint)")" '^[0-9]+ rules in [0-9]+ packs, 0 errors, 0 warnings =0 $'
like "and so are the sources" "$(summary "$(lint "$GATE_SRC/rules")")" '[1-9][0-9]* rules in [1-9][0-9]* packs, 0 errors, 0 warnings =0'
pack good.rules
is "a good pack" "$(lint good.rules)" "1 rule in 1 pack, 0 errors, 0 warnings"$'\n'=0
pack hit.rules "hit: git pull"
like "a hit that does not match" "$(lint hit.rules)" 'hit.rules:7:6: this hit of t.push .*'$'\n''  hit: git pull'$'\n''       \^.*1 error,.*=1'
pack miss.rules "miss: git push -f now"
like "a miss that matches" "$(lint miss.rules)" 'miss.rules:8:7: this miss of t.push .*=1'
pack field.rules "revity: danger"
like "an unknown field" "$(lint field.rules)" 'field.rules:9:1: .*revity'
pack regex.rules 'match: \spush(?'
like "a bad pattern, with its column" "$(lint regex.rules)" 'regex.rules:4:1[0-9]: .*'$'\n''  match: '
pack preview.rules "preview: git push --force"
like "a preview that a rule would refuse" "$(lint preview.rules)" 't.push matches the preview of t.push: it could not run'
pack blind.rules "preview: git log"
like "a preview of another place than the command's" "$(lint blind.rules)" 'the preview of t.push does not name its target: options of git choose one'
pack blind.rules $'keep: git log\nundo: git {target} log'
like "a keep of another place" "$(lint blind.rules)" 'the keep of t.push does not name its target'
pack blind.rules $'keep: git {target} log\nundo: git log'
like "an undo of another place" "$(lint blind.rules)" 'the undo of t.push does not name its target'
pack blind.rules "keep: git {target} log"
like "a keep that nothing brings back" "$(lint blind.rules)" 'rule t.push has keep but no undo'
pack named.rules "preview: git {target} log"
is "one that takes it from the command" "$(lint named.rules)" "1 rule in 1 pack, 0 errors, 0 warnings"$'\n'=0
pack again.rules "instead: git push --force"
like "an instead that asks itself" "$(lint again.rules)" 't.push asks about the instead of t.push: git push --force'
pack other.rules "rule: u.push"
like "the same id in two packs" "$(lint good.rules ./good.rules)" 'good.rules:1:.*t\.push.*=1'
unlike "what another pack matches is no finding" "$(lint good.rules other.rules)" 'note|too'
like "but a note with -v" "$(lint -v good.rules other.rules)" 'good.rules:7: note: u.push also matches this hit of t.push'
mkdir -p conf/gate.d conf/rules
cp good.rules conf/rules/
printf 'exec  required  gate_permit.so\n' >conf/gate.d/fine
printf 'exec  requird  gate_permit.so\n' >conf/gate.d/bad
printf 'on-fault: alow\n' >conf/gate.conf
out=$(lint conf)
like "a directory: its services" "$out" 'conf/gate.d/bad:1:7: .*requi'
like "its gate.conf" "$out" 'conf/gate.conf:1:11: on-fault'
like "and its rules" "$out" '1 rule in 1 pack, 2 errors'
is "a good service alone" "$(lint conf/gate.d/fine)" "0 rules in 0 packs, 0 errors, 0 warnings"$'\n'=0
printf 'exec include fine\nexec substack ci\n' >conf/gate.d/more
is "includes: beside it, and installed ones" "$(lint conf/gate.d/more)" "0 rules in 0 packs, 0 errors, 0 warnings"$'\n'=0
like "a module that is not there" "$(printf 'exec required gate_confrm\n' >conf/gate.d/bad; lint conf/gate.d/bad)" 'did you mean .gate_confirm'
mkdir -p proj/.gate/rules
pack proj/.gate/rules/p.rules "preview: git log"
like "a workspace's pack names no programs: it is loaded without them" "$(lint proj/.gate)" 'p.rules:9:1: warning: a workspace.s pack may not name programs to run.*=0'
like "and is read when started there" "$(cd proj && lint)" 'p.rules:9:1: warning'
like "a session there starts, and says so" "$(cd proj && "$GATESH" run -- echo started 2>&1; echo "=$?")" 'p.rules:9:1: warning: a workspace.s pack.*started.*=0'
like "a path that is not there" "$(lint nowhere)" 'nowhere: can.t be read.*=1'
is "--json has the place in parts" "$("$GATESH" lint --json hit.rules | grep -o '"level":"error","file":"hit.rules","line":7,.*"column":6' | wc -l)" 1
is "bad usage is 64, one line" "$("$GATESH" lint --nope 2>&1 | wc -l) $("$GATESH" lint --nope 2>/dev/null; echo $?)" "1 64"
"$GATESH" lint good.rules >/dev/full 2>/dev/null
is "a full stdout is 74" $? 74

# --- rules about content
content() { printf 'rule: t.%s\non: exec\nprogram: psql\ncontent: sql\nkeyword: drop\nmatch: (?i)^drop\nseverity: danger\nreason: drops %s\nhit: psql <<< "DROP TABLE a"\nmiss: psql <<< "SELECT 1"\n%s\n\n' "$@"; }
content one x "" >one.rules
is "a rule about content" "$(lint one.rules)" "1 rule in 1 pack, 0 errors, 0 warnings"$'\n'=0
content two y "" >two.rules
like "-v: a hit that another rule about content matches, too" "$(lint -v one.rules two.rules)" 'one.rules:9: note: t.two also matches this hit of t.one'
content one x "preview: psql -c 'drop table a'" >refused.rules
like "a preview whose statement a rule would refuse" "$(lint refused.rules)" 't.one matches the preview of t.one: it could not run'

# --- everyday commands, patterns that run wild, alternatives without a hit
{ pack every.rules "hit: git push" "miss: git pull" 'match: \spush\b'; }
like "a rule that asks about an everyday command is warned of" "$(lint every.rules)" \
	'every.rules:1:1: warning: t.push: it asks about an everyday command: .*everyday.txt:[0-9]+.*'$'\n''  rule: t.push'$'\n''  \^.*0 errors, [1-9][0-9]* warnings.*=0'
like "--strict: warnings are errors" "$(lint --strict every.rules)" '0 errors, [1-9].*=1'
pack every.rules "hit: git push" "miss: git pull" 'match: \spush\b' "action: log"
unlike "one that only notes is not" "$(lint every.rules)" 'everyday'
printf '# ours\nfrob --daily\n' >ours.txt
pack ours.rules "program: frob" "match: daily" "hit: frob --daily" "miss: frob"
like "a corpus of one's own" "$(lint --everyday ours.txt ours.rules)" 't.push: it asks about an everyday command: frob --daily \(ours.txt:2\)'
like "that is not there" "$(lint --everyday none.txt ours.rules)" 'none.txt: can.t be read: .*1 error.*=1'
pack wild.rules 'match: ^git (?:\S+ ?)* -[fF]$' "hit: git push -f"
like "a pattern that runs into a limit on a near miss of its own hit" "$(lint wild.rules)" 'wild.rules:4:8: warning: t.push: this pattern exceeds a match limit on git push.*=0'
pack alt.rules "hit: git push -f" 'match: ^git.* -f'
sed -i '/^match/a match: ^git push -f\nmatch: ^git push --all' alt.rules
out=$(lint -v alt.rules)
like "-v: an alternative that no hit needs" "$out" 'alt.rules:5: note: no hit of t.push needs this alternative: line 4 matches the same hits'
like "and one that no hit is matched by" "$out" 'alt.rules:6: note: this alternative matches no hit of t.push'
unlike "no notes without -v" "$(lint alt.rules)" 'note'
mkdir nothing
like "a directory with nothing in it is no clean one" "$(lint nothing)" 'nothing: it has no pack, service or gate.conf.*=1'
