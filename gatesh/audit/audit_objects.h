/* SPDX-License-Identifier: BSD-2-Clause */
/* audit_objects.h - reads the audit log as JSON objects, for all commands that read it. */
#ifndef GATESH_AUDIT_AUDIT_OBJECTS_H
#define GATESH_AUDIT_AUDIT_OBJECTS_H

#include <jansson.h>

#include "audit/audit_read.h"

enum { AUDIT_OBJECTS_VERSION = 1 };

/* Print "gatesh: COMMAND: PATH:LINE: WHY, skipped" on stderr. */
void audit_objects_skipped(const char *command, const struct audit_reader *r, const char *why);

/* Parse a line as an object of this version.  Returns NULL after saying why it isn't one. */
json_t *audit_objects_parse(const char *command, const struct audit_reader *r, const char *line, size_t len);

/* Call `each` with every object of the log at `path` (NULL: the user's own), oldest first, and its line number.  Stops
 * and returns the result of `each` if that is not 0.  Torn and foreign lines are reported and skipped.  Returns 0, or a
 * negative errno, reported on stderr.  A missing log is reported, too; it is 0 for the user's own. */
typedef int auditlog_fn(const json_t *object, unsigned long line, void *data);
int audit_objects_each(const char *command, const char *path, auditlog_fn *each, void *data);

/* A member's string, or NULL if it is not a string. */
const char *audit_objects_text(const json_t *object, const char *key);

#endif
