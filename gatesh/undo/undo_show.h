/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_show.h - prints what was kept, and what an undo would do, for people and as JSON. */
#ifndef GATESH_UNDO_UNDO_SHOW_H
#define GATESH_UNDO_UNDO_SHOW_H

#include <stdbool.h>

#include "undo/undo_plan.h"

/* List the sessions, newest first: each command with the tree of files it removed or overwrote.  A big tree is shown
 * by its directories, unless `all`.  Returns 0 or -ENOMEM. */
int undo_show_list(const struct kept_list *l, bool all);

/* Print one JSON object per record, newest first.  Returns 0 or -1. */
int undo_show_json(const struct kept_list *l);

/* Print the items of a plan as a tree, and a line that counts them.  `all` as above.  Returns 0 or -ENOMEM. */
int undo_show_plan(const struct undo_plan *p, bool all);

/* Print one JSON object per item.  Returns 0 or -1. */
int undo_show_plan_json(const struct undo_plan *p);

#endif
