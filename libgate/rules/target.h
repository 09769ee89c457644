/* SPDX-License-Identifier: BSD-2-Clause */
/* target.h - which options and variables choose what a command acts on, so that a rule's preview looks at the same
 * cluster, account, server or repository.  Internal to Gate.  Immutable; any thread may call these. */
#ifndef GATE_RULES_TARGET_H
#define GATE_RULES_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

/* A tool.  Lists are words separated by blanks.  An option is NAME[|NAME...] and a mark: `:`, it takes a value (attached, or
 * the next word); `?`, an attached value alone; `#`, with it the options don't tell the target.  Without a mark it is a flag. */
struct target_tool {
	const char *names;       /* programs */
	const char *target;      /* the options that choose the target; "": none */
	const char *options;     /* further ones that take a value, or that a preview repeats; NULL: none */
	const char *variables;   /* of the environment; NULL: none */
	unsigned char verbs;     /* words before the operands */
	unsigned char first : 1; /* options choose the target only before the first word that is none */
	unsigned char local : 1; /* the settings of the person who runs it do not matter */
};

/* Return the row of a program, or NULL.  target_table.c. */
const struct target_tool *target_tool(const char *program);

/* Call `each` for every variable that some tool has, once. */
void target_variables(void (*each)(const char *name, size_t len, void *data), void *data);

/* Does some tool have this variable?  A few comparisons. */
bool target_is_variable(const char *name, size_t len);

/* May the value be shown?  A token, a key or a password may not. */
bool target_variable_is_secret(const char *name, size_t len);

/* Append a placeholder's words, quoted for a shell and separated by blanks: "target", the options that choose the target,
 * under their long names; "operands"; "--NAME", that option with its value, or nothing.  Returns 0, or -EINVAL if it is another
 * name, or if the words do not tell. */
struct strbuf;
int target_put(const struct target_tool *tool, const char *name, const char *const *words, size_t n,
	       struct strbuf *out);

/* Is `name` one of these placeholders?  {program} is not: it names no target. */
bool target_is_placeholder(const char *name);

#pragma GCC visibility pop

#endif
