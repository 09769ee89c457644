/* SPDX-License-Identifier: BSD-2-Clause */
/* births.h - finds out which files supervised programs make.  The kernel makes the file after gatesh has let the call go
 * on, so its inode is unknown then.  gatesh remembers where it will appear, and that nothing was there at a given time;
 * a regular file that is there a moment later and was born since is entered in the session's table (own_files.h).
 * A file that is not confirmed counts as old.  Any thread. */
#ifndef GATESH_SUPERVISE_BIRTHS_H
#define GATESH_SUPERVISE_BIRTHS_H

#include <stdint.h>

/* The time to take before the look that finds nothing, for births_expect(): nanoseconds since the epoch. */
uint64_t births_now(void);

/* A call that may make `name` in the directory is about to go on; at `since` nothing had that name.  Owns the descriptor.
 * Forgets the call if too many are open. */
void births_expect(int parent, const char *name, uint64_t since);

/* Another call is about to judge what has the name now: confirm it first if it is expected. */
void births_settle(int parent, const char *name);

/* Another call is about to judge this open file: confirm first what is expected under its name. */
void births_settle_open(int fd);

/* The same for all that is expected, for a process that judges by itself.  Waits 20 ms at most. */
void births_wait(void);

#endif
