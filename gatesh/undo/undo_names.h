/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_names.h - gives a file with several hard links a lost name back: finds the file under another of its names. */
#ifndef GATESH_UNDO_UNDO_NAMES_H
#define GATESH_UNDO_UNDO_NAMES_H

#include "undo/undo_plan.h"

struct undo_names {
	const struct undo_plan *plan;
	const struct store_records **v; /* the list sorted by file, or NULL if memory is out */
	size_t n;
	struct undo_sought {
		const struct store_put_record *r;
		char *path; /* owned; the path where a walk of the workspaces found the file */
	} * sought;         /* the plan's UNDO_LINK items, sorted by file; NULL before the walk */
	size_t nsought;
};

void undo_names_open(struct undo_names *u, const struct undo_plan *p, const struct kept_list *l);
void undo_names_close(struct undo_names *u);

/* Did the file of this record lose any of its names? */
bool undo_names_had(const struct undo_names *u, const struct store_put_record *r);

/* Does the plan bring back another name of the item's file, with the file itself? */
bool undo_names_shares(const struct undo_names *u, const struct undo_item *item);

/* Is `name` in `dir` the file of the item, and does the plan put an earlier content of it, by another of its names? */
bool undo_names_has_earlier(const struct undo_names *u, const struct undo_item *item, int dir, const char *name);

/* Link the file of the item's record as `name` in `dir`.  Returns 0 or a negative errno; -ENOENT if no name of the file is left
 * in the session's workspaces or in a store. */
int undo_names_link(struct undo_names *u, const struct undo_item *item, int dir, const char *name);

#endif
