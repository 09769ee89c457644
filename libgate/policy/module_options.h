/* SPDX-License-Identifier: BSD-2-Clause */
/* module_options.h - arguments of a module's line against its option table; gate_opt_*() read them later.  Internal to libgate. */
#ifndef GATE_POLICY_MODULE_OPTIONS_H
#define GATE_POLICY_MODULE_OPTIONS_H

#include <gate_module.h>

#include "base/strbuf.h"

/* What is wrong with which argument. */
struct opt_problem {
	int arg;       /* index into argv; argc when something is missing */
	size_t offset; /* byte within it */
	struct strbuf why;
};

/* Check the arguments: unknown, malformed, twice, missing.  0, or -EINVAL with the first problem (the caller frees
 * why). */
int module_options_check(const struct gate_option *table, int argc, const char *const *argv,
			 struct opt_problem *problem);

/* Is the table itself well-formed?  NULL, or what is wrong with it (static storage). */
const char *module_options_fault(const struct gate_option *table);

#endif
