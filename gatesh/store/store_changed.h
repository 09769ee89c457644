/* SPDX-License-Identifier: BSD-2-Clause */
/* store_changed.h - was a file that was opened for writing in place really changed?  Most programs that open a file so
 * write nothing, and that is nothing to undo. */
#ifndef GATESH_STORE_STORE_CHANGED_H
#define GATESH_STORE_STORE_CHANGED_H

#include <stdbool.h>
#include <sys/stat.h>

#include "store/store_journal.h"

/* `st`: the file at the record's path now, which is the one that was opened.  `objects`: the directory of the objects.
 * Reads both files if only that can tell.  True if it can't be found out. */
bool store_changed(const struct store_put_record *r, int objects, const struct stat *st);

#endif
