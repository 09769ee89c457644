/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_view.h - looks at the version of a file that an undo would bring back: gatesh undo PATH --show and --diff. */
#ifndef GATESH_UNDO_UNDO_VIEW_H
#define GATESH_UNDO_UNDO_VIEW_H

#include "undo/undo_plan.h"

/* Print the kept version of `path`, escaped if stdout is a terminal, as it is otherwise.  Returns an exit status, after
 * a message if there is no version to print. */
int undo_view_show(const struct undo_plan *p, const char *path);

/* Print what restoring it would change, as diff -u does, from the file that is there now to the kept version. */
int undo_view_diff(const struct undo_plan *p, const char *path);

#endif
