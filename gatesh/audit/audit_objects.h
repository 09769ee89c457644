/* audit_objects.h - the audit log as objects: what the commands that read it share. */
#ifndef GATESH_AUDIT_AUDIT_OBJECTS_H
#define GATESH_AUDIT_AUDIT_OBJECTS_H

#include <jansson.h>

#include "audit/audit_read.h"

enum { AUDIT_OBJECTS_VERSION = 1 };

/* "gatesh: COMMAND: PATH:LINE: WHY, skipped" on stderr. */
void audit_objects_skipped(const char *command, const struct audit_reader *r, const char *why);

/* A line as an object of this version, or NULL after saying why not. */
json_t *audit_objects_parse(const char *command, const struct audit_reader *r, const char *line, size_t len);

/* Call `each` with every object of the log at `path` (NULL: the user's own), oldest first, and the number of its line;
 * ends with what it returns when that is not 0.  Lines that are torn or foreign are told and skipped.  0, or a negative
 * errno, told on stderr; a log that is not there is told, and 0 for the user's own. */
typedef int auditlog_fn(const json_t *object, unsigned long line, void *data);
int audit_objects_each(const char *command, const char *path, auditlog_fn *each, void *data);

/* A member that is a string, or NULL. */
const char *audit_objects_text(const json_t *object, const char *key);

#endif
