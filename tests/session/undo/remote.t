#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# remote.t - what a rule keeps of a remote thing before the act, and gatesh undo remote, which brings it back.  Real git; rules of
# the person's own for what goes wrong.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh" || exit 99

export GIT_CONFIG_GLOBAL=$T/gitconfig GIT_CONFIG_SYSTEM=/dev/null
git config --global user.email ann@example.org; git config --global user.name ann; git config --global init.defaultBranch main
git init -q --bare "$T/remote.git"
git clone -q "$T/remote.git" "$T/repo" 2>/dev/null
cd "$T/repo" || exit 99
commit() { git commit -q --allow-empty -m "$1"; }
commit one; git branch topic; commit two; commit three
git tag -a v1 -m 'the first' HEAD; git push -q origin main topic v1
git clone -q "$T/remote.git" "$T/second"
(cd "$T/second" && commit unseen && git push -q origin HEAD:far)
tip() { git --git-dir="$T/remote.git" rev-parse -q --verify "$1"; }

mkdir -p "$XDG_CONFIG_HOME/gate/rules" "$T/bin"
printf '#!/bin/sh\necho done\n' >"$T/bin/lose"; chmod +x "$T/bin/lose"
export PATH=$T/bin:$PATH
cat >"$XDG_CONFIG_HOME/gate/rules/own.rules" <<'END'
rule: own.lose
on: exec
program: lose
match: ^lose (?<what>\S+)
severity: danger
reason: loses things
keep: case {what} in fails) echo no route >&2; exit 3 ;; slow) sleep 60 ;; silent) ;; waits) : >keeping; until [ -e go ]; do sleep 0.1; done; echo x >"$GATE_KEEP/what"; echo kept: x ;; big) head -c 3000000 /dev/zero >"$GATE_KEEP/a" || exit; head -c 3000000 /dev/zero >"$GATE_KEEP/b"; echo kept: too much ;; *) echo {what} >"$GATE_KEEP/what"; printf 'kept: %s\nloses: its \033[31mcolour\n' {what} ;; esac
undo: cat "$GATE_KEEP/what" >>back; echo "$PGHOST" >>back
asks: unless-kept
hit: lose x
miss: lost x
END
conf() { printf '%s\n' "$@" >"$XDG_CONFIG_HOME/gate/gate.conf"; }
conf 'keep-time: 2s' 'keep-size: 4M'

begin() {
	rm -f "$T/in"; mkfifo "$T/in"
	setsid "$GATESH" run --wait-for-answer -a tester -- bash --norc <"$T/in" >"$T/out" 2>"$T/err" &
	run=$!
	exec 7>"$T/in"
	wait_for 10 any_session
}
end() { exec 7>&-; wait "$run" 2>/dev/null; }
inside() { rm -f "$T/status"; echo "{ $1; } >>$T/out 2>>$T/err; echo \$? >$T/status" >&7; }
question() { "$GATESH" pending --json; }
number() { question | sed -nE 's/.*"id":([0-9]+).*/\1/p'; }
done_with() { wait_for 10 test -s "$T/status"; cat "$T/status"; }
answer() { "$GATESH" "$1" "$(number)" "${@:2}" >/dev/null; done_with; }
# ask COMMAND: its question is in $q
ask() { inside "$1"; wait_for 10 any_question; q=$(question); }
kept() { "$GATESH" undo remote --json | head -n 1; }
newest() { kept | sed -nE 's/.*"remote":"([^"]*)".*/\1/p'; }
back() { python3 "$GATE_SRC/tests/support/type_line.py" "go on:" "${WORD-undo}" env NO_COLOR=1 PATH="$PATH" "$GATESH" undo remote "$@" 2>&1; }

begin
# --- git: the tips of a remote, its tags, a stash
old=$(tip main)
git reset -q --hard HEAD~2; commit other
ask "git push --force origin main"
like "the question says what is kept" "$q" '"keeps":"keeps: refs/gate/heads/main at [0-9a-f]{7,}, from origin"'
is "a no keeps nothing" "$(answer deny) $("$GATESH" undo remote | wc -l) $(find "$XDG_STATE_HOME/gate/keep" -type f | wc -l)" "126 0 0"
is "and no ref of the clone" "$(git for-each-ref refs/gate)" ""
ask "git push --force origin main"
is "a yes" "$(answer allow)" 0
ok "the remote lost it" test "$(tip main)" != "$old"
like "gatesh undo lists it" "$("$GATESH" undo 2>/dev/null)" 'Kept of remote things.*refs/gate/heads/main at'
id=$(newest)
like "--show has the command, where and how it comes back" "$("$GATESH" undo remote "$id" --show)" "git push --force origin main.*$T/repo.*git-push.sh undo"
is "without a terminal nothing happens" "$("$GATESH" undo remote "$id" >/dev/null 2>&1 </dev/null; echo $?) $(tip main)" "64 $(git rev-parse main)"
is "nor by another word" "$(WORD=no back "$id" >/dev/null; echo $?) $(tip main)" "1 $(git rev-parse main)"
out=$(back "$id")
like "the person is asked, and sees the target" "$out" "before +git push --force origin main.*This acts on the target.*refs/heads/main on $T/remote.git: $(git rev-parse main) becomes $old.*is back"
is "1: a force-pushed branch is back" "$(tip main)" "$old"
like "and said to be" "$(kept)" '"undone"'

ask "git push origin --delete far"; answer allow >/dev/null
is "a deleted branch that the clone never had" "$(tip far)" ""
back "$(newest)" >/dev/null
is "2: is back" "$(tip far)" "$(git -C "$T/second" rev-parse HEAD)"
old=$(tip v1)
ask "git push origin :v1"; answer allow >/dev/null
is "a deleted tag" "$(tip v1)" ""
git tag -d v1 >/dev/null
back "$(newest)" >/dev/null
is "3: is back, as the same object" "$(tip v1)" "$old"

echo a >file; git add file; git stash -q; echo b >file; git add file; git stash -q
stashes=$(git stash list --format='%H %gs')
ask "git stash drop"; like "a stash" "$q" 'keeps: stash@\{0\}: WIP on main'
answer allow >/dev/null
back "$(newest)" >/dev/null
is "4: a dropped stash is back" "$(git stash list --format='%H %gs')" "$stashes"
ask "git stash clear"; answer allow >/dev/null; is "cleared" "$(git stash list)" ""
git reflog expire --expire=now --all; git gc -q --prune=now 2>/dev/null
back "$(newest)" >/dev/null
is "5: all of them, after a gc, in their order" "$(git stash list --format='%H %gs')" "$stashes"
is "the clone keeps no refs of them" "$(git for-each-ref refs/gate | grep -c stash)" 0

# --- whatever goes wrong is said
keeps() { sed -nE 's/.*"keeps":"([^"]*)".*/\1/p' <<<"$q"; }
ask "lose fails"; is "a failed keep asks, and says so" "$(keeps)" "keeps: nothing: the keep failed: no route"; answer deny >/dev/null
ask "lose slow"; is "so does one that takes too long" "$(keeps)" "keeps: nothing: the keep did not end within 2 s"; answer deny >/dev/null
ask "lose silent"; is "one that says nothing" "$(keeps)" "keeps: nothing: the keep did not say what it kept"; answer deny >/dev/null
ask "lose big"; is "one that is too big" "$(keeps)" "keeps: nothing: it is bigger than 4.0 MiB"; answer deny >/dev/null
ask "lose x"; like "what is lost is said, escaped" "$(keeps)" 'keeps: x\\nloses: its \\u001B.31mcolour'; answer deny >/dev/null
is "none of them left anything" "$(find "$XDG_STATE_HOME/gate/keep" -name data | wc -l)" 5

# --- a granted act is kept, too, with the asker's target
ask "PGHOST=db PGPASSWORD=hush lose y"; answer allow session >/dev/null
inside "PGHOST=db PGPASSWORD=hush lose y"; is "a yes for the session" "$(done_with)" 0
is "kept both times" "$("$GATESH" undo remote --json | grep -c '"command":"lose y"')" 2
unlike "a secret is not written down" "$(cat "$XDG_STATE_HOME"/gate/keep/*/*/keep.json)" hush
like "its name is" "$(kept)" 'PGPASSWORD|PGHOST|lose'
back "$(newest)" >/dev/null
is "the undo has the target of the act" "$(cat back)" $'y\ndb'
like "an agent can't undo" "$(inside "$GATESH undo remote $(newest)"; done_with; cat "$T/err")" "can't act inside a session"
end

# --- the policy lets it pass
conf 'unless-kept: pass' 'keep-time: 30s' 'keep-size: 4M'
begin
git push -q origin --delete topic 2>/dev/null; git push -q origin topic
"$GATESH" run -s no-such-service -- true </dev/null 2>/dev/null; echo 'rule: bad' >"$XDG_CONFIG_HOME/gate/rules/bad.rules"
is "a session that does not start" "$("$GATESH" run -- true </dev/null 2>/dev/null; echo $?)" 78; rm "$XDG_CONFIG_HOME/gate/rules/bad.rules"
is "what the first session kept is still there" "$("$GATESH" undo remote --json | wc -l)" 7
inside "git push origin --delete topic"; is "unless-kept: pass, and it is kept: not asked" "$(done_with)" 0
like "the person is told" "$(cat "$T/err")" 'gate: git.push-delete: kept: refs/gate/heads/topic at [0-9a-f]{7,}, from origin; gatesh undo remote [^ ]* brings it back'
like "and the log says by what" "$("$GATESH" log --json --rule 'git.push-delete' | tail -n 1)" '"by":"keep"'
back "$(newest)" >/dev/null; is "it comes back" "$(tip topic)" "$(git rev-parse topic)"
ask "lose fails"; like "a failed keep asks all the same" "$(keeps)" "nothing: the keep failed"; answer deny >/dev/null
inside "lose waits"; wait_for 10 test -e keeping; "$GATESH" freeze >/dev/null; : >go
is "a freeze while it keeps is obeyed" "$(done_with)" 126
"$GATESH" thaw >/dev/null
end

# --- nobody to ask: nothing is kept for nothing
conf 'keep-time: 2s'
"$GATESH" run -- bash -c "sleep 1; lose slow" >"$T/nobody" 2>&1 </dev/null; like "there is nobody to ask, once a front end had time to come" "$(cat "$T/nobody")" "Nobody is there to ask"
unlike "and no keep has run" "$("$GATESH" log --json --rule own.lose | tail -n 1)" '"keeps"'

# --- it goes
id=$(newest)
"$GATESH" undo remote "$id" --forget; is "forget" "$("$GATESH" undo remote "$id" --show 2>&1)" "gatesh: undo: no such remote thing was kept: $id; gatesh undo remote lists them"
"$GATESH" undo prune --older 0s --yes >/dev/null 2>&1 || "$GATESH" undo prune --everything --yes >/dev/null 2>&1
is "prune deletes what is kept of remote things, too" "$("$GATESH" undo remote)" ""
done_testing
