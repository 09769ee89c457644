#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# prompt.t - the question on the screen, and every answer to it, with a real repository and a bare remote.
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/term.sh"

export GIT_CONFIG_GLOBAL=$T/gitconfig GIT_CONFIG_SYSTEM=/dev/null
git config --global user.email ann@example.org; git config --global user.name ann; git config --global init.defaultBranch main
git init -q --bare "$T/remote.git"
git clone -q "$T/remote.git" "$T/repo" 2>/dev/null
cd "$T/repo" || exit 99
git commit -q --allow-empty -m one; git commit -q --allow-empty -m two; git push -q -u origin main
git reset -q --hard HEAD~1; git commit -q --allow-empty -m other
remote() { git -C "$T/remote.git" rev-parse main; }
before=$(remote)
PUSH="git push --force origin main"

start() { gated_shell "${1:-100}" "${2:-30}"; }
# ask COMMAND: it, its status and its stderr in files
ask() { lost "? more"; rm -f "$T/status" "$T/err"; line "clear; $1 2>$T/err; echo \$? >$T/status; echo done"; ready "? more"; }
status() { wait_for 10 test -s "$T/status"; cat "$T/status"; }

start
ask "$PUSH"
all=$(screen)
like "the rule and how bad it is" "$all" "gate: danger: git.force-push"
like "the exact command" "$all" "   git push --force origin main"
like "why" "$all" "rewrites the history other people already have"
like "the directory" "$all" "in       $T/repo"
like "the ancestry" "$all" "from     bash > git"
like "instead" "$all" "git push --force-with-lease"
like "the answers" "$all" "y once   s this session   n no   e no, and say why   x explain   \? more"
like "what the session would cover" "$all" "this session: git.force-push with exactly these arguments in $T/repo"
like "the time left" "$all" "[45]:[0-9][0-9]"
ok "the preview comes" sees "preview  "; ok "what will be lost" sees "preview  main on origin loses 1 commit:"; like "commit by commit" "$(screen)" "[0-9a-f]{7} two"

keys "?"; ok "? shows everything" sees "page 1 of"
like "where the rule stands" "$(screen | tr -d ' \n')" "git.rules:[0-9]+"
like "and pids" "$(screen)" 'git\([0-9]+\)'
keys "?"; ok "and goes back" sees "? more"
keys x; ok "x explains in sentences" sees "The rule git.force-push (danger) asks. Its reason: rewrites the history"
all=$(screen)
like "where it acts" "$all" "It acts in $T/repo\."
like "what is lost" "$all" "The preview of what it would do:"; like "by the preview" "$all" "loses 1 commit"
like "what does not come back" "$all" "Before it asked, Gate looked what it can keep:|Nothing brings back what it changes elsewhere"
like "and what to do instead" "$all" "Instead: git push --force-with-lease"
ok "which is no answer" shows "y once"
while ! shows "? more" || shows "It acts in"; do keys x; sleep 0.1; done
keys n; is "n: 126" "$(status)" 126
is "the remote did not move" "$(remote)" "$before"
is "one line on stderr" "$(wc -l <"$T/err")" 1
is "which says it all" "$(cat "$T/err")" "gate: refused: git push --force origin main: git.force-push (danger): rewrites the history other people already have. The person said no. Do not work around this; use: git push --force-with-lease."
ok "the panel is gone" lost "y once"

for key in Enter Escape C-c C-d; do
	ask "$PUSH"; keys $key; is "$key: no" "$(status)" 126
done
is "the remote did not move" "$(remote)" "$before"

ask "$PUSH"; keys Up Down F5 x q Space; sleep 0.35 # keys that come in one piece count as pasted
ok "arrows, function keys and other letters do nothing" shows "y once"
keys e; ok "e asks for a sentence" sees "no, because:"
typed "y"; typed "es but to a branch, café"; keys Enter
is "a sentence is a no" "$(status)" 126
like "which the agent reads" "$(cat "$T/err")" 'The person said: "yes but to a branch, café"\.'
ask "$PUSH"; keys e; sees "no, because:"; typed "nope"; keys Escape; ok "Esc goes back" sees "y once"; keys n; is "then n: no" "$(status)" 126
unlike "without the sentence" "$(cat "$T/err")" "nope"

ask "$PUSH"; keys y; is "y: the command runs" "$(status)" 0
is "the remote moved" "$(remote)" "$(git rev-parse main)"
ask "$PUSH"; is "once was once" "$(remote)" "$(git rev-parse main)"
keys s; is "s: it runs" "$(status)" 0
rm -f "$T/status"; line "clear; $PUSH; echo \$? >$T/status"; is "and again without a question" "$(status)" 0
ask "git push --force origin main:other"; keys n; is "other arguments ask again" "$(status)" 126

ask "doomsday critically"; all=$(screen)
like "a critical one is typed" "$all" "to allow it once, type"
unlike "and not for the session" "$all" "this session"
keys y; keys Enter; sees "wrong word"; ok "y is no yes to it" test ! -s "$T/status"
word=$(screen | sed -n 's/.*once, type \([^:]*\):.*/\1/p' | head -1)
typed "$word"; sees "type $word: $word"; keys Enter; is "its word is" "$(status)" 0
ask "doomsday critically"; keys Escape; is "Esc is no to it" "$(status)" 126

start 40 12
ask "doomsday $(seq -s ' ' 400)"
ok "a long command in a small terminal says what is not shown" shows "bytes more"
ok "the keys are there" shows "e no, and say why"
keys "?"; sees "page 1 of"; changed() { [ "$(screen)" != "$before" ]; }; before=$(screen)
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do shows " 399 400" && break; keys "?"; wait_for 2 changed; before=$(screen); done
ok "? shows all of it, page by page" shows "399 400"
keys n; is "and n works there" "$(status)" 126
done_testing
