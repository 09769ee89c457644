#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# pack.t - gatesh pack: packs from git repositories, shown before they are used, pinned by commit, signed if gate.conf says so.
# shellcheck disable=SC1091
. "${GATE_SRC:?}/tests/support/lib.sh" || exit 99
cd "$T" || exit 99
export GIT_CONFIG_GLOBAL=$T/gitconfig GIT_CONFIG_SYSTEM=/dev/null NO_COLOR=1
git config --global user.email ann@example.org; git config --global user.name ann; git config --global init.defaultBranch main
git config --global uploadpack.allowAnySHA1InWant true
rules=$XDG_CONFIG_HOME/gate/rules lock=$XDG_CONFIG_HOME/gate/rules/packs.lock
mkdir -p "$XDG_CONFIG_HOME/gate"

# rule NAME REASON [LINE]: a rule on `acme NAME`
rule() { printf 'rule: acme.%s\non: exec\nprogram: acme\nmatch: ^acme %s\nseverity: danger\nreason: %s\n%s%shit: acme %s\nmiss: acme list\n\n' "$1" "$1" "$2" "${3-}" "${3:+$'\n'}" "$1"; }
git init -q repo
(cd repo && printf 'pack: acme\nversion: 1.0\n\n' >pack.rules && rule wipe "wipes things" "preview: acme list --long" >>pack.rules && git add . && git commit -qm one && git tag v1.0)
# typed QUESTION WORD COMMAND...: the command, on a terminal where somebody types the word
typed() { python3 "$GATE_SRC/tests/support/type_line.py" "go on:" "$@" 2>&1; }
pack() { typed "$1" "$GATESH" pack "${@:2}"; }
head_of() { git -C repo rev-parse "$1"; }
judged() { "$GATESH" check -- acme "$1" >/dev/null 2>&1; echo $?; }

is "without a terminal nothing is added" "$("$GATESH" pack add "$T/repo" </dev/null >/dev/null 2>&1; echo $?) $(judged wipe)" "64 0"
out=$(pack no add "$T/repo@v1.0"; echo "=$?")
like "it is shown first: its rules" "$out" 'acme\.wipe.*danger.*wipes things'
like "each command that it runs" "$out" 'acme\.wipe +preview +acme list --long'
like "the commit, and that no signature was looked for" "$out" "acme 1.0, commit $(head_of v1.0) of $T/repo.*signature: not checked"
like "another word adds nothing" "$out" 'Nothing was done.*=1'
is "nothing is left of it" "$(ls -A "$rules")" ""
out=$(pack add add "$T/repo@v1.0"; echo "=$?"); like "the word adds it" "$out" 'acme is used from the next session on.*=0'
is "it judges" "$(judged wipe)" 2
is "the lock file pins the commit" "$(sed -nE 's/.*"commit": "(.*)".*/\1/p' "$lock")" "$(head_of v1.0)"
like "list" "$("$GATESH" pack list)" "^acme +1.0 +$(head_of v1.0 | cut -c1-12) +v1.0 +$T/repo"
like "list --json" "$("$GATESH" pack list --json)" '"name":"acme"'
like "twice is refused" "$(pack add add "$T/repo"; echo "=$?")" 'there is a pack acme already.*=1'

# --- update
like "nothing new at the tag" "$(pack update update)" 'acme is up to date'
(cd repo && printf 'pack: acme\nversion: 1.1\n\n' >pack.rules && rule wipe "wipes things" >>pack.rules && rule burn "burns things" >more.rules && git add . && git commit -qm two && git tag -f v1.0 >/dev/null)
out=$(pack no update acme); like "what has changed is shown" "$out" '\+rule: acme\.burn'
is "and not taken without the word" "$(judged burn) $(sed -nE 's/.*"commit": "(.*)".*/\1/p' "$lock")" "0 $(head_of v1.0~1)"
pack update update acme >/dev/null
is "taken with it" "$(judged burn) $(sed -nE 's/.*"version": "(.*)".*/\1/p' "$lock")" "2 1.1"
git -C repo commit -q --amend -m rewritten; git -C repo tag -f v1.0 >/dev/null; git -C repo reflog expire --expire=now --all; git -C repo gc -q --prune=now
like "a rewritten history is said to be" "$(pack no update)" "The history of the repository no longer has"

# --- what is refused
like "from inside a session" "$("$GATESH" run -- "$GATESH" pack add "$T/repo" 2>&1 </dev/null; echo "=$?")" "can't change packs inside a session.*=126"
like "no such repository" "$(pack add add "$T/nowhere"; echo "=$?")" "can't be fetched.*=1"
like "no such revision" "$(pack add add "$T/repo@v9"; echo "=$?")" "no such revision.*=1"
like "a URL that would be an option" "$(pack add add -- --upload-pack=touch; echo "=$?")" "=1"
git init -q plain; (cd plain && rule plain "plain" >plain.rules && git add . && git commit -qm one)
like "no pack" "$(pack add add "$T/plain"; echo "=$?")" 'it needs rules, and a pack.rules.*=78|no pack.rules.*=78'
git init -q linked; (cd linked && ln -s /etc/passwd pack.rules && git add . && git commit -qm one)
like "a symbolic link" "$(pack add add "$T/linked"; echo "=$?")" 'symbolic link.*=1'
git clone -q repo twin; sed -i 's/^pack: acme/pack: twin/' twin/pack.rules; git -C twin commit -qam twin
like "a rule that exists" "$(pack add add "$T/twin"; echo "=$?")" 'its rule acme\.(wipe|burn) exists already.*=78'
is "no other pack came of it" "$(ls "$rules")" $'acme\npacks.lock'

# --- signatures
ssh-keygen -q -t ed25519 -N '' -f key; ssh-keygen -q -t ed25519 -N '' -f other
echo "ann@example.org $(cat key.pub)" >signers
echo "pack-signers: $T/signers" >"$XDG_CONFIG_HOME/gate/gate.conf"
sign() { git -C repo -c gpg.format=ssh -c user.signingkey="$T/$1" commit -q --allow-empty -S -m "by $1"; git -C repo tag -f v1.0 >/dev/null; }
like "an unsigned commit is not taken" "$(pack update update; echo "=$?")" 'not signed by anybody.*=1'
sign other; like "nor somebody else's" "$(pack update update; echo "=$?")" 'not signed by anybody.*=1'
sign key; like "a listed person's is" "$(pack update update; echo "=$?")" 'signature: Good "git" signature for ann@example.org.*=0'
rm "$XDG_CONFIG_HOME/gate/gate.conf"

# --- remove
like "another word removes nothing" "$(pack no remove acme) $(judged wipe)" 'Nothing was done. 2|Nothing was done.*2'
pack remove remove acme >/dev/null
is "remove" "$(judged wipe) $("$GATESH" pack list) $(ls "$rules")" "0  packs.lock"
like "a pack that it did not add" "$(pack remove remove acme; echo "=$?")" 'did not add acme.*=1'
done_testing
