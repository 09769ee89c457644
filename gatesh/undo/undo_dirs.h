/* undo_dirs.h - directories that come back. */
#ifndef GATESH_UNDO_UNDO_DIRS_H
#define GATESH_UNDO_UNDO_DIRS_H

#include "undo/undo_keep.h"
#include "undo/undo_plan.h"

/* Make the directory `name` in `dir` with the owner and mode of the record.  0 or a negative errno: then it is not
 * there. */
int undo_dirs_make(int dir, const char *name, const struct store_put_record *r);

/* pathwalk_parent() of `path`; directories above it, down from the workspace, that are missing are made as they were,
 * where a record tells, and noted. */
int undo_dirs_parent(struct undo_keep *u, const struct kept_list *l, const struct kept_session *s, const char *path,
		     const char **name);

/* At the end, when nothing changes in them any more: the times of the directories that were made again. */
void undo_dirs_times(const struct undo_plan *p);

#endif
