/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_alone.h - the lock of the commands that change what was kept: gatesh undo, undo prune, undo forget. */
#ifndef GATESH_UNDO_UNDO_ALONE_H
#define GATESH_UNDO_UNDO_ALONE_H

/* Take the lock of store/store_lock.h into *lock, for undo_alone_end().  Call it before reading what was kept.  Returns
 * 0, or an exit status after a message that says which process has the lock, and since when.  Without a registry there
 * is nothing to lock; *lock is -1 then. */
int undo_alone(int *lock);
void undo_alone_end(int lock);

#endif
