/* pathwalk.h - reach a recorded path without being led elsewhere: no component but the last may be a symbolic link,
 * and no length is too much. */
#ifndef GATESH_UTIL_PATHWALK_H
#define GATESH_UTIL_PATHWALK_H

#include <sys/stat.h>

/* The directory that holds `path` (absolute, journal_is_path()), as an O_PATH descriptor, and its last component in
 * *name (within path). A negative errno: -ELOOP when a component is a symbolic link by now, -ENOTDIR when it is
 * something else. */
int pathwalk_parent(const char *path, const char **name);

/* lstat(2) of such a path.  0 or a negative errno, as above. */
int pathwalk_stat(const char *path, struct stat *st);

#endif
