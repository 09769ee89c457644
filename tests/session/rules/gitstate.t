#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# gitstate.t - git commands that lose nothing ask nobody: the probes of the git pack, in real repositories.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh"
git config --global user.email t@example.org
git config --global user.name T
git config --global init.defaultBranch main
mkdir "$T/out" "$T/a repo"
cd "$T/a repo" || exit 1
git init -q
echo 1 >f
git add f && git commit -qm one
git branch merged && git branch other
git worktree add -q ../tree other 2>/dev/null
cd "$T/out" || exit 1 # nothing here is a repository: what is found is found by -C

run() { got=$("$GATESH" run --workspace "$T" -- "$@" 2>&1 </dev/null); status=$?; }
silent() { local what=$1; shift; run "$@"; unlike "silent: $what" "$got" 'gate: refused'; }
asked() { local what=$1 rule=$2; shift 2; run "$@"; like "asked: $what" "$status $got" "^126 gate: refused.*$rule"; }
at=(git -C "$T/a repo")

silent 'reset --hard, nothing changed' "${at[@]}" reset -q --hard
silent 'clean, nothing untracked' "${at[@]}" clean -fdx
silent 'checkout of paths, nothing changed' "${at[@]}" checkout -- .
silent 'restore, nothing changed' "${at[@]}" restore .
silent 'checkout --force, nothing changed' "${at[@]}" checkout -q -f main
silent 'stash clear, nothing stashed' "${at[@]}" stash clear
silent 'branch -D of a branch that another one holds' "${at[@]}" branch -q -D merged
is '... is done' "$("${at[@]}" branch --list merged)" ''
asked 'the same with no repository to look into' git.reset-hard git reset --hard

"${at[@]}" checkout -q -b lonely && echo 2 >"$T/a repo/f" && "${at[@]}" commit -qam two && "${at[@]}" checkout -q main
asked 'branch -D of a branch with commits of its own' git.branch-delete "${at[@]}" branch -D lonely
asked '... beside one that has none' git.branch-delete "${at[@]}" branch -D main lonely
asked '... with the option last' git.branch-delete "${at[@]}" branch lonely -D
silent 'worktree remove --force, nothing changed' "${at[@]}" worktree remove --force ../tree
ok '... is done' test ! -e "$T/tree"

echo 3 >"$T/a repo/f"
echo n >"$T/a repo/it's new"
asked 'reset --hard over a change' git.reset-hard "${at[@]}" reset --hard
asked 'checkout of a changed file' git.checkout-paths "${at[@]}" checkout -- f
asked 'restore of a changed file' git.restore "${at[@]}" restore f
asked 'checkout --force over a change' git.checkout-force "${at[@]}" checkout -f main
asked 'clean of an untracked file' git.clean "${at[@]}" clean -f
asked '... quietly' git.clean "${at[@]}" clean -fq
asked '... by its name, with a quote in it' git.clean "${at[@]}" clean -f -- "it's new"
silent 'clean of another name' "${at[@]}" clean -f -- "it's old"
silent 'checkout of an unchanged path' "${at[@]}" checkout -- "it's old"
"${at[@]}" stash -q
asked 'stash drop' git.stash-drop "${at[@]}" stash drop
"${at[@]}" stash pop -q
is 'what was refused was not done' "$(cat "$T/a repo/f" "$T/a repo/it's new")" $'3\nn'

mkdir "$T/bin"
printf '#!/bin/sh\nshift; exec "$@"\n' >"$T/bin/ssh"
chmod +x "$T/bin/"*
"${at[@]}" stash -q -u
PATH=$T/bin:$PATH
cd "$T/a repo" || exit 1
silent 'here, nothing changed' git reset --hard
asked 'on another machine, of which nothing is known' git.reset-hard ssh host git reset --hard
done_testing
