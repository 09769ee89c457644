/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_remote.h - gatesh undo remote, and what gatesh undo lists of it. */
#ifndef GATESH_CMD_UNDO_REMOTE_H
#define GATESH_CMD_UNDO_REMOTE_H

#include <stdbool.h>

/* The command; argv[0] is "remote".  Returns the exit status. */
int undo_remote(int argc, char **argv);

/* List what rules kept of remote things, newest first, behind `before` if there is anything.  Returns 0 or a negative errno. */
int undo_remote_list(bool json, const char *before);

#endif
