#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# completions.t - bash, zsh and fish load their completions, and none of them has forgotten a command or an option.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
plan 20
share=$GATE_STAGE/share
files=("$share/bash-completion/completions/gatesh" "$share/zsh/site-functions/_gatesh" "$share/fish/vendor_completions.d/gatesh.fish")
ok "installed where the shells look" test -f "${files[0]}" -a -f "${files[1]}" -a -f "${files[2]}"

commands=$("$GATESH" --help | awk '/^  [a-z]/ { print $1 }')
# "COMMAND --option" for every option of every command's help
options=$(for c in $commands; do
	"$GATESH" "$c" --help | grep -oE '^ +(-[a-z], +)?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sed "s/^/$c /"
done)
# what FILE lacks of them; PATTERN with %s for the name of an option
missing() {
	local c o
	for c in $commands; do grep -qE "(^|[ '])$c([: ]|\$)" "$1" || echo "$c"; done
	while read -r c o; do
		# shellcheck disable=SC2059
		grep -qE -- "$(printf -- "$2" "${o#--}")" "$1" || echo "$c $o"
	done <<<"$options"
}
ok "there are options to look for" [ "$(wc -l <<<"$options")" -gt 25 ]
is "zsh knows every command and option" "$(missing "${files[1]}" '--%s[=[]')" ""
is "fish knows every command and option" "$(missing "${files[2]}" '-l %s ')" ""

# --- bash: what it offers for a line
PATH=$GATE_STAGE/bin:$PATH
offers() {
	bash --norc --noprofile -c '
		. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gatesh; printf "%s\n" "${COMPREPLY[@]}"' \
		bash "${files[0]}" "$@" 2>&1 | sort -u | tr '\n' ' '
}
is "bash: commands" "$(offers gatesh se)" "sessions "
for c in $commands; do [[ " $(offers gatesh '') " == *" $c "* ]] || diag "not offered: $c"; done
is "bash: all of them" "$(offers gatesh '' | wc -w)" $(($(wc -w <<<"$commands") + 2))
is "bash: options" "$(offers gatesh check --no)" "--no-ask "
is "bash: every option of every command" \
	"$(for c in $commands; do offers gatesh "$c" --; done | tr ' ' '\n' | grep -c .)" \
	"$(for c in $commands; do { grep "^$c " <<<"$options"; echo "$c --help"; if "$GATESH" "$c" --help | grep -q -- --json; then echo "$c --json"; fi; } | sort -u; done | wc -l)"
like "bash: rule ids" "$(offers gatesh show git.force)" '(^| )git.force-push '
like "bash: rule ids of log" "$(offers gatesh log --rule git.force)" '(^| )git.force-push '
is "bash: services" "$(offers gatesh run --service a)" "agent "
is "bash: verdicts" "$(offers gatesh log --verdict '')" "allow deny "
like "bash: commands behind --" "$(offers gatesh run -- gates)" '^gatesh '
mkdir -p "$T/f"; touch "$T/f/one.rules"
is "bash: files" "$(offers gatesh lint "$T/f/o")" "$T/f/one.rules "
is "bash: a flag is no option with a value" "$(offers gatesh check -n --js)" "--json "
like "bash: open questions, or nothing" "$(offers gatesh allow '')" '^([0-9a-f]{8}[.][0-9]+ | )+$'
like "bash: sessions, or nothing" "$(offers gatesh log --session '')" '^([0-9a-f]{8} | )+$'

if command -v zsh >/dev/null; then
	is "zsh loads it" "$(zsh -fc 'fpath=('"${files[1]%/*}"' $fpath); autoload -Uz compinit; compinit -D; echo ${_comps[gatesh]}; autoload +X _gatesh && echo ok' 2>&1)" $'_gatesh\nok'
	# A shell of zsh's own terminal, with what a person types there.
	cat >"$T/type.zsh" <<'ZSH'
zmodload zsh/zpty
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell "PS1='> '; fpath=($1 \$fpath); autoload -Uz compinit; compinit -D; print rea''dy"
zpty -r -m shell line '*ready*'
zpty -w -n shell $'gatesh undo fo\t\t'
zpty -r -m shell line '*forg*forgotten*' && print -r -- "$line"
zpty -d shell
ZSH
	mkdir "$T/z" && touch "$T/z/forgotten"
	seen=$(cd "$T/z" && timeout 60 zsh -f "$T/type.zsh" "${files[1]%/*}" 2>&1 </dev/null | tr -d '\r')
	like "zsh: undo takes forget, or a path" "$seen" $'\nforget  *-- delete.*\nforgotten'
else
	skip "zsh loads it" "zsh is not installed"
	skip "zsh: undo takes forget, or a path" "zsh is not installed"
fi
if command -v fish >/dev/null; then
	like "fish loads it" "$(fish --no-config -c "source ${files[2]}; complete -C 'gatesh se'" 2>&1)" '^sessions'
else
	skip "fish loads it" "fish is not installed"
fi
