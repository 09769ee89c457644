/* SPDX-License-Identifier: BSD-2-Clause */
/* left_behind.c - finds the processes that a session's command left running. */
#include "session/left_behind.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/proc.h"

/* gatesh's own children, such as the holder and the desktop's notifier, are behind no filter of the session's. */
static bool left_behind_is_one(pid_t pid, int own_filters)
{
	struct proc chain[PROC_DEPTH_MAX];
	bool inside = false;
	int filters = proc_filters(pid);
	if (filters <= own_filters && filters != -ENODATA)
		return false;
	return proc_ancestry(pid, getpid(), chain, &inside) > 0 && inside;
}

/* `dir` NULL: by the filter. */
static int left_behind_signal(const char *dir, int sig)
{
	DIR *d = opendir("/proc");
	int n = 0, own = proc_filters(getpid());
	for (const struct dirent *e; d && (e = readdir(d));) {
		char *end;
		long pid = strtol(e->d_name, &end, 10);
		if (*end || pid <= 0 || pid == getpid() ||
		    !(dir ? proc_has_env((pid_t)pid, "GATE_SESSION", dir) == 1 : left_behind_is_one((pid_t)pid, own)))
			continue;
		n++;
		if (sig)
			kill((pid_t)pid, sig);
	}
	if (d)
		closedir(d);
	return n;
}

int left_behind_kill(int sig)
{
	return left_behind_signal(NULL, sig);
}

int left_behind_kill_named(const char *dir, int sig)
{
	return left_behind_signal(dir, sig);
}

int left_behind_count(void)
{
	return left_behind_kill(0);
}
