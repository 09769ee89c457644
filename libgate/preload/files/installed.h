/* SPDX-License-Identifier: BSD-2-Clause */
/* installed.h - is a file in node_modules what the installer put there? */
#ifndef GATE_PRELOAD_FILES_INSTALLED_H
#define GATE_PRELOAD_FILES_INSTALLED_H

#include <stdbool.h>
#include <sys/stat.h>

#include "preload/base/process_memory.h"

/* Is the absolute path in a node_modules of which npm says when it was installed?  npm writes node_modules/.package-lock.json last
 * ("hidden lockfile", package-lock.json(5)); one that the session has written says nothing of what is older.  Sets *at.
 * 5 KiB of stack. */
bool installed_when(struct memory *m, const char *path, struct statx_timestamp *at);

/* Was the content of the file changed after that?  Patches by hand come back with no install.  False for what has none, such as
 * a directory, which changes as it is emptied. */
bool installed_is_changed(const struct statx *st, const struct statx_timestamp *at);

#endif
