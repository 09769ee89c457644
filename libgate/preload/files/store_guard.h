/* SPDX-License-Identifier: BSD-2-Clause */
/* store_guard.h - a further link to an old file, in the store, for as long as the session runs.
 *
 * A process looks at a name, judges the file, and acts on the name.  In between, another process may put another file
 * there, or remove the last but one of its names.  Neither can see the other.  So whoever moves an old file to a name, or
 * removes one of its several names, first makes this link: whatever happens to the name then, the content stays.  The
 * link's name comes from the inode, so that a file has one such link, which all processes share.  It counts as kept
 * only if all other names are gone (STORE_OP_GUARDED). */
#ifndef GATE_PRELOAD_FILES_STORE_GUARD_H
#define GATE_PRELOAD_FILES_STORE_GUARD_H

#include "preload/files/store_put.h"

/* Does the file have such a link already?  Needs store_put_begin(). */
bool store_guard_has(struct keeping *k);

/* Make one from `name` in `dir`, which the file has now, and record that the file of k->v belongs to the path there.
 * Returns 0; -ESTALE if another file has the name by now, so that the caller looks again; -ENODEV if the file system has
 * no store; or the negative errno of the record or the link. */
int store_guard_put(struct keeping *k, int dir, const char *name);

#endif
