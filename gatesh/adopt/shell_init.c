/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_init.c - the texts of gatesh shell-init.  See shell_init.h.
 *
 * Each judges a line by `gatesh check`, which asks at the terminal, before the shell runs it: bash in its DEBUG trap (with extdebug,
 * a trap that fails skips the command), zsh and fish in the function that Enter runs, where a refused line stays to be edited.  In
 * a session nothing is added, as the session asks itself. */
#include "adopt/shell_init.h"

#include <stdlib.h>
#include <string.h>

#include "adopt/shim.h"
#include "base/paths.h"
#include "base/strbuf.h"

/* Statuses 1 to 3 of gatesh check are a no; a faulty policy does not lock a person out of their own shell. */
static const char bash_text[] =
	"gate_ps1() { [ -z \"${GATE_SESSION-}\" ] || printf '(gate) '; }\n"
	"if [[ $- == *i* && -z ${GATE_SESSION-} && -z $(trap -p DEBUG) ]]; then\n"
	"__gate_begin() { local status=$?; __gate_no= __gate_judged= __gate_typed=; return $status; }\n"
	"__gate_end() { local status=$?; __gate_typed=1; return $status; }\n"
	"__gate_ask() {\n"
	"\tlocal said status\n"
	"\tsaid=$(\"$__gate\" check --service shell -c \"$1\" </dev/tty)\n"
	"\tstatus=$?\n"
	"\t((status >= 1 && status <= 3)) || return 0\n"
	"\tprintf '%s\\n' \"$said\" >&2\n"
	"\treturn 1\n"
	"}\n"
	"__gate_debug() {\n"
	"\t[[ -n $__gate_typed && -z ${COMP_LINE-} && $1 != __gate_begin ]] || return 0\n"
	"\t[[ -z $__gate_no ]] || return 1\n"
	"\tlocal line\n"
	"\tline=$(HISTTIMEFORMAT='' builtin history 1)\n"
	"\t[[ $line =~ ^[[:space:]]*[0-9]+\\*?[[:space:]]+(.*)$ ]] && line=${BASH_REMATCH[1]}\n"
	"\t[[ $line == *\"$1\"* ]] || line=$1\n"
	"\t[[ $line != \"$__gate_judged\" ]] || return 0\n"
	"\t__gate_judged=$line\n"
	"\t__gate_ask \"$line\" || { __gate_no=1; return 1; }\n"
	"}\n"
	"PROMPT_COMMAND=\"__gate_begin${PROMPT_COMMAND:+;$PROMPT_COMMAND};__gate_end\"\n"
	"shopt -s extdebug\n"
	"set +T +E\n"
	"trap '__gate_debug \"$BASH_COMMAND\"' DEBUG\n"
	"fi\n";

static const char zsh_text[] =
	"gate_ps1() { [ -z \"${GATE_SESSION-}\" ] || printf '(gate) '; }\n"
	"if [[ -o interactive && -z ${GATE_SESSION-} ]]; then\n"
	"__gate_accept() {\n"
	"\tlocal said code\n"
	"\tif [[ $CONTEXT == start && -n $BUFFER ]]; then\n"
	"\t\tzle -I\n"
	"\t\tsaid=$(\"$__gate\" check --service shell -c \"$BUFFER\" </dev/tty)\n"
	"\t\tcode=$?\n"
	"\t\tif ((code >= 1 && code <= 3)); then\n"
	"\t\t\tprint -ru2 -- \"$said\"\n"
	"\t\t\treturn 1\n"
	"\t\tfi\n"
	"\tfi\n"
	"\tzle .accept-line\n"
	"}\n"
	"zle -N accept-line __gate_accept\n"
	"fi\n";

static const char fish_text[] =
	"function gate_ps1\n"
	"\ttest -z \"$GATE_SESSION\"; or printf '(gate) '\n"
	"end\n"
	"if status is-interactive; and test -z \"$GATE_SESSION\"\n"
	"\tfunction __gate_accept\n"
	"\t\tset -l line (commandline | string collect)\n"
	"\t\tif test -n \"$line\"\n"
	"\t\t\tset -l said ($__gate check --service shell -c \"$line\" </dev/tty | string collect)\n"
	"\t\t\tset -l code $pipestatus[1]\n"
	"\t\t\tif test $code -ge 1 -a $code -le 3\n"
	"\t\t\t\tprintf '\\n%s\\n' \"$said\" >&2\n"
	"\t\t\t\tcommandline -f repaint\n"
	"\t\t\t\treturn\n"
	"\t\t\tend\n"
	"\t\tend\n"
	"\t\tcommandline -f execute\n"
	"\tend\n"
	"\tbind \\r __gate_accept\n"
	"\tbind -M insert \\r __gate_accept 2>/dev/null\n"
	"end\n";

char *shell_init_text(const char *shell)
{
	static const struct {
		const char *shell, *text, *set;
	} texts[] = {{"bash", bash_text, "__gate=%s\n"},
		     {"zsh", zsh_text, "__gate=%s\n"},
		     {"fish", fish_text, "set -g __gate %s\n"}};
	cleanup_strbuf struct strbuf b = {0}, word = {0};
	shim_put_word(&word, gate_path(GATE_PATH_GATESH));
	for (size_t i = 0; i < sizeof texts / sizeof *texts && word.s; i++) {
		if (strcmp(texts[i].shell, shell))
			continue;
		const char *at = strstr(texts[i].set, "%s");
		strbuf_put(&b, texts[i].set, (size_t)(at - texts[i].set));
		strbuf_puts(&b, word.s);
		strbuf_puts(&b, at + 2);
		strbuf_puts(&b, texts[i].text);
	}
	return b.err || !b.len ? NULL : strbuf_take(&b);
}
