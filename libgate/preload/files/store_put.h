/* store_put.h - put a file away before it goes: into the session's store, with its record (store.h). */
#ifndef GATE_PRELOAD_FILES_STORE_PUT_H
#define GATE_PRELOAD_FILES_STORE_PUT_H

#include "preload/files/file_judge.h"
#include "preload/files/store_journal.h"

/* What is being kept of one file. */
struct keeping {
	const struct victim *v;
	const struct gate_image_store *store;
	char id[STORE_ID_MAX]; /* "": no object */
};

/* Find the store for a file.  NULL, or why there is none. */
const char *store_put_begin(struct keeping *k, const struct victim *v);

/* The ways to put it away, each with its record written first.  NULL: it is done, or why it can't be.
 * Nothing but the record: */
const char *store_put_record(struct keeping *k, enum store_op op);

/* The file itself, which is gone from its place then.  *result is the kernel's word on that. */
const char *store_put_moved(struct keeping *k, long *result);

/* A second link to it: STORE_OP_REPLACED. */
const char *store_put_linked(struct keeping *k);

/* A copy of the open file, or of a symbolic link. */
const char *store_put_copied(struct keeping *k, int fd, enum store_op op);
const char *store_put_copied_link(struct keeping *k, enum store_op op);

/* The act has failed: nothing was kept. */
void store_put_undo(const struct keeping *k);

/* The path of something in the store: STORE/o/ID and a suffix. False when it is too long. */
bool store_put_path(const struct keeping *k, const char *suffix, char path[JOURNAL_PATH_MAX]);

/* "the store is full", for people. */
const char *store_put_reason(long err);

#endif
