/* notifier.h - gate-notify as gatesh's child: started by the first question for the desktop, once more if it dies. */
#ifndef GATESH_FRONT_NOTIFIER_H
#define GATESH_FRONT_NOTIFIER_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "front/front_server.h"

enum { NOTIFIER_STARTS_MAX = 2 };

struct notifier {
	struct answers *answers;
	const sigset_t *mask; /* signals blocked in it */
	pid_t pid;            /* 0: it does not run; set so by who reaps it */
	unsigned starts;
};

/* Is it running or could it be: gate-notify is installed, there is a session bus, and it has not died too often? */
bool notifier_possible(const struct notifier *n);

/* Start it unless it runs.  It asks for the questions when it has found a notification server, or ends.  Waits for
 * nothing.  0 or a negative errno. */
int notifier_start(struct notifier *n);

#endif
