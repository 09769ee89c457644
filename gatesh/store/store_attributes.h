/* SPDX-License-Identifier: BSD-2-Clause */
/* store_attributes.h - the mode, the owner and the extended attributes that were kept before a chmod or its like
 * (STORE_OP_ATTRIBUTES), compared with those of the file, and given back to it. */
#ifndef GATESH_STORE_STORE_ATTRIBUTES_H
#define GATESH_STORE_STORE_ATTRIBUTES_H

#include <stdbool.h>
#include <sys/stat.h>

#include "store/store_journal.h"

/* Do they differ?  `st`: the file at the record's path now, which is the same inode.  `objects`: the directory of the
 * objects.  True if it can't be found out. */
bool store_attributes_changed(const struct store_put_record *r, int objects, const struct stat *st);

/* Give the open file `to` the access control lists, user attributes and capabilities of the open file `from`, and take
 * away its others.  What this user may not set is left as it is.  Returns 0 or a negative errno. */
int store_attributes_put(int from, int to);

#endif
