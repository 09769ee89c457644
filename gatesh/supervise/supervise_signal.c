/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise_signal.c - answers signal 0, by which a program asks whether a process lives.  Landlock's scope keeps every
 * signal inside the session and refuses this one too, with EPERM; scripts take any error for death, and delete the pid files of the
 * living.  gatesh answers what the kernel would without that scope, and sends nothing.  In every other case the kernel
 * answers. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "supervise/supervisor.h"
#include "supervise/tracee.h"

enum { SIGNAL_CAP_KILL = 5 }; /* linux/capability.h */

/* A process as kill(2) sees it: proc(5), status. */
struct signal_ids {
	unsigned real, effective, saved;
	uint64_t capabilities;
};

static bool signal_read_ids(pid_t pid, struct signal_ids *out)
{
	char path[64], line[256];
	int found = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		found += sscanf(line, "Uid: %u %u %u", &out->real, &out->effective, &out->saved) == 3;
		found += sscanf(line, "CapEff: %" SCNx64, &out->capabilities) == 1;
	}
	if (f)
		fclose(f);
	return found == 2;
}

/* Do numbers mean the same to the process as to gatesh? */
static bool signal_shares_namespace(pid_t tid, const char *kind)
{
	char path[64], own[64];
	struct stat theirs, ours;
	snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)tid, kind);
	snprintf(own, sizeof own, "/proc/self/ns/%s", kind);
	return !stat(path, &theirs) && !stat(own, &ours) && theirs.st_dev == ours.st_dev &&
	       theirs.st_ino == ours.st_ino;
}

/* The process behind a descriptor of pidfd_open(2).  0 or -1: there is none, or not here. */
static pid_t signal_behind_descriptor(pid_t tid, int fd)
{
	char path[64], line[256];
	int pid = 0;
	snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)tid, fd);
	FILE *f = fopen(path, "re");
	while (f && !pid && fgets(line, sizeof line, f))
		if (sscanf(line, "Pid: %d", &pid) != 1)
			pid = 0;
	if (f)
		fclose(f);
	return pid;
}

/* The one process that the call asks about; not positive: none, a group, or everybody. */
static pid_t signal_target(const struct call *c)
{
	const struct seccomp_data *d = &c->notif.data;
	if (d->nr == SYS_kill)
		return (pid_t)d->args[0];
	return d->args[2] || d->args[3] ? 0 : signal_behind_descriptor((pid_t)c->notif.pid, (int)d->args[0]);
}

/* kill(2), PERMISSIONS; kill_ok_by_cred() in kernel/signal.c. */
static bool signal_may(const struct signal_ids *from, const struct signal_ids *to)
{
	return from->effective == to->saved || from->effective == to->real || from->real == to->saved ||
	       from->real == to->real || from->capabilities >> SIGNAL_CAP_KILL & 1;
}

void supervise_signal(struct call *c)
{
	pid_t tid = (pid_t)c->notif.pid;
	struct signal_ids from, to;
	pid_t target =
		signal_shares_namespace(tid, "pid") && signal_shares_namespace(tid, "user") ? signal_target(c) : 0;
	if (target > 0 && signal_read_ids(target, &to) && signal_read_ids(tid, &from) && signal_may(&from, &to))
		call_return(c, 0, 0);
	else
		call_continue(c);
}
