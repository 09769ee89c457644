/* SPDX-License-Identifier: BSD-2-Clause */
/* standin_route.h - must gate-standin stand in for a target?  Only if the target will not load the interposer, and a rule
 * could match it or the session supervises such programs. */
#ifndef GATE_PRELOAD_EXEC_STANDIN_ROUTE_H
#define GATE_PRELOAD_EXEC_STANDIN_ROUTE_H

#include <stdbool.h>

/* `path` is relative to `dir` as in execveat(2), with its flags AT_EMPTY_PATH and AT_SYMLINK_NOFOLLOW.  Returns false
 * if the file can't be executed at all, so that the kernel reports its errno.  Only opens, reads and closes files;
 * async-signal-safe. */
bool standin_route_needed(int dir, const char *path, int flags, char *const *argv);

#endif
