/* SPDX-License-Identifier: BSD-2-Clause */
/* pathwalk.h - reaches a recorded path without being led elsewhere: only the last component may be a symbolic link.
 * Paths may have any length. */
#ifndef GATESH_UTIL_PATHWALK_H
#define GATESH_UTIL_PATHWALK_H

#include <sys/stat.h>

/* Open the directory that holds `path`, which satisfies journal_is_path(), and point *name at the last component
 * within `path`.  Returns an O_PATH descriptor or a negative errno: -ELOOP if a component is now a symbolic link,
 * -ENOTDIR if it is something else. */
int pathwalk_parent(const char *path, const char **name);

/* lstat(2) such a path.  Returns 0 or a negative errno as above. */
int pathwalk_stat(const char *path, struct stat *st);

#endif
