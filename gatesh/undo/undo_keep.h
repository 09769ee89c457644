/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_keep.h - an undo's own store: the undo keeps newer files there and notes what it puts back, so that the undo can
 * be undone. */
#ifndef GATESH_UNDO_UNDO_KEEP_H
#define GATESH_UNDO_UNDO_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "store/store.h"
#include "store/store_journal.h"

struct undo_store {
	int journal, objects;
	dev_t dev;
};

struct undo_keep {
	struct store_entry entry;
	struct undo_store s[STORE_COUNT_MAX];
	size_t n;
	unsigned count; /* of ids handed out */
	size_t notes;   /* of acts without an object */
	bool unnoted;   /* something was put back but could not be noted, as on a full disk */
};

/* Make the stores for an undo in these workspaces.  Returns 0 or a negative errno, with an escaped reason in `why`; on
 * error nothing newer can be kept. */
int undo_keep_open(struct undo_keep *u, enum store_kind kind, const char *const *workspaces, const char *command,
		   struct strbuf *why);
/* Close the stores and remove the empty ones. */
void undo_keep_close(struct undo_keep *u);

/* An object kept by undo_keep_aside(), to be put back if its replacement fails. */
struct undo_kept {
	const struct undo_store *store;
	char id[STORE_ID_MAX + 1]; /* "": nothing was kept */
	bool moved;                /* it was moved into the store: nothing is at the path */
};

/* Keep the object at `path`, which is `name` in `dir`.  With `stay` it is linked or copied and the path stays, except
 * that a directory is always moved; otherwise it is moved.  Returns 0 or a negative errno; on error the path is
 * unchanged. */
int undo_keep_aside(struct undo_keep *u, int dir, const char *name, const char *path, bool stay, struct undo_kept *out);

/* Keep a copy of a file that is about to be overwritten in place. */
int undo_keep_content(struct undo_keep *u, int dir, const char *name, const char *path);

/* Keep the mode, the owner and the extended attributes of a file, as far as they can be read, before they change. */
void undo_keep_attributes(struct undo_keep *u, int dir, const char *name, const struct stat *st, const char *path);

/* Undo undo_keep_aside().  Best effort: an object that can't go back stays kept. */
void undo_keep_revert(struct undo_kept *k, int dir, const char *name);

/* Note an act that keeps no object: STORE_OP_RESTORED, STORE_OP_DIRECTORY, STORE_OP_MOVED or STORE_OP_EXCHANGED (`path` to
 * `other`), of the file described by `st`.  A failure only sets u->unnoted: restoring a file matters more than being able to undo that. */
void undo_keep_note(struct undo_keep *u, enum store_op op, const struct stat *st, const char *path, const char *other);

#endif
