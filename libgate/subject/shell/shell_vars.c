/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_vars.c - applies the assignments and expansions of variables in a shell text, and the builtins that change
 * variables. */
#include <stdio.h>
#include <string.h>

#include "subject/shell/shell_internal.h"

/* Return the length of the variable name at s, at most n bytes: letters and digits, or a positional parameter. */
static size_t shell_vars_name_length(const char *s, size_t n)
{
	size_t len = 0;
	if (n && ((*s >= '0' && *s <= '9') || *s == '@' || *s == '*'))
		return 1;
	while (len < n && shell_in_name(s[len]))
		len++;
	return len;
}

/* Append the value and record its blanks as gaps.  A computed value is one word. */
static void shell_vars_put_parted(struct shell_word *w, const char *value)
{
	bool computed = strstr(value, "$(") || strchr(value, '`');
	while (*value) {
		size_t blanks = computed ? 0 : strspn(value, " \t\n"),
		       word = computed ? strlen(value) : strcspn(value, " \t\n");
		if (blanks && w->ngaps < SHELL_GAPS_MAX) {
			w->gaps[w->ngaps].from = w->text.len;
			w->gaps[w->ngaps++].to = w->text.len + blanks;
		}
		strbuf_put(&w->text, value, blanks ? blanks : word);
		value += blanks ? blanks : word;
	}
}

bool shell_expand_variable(struct shell *sh, struct strbuf *out, struct shell_word *w)
{
	bool brace = shell_peek(sh, 1) == '{';
	const char *name = sh->s + sh->pos + 1 + brace;
	size_t left = sh->len - sh->pos - 1, len = left > brace ? shell_vars_name_length(name, left - brace) : 0;
	if (!sh->vars || !len || (brace && (len == left - 1 || name[len] != '}')))
		return false;
	const char *value = shell_vars_get(sh->vars, name, len);
	if (!value)
		return false;
	sh->pos += 1 + len + (brace ? 2 : 0);
	if (w)
		shell_vars_put_parted(w, value);
	else
		strbuf_puts(out, value);
	return true;
}

int shell_tell(struct shell *sh, const struct shell_list *l, const struct shell_command *command)
{
	size_t outer = sh->vars && l->nassigned && l->n ? shell_vars_enter(sh->vars) : 0;
	int r = 0;
	for (size_t i = 0; !r && sh->vars && i < l->nassigned; i++)
		r = shell_vars_assign(sh->vars, l->assigned[i]);
	if (!r && (l->n || l->noutputs))
		r = sh->each(command, sh->data);
	if (sh->vars && l->nassigned && l->n)
		shell_vars_leave(sh->vars, outer);
	return r;
}

static bool shell_vars_one_of(const char *word, const char *const *list)
{
	while (*list && strcmp(*list, word))
		list++;
	return *list != NULL;
}

int shell_builtin_variables(struct shell *sh, const struct shell_list *l)
{
	static const char *const setting[] = {"export", "declare", "typeset", "local", "readonly", NULL};
	static const char *const unknown[] = {"unset", "read", "mapfile", "readarray", "getopts", NULL};
	bool sets = l->n && shell_vars_one_of(l->words[0], setting);
	int r = 0;
	if (!sh->vars || !(sets || (l->n && shell_vars_one_of(l->words[0], unknown))))
		return 0;
	for (size_t i = 1; !r && i < l->n; i++)
		if (!sets || strchr(l->words[i], '='))
			r = shell_vars_assign(sh->vars, l->words[i]);
	return r;
}

/* The name in the table of variables: "()" before the function's.  Returns its length, 0 if it is too long. */
static size_t shell_vars_function_key(const char *name, char *key, size_t size)
{
	int len = snprintf(key, size, "()%s", name);
	return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

int shell_define_function(struct shell *sh, const char *name)
{
	char key[64];
	size_t len = shell_vars_function_key(name, key, sizeof key);
	return len ? shell_vars_set(sh->vars, key, len, "") : 0;
}

bool shell_is_function(struct shell_vars *vars, const char *name)
{
	char key[64];
	size_t len = shell_vars_function_key(name, key, sizeof key);
	return len && shell_vars_get(vars, key, len);
}
