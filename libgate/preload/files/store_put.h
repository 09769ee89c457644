/* store_put.h - put a file away before it goes: into the session's store, with its record (store.h). */
#ifndef GATE_PRELOAD_FILES_STORE_PUT_H
#define GATE_PRELOAD_FILES_STORE_PUT_H

#include "preload/files/store_journal.h"
#include "preload/files/file_judge.h"

/* What is being kept of one file. */
struct keeping {
	const struct victim *v;
	const struct gate_image_store *store;
	char id[KEEP_ID_MAX]; /* "": no object */
};

/* Find the store for a file.  NULL, or why there is none. */
const char *keep_begin(struct keeping *k, const struct victim *v);

/* The ways to put it away, each with its record written first.  NULL: it is done, or why it can't be.
 * Nothing but the record: */
const char *keep_record(struct keeping *k, enum keep_op op);

/* The file itself, which is gone from its place then.  *result is the kernel's word on that. */
const char *keep_moved(struct keeping *k, long *result);

/* A second link to it: KEEP_REPLACED. */
const char *keep_linked(struct keeping *k);

/* A copy of the open file, or of a symbolic link. */
const char *keep_copied(struct keeping *k, int fd, enum keep_op op);
const char *keep_copied_link(struct keeping *k, enum keep_op op);

/* The act has failed: nothing was kept. */
void keep_undo(const struct keeping *k);

/* The path of something in the store: STORE/o/ID and a suffix. False when it is too long. */
bool keep_path(const struct keeping *k, const char *suffix, char path[JOURNAL_PATH_MAX]);

/* "the store is full", for people. */
const char *keep_reason(long err);

#endif
