/* monitor.h - the process between gatesh and the command on the inner terminal.  It leads the inner terminal's session,
 * so that the command has a process group of its own beneath it and job control works: a group whose parent is in
 * another session could not be stopped by Ctrl-Z.  (The shape is sudo's.) */
#ifndef GATESH_SESSION_MONITOR_H
#define GATESH_SESSION_MONITOR_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/spawn.h"

struct monitor {
	pid_t pid;
	int fd; /* from it: an int each time the command stopped or ended (a wait status); to it: orders, a byte each */
};

enum monitor_order {
	MONITOR_CONTINUE = 'c',   /* SIGCONT */
	MONITOR_FOREGROUND = 'f', /* the terminal's foreground, and SIGCONT */
	MONITOR_SIGNAL = 0x80,    /* | a signal for the command's process group */
};

/* Start `l` on `slave`: those of descriptors 0 to 2 whose bit (1u << fd) is set in `on_tty` become it, the others stay.
 * Without `foreground` the command starts in the background and is stopped when it reads the terminal.
 * 0 or a negative errno. */
int monitor_start(struct monitor *m, const struct exec_launch *l, int slave, unsigned on_tty, bool foreground);

#endif
