#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# certain.t - Gate gives up a file of before the session only where it is certain to come back: a declared cache, a tree with
# a lock file.  It keeps everything else, and asks nobody.
# shellcheck disable=SC1091,SC2016,SC2154 # base, from files.sh
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
files_base || { echo "1..0 # SKIP no directory to write to that is not a temporary one"; exit 0; }
cd "$W" || exit 1
outside=
test_cleanup() { rm -rf "$base"; [ -z "$outside" ] || rm -rf "$outside"; }

session() { setsid -w timeout -k 5 60 "$GATESH" run -- "$@" </dev/null >"$T/out" 2>&1; }
undo() { "$GATESH" undo --yes --all --since 1h </dev/null >"$T/undo" 2>&1; }
records() { cat "$base"/.gate-undo*/*/journal "$base"/work/.gate-undo*/*/journal "$XDG_STATE_HOME"/gate/undo/*/journal 2>/dev/null; }
# A file that is guarded as well (store_guard.h) has two names there.
objects() { find "$base" -path '*/o/*' -type f -printf '%i %p\n' | sort -u -k1,1 | cut -d' ' -f2- | xargs -r -d '\n' cat; }
fresh() { rm -rf "$XDG_STATE_HOME/gate" "$base"/.gate-undo*; find "$W" -mindepth 1 -delete; }
# kept NAME CONTENT COMMAND...: unasked, and what had the content is in a store
kept() {
	local name=$1 content=$2; shift 2
	session "$@"
	is "$name: kept, nobody asked" "$(objects | grep -cx "$content") $(grep -ac 'refused\|nobody' "$T/out")" "1 0"
}
gone() { # gone NAME COMMAND...: let go, unasked
	local name=$1; shift
	session "$@"
	is "$name: nothing kept, nobody asked" "$(objects)$(grep -a 'gate:' "$T/out")" ""
}

# --- trees that tools make
fresh; mkdir node_modules; echo patched >node_modules/f
kept "node_modules without a lock file" patched rm -rf node_modules
undo; is "and it comes back" "$(cat node_modules/f)" patched
fresh; mkdir -p app/node_modules/a; echo x >app/node_modules/a/f; echo {} >app/package-lock.json
gone "node_modules with its lock file" rm -rf app/node_modules
fresh; mkdir -p app/node_modules/a; echo x >app/node_modules/a/f; echo {} >pnpm-lock.yaml
gone "with that of the whole workspace" rm -rf app/node_modules
fresh; mkdir node_modules; echo patched >node_modules/f
kept "with a lock file that the session made" patched sh -c 'echo {} >yarn.lock; rm -rf node_modules'
# changed since npm installed it
npm_tree() {
	fresh; mkdir -p node_modules/a/lib; echo {} >package-lock.json
	echo installed >node_modules/a/index.js; echo installed >node_modules/a/lib/x.js
	touch -d '1985-10-26' node_modules/a/index.js; touch -d '-1 minute' node_modules/a/lib/x.js; echo {} >node_modules/.package-lock.json
	echo patched >node_modules/a/patched.js; touch -d '+1 second' node_modules/a/patched.js
}
npm_tree; kept "a file changed after npm's install" patched rm -rf node_modules
is "and nothing else of it" "$(objects | sort | tr '\n' ' ')" "patched "
undo; is "and it comes back" "$(cat node_modules/a/patched.js)" patched
npm_tree; kept "emptied" patched sh -c ': >node_modules/a/patched.js'
npm_tree; kept "replaced" patched sh -c 'echo new >new; mv new node_modules/a/patched.js'
npm_tree; kept "by many processes" patched sh -c 'find node_modules -type f -name "*.js" -exec rm {} \;'
npm_tree; rm node_modules/.package-lock.json; gone "without npm's word of when it was" rm -rf node_modules
npm_tree; gone "what the installer put there" rm node_modules/a/lib/x.js
fresh; printf 'out\nenv\nbin\nvendor\n' >.gitignore; mkdir out env bin vendor
echo weights >out/model; echo patch >vendor/lib.c; echo prod >env/.env; echo mine >bin/tool
kept "trees that git ignores" 'weights\|patch\|prod\|mine' rm -rf out
session rm -rf env bin vendor
is "all of them" "$(objects | sort | tr '\n' ' ')$(grep -ac refused "$T/out")" "mine patch prod weights 0"
undo; is "and they come back" "$(cat out/model vendor/lib.c env/.env bin/tool | tr '\n' ' ')" "weights patch prod mine "
fresh; mkdir -p src/build; echo precious >src/build/f
kept "a .gitignore of * that the session wrote" precious sh -c 'echo "*" >src/build/.gitignore; rm -rf src'
fresh; mkdir src; echo precious >src/f
kept "a CACHEDIR.TAG that the session wrote" precious \
	sh -c 'echo "Signature: 8a477f597d28d172789f06886806bc55" >src/CACHEDIR.TAG; rm src/f; rm -rf src'
fresh; mkdir -p src/a; echo x >src/a/f; echo "Signature: 8a477f597d28d172789f06886806bc55" >src/CACHEDIR.TAG
gone "one from before" rm -rf src
fresh; mkdir -p __pycache__; echo x >__pycache__/m.cpython-311.pyc
gone "a compiled module" rm -rf __pycache__

# --- carried to where files are given up
outside=$(mktemp -d /tmp/gate-certain.XXXXXX)
device() { stat -c %d "$1"; }
if [ "$(device "$outside")" = "$(device "$W")" ]; then
	fresh; echo precious >f; kept "mv to a temporary directory, and rm there" precious sh -c 'mv f "$0/f"; rm "$0/f"' "$outside"
	fresh; mkdir -p d/e; echo precious >d/e/f
	kept "a directory, moved on" precious sh -c 'mv d "$0/d"; mv "$0/d" "$0/g"; rm -rf "$0/g"' "$outside"
else skip "mv to a temporary directory" "it is another file system"; skip "a directory" "it is another file system"; fi
echo theirs >"$outside/theirs"; fresh
gone "a temporary file that nobody moved" sh -c 'mv "$0/theirs" "$0/theirs2"; rm "$0/theirs2"' "$outside"
fresh; mkdir -p node_modules; echo {} >package-lock.json; echo precious >f
kept "mv into node_modules" precious sh -c 'mv f node_modules; rm -rf node_modules'
fresh; mkdir victim; echo {} >package-lock.json; echo precious >victim/f
kept "mv to the name node_modules" precious sh -c 'mv victim node_modules; rm -rf node_modules'
fresh; mkdir -p node_modules; echo {} >package-lock.json; echo precious >f
kept "a second link in node_modules" precious sh -c 'ln f node_modules/f; rm f; rm -rf node_modules'

# --- outside the workspace
mkdir -p "$HOME/.claude/hooks" "$HOME/.codex" "$HOME/.cache/x" "$HOME/.m2/repository/mine"
records=".claude/settings.json .claude/hooks/guard.sh .codex/config.toml .m2/repository/mine/m.jar"
for f in $records .cache/x/f; do echo record >"$HOME/$f"; done
fresh
if command -v node >/dev/null; then
	# shellcheck disable=SC2086 # a list of words
	session node -e 'for (const f of process.argv.slice(1)) require("fs").unlinkSync(process.env.HOME + "/" + f)' $records .cache/x/f
	is "an agent's own records, swept by a node script: kept" "$(objects | grep -c record) $(grep -ac refused "$T/out")" "4 0"
else skip "an agent's own records" "no node"; fi
mkdir "$HOME/moved"; echo record >"$HOME/moved/f"; fresh
export XDG_CACHE_HOME=$HOME/moved
gone "a cache moved by XDG_CACHE_HOME" rm "$HOME/moved/f"
unset XDG_CACHE_HOME
echo record >"$HOME/.claude/settings.json"
session rm "$HOME/.claude/settings.json"
like "another program is asked" "$(cat "$T/out")" "refused"
done_testing
