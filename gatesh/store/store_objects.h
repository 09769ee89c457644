/* SPDX-License-Identifier: BSD-2-Clause */
/* store_objects.h - collects the kept objects of stores, with their ages and sizes. */
#ifndef GATESH_STORE_STORE_OBJECTS_H
#define GATESH_STORE_STORE_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "store/store_sum.h"
#include "util/progress.h"

struct object {
	const char *store; /* not owned */
	char *id;          /* owned */
	int64_t ms;        /* when it was kept, since 1970 */
	uint64_t bytes;    /* on the disk */
	dev_t dev;
	bool alive; /* of a living session */
};

struct objects {
	struct object *v; /* owned */
	size_t n, room;
	uint64_t bytes; /* of all, and of what is counted by sums alone */
};

/* Collect the objects of one of the entry's stores, except partial copies in a living session, and add them up in *sum.
 * `progress` may be NULL.  Returns 0 or a negative errno. */
int objects_read(struct objects *o, const struct store_entry *e, const char *store, struct store_sum *sum,
		 struct progress *progress);
void objects_free(struct objects *o);

#endif
