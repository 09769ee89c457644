/* SPDX-License-Identifier: BSD-2-Clause */
/* store_lock.h - one undo at a time: two that restore the same files would each keep what the other put back, and hide
 * it.  The lock is flock(2) on .lock in the registry; it ends with the process, and the file's text only says who has
 * it. */
#ifndef GATESH_STORE_STORE_LOCK_H
#define GATESH_STORE_STORE_LOCK_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct store_holder {
	pid_t pid;    /* 0: not known */
	time_t since; /* seconds since 1970 */
};

/* Take the lock for this process, which must not have it.  Waits at most a second, and only for store_lock_try().
 * Returns a descriptor for store_lock_drop(), or a negative errno: -EBUSY if another process has it, with the holder in
 * *who; -ENOENT if there is no registry, and so nothing to undo. */
int store_lock_take(struct store_holder *who);

/* As store_lock_take(), but never waits, and does not enter this process as the holder.  Succeeds if this process has the
 * lock already.  For moments only. */
int store_lock_try(void);

void store_lock_drop(int fd);

#endif
