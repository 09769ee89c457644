/* SPDX-License-Identifier: BSD-2-Clause */
/* store.h - finds, makes, checks, lists and prunes the stores of files that sessions removed or overwrote (see
 * formats/store.h).  The registry, $XDG_STATE_HOME/gate/undo/NAME/session.json, describes each session and each undo,
 * which has stores as well.
 *
 * A store is made in the first of these places that is on the workspace's file system and mount:
 *     $XDG_STATE_HOME/gate/undo/NAME, unless that is in the workspace
 *     .gate-undo-UID/NAME in the nearest directory above the workspace that belongs to this user
 *     /var/tmp/gate-UID/NAME
 *     .gate-undo/NAME in the workspace itself
 * Each directory is 0700, belongs to this user, is never reached through a symbolic link, and is left out by
 * git and by backups that know CACHEDIR.TAG. */
#ifndef GATESH_STORE_STORE_H
#define GATESH_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strbuf.h"
#include "formats/store.h"
#include "util/progress.h"

enum { STORE_NAME_MAX = 32 };

/* The origin of a store's records. */
enum store_kind { STORE_SESSION, STORE_UNDO, STORE_REDO };

/* One session (or undo) in the registry.  Strings are owned. */
struct store_entry {
	char name[STORE_NAME_MAX]; /* the session's id */
	enum store_kind kind;
	char *dir;         /* its directory in the registry, absolute */
	char **workspaces; /* NULL-terminated, resolved */
	char **stores;     /* NULL-terminated, absolute; at most STORE_COUNT_MAX */
	char *agent, *command, *started;
	int64_t started_ms;  /* since 1970 */
	pid_t pid;           /* of its gatesh */
	uint64_t start_time; /* of that process */
	bool alive;
};

/* Make the registry's entry and the stores for a session of this process.  The arguments are copied; free e with
 * store_entry_clear().  Returns 0 if there is at least one store; `why` then names the workspaces that have none, and
 * is empty if all have one.  Otherwise returns a negative errno, says in `why` what failed and where, escaped, and
 * leaves nothing behind. */
int store_create(struct store_entry *e, const char *name, enum store_kind kind, const char *const *workspaces,
		 const char *agent, const char *command, struct strbuf *why);

/* At the end of a session, remove its stores and its entry if nothing was kept in them.  Returns true if they were
 * removed. */
bool store_remove_empty(const struct store_entry *e);

/* Remove the entry's stores with their content, then the entry.  An error does not stop the removal of other stores,
 * but keeps the entry.  Returns 0 or the first negative errno. */
int store_remove(const struct store_entry *e);

/* Open a store: a directory of this user, 0700 or made so, not a symbolic link.  Returns a descriptor or a negative errno, -EPERM
 * if it can't be trusted. */
int store_open(const char *path);

/* The message for a negative errno of store_open() or store_create().  Static storage. */
const char *store_error(int err);

/* List all entries of this user, oldest first.  Bad ones are left out and reported by tell(dir, why, data), unless
 * `tell` is NULL.  Returns their number or a negative errno.  Free *out with store_free(). */
int store_list(struct store_entry **out, void (*tell)(const char *dir, const char *why, void *data), void *data);

/* A file system that is nearly full, and the bytes to be freed there. */
struct prune_disk {
	dev_t dev;
	uint64_t want;
};

/* The objects to delete.  Times are ms since 1970. */
struct prune_terms {
	int64_t before_ms; /* those kept before; INT64_MIN: none for their age */
	uint64_t quota;    /* then the oldest, until at most so many bytes are left; UINT64_MAX: none */
	const char *name;  /* count and delete those of this session alone; NULL: of all */
	bool holds;        /* spare those of living sessions, and those kept at `held_ms` or later */
	int64_t held_ms;   /* with holds.  `before_ms` goes before it */
	struct prune_disk disks[STORE_COUNT_MAX]; /* then the oldest on these, until so much is free */
	size_t ndisks;
};

/* The result of store_prune(); `freed`, `left` and `held` are bytes on disk. */
struct prune_result {
	size_t removed;
	uint64_t freed, left;
	uint64_t held;    /* of `left`, those that were spared, or would be */
	size_t for_disks; /* of `removed`, those deleted because a disk is nearly full */
	uint64_t freed_on_disks;
	size_t sessions; /* removed completely */
};

/* Delete kept objects.  Ended sessions that are older than `before_ms` or have nothing left to restore are removed as
 * well.  Any process may do this while sessions run.  `progress` may be NULL.  An error does not stop the deletion.
 * Returns 0 or the first negative errno. */
int store_prune(const struct prune_terms *terms, struct prune_result *result, struct progress *progress);

void store_entry_clear(struct store_entry *e);
void store_free(struct store_entry *v, int n);

/* Is `path` the directory `top` or under it?  Compares text, so both must be resolved. */
bool store_under(const char *path, const char *top);

#endif
