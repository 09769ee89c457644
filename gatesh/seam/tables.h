/* SPDX-License-Identifier: BSD-2-Clause */
/* tables.h - the memory of the session's tables of files and of its accounts (formats/seam.h, SEAM_TABLES): a memfd of a fixed size, which
 * all of the session's processes map and write.  gatesh puts the descriptor into those that ask for it. */
#ifndef GATESH_SEAM_TABLES_H
#define GATESH_SEAM_TABLES_H

#include <stddef.h>

#include "formats/allowance.h"

struct seam_tables {
	int fd;    /* -1: none */
	void *map; /* both tables and the accounts; NULL: none */
	size_t size;
	struct allowances *allowances; /* in the map, without limits at first; NULL: none */
};

/* Make empty tables.  Memory is used only where it is written.  Returns 0 or a negative errno; then t->fd is -1. */
int seam_tables_make(struct seam_tables *t);

/* Close the descriptor.  The mapping stays until gatesh ends, because a thread may be at it. */
void seam_tables_close(struct seam_tables *t);

#endif
