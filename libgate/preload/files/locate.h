/* SPDX-License-Identifier: BSD-2-Clause */
/* locate.h - finds the real path of a file: its directory resolved, the last component as named. */
#ifndef GATE_PRELOAD_FILES_LOCATE_H
#define GATE_PRELOAD_FILES_LOCATE_H

#include <linux/limits.h>
#include <stdbool.h>

#include "preload/base/process_memory.h"

/* The last component of a name, without trailing slashes.  Sets *n to its length, 0 for the root. */
const char *locate_last(const char *name, size_t *n);

/* Is it "", "." or ".."?  Only the kernel can say what a call on it does. */
bool locate_is_dots(const char *name);

/* The absolute path of `name`, relative to `dir` as in openat(2).  The last component is not followed.  Returns 0; 1 if
 * the path is longer than PATH_MAX allows, and then gives the name in the nearest parent directory whose path fits; or
 * a negative errno.  Async-signal-safe. */
int locate(struct memory *m, int dir, const char *name, char path[PATH_MAX]);

/* The absolute path of an open file; the one that it had, if it has been removed since.  Returns 0 or a negative errno. */
int locate_fd(int fd, char path[PATH_MAX]);

/* The same for a file, with its last name if that was removed: a kept file has content to lose after that. */
int locate_file(int fd, char path[PATH_MAX]);

/* Directories have moved: forget where they were (formats/remembered.h, memory-place). */
void locate_forget(struct memory *m);

#endif
