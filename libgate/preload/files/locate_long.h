/* SPDX-License-Identifier: BSD-2-Clause */
/* locate_long.h - finds a path that is longer than PATH_MAX, which no system call returns. */
#ifndef GATE_PRELOAD_FILES_LOCATE_LONG_H
#define GATE_PRELOAD_FILES_LOCATE_LONG_H

#include <stddef.h>

/* The absolute path of `name`, relative to `dir` as in openat(2).  The last component is not followed.  Climbs to a directory
 * whose path fits, and looks the names below it up in their parents: none of those may be unreadable.  `size`: at least 8 KiB.  Returns the path, which ends where `buf` does, or NULL.  Async-signal-safe. */
const char *locate_long(int dir, const char *name, char *buf, size_t size);

#endif
