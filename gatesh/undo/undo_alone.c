/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_alone.c - takes the lock, or says who has it. */
#include "undo/undo_alone.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "store/store.h"
#include "store/store_lock.h"
#include "util/exit.h"

static void undo_alone_busy(const struct store_holder *who)
{
	struct tm tm;
	char since[40];
	if (!who->pid) {
		fputs("gatesh: undo: another gatesh undo is at work: nothing was changed; try again\n", stderr);
		return;
	}
	localtime_r(&who->since, &tm);
	strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(stderr,
		"gatesh: undo: another gatesh undo (pid %d, since %s) is at work, or waits for its answer: nothing was changed\n",
		who->pid, since);
}

int undo_alone(int *lock)
{
	struct store_holder who;
	*lock = store_lock_take(&who);
	if (*lock >= 0)
		return 0;
	int err = *lock;
	*lock = -1;
	if (err == -ENOENT)
		return 0;
	if (err == -EBUSY) {
		undo_alone_busy(&who);
		return EXIT_DENY;
	}
	fprintf(stderr, "gatesh: undo: the lock on what was kept can't be taken: %s\n", store_error(err));
	return EXIT_IO;
}

void undo_alone_end(int lock)
{
	if (lock >= 0)
		store_lock_drop(lock);
}
