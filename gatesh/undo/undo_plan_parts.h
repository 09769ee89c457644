/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan_parts.h - between the files that make a plan: undo_plan.c selects and sorts, undo_plan_place.c plans for one place,
 * undo_plan_look.c checks each item against the disk. */
#ifndef GATESH_UNDO_UNDO_PLAN_PARTS_H
#define GATESH_UNDO_UNDO_PLAN_PARTS_H

#include "undo/undo_plan.h"

/* A record, and the place that it goes back to. */
struct placed {
	const struct store_records *k;
	const char *place;
};

/* Add an item for the path.  NULL if memory is out. */
struct undo_item *undo_plan_add(struct undo_plan *p, const struct store_records *k, enum undo_act act,
				const char *path);

/* Plan for the records of one place, v[0] to v[n-1] in order of time: the state before the first one comes back.  Changes the
 * order of v.  Returns 0 or -ENOMEM. */
int undo_plan_place(struct undo_plan *p, struct placed *v, size_t n, const struct undo_choice *c);

/* Fill in what the disk says of an item of the sorted plan: `newer`, `cannot`.  Counts it if it can be done. */
void undo_plan_look(struct undo_plan *p, struct undo_item *i);

/* Does it restore attributes alone? */
bool undo_plan_is_of_attributes(enum undo_act act);

#endif
