/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_dir.h - the directories of what rules kept (gate.rules(5), keep): $XDG_STATE_HOME/gate/keep/SESSION/N, 0700, with
 *     data/        what the keep command stored: its $GATE_KEEP
 *     output       what it said
 *     keep.json    the record, written when the act goes ahead; without one there is nothing to bring back
 * Any thread may make and drop its own. */
#ifndef GATESH_KEEP_KEEP_DIR_H
#define GATESH_KEEP_KEEP_DIR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { KEEP_ID_MAX = 64 };

/* One kept thing.  Owned; zero-initialize. */
struct keep_entry {
	char id[KEEP_ID_MAX]; /* "SESSION.rN" */
	char *dir;            /* absolute; NULL: none */
	json_t *record;       /* an object: the members of keep.json */
};

/* Make the next directory of the session and an empty record.  Returns 0 or a negative errno, and then *e is clear. */
int keep_create(struct keep_entry *e, const char *session);

/* Write the path of `name` in the entry's directory.  Returns false if it does not fit. */
bool keep_path(const struct keep_entry *e, const char *name, char *buf, size_t size);

/* A text of the record, "" if it has none.  Borrowed. */
const char *keep_text(const struct keep_entry *e, const char *member);

/* Write the record, so that the entry is listed.  Returns 0 or a negative errno. */
int keep_write(const struct keep_entry *e);

/* The bytes in data/, as the files' sizes say. */
uint64_t keep_size(const struct keep_entry *e);

/* Is there a file in data/? */
bool keep_has_data(const struct keep_entry *e);

/* Remove the directory, and that of its session if nothing is left in it.  keep_clear() only frees. */
int keep_drop(struct keep_entry *e);
void keep_clear(struct keep_entry *e);

#endif
