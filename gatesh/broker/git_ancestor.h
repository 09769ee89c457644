/* SPDX-License-Identifier: BSD-2-Clause */
/* git_ancestor.h - whether an update of a ref loses commits, by the repository of the program that pushes. */
#ifndef GATESH_BROKER_GIT_ANCESTOR_H
#define GATESH_BROKER_GIT_ANCESTOR_H

#include <sys/types.h>

/* Does the commit `after` have everything that `before` has?  Both are hexadecimal ids.  Asks git in the working directory (and
 * $GIT_DIR) of the process: without its configuration, replacements, grafts and commit graph, and without the network.  The
 * objects are those of the repository, which the process can write: they are not checked.  Returns 1, 0, or -1: unknown, as
 * when the repository does not have `before`.  Takes some milliseconds, GIT_ANCESTOR_MS at most.  Any thread. */
enum { GIT_ANCESTOR_MS = 5000 };
int git_ancestor(pid_t pid, const char *before, const char *after);

#endif
