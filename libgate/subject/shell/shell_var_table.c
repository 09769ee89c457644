/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_var_table.c - stores the variables to which a shell text assigns plain words. */
#include "subject/shell/shell_var_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

static struct shell_var *shell_var_table_find(const struct shell_vars *vars, const char *name, size_t len)
{
	for (size_t i = vars->n; i-- > 0;)
		if (!strncmp(vars->v[i].name, name, len) && !vars->v[i].name[len])
			return &vars->v[i];
	return NULL;
}

static void shell_var_table_forget(struct shell_var *v)
{
	free(v->name);
	free(v->value);
}

static struct shell_var *shell_var_table_append(struct shell_vars *vars, const char *name, size_t len)
{
	if (!(vars->n & (vars->n - 1))) { /* full at every power of two */
		struct shell_var *grown = realloc(vars->v, (vars->n ? vars->n * 2 : 1) * sizeof *grown);
		if (!grown)
			return NULL;
		vars->v = grown;
	}
	char *copy = strndup(name, len);
	if (!copy)
		return NULL;
	vars->v[vars->n] = (struct shell_var){.name = copy};
	return &vars->v[vars->n++];
}

int shell_vars_set(struct shell_vars *vars, const char *name, size_t len, const char *value)
{
	struct shell_var *v = shell_var_table_find(vars, name, len);
	bool known = value && strlen(value) <= SHELL_VARS_VALUE_MAX && vars->n < SHELL_VARS_MAX;
	if (!v && !known)
		return 0;
	char *copy = known ? strdup(value) : NULL;
	if (known && !copy)
		return -ENOMEM;
	if (!v || (size_t)(v - vars->v) < vars->scope)
		v = shell_var_table_append(vars, name, len);
	if (!v) {
		free(copy);
		return -ENOMEM;
	}
	free(v->value);
	v->value = copy;
	return 0;
}

const char *shell_vars_get(struct shell_vars *vars, const char *name, size_t len)
{
	struct shell_var *v = shell_var_table_find(vars, name, len);
	if (!v || !v->value || vars->spent > SHELL_VARS_SPENT_MAX)
		return NULL;
	vars->spent += strlen(v->value) + 1;
	return v->value;
}

size_t shell_vars_enter(struct shell_vars *vars)
{
	size_t outer = vars->scope;
	vars->scope = vars->n;
	return outer;
}

void shell_vars_leave(struct shell_vars *vars, size_t outer)
{
	while (vars->n > vars->scope)
		shell_var_table_forget(&vars->v[--vars->n]);
	vars->scope = outer;
}

int shell_vars_assign(struct shell_vars *vars, const char *word)
{
	size_t len = strcspn(word, "+=[");
	const char *value = word[len] == '=' ? word + len + 1 : NULL;
	cleanup_strbuf struct strbuf both = {0};
	if (!strncmp(word + len, "+=", 2)) {
		const char *before = shell_vars_get(vars, word, len);
		if (before) {
			strbuf_puts(&both, before);
			strbuf_puts(&both, word + len + 2);
			value = both.s ? both.s : "";
		}
	}
	return both.err ? both.err : shell_vars_set(vars, word, len, value);
}

void shell_vars_free(struct shell_vars *vars)
{
	while (vars->n)
		shell_var_table_forget(&vars->v[--vars->n]);
	free(vars->v);
	vars->v = NULL;
}
