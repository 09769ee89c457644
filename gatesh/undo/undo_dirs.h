/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_dirs.h - makes the directories that an undo restores. */
#ifndef GATESH_UNDO_UNDO_DIRS_H
#define GATESH_UNDO_UNDO_DIRS_H

#include "undo/undo_keep.h"
#include "undo/undo_plan.h"

/* Make the directory `name` in `dir` with the owner and mode of the record.  Returns 0 or a negative errno; on error
 * the directory does not exist. */
int undo_dirs_make(int dir, const char *name, const struct store_put_record *r);

/* As pathwalk_parent(), but makes missing directories above `path`, in a workspace from there down, and notes them.  A
 * directory with a record gets its recorded owner and mode. */
int undo_dirs_parent(struct undo_keep *u, const struct kept_list *l, const struct kept_session *s, const char *path,
		     const char **name);

/* Set the times of the restored directories.  Call this last, when nothing in them changes any more. */
void undo_dirs_times(const struct undo_plan *p);

#endif
