/* SPDX-License-Identifier: BSD-2-Clause */
/* foreground.h - the process that the person started.  It forks the supervisor, which is gatesh proper and may outlive it:
 * the foreground process ends with the command, the supervisor with the last process of the session.
 *
 * Both are in one process group, so that the person's shell stops, continues and interrupts them together.  The terminal's
 * signals reach both.  A signal that was sent to the foreground process alone is passed on, and it stops only when the
 * supervisor stops its group. */
#ifndef GATESH_SESSION_FOREGROUND_H
#define GATESH_SESSION_FOREGROUND_H

#include <sys/types.h>

/* Fork, before any thread runs.  Neither process is dumpable afterwards.  Returns 0 in the supervisor, with its end of the
 * connection in *fd; it hangs up when the foreground process has died.  In the foreground process, returns the
 * supervisor's pid with the other end in *fd.  Returns a negative errno, reported on stderr. */
pid_t foreground_fork(int *fd);

/* In the foreground process: wait until the supervisor ends or has reported.  Returns the exit status for gatesh. */
int foreground_wait(pid_t supervisor, int fd);

/* In the supervisor: the command has ended.  The foreground process ends by signal `sig`, or if that is 0 with `status`,
 * without waiting for the supervisor.  Closes fd. */
void foreground_report(int fd, int status, int sig);

#endif
