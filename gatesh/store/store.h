/* store.h - the stores of what sessions removed or overwrote (store.h): where they are, which there are, whether one
 * can be trusted.  $XDG_STATE_HOME/gate/undo/NAME/session.json tells of each session and of each undo, which has a
 * store too.
 *
 * A store is made in the first of these places that is on the workspace's file system and mount:
 *     $XDG_STATE_HOME/gate/undo/NAME, unless that is in the workspace
 *     .gate-undo-UID/NAME in the nearest directory above the workspace that is this user's own
 *     /var/tmp/gate-UID/NAME
 *     .gate-undo/NAME in the workspace itself
 * Each directory is 0700 and this user's, is never reached over a symbolic link, and is ignored by git. */
#ifndef GATESH_STORE_STORE_H
#define GATESH_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strbuf.h"
#include "formats/store.h"

enum { STORE_NAME_MAX = 32 };

/* What a store's records come from. */
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

/* Make the registry's entry and the stores for a session of this process.  name, kind, agent, command and workspaces
 * are the caller's (copied: free e as below); the rest is filled.  0 when there is a store at all; `why` then tells
 * of the workspaces that have none, and is empty when all have.  Or a negative errno: `why` tells what was wrong and
 * where, escaped, and nothing is left behind. */
int store_create(struct store_entry *e, const char *name, enum store_kind kind, const char *const *workspaces,
		 const char *agent, const char *command, struct strbuf *why);

/* At the end of a session: its stores and its entry go when nothing was kept in them.  True when they went. */
bool store_remove_empty(const struct store_entry *e);

/* Remove the entry, its stores and whatever is in them. 0 or the first negative errno; what can go goes. */
int store_remove(const struct store_entry *e);

/* Open a store: a directory of this user's, 0700, no symbolic link. A descriptor or a negative errno: -EPERM when it is
 * not to be trusted. */
int store_open(const char *path);

/* What a negative errno of store_open() or store_create() means for a store.  Static storage. */
const char *store_error(int err);

/* All entries of this user, oldest first. Bad ones are left out and told by tell(dir, why, data) (NULL: not told).
 * Their number or a negative errno; *out is freed with store_free(). */
int store_list(struct store_entry **out, void (*tell)(const char *dir, const char *why, void *data), void *data);

/* What store_prune() did, and what is left, in bytes on disk. */
struct prune_result {
	size_t removed;
	uint64_t freed, left;
	size_t sessions; /* of which nothing is left at all */
};

/* Delete what was kept before `before_ms` (since 1970; INT64_MIN: nothing for its age), then oldest first until
 * `quota` bytes at most are left.  Of the session `name` only, unless that is NULL: the quota is then of all
 * together. What is left of sessions that have ended and have nothing to give back any more goes, too. Any process
 * may do this while sessions run.  0 or the first negative errno: what can go goes. */
int store_prune(int64_t before_ms, uint64_t quota, const char *name, struct prune_result *result);

void store_entry_clear(struct store_entry *e);
void store_free(struct store_entry *v, int n);

/* Is `path` the directory `top`, or under it?  As texts: both resolved. */
bool store_under(const char *path, const char *top);

#endif
