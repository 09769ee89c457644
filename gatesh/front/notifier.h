/* SPDX-License-Identifier: BSD-2-Clause */
/* notifier.h - runs gate-notify as gatesh's child: starts it for the first question for the desktop, and once more if
 * it dies. */
#ifndef GATESH_FRONT_NOTIFIER_H
#define GATESH_FRONT_NOTIFIER_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "front/front_server.h"

enum { NOTIFIER_STARTS_MAX = 2 };

struct notifier {
	struct answers *answers;
	const sigset_t *mask; /* signals blocked in the child */
	pid_t pid;            /* 0: not running; the caller that reaps it sets it to 0 */
	unsigned starts;
};

/* Is gate-notify running, or could it be started: is it installed, is there a session bus, and has it been started
 * fewer than NOTIFIER_STARTS_MAX times? */
bool notifier_possible(const struct notifier *n);

/* Start gate-notify unless it runs.  It subscribes to the questions once it has found a notification server, else it
 * exits.  Does not block.  0 or a negative errno. */
int notifier_start(struct notifier *n);

#endif
