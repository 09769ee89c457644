/* SPDX-License-Identifier: BSD-2-Clause */
/* service_internal.h - a service file while it is parsed.  Internal to libgate/policy. */
#ifndef GATE_POLICY_SERVICE_INTERNAL_H
#define GATE_POLICY_SERVICE_INTERNAL_H

#include "policy/policy.h"
#include "policy/split_line.h"

/* State that a file shares with everything it includes. */
struct parser {
	const struct policy_dirs *dirs;
	struct diag *d;
	struct stack *top;
	int err; /* -ENOMEM after an allocation failed */
};

/* A file being parsed.  The chain of `from` holds the files that led to it. */
struct file {
	struct parser *p;
	const char *base; /* its name without the directory */
	const struct file *from;
	enum ruleset_trust trust;
	struct stack *stack;
	struct location at;
};

/* Report a problem with a word of the line. */
#define bad(f, col, ...) diag_at((f)->at.d, DIAG_ERROR, (f)->at.src, (f)->at.line, col, __VA_ARGS__)

/* Report it and make the whole parse fail.  Returns -ENOMEM.  Defined in service_parse.c. */
int service_out_of_memory(struct parser *p, const struct source *src);

/* Open the module that words[2] names, check that it serves the line's event, and take its arguments, words[3] to
 * words[n - 1].  `line` owns what was opened, also on error.  Returns 0, -EINVAL (reported) or -ENOMEM.  Defined in
 * service_module.c. */
int service_module_parse(const struct file *f, const struct word *words, size_t n, struct stack_line *line);

#endif
