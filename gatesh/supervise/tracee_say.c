/* SPDX-License-Identifier: BSD-2-Clause */
/* tracee_say.c - writes a line where the person who started a program reads what it prints. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "supervise/tracee.h"
#include "util/proc.h"

/* A parent's stderr usually is the program's as well; so is gatesh's, but for a session with a terminal of its own. */
static int tracee_say_take_stderr(pid_t tid)
{
	struct proc chain[PROC_DEPTH_MAX];
	int fd = tracee_take_fd(tid, STDERR_FILENO);
	if (fd != -EPERM)
		return fd;
	int n = proc_ancestry(tracee_owner(tid).pid, getpid(), chain, NULL);
	for (int i = 1; i < n && fd == -EPERM; i++)
		fd = tracee_take_fd(chain[i].pid, STDERR_FILENO);
	return fd == -EPERM && !isatty(STDERR_FILENO) ? dup(STDERR_FILENO) : fd;
}

/* Uses the process's own descriptor.  A new one would have its own offset, and overwrite the program's output. */
void tracee_say(pid_t tid, const char *line)
{
	int fd = tracee_say_take_stderr(tid);
	struct iovec v[] = {{(void *)(uintptr_t)line, strlen(line)}, {(char[]){'\n'}, 1}};
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	if (fd >= 0 && poll(&ready, 1, 0) == 1 && writev(fd, v, 2) < 0) /* gone: the call's EPERM must do */
		errno = 0;
	if (fd >= 0)
		close(fd);
}
