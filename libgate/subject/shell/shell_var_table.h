/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_var_table.h - the variables to which a shell text assigns plain words: W=/srv; rm -rf "$W".  Private to
 * libgate. */
#ifndef GATE_SUBJECT_SHELL_SHELL_VAR_TABLE_H
#define GATE_SUBJECT_SHELL_SHELL_VAR_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

enum {
	SHELL_VARS_MAX = 256,           /* variables; further ones are unknown */
	SHELL_VARS_VALUE_MAX = 4096,    /* bytes; a longer value is unknown */
	SHELL_VARS_SPENT_MAX = 1 << 18, /* bytes of all expansions in a text, so that W=$W$W stays small */
};

struct shell_vars {
	struct shell_var {
		char *name, *value; /* owned; value NULL: unknown */
	} * v;
	size_t n, scope; /* variables before `scope` are hidden by newer ones, never changed */
	size_t spent;
};

/* Set NAME=VALUE from here on.  NULL: its value can't be known.  Returns 0 or -ENOMEM. */
int shell_vars_set(struct shell_vars *vars, const char *name, size_t len, const char *value);

/* Return the value, valid until the next shell_vars_set(), or NULL.  Each call uses up part of the text's expansion
 * limit. */
const char *shell_vars_get(struct shell_vars *vars, const char *name, size_t len);

/* Variables set between the two calls are dropped by the second: a command's own environment, a script's arguments. */
size_t shell_vars_enter(struct shell_vars *vars);
void shell_vars_leave(struct shell_vars *vars, size_t outer);

/* Apply the assignment `WORD`: NAME=VALUE, NAME+=VALUE or NAME[...]=VALUE.  A bare NAME becomes unknown. */
int shell_vars_assign(struct shell_vars *vars, const char *word);

void shell_vars_free(struct shell_vars *vars);

#pragma GCC visibility pop

#endif
