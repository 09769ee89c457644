/* store_journal.h - records of what is about to go, and names for what is kept of it: store.h. */
#ifndef GATE_PRELOAD_FILES_STORE_JOURNAL_H
#define GATE_PRELOAD_FILES_STORE_JOURNAL_H

#include <sys/stat.h>

#include "formats/store.h"
#include "preload/base/process_memory.h"

enum { JOURNAL_PATH_MAX = 1024 }; /* bytes of a path in a store; longer ones keep nothing */

struct journal_record {
	enum store_op op;
	const char *id;           /* NULL: no object */
	const struct statx *st;   /* of the file, before the act */
	const char *path, *other; /* other: NULL for none */
};

/* Append the record to the journal of `store`.  0, or a negative errno: then nothing may be done. */
int journal_write(const char *store, const struct journal_record *r);

/* A name for an object that no other process or thread will think of. */
void journal_new_id(struct memory *m, char id[STORE_ID_MAX]);

/* Does the last component of `name` look like something of a store's own? */
bool journal_is_own_name(const char *name);

#endif
