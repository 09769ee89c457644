/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan_parts.h - between the files that make a plan: undo_plan.c selects and sorts, undo_plan_place.c plans for one place,
 * undo_plan_aside.c frees it, undo_plan_moved.c follows moves, undo_plan_look.c checks each item against the disk. */
#ifndef GATESH_UNDO_UNDO_PLAN_PARTS_H
#define GATESH_UNDO_UNDO_PLAN_PARTS_H

#include <sys/stat.h>

#include "undo/undo_plan.h"

/* A record, and the place that it goes back to. */
struct placed {
	const struct store_records *k;
	const char *place;
};

/* Add an item for the path.  NULL if memory is out. */
struct undo_item *undo_plan_add(struct undo_plan *p, const struct store_records *k, enum undo_act act,
				const char *path);

/* Have the plan free `v`, which may be NULL.  Returns 0 or -ENOMEM; then it is freed. */
int undo_plan_own(struct undo_plan *p, void *v);

/* Plan for the records of one place, v[0] to v[n-1] in order of time: the state before the first one comes back.  Changes the
 * order of v.  Returns 0 or -ENOMEM. */
int undo_plan_place(struct undo_plan *p, struct placed *v, size_t n, const struct undo_choice *c);

/* Will the place be free?  If the session moved something there, plan to move that back, in chains if need be; with `replace`, what
 * the session made there may be kept and replaced.  Returns 1, 0 or -ENOMEM. */
int undo_plan_free_place(struct undo_plan *p, const struct store_records *k, const char *place, bool replace);

/* If a file older than the session was moved onto the one of k, it goes back to its own name.  `next`: the next record of the place, or
 * NULL.  Returns 0 or -ENOMEM. */
int undo_plan_unmove(struct undo_plan *p, const struct store_records *k, const struct store_records *next);

/* A thing that was moved to where something comes back goes back to its own first place.  v[0] to v[n-1]: the records of the place.
 * Returns 1 if it does, 0 or -ENOMEM. */
int undo_plan_clear(struct undo_plan *p, const struct placed *v, size_t n, const struct undo_item *to);

/* The same of what moved on out of the workspace, which another item moves back. */
void undo_plan_pass_by(struct undo_plan *p, const struct store_records *k, const char *place);

/* Was the file at the path moved there? */
bool undo_plan_came_there(const struct store_records *k, const char *path, const struct stat *st);

/* Send the items to where the things that they concern are after moves that stay as they are, and after those that the plan takes
 * back.  Returns 0 or -ENOMEM. */
int undo_plan_follow(struct undo_plan *p);

/* Fill in what the disk says of an item of the sorted plan: `newer`, `cannot`.  Counts it if it can be done. */
void undo_plan_look(struct undo_plan *p, struct undo_item *i);

/* The same of an item whose place was computed: `cannot` alone. */
void undo_plan_check(struct undo_plan *p, struct undo_item *i);

/* Does it restore attributes alone? */
bool undo_plan_is_of_attributes(enum undo_act act);

#endif
