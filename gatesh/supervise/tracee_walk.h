/* SPDX-License-Identifier: BSD-2-Clause */
/* tracee_walk.h - follows a path as another process would: below that process's root, with its own /proc/self.  The
 * kernel can't do that for gatesh where symbolic links are on the way.  In any thread. */
#ifndef GATESH_SUPERVISE_TRACEE_WALK_H
#define GATESH_SUPERVISE_TRACEE_WALK_H

#include <stdbool.h>
#include <sys/types.h>

/* Open what `path` leads to, as O_PATH.  `root` is the process's root and `start` the directory where a relative path
 * begins; the caller keeps both.  A last symbolic link is followed only with `follow`.  Returns a descriptor or a
 * negative errno: the kernel's, -ELOOP after too many links, -ENAMETOOLONG. */
int tracee_walk(pid_t tid, int root, int start, const char *path, bool follow);

#endif
