/* shell_var_table.h - the variables to which a shell text gives a value in plain words: W=/srv; rm -rf "$W".  Private to
 * libgate. */
#ifndef GATE_SUBJECT_SHELL_SHELL_VAR_TABLE_H
#define GATE_SUBJECT_SHELL_SHELL_VAR_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

enum {
	SHELL_VARS_MAX = 256,           /* variables; more are not known */
	SHELL_VARS_VALUE_MAX = 4096,    /* bytes; a longer value is not known */
	SHELL_VARS_SPENT_MAX = 1 << 18, /* bytes of all expansions of a text, so that W=$W$W stays small */
};

struct shell_vars {
	struct shell_var {
		char *name, *value; /* owned; no value: not known */
	} * v;
	size_t n, scope; /* variables before `scope` are hidden by newer ones, never changed */
	size_t spent;
};

/* NAME=VALUE from here on.  NULL: its value can't be known.  0 or -ENOMEM. */
int shell_vars_set(struct shell_vars *vars, const char *name, size_t len, const char *value);

/* The value, valid until the next shell_vars_set(), or NULL.  Each call spends of the text's expansions. */
const char *shell_vars_get(struct shell_vars *vars, const char *name, size_t len);

/* What is set between the two is gone after: a command's own environment, a script's arguments. */
size_t shell_vars_enter(struct shell_vars *vars);
void shell_vars_leave(struct shell_vars *vars, size_t outer);

/* `WORD` is NAME=VALUE, NAME+=VALUE or NAME[...]=VALUE: do as it says.  NAME alone is made unknown. */
int shell_vars_assign(struct shell_vars *vars, const char *word);

void shell_vars_free(struct shell_vars *vars);

#pragma GCC visibility pop

#endif
