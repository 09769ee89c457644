/* SPDX-License-Identifier: BSD-2-Clause */
/* foreign_root.h - cuts a path that the kernel reports for another process's file down to what that process and gatesh
 * call it.
 *
 * readlink(2) of /proc/PID/cwd and of a descriptor gives the path below gatesh's own root.  If the file was reached in a
 * mount namespace that does not have gatesh's root in it, there is nothing to stop at, and the path begins at that namespace's
 * own top (d_path() in the kernel's fs/d_path.c).  A gatesh that runs in a chroot would then see the directories above the
 * chroot: below /tmp, such a file would pass for a temporary one. */
#ifndef GATESH_UTIL_FOREIGN_ROOT_H
#define GATESH_UTIL_FOREIGN_ROOT_H

#include <limits.h>
#include <sys/types.h>

/* Put into `above` the directories that such paths of the process begin with: "" if there are none.  Any thread. */
void foreign_root_find(pid_t pid, char above[PATH_MAX]);

/* Cut them off, in place. */
void foreign_root_cut(const char *above, char *path);

#endif
