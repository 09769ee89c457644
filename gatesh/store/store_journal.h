/* SPDX-License-Identifier: BSD-2-Clause */
/* store_journal.h - reads and writes the records of a store (see formats/store.h). */
#ifndef GATESH_STORE_STORE_JOURNAL_H
#define GATESH_STORE_STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "base/strbuf.h"
#include "formats/store.h"

/* There may be a million of them in memory, so the order of the fields leaves no gaps. */
struct store_put_record {
	char *id; /* NULL: no object */
	char *comm;
	char *path;
	char *other; /* NULL: none */
	struct timespec time, mtime;
	long long size;
	dev_t dev;
	ino_t ino;
	enum store_op op;
	pid_t pid, pgid;
	uid_t uid;
	gid_t gid;
	mode_t mode;
	unsigned nlink;
};

/* The records of one journal in the order of writing.  Their strings point into `text`. */
struct journal {
	char *text; /* owned: the strings alone, not the lines that they stood in */
	struct store_put_record *v;
	size_t n, room;
	size_t bad;   /* lines that are not records: torn or garbage */
	size_t later; /* records with a version or operation that this build does not know */
};

/* Parse `len` bytes.  Takes over `text`, which must be from malloc(3), changes it, and frees it in journal_free().
 * Lines that are not records are counted and left out.  Returns 0 or -ENOMEM. */
int journal_parse(struct journal *j, char *text, size_t len);

/* Read STORE/journal, where `dir` is the open store.  Returns 0, -ENOENT, -EINVAL (not a regular file of this user),
 * -EFBIG, -ENOMEM or the negative errno of reading. */
int journal_read(struct journal *j, int dir);
void journal_free(struct journal *j);

/* Append a record to an open journal with one write(2).  Returns 0 or a negative errno; on error the record does not
 * count, even if part of it was written. */
int journal_append(int fd, const struct store_put_record *r);

/* The percent-encoding of formats/store.h.  Decoding is in place, and returns false if the text is not encoded so. */
void journal_encode(struct strbuf *out, const char *bytes);
bool journal_decode(char *text);

/* Is the path absolute, without empty, "." or ".." components and without a trailing slash? */
bool journal_is_path(const char *path);

#endif
