/* SPDX-License-Identifier: BSD-2-Clause */
/* left_behind.h - the processes of a session, most of all those that outlive its command: descendants of gatesh, which is
 * their reaper, behind one more filter than gatesh itself. */
#ifndef GATESH_SESSION_LEFT_BEHIND_H
#define GATESH_SESSION_LEFT_BEHIND_H

/* Their number; zombies do not count.  Reads all of /proc. */
int left_behind_count(void);

/* Send each of them a signal (0: none).  Returns their number. */
int left_behind_kill(int sig);

/* The same for a session without a filter: the processes of this user that were started with GATE_SESSION=DIR. */
int left_behind_kill_named(const char *dir, int sig);

#endif
