/* SPDX-License-Identifier: BSD-2-Clause */
/* store_carried.h - what ended sessions carried to where Gate gives files up, and left there: later sessions keep it, too.
 *
 *     STORE/carried    "gate-carried 1 BYTES\n", lines, "end\n"
 *     path DEV INO PATH          moved there (PATH percent-encoded); it counts while it is there
 *     file DEV INO SEC NSEC      lost one of several names in the workspace; the time is that of its birth
 *
 * BYTES is the length of the journal that the list is of.  gatesh writes it when the session ends.  One that is missing, torn
 * or of another length is made from the journal, as after a kill. */
#ifndef GATESH_STORE_STORE_CARRIED_H
#define GATESH_STORE_STORE_CARRIED_H

#include <stdbool.h>
#include <sys/stat.h>

#include "store/store.h"

/* Write the lists of a session that ends, before its guards go.  Best effort.  Returns whether one of them lists something: then the session's
 * records are needed, though none of them may be of a loss. */
bool store_carried_write(const struct store_entry *e);

/* Called for each thing: a path, or a file of which stx_dev_major to stx_ino and stx_btime are known. */
struct store_carried_reader {
	void (*path)(const char *path);
	void (*file)(const struct statx *st);
};

/* Read what all sessions carried and what is still there.  Best effort. */
void store_carried_read(const struct store_carried_reader *r);

/* Is anything that the session carried away still there?  Then a later session may need its records. */
bool store_carried_is_needed(const struct store_entry *e);

#endif
