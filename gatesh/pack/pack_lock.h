/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_lock.h - packs.lock beside the person's packs: where each pack that gatesh pack added came from, and the commit that it is
 * at.  A JSON object, {"packs": {NAME: {"url", "rev", "commit", "version"}}}. */
#ifndef GATESH_PACK_PACK_LOCK_H
#define GATESH_PACK_PACK_LOCK_H

#include <jansson.h>
#include <limits.h>

/* Put the path of `name` in the directory of the person's packs into `path`.  Returns 0 or a negative errno. */
int pack_lock_path(const char *name, char path[PATH_MAX]);

/* Read the lock file; an empty one if there is none.  Owned; NULL after a message if it can't be read. */
json_t *pack_lock_read(void);

/* Write it, all or nothing.  Returns 0 or an exit status after a message. */
int pack_lock_write(const json_t *lock);

/* The entry of a pack, borrowed; NULL: gatesh pack did not add it.  A member of an entry, "" if it has none. */
json_t *pack_lock_entry(const json_t *lock, const char *name);
const char *pack_lock_text(const json_t *entry, const char *member);

#endif
