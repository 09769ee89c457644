/* SPDX-License-Identifier: BSD-2-Clause */
/* field_lines.h - reads the lines `field: value` of gate.conf(5) and gate.principal(5). */
#ifndef GATESH_UTIL_FIELD_LINES_H
#define GATESH_UTIL_FIELD_LINES_H

#include <stddef.h>

#include "base/diag.h"

/* A field: its name, and its value without the blanks around it, which the callee may change.  `line` and `col` are where
 * the value stands; the name is in column 1. */
typedef void field_lines_fn(unsigned line, const char *name, char *value, size_t col, void *data);

/* Call `each` for every field of the text, in its order.  Empty lines and those that begin with # are skipped; a line that
 * is none is reported to d.  Returns 0 or -ENOMEM. */
int field_lines_read(const struct source *src, struct diag *d, field_lines_fn *each, void *data);

/* Report a field that none of `names` (NULL-terminated) is, with the nearest. */
void field_lines_unknown(const struct source *src, struct diag *d, unsigned line, const char *name,
			 const char *const *names);

#endif
