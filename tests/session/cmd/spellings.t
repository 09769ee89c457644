#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# spellings.t - every hit and miss of a rule on a tool with a command stanza gets the same verdict however it is spelled.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99

# excepted RULE KIND: other spellings that may get another verdict, with the reason.
excepted() {
	case "$1 $2" in
	# git itself runs exactly these words (submodule, worktree add); a person who spells them differently is asked.
	"git.checkout-force "*) ;;
	# --user names another manager: the session's own services.
	"system.service-stop a global option"*) ;;
	# The added option is a dry run, or the tool's own question (--test, --assumeno, --interactive).
	"lvm.remove a global option"* | "rpm.remove a global option"* | "rclone.delete a global option"*) ;;
	# The added option changes what is done: -t makes the last word a source, -a adds groups, -e locks an account.
	"fs.mv-root a global option"* | "fs.mv-root-into a global option"* | "system.user-delete a global option"*) ;;
	# The added option says which packets the rule is about, or what becomes of them.
	"net.firewall-lockout a global option"*) ;;
	# For git, words behind `--` are paths, and not a commit.
	"git.reset-merge "*"--"* | "git.checkout-paths "*"--"*) ;;
	# redis-cli and ip take no `--`.
	"redis."*" before the operands" | "stores.more "*" before the operands" | "net.link-down "*" before the operands") ;;
	# The miss is one because of its dry run.
	"docker.compose-down-volumes a dry run"*) ;;
	# heroku takes no options before its command.
	"heroku.destroy a global option"*) ;;
	*) return 1 ;;
	esac
}

"$GATESH" lint --spellings "$GATE_SRC/rules" >"$T/out"
summary=$(grep ' spellings are judged as their example$' "$T/out")
read -r alike _ tried _ <<<"$summary"
diag "$summary"
ok "there are spellings of every kind: $tried" test "${tried:-0}" -gt 20000
ok "0.995 of them are judged as their example" test "$((alike * 1000))" -ge "$((tried * 995))"
unexpected=$(sed -nE 's/.*: warning: an example of (\S+) [^,]*, but with ([^:]*) it [^:]*: (.*)/\1\t\2\t\3/p' "$T/out" |
	while IFS=$'\t' read -r rule kind command; do excepted "$rule" "$kind" || echo "$rule: $kind: $command"; done)
is "the others are excepted for a reason" "$unexpected" ""

# The test itself: a rule that knows one spelling.
cat >x.rules <<'END'
command: frob
abbreviates: options
options: -C|--place: -q
verb: wipe
options: -a|--all! --dry-run!

rule: x.wipe
on: exec
program: frob
match: ^frob wipe -a
unless: --dry-run
severity: danger
reason: wipes
hit: frob wipe -a
miss: frob wipe
END
out=$("$GATESH" lint --spellings x.rules)
like "a rule that knows -a alone misses --all" "$out" "with long options it passes: frob wipe --all"
like "and is told what the example does" "$out" "x.rules:14: warning: an example of x.wipe asks, but with an abbreviated option it passes: frob wipe --"
sed -i 's/^match: .*/match: ^frob wipe .*--all/' x.rules
like "by the canonical subject it misses none" "$("$GATESH" lint --spellings x.rules)" '^([0-9]+) of ([0-9]+) spellings are judged as their example'
like "a rule on a tool without a stanza is a note" "$("$GATESH" lint -v "$GATE_SRC/rules/macos.rules")" "note: .* has no command stanza: "
done_testing
