/* undo_keep.h - an undo's own store: what was newer is kept there, and what was put back is noted, so that the undo
 * can be undone. */
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
	unsigned count; /* of ids given out */
	bool unnoted;   /* something was put back that could not be noted: a full disk */
};

/* Make the stores for an undo in these workspaces. 0, or a negative errno told in `why`, escaped: nothing newer can
 * be kept then. */
int undo_keep_open(struct undo_keep *u, enum store_kind kind, const char *const *workspaces, const char *command,
		   struct strbuf *why);
/* Close them, and remove what stayed empty. */
void undo_keep_close(struct undo_keep *u);

/* What was kept by undo_keep_aside(), to be taken back when what was to come instead does not. */
struct undo_kept {
	const struct undo_store *store;
	char id[STORE_ID_MAX + 1]; /* "": nothing was kept */
	bool moved;                /* its name is gone: nothing is at the path */
};

/* Keep what is at `path`, which is `name` in `dir`: linked or copied, so that the path stays, if `stay`, and moved
 * else. 0 or a negative errno: nothing has changed then. */
int undo_keep_aside(struct undo_keep *u, int dir, const char *name, const char *path, bool stay, struct undo_kept *out);

/* Keep the content of a file that is going to be written in place. */
int undo_keep_content(struct undo_keep *u, int dir, const char *name, const char *path);

/* Undo undo_keep_aside(): best effort, what can't go back stays kept. */
void undo_keep_revert(struct undo_kept *k, int dir, const char *name);

/* Note an act that keeps no object: STORE_OP_RESTORED, STORE_OP_DIRECTORY or STORE_OP_MOVED (to `other`) of the file of `st`.
 * Failing is remembered in u->unnoted: what comes back matters more than that it could go again. */
void undo_keep_note(struct undo_keep *u, enum store_op op, const struct stat *st, const char *path, const char *other);

#endif
