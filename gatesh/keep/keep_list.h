/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_list.h - lists what rules kept, finds one by its id, and removes what is old. */
#ifndef GATESH_KEEP_KEEP_LIST_H
#define GATESH_KEEP_KEEP_LIST_H

#include "keep/keep_dir.h"

/* Entries with a record, oldest first.  Owned. */
struct keep_list {
	struct keep_entry *v;
	size_t n;
};

/* Read all entries of this person, or those of one session (NULL: all).  Bad ones are left out.  Returns 0 or a negative
 * errno; call keep_list_free() in both cases. */
int keep_list_read(struct keep_list *l, const char *session);
void keep_list_free(struct keep_list *l);

/* Return the entry "SESSION.rN", or NULL.  Borrowed. */
struct keep_entry *keep_list_find(const struct keep_list *l, const char *id);

/* Remove what was kept before `before_ms` (since 1970) by one session (NULL: by all), and what has no record and is older than a day: its session died while
 * it kept.  Returns how many entries with a record were removed. */
size_t keep_list_prune(const char *session, int64_t before_ms);

#endif
