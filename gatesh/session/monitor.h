/* SPDX-License-Identifier: BSD-2-Clause */
/* monitor.h - the process between gatesh and the command on the inner terminal.  It leads the inner terminal's session,
 * so the command gets a process group of its own in that session and job control works: Ctrl-Z can't stop a group whose
 * parent is in another session.  (sudo does the same.) */
#ifndef GATESH_SESSION_MONITOR_H
#define GATESH_SESSION_MONITOR_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/spawn.h"

struct monitor {
	pid_t pid;
	int fd; /* read: a wait status (int) each time the command stopped or ended; write: orders, one byte each */
};

enum monitor_order {
	MONITOR_CONTINUE = 'c',   /* SIGCONT */
	MONITOR_FOREGROUND = 'f', /* give it the terminal's foreground, then SIGCONT */
	MONITOR_SIGNAL = 0x80,    /* | a signal for the command's process group */
};

/* Start `l` on `slave`.  Descriptors 0 to 2 whose bit (1u << fd) is set in `on_tty` become the slave, the others stay
 * as they are.  Without `foreground` the command starts in the background and stops when it reads the terminal. 0 or a
 * negative errno. */
int monitor_start(struct monitor *m, const struct exec_launch *l, int slave, unsigned on_tty, bool foreground);

#endif
