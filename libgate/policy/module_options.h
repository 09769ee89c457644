/* SPDX-License-Identifier: BSD-2-Clause */
/* module_options.h - checks the arguments of a module's line against its option table; gate_opt_*() read them later.
 * Internal to libgate. */
#ifndef GATE_POLICY_MODULE_OPTIONS_H
#define GATE_POLICY_MODULE_OPTIONS_H

#include <gate_module.h>

#include "base/strbuf.h"

/* A problem with an argument. */
struct opt_problem {
	int arg;       /* index into argv; argc if an argument is missing */
	size_t offset; /* byte within the argument */
	struct strbuf why;
};

/* Look for arguments that are unknown, malformed, given twice or missing.  Returns 0, or -EINVAL with the first
 * problem; the caller frees problem->why in either case. */
int module_options_check(const struct gate_option *table, int argc, const char *const *argv,
			 struct opt_problem *problem);

/* Check the table itself.  Returns NULL, or a string in static storage that says what is wrong with it. */
const char *module_options_fault(const struct gate_option *table);

#endif
