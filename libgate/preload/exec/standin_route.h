/* standin_route.h - must gate-exec stand in for a target?  Only when a rule could concern it and it will not load the
 * interposer. */
#ifndef GATE_PRELOAD_EXEC_STANDIN_ROUTE_H
#define GATE_PRELOAD_EXEC_STANDIN_ROUTE_H

#include <stdbool.h>

/* `path` is taken relative to `dir` as execveat(2) does, with its flags AT_EMPTY_PATH and AT_SYMLINK_NOFOLLOW.  False
 * for whatever can't be executed at all: its errno is the kernel's to give.  Opens and closes files, nothing else;
 * async-signal-safe. */
bool standin_route_needed(int dir, const char *path, int flags, char *const *argv);

#endif
