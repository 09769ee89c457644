/* store_journal.h - the records of a store (store.h), read and written. */
#ifndef GATESH_STORE_STORE_JOURNAL_H
#define GATESH_STORE_STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "base/strbuf.h"
#include "formats/store.h"

struct store_put_record {
	enum store_op op;
	char *id; /* NULL: no object */
	struct timespec time, mtime;
	pid_t pid, pgid;
	char *comm;
	uid_t uid;
	gid_t gid;
	mode_t mode;
	long long size;
	unsigned long nlink;
	dev_t dev;
	ino_t ino;
	char *path;
	char *other; /* NULL: none */
};

/* The records of one journal in the order they were written.  Their strings are in `text`. */
struct journal {
	char *text; /* owned */
	struct store_put_record *v;
	size_t n, room;
	size_t bad;   /* lines that are no record: torn, garbage */
	size_t later; /* of a version or operation this one does not know */
};

/* Parse `len` bytes, which are taken over (from malloc; changed, freed by journal_free()).  What is no record is
 * counted and left out.  0 or -ENOMEM. */
int journal_parse(struct journal *j, char *text, size_t len);

/* Read STORE/journal, `dir` being the open store. 0; -ENOENT; -EINVAL (not a regular file of this user's), -EFBIG,
 * -ENOMEM or what reading says. */
int journal_read(struct journal *j, int dir);
void journal_free(struct journal *j);

/* Append a record to an open journal with one write(2).  0, or a negative errno: then it does not count, whatever is
 * there of it. */
int journal_append(int fd, const struct store_put_record *r);

/* Percent-encoding, as store.h has it.  Decoding is in place; false when the text is not encoded so. */
void journal_encode(struct strbuf *out, const char *bytes);
bool journal_decode(char *text);

/* Absolute, without empty, "." and ".." components, no slash at its end. */
bool journal_is_path(const char *path);

#endif
