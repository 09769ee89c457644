/* undo_show.h - what was kept, and what an undo would do, for people and as JSON. */
#ifndef GATESH_UNDO_UNDO_SHOW_H
#define GATESH_UNDO_UNDO_SHOW_H

#include <stdbool.h>

#include "undo/undo_plan.h"

/* Session after session, newest first: each command with the tree of what it removed or overwrote. Of big trees the
 * directories only, unless `all`.  0 or -ENOMEM. */
int undo_show_list(const struct kept_list *l, bool all);

/* One object a record, newest first.  0 or -1. */
int undo_show_json(const struct kept_list *l);

/* The items of a plan as a tree, and a line that counts them.  `all` as above. */
int undo_show_plan(const struct undo_plan *p, bool all);

/* One object an item.  0 or -1. */
int undo_show_plan_json(const struct undo_plan *p);

#endif
