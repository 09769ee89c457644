/* SPDX-License-Identifier: BSD-2-Clause */
/* module.h - a decider module loaded from the module directory.  Internal to libgate. */
#ifndef GATE_POLICY_MODULE_H
#define GATE_POLICY_MODULE_H

#include <gate_module.h>

#include "base/strbuf.h"

#pragma GCC visibility push(default)

struct module {
	void *dl; /* NULL: linked in (tests) */
	const struct gate_module *info;
};

/* Load `name` ("gate_x" or "gate_x.so", never a path) from the directory `dir`.  The directory and the file must be
 * owned by root or the effective user and writable by nobody else, the file a regular one; both are checked through
 * open descriptors before any code of it runs.  0 with *out (module_close() frees), or a negative errno with the
 * complaint appended to `why`. */
int module_open(const char *dir, const char *name, struct module **out, struct strbuf *why);
void module_close(struct module *m);

/* The function that serves lines of `event`; NULL: the module does not serve it. */
gate_module_fn *module_serves(const struct module *m, enum gate_event_type event);

#pragma GCC visibility pop

#endif
