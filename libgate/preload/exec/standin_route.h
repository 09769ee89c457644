/* SPDX-License-Identifier: BSD-2-Clause */
/* standin_route.h - decides before an exec who asks about it. */
#ifndef GATE_PRELOAD_EXEC_STANDIN_ROUTE_H
#define GATE_PRELOAD_EXEC_STANDIN_ROUTE_H

enum exec_route {
	EXEC_UNJUDGED, /* this process can't judge, or the new program could not ask: the session judges the exec */
	EXEC_FREE,     /* no rule can concern it */
	EXEC_ASKS,     /* a rule may concern it, and its own constructor asks */
	EXEC_STANDIN,  /* a rule may concern it, and it will not load the interposer: gate-standin asks in its place */
};

/* `path` is relative to `dir` as in execveat(2), with its flags AT_EMPTY_PATH and AT_SYMLINK_NOFOLLOW.  A file that can't
 * be executed is not EXEC_STANDIN, so that the kernel reports its errno.  Reads files only if a rule may concern the
 * exec; async-signal-safe. */
enum exec_route standin_route(int dir, const char *path, int flags, char *const *argv);

#endif
