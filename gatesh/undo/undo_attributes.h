/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_attributes.h - gives a file the mode, the owner and the extended attributes that it had. */
#ifndef GATESH_UNDO_UNDO_ATTRIBUTES_H
#define GATESH_UNDO_UNDO_ATTRIBUTES_H

#include <stdbool.h>

#include "undo/undo_keep.h"

/* The file is `name` in `dir`; `objects`: the directory of the record's objects.  Keeps the present ones in `u`.  Does
 * nothing if another file has the name by now, unless `placed`: it is a copy that this undo has put there.  Returns 0 or a
 * negative errno. */
int undo_attributes(struct undo_keep *u, int dir, const char *name, int objects, const struct store_put_record *r,
		    bool placed);

#endif
