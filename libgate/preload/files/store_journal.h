/* SPDX-License-Identifier: BSD-2-Clause */
/* store_journal.h - writes a record of each file that is about to go, and names the objects that keep it.  store.h
 * defines the format. */
#ifndef GATE_PRELOAD_FILES_STORE_JOURNAL_H
#define GATE_PRELOAD_FILES_STORE_JOURNAL_H

#include <sys/stat.h>

#include "formats/store.h"
#include "preload/base/process_memory.h"

enum { JOURNAL_PATH_MAX = 1024 }; /* bytes of a path in a store; with a longer one, nothing is kept */

struct journal_record {
	enum store_op op;
	const char *id;           /* NULL: no object */
	const struct statx *st;   /* of the file, before the act */
	const char *path, *other; /* other: NULL for none */
};

/* Append the record to the journal of `store`.  Returns 0, or a negative errno: then the act must not happen. */
int journal_write(const char *store, const struct journal_record *r);

/* Make a name for an object that no other process or thread uses. */
void journal_new_id(struct memory *m, char id[STORE_ID_MAX]);

/* Make the name of an object that a file has one of, whoever makes it: of its inode and birth, with a suffix. */
void journal_inode_id(const struct statx *st, const char *suffix, char id[STORE_ID_MAX]);

/* Does the last component of `name` look like a name that belongs to a store? */
bool journal_is_own_name(const char *name);

#endif
