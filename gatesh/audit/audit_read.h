/* audit_read.h - the lines of the audit log, one after the other, across rotation and truncation. */
#ifndef GATESH_AUDIT_AUDIT_READ_H
#define GATESH_AUDIT_AUDIT_READ_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/strbuf.h"

enum { AUDIT_LINE_MAX = 16 << 20 };

struct audit_reader {
	char path[PATH_MAX];
	int fd; /* -1: not there yet */
	int notify;
	off_t at;          /* bytes read of this file */
	struct strbuf buf; /* what was read and not handed out yet, from `used` on */
	size_t used;
	bool cut;           /* set when another file took the place of one with an unfinished last line */
	bool overlong;      /* the line being read is over AUDIT_LINE_MAX: its beginning is gone */
	unsigned long line; /* of the last line handed out, from 1 */
};

/* The audit log's path: $XDG_STATE_HOME/gate/audit.jsonl (~/.local/state).  0, -ENOENT (no home), -ENAMETOOLONG. */
int audit_log_path(char *buf, size_t size);

/* Open the log at its start.  0, -ENOENT (none yet; audit_wait() finds it later), or a negative errno.  Call
 * audit_close() either way. */
int audit_open(struct audit_reader *r, const char *path);

/* The next line without its newline, NUL-terminated and borrowed until the next call; *len its length, 0 for one over
 * AUDIT_LINE_MAX.  1; 0 at the end (*torn, which may be NULL, tells whether an unfinished line is left, and counts it);
 * or a negative errno. */
int audit_next(struct audit_reader *r, char **line, size_t *len, bool *torn);

/* Wait until audit_next() may have more: more bytes, another file under the name, or a file cut short (both are then
 * read from their start).  1; 0 when nobody reads stdout any more; or a negative errno. */
int audit_wait(struct audit_reader *r);

void audit_close(struct audit_reader *r);

#endif
