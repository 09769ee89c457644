/* SPDX-License-Identifier: BSD-2-Clause */
/* progress.h - shows on stderr how far a command is that takes more than a second: one line, rewritten in place and
 * removed at the end.  Shows nothing if stderr is not a terminal that can do this. */
#ifndef GATESH_UTIL_PROGRESS_H
#define GATESH_UTIL_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* The members are private.  A thread of its own draws, so that a single long step is shown as well. */
struct progress {
	bool on;
	pthread_t thread;
	pthread_mutex_t lock; /* over all of the following, and over stderr */
	pthread_cond_t wake;
	const char *what;
	size_t done, total;
	bool drawn, ended;
};

/* Begin, and end.  Between them stderr belongs to progress, except after progress_hide(). */
void progress_begin(struct progress *p, const char *what);
void progress_end(struct progress *p);

/* The rest of these do nothing for NULL. */

/* From now on the command does `what` (static storage), in `total` steps; 0: unknown. */
void progress_phase(struct progress *p, const char *what, size_t total);
void progress_step(struct progress *p);

/* Remove the line, so that a message can be printed, and let it come back afterwards. */
void progress_hide(struct progress *p);
void progress_show(struct progress *p);

#endif
