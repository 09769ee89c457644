/* SPDX-License-Identifier: BSD-2-Clause */
/* remove_tree.h - removes a directory tree without ever leaving it. */
#ifndef GATESH_UTIL_REMOVE_TREE_H
#define GATESH_UTIL_REMOVE_TREE_H

/* Remove `name` in the open directory `dir` and everything under it.  Symbolic links are removed, not followed.  An
 * error does not stop the removal of the rest.  Returns 0 or the first negative errno. */
int remove_tree_at(int dir, const char *name);

#endif
