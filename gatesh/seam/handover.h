/* SPDX-License-Identifier: BSD-2-Clause */
/* handover.h - puts a session's first process behind the filter, and its listener into gatesh's hands.  The process
 * installs the filter on itself before it executes anything, sends the listener over a socket pair and waits until
 * gatesh has it: nothing runs that nobody watches. */
#ifndef GATESH_SEAM_HANDOVER_H
#define GATESH_SEAM_HANDOVER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "seam/filter.h"

/* Filled before the fork, because gatesh has threads. */
struct handover {
	uint64_t cookie;
	int ours, theirs; /* the socket pair; -1: closed */
	int n;            /* instructions */
	struct sock_filter code[SEAM_FILTER_MAX];
};

/* Build the filter and the socket pair.  Returns 0 or a negative errno. */
int handover_prepare(struct handover *h, const struct seam_filter_options *o);

/* In the child: install the filter, send the listener and wait for gatesh.  Returns 0; -EPIPE if
 * gatesh does not answer: execute nothing; or the negative errno for which no listener was installed (-EBUSY: somebody else's is there
 * already), which gatesh was told, and has made ready for.  Async-signal-safe. */
int handover_enter(const struct handover *h);

/* In the child, after that: execve(2), which nobody judges.  Returns -1 with errno set. */
int handover_exec(const struct handover *h, const char *path, char *const *argv, char *const *envp);

/* In gatesh, when h->ours is readable: take the listener.  Returns it (close-on-exec), or the negative errno that the
 * child met; -EPIPE if it ended before.  *from is the child's pid.  handover_confirm() lets the child go on. */
int handover_receive(const struct handover *h, pid_t *from);
void handover_confirm(const struct handover *h);

/* In gatesh after the fork: only the child holds its end from now on.  And at the end, both. */
void handover_close_theirs(struct handover *h);
void handover_close(struct handover *h);

#endif
