/* SPDX-License-Identifier: BSD-2-Clause */
/* module.h - loads decider modules from the module directory.  Internal to libgate. */
#ifndef GATE_POLICY_MODULE_H
#define GATE_POLICY_MODULE_H

#include <gate_module.h>

#include "base/strbuf.h"

#pragma GCC visibility push(default)

struct module {
	void *dl; /* NULL: linked in (tests) */
	const struct gate_module *info;
};

/* Load the module `name` ("gate_x" or "gate_x.so", never a path) from the directory `dir`.  Root or the effective user
 * must own the directory and the file, no one else may be able to write to them, and the file must be a regular file.
 * Both are checked through open descriptors before any code of the module runs.
 * Returns 0 with *out, which the caller frees with module_close(), or a negative errno with the reason appended to
 * `why`. */
int module_open(const char *dir, const char *name, struct module **out, struct strbuf *why);
void module_close(struct module *m);

/* Return the function that serves lines of `event`, or NULL if the module does not serve it. */
gate_module_fn *module_serves(const struct module *m, enum gate_event_type event);

#pragma GCC visibility pop

#endif
