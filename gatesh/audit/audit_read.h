/* SPDX-License-Identifier: BSD-2-Clause */
/* audit_read.h - reads the audit log line by line, across rotation and truncation. */
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
	off_t at;          /* bytes read from this file */
	struct strbuf buf; /* bytes read; those from `used` on are not handed out yet */
	size_t used;
	bool cut;           /* set if another file replaced one with an unfinished last line */
	bool overlong;      /* the line being read is over AUDIT_LINE_MAX; its beginning is gone */
	unsigned long line; /* of the last line handed out, from 1 */
};

/* Open the log at its start.  Returns 0, -ENOENT (no log yet; audit_wait() finds it later), or another negative errno.
 * Call audit_close() in every case. */
int audit_open(struct audit_reader *r, const char *path);

/* Get the next line without its newline, NUL-terminated and borrowed until the next call; *len is its length, 0 for a
 * line over AUDIT_LINE_MAX.  Returns 1, 0 at the end, or a negative errno.  *torn (may be NULL) is set to whether an
 * unfinished line was left; such a line is counted. */
int audit_next(struct audit_reader *r, char **line, size_t *len, bool *torn);

/* Wait until audit_next() may have more: more bytes, another file of that name, or a truncated file.  The latter two
 * are read from their start.  Returns 1, 0 if nobody reads stdout any more, or a negative errno. */
int audit_wait(struct audit_reader *r);

void audit_close(struct audit_reader *r);

#endif
