/* SPDX-License-Identifier: BSD-2-Clause */
/* store_index.h - which directories a store's records are in, so that an undo of one path reads only the journals that
 * can have it.
 *
 *     STORE/index    "gate-index 1 BYTES DIRECTORIES NAMES\n", a line per directory (percent-encoded), "end\n"
 *
 * BYTES is the length of the journal that the index is of; journals only grow.  NAMES is 1 if a record is of a removed
 * name of a file (STORE_OP_NAME), which may concern any path.  The index is written anew and renamed; one that is
 * missing, torn, or of another length is made again from the journal, which alone is the truth. */
#ifndef GATESH_STORE_STORE_INDEX_H
#define GATESH_STORE_STORE_INDEX_H

#include <stdbool.h>
#include <stddef.h>

/* May the store have records of one of these paths, of something under them, or of a directory above them?  True if it
 * can't be found out.  `write`: leave an index behind for the next time, which is for sessions that have ended. */
bool store_index_concerns(const char *store, char *const *paths, size_t npaths, bool write);

#endif
