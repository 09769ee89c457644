/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_kernel.c - checks how far this kernel can confine a session.  See doctor.h. */
#include "doctor/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/paths.h"
#include "util/kernel_support.h"

/* Read the number in a file of /proc/sys; -1 if it can't be read. */
static int doctor_kernel_sysctl_number(const char *path)
{
	int n = -1;
	FILE *f = fopen(path, "re");
	if (f && fscanf(f, "%d", &n) != 1)
		n = -1;
	if (f)
		fclose(f);
	return n;
}

/* Does `attempt` succeed in a child that is confined like a session's command? */
static bool doctor_kernel_session_can(bool (*attempt)(void))
{
	int status = -1;
	fflush(NULL);
	pid_t pid = fork();
	if (!pid)
		_exit(!harden_command() && attempt() ? 0 : 1);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) && !WEXITSTATUS(status);
}

static bool doctor_kernel_nothing(void)
{
	return true;
}

static bool doctor_kernel_gains_nothing(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/* Mounts in the child's own mount namespace, where no other process sees it. */
static bool doctor_kernel_hides_library(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return false;
	return !mount("/dev/null", gate_path(GATE_PATH_PRELOAD), NULL, MS_BIND, NULL);
}

static void doctor_kernel_check_landlock(struct doctor *d)
{
	int abi = d->kernel.landlock_abi;
	if (d->kernel.scopes)
		doctor_say(d, HEALTH_OK, "landlock", NULL,
			   "ABI %d: a session can't signal, trace or read gatesh, nor answer its own questions", abi);
	else if (abi)
		doctor_say(d, HEALTH_OPEN, "landlock", "Linux 6.12 or later", "ABI %d, no scopes: %s", abi,
			   kernel_support_without(KERNEL_SCOPES));
	else
		doctor_say(d, HEALTH_OPEN, "landlock", "Linux 6.12 or later, with lsm=...,landlock",
			   "not available: %s", kernel_support_without(KERNEL_SCOPES));
}

static void doctor_kernel_check_confinement(struct doctor *d)
{
	if (!doctor_kernel_session_can(doctor_kernel_nothing))
		doctor_say(d, HEALTH_BROKEN, "confinement", "gatesh run --allow-setuid works without it",
			   "gatesh can't confine a session's command");
	else if (doctor_kernel_session_can(doctor_kernel_gains_nothing))
		doctor_say(d, HEALTH_OK, "no_new_privs", NULL,
			   "sudo and other setuid programs gain nothing in a session without --allow-setuid");
	else
		doctor_say(d, HEALTH_OPEN, "no_new_privs", NULL,
			   "setuid programs gain their privileges and run unwatched");
	if (d->kernel.seccomp)
		doctor_say(d, HEALTH_OK, "seccomp", NULL, "a session can't use io_uring, which bypasses every hook");
	else if (doctor_kernel_sysctl_number("/proc/sys/kernel/io_uring_disabled") == 2)
		doctor_say(d, HEALTH_OK, "seccomp", NULL, "not available, but io_uring is disabled");
	else
		doctor_say(d, HEALTH_OPEN, "seccomp", "sysctl kernel.io_uring_disabled=2",
			   "not available: io_uring bypasses every hook");
}

static void doctor_kernel_check_ptrace(struct doctor *d)
{
	int scope = doctor_kernel_sysctl_number("/proc/sys/kernel/yama/ptrace_scope");
	if (d->kernel.scopes)
		doctor_say(d, HEALTH_OK, "ptrace", NULL, "a session can't trace processes outside (landlock)");
	else if (scope > 0)
		doctor_say(d, HEALTH_OK, "ptrace", NULL,
			   "a process can trace at most its own descendants (ptrace_scope %d)", scope);
	else
		doctor_say(d, HEALTH_OPEN, "ptrace", "sysctl kernel.yama.ptrace_scope=1",
			   "a session can trace your other processes, and act through them");
}

static void doctor_kernel_check_namespaces(struct doctor *d)
{
	if (doctor_kernel_session_can(doctor_kernel_hides_library))
		doctor_say(d, HEALTH_OPEN, "user namespaces",
			   "sysctl kernel.unprivileged_userns_clone=0 or user.max_user_namespaces=0",
			   "a process can mount another file over the library for its children");
	else
		doctor_say(d, HEALTH_OK, "user namespaces", NULL, "a process can't mount over the library");
}

static void doctor_kernel_check_tiocsti(struct doctor *d)
{
	if (doctor_kernel_sysctl_number("/proc/sys/dev/tty/legacy_tiocsti") == 0)
		doctor_say(d, HEALTH_OK, "TIOCSTI", NULL, "an unprivileged process can't inject keys into a terminal");
	else
		doctor_say(d, HEALTH_WARN, "TIOCSTI", "sysctl dev.tty.legacy_tiocsti=0",
			   "the kernel allows it outside; a session's filter refuses it, and its terminal is its own");
}

static void doctor_kernel_check_version(struct doctor *d)
{
	struct utsname u;
	struct kernel_support s;
	const char *release = uname(&u) ? "unknown" : u.release;
	kernel_support_probe(&s);
	if (s.has[KERNEL_WAIT_KILLABLE])
		doctor_say(d, HEALTH_OK, "kernel", NULL,
			   "Linux %s: a signal does not interrupt a call that Gate looks at", release);
	else
		doctor_say(d, HEALTH_WARN, "kernel", "Linux 5.19 or later", "Linux %s: %s", release,
			   kernel_support_without(KERNEL_WAIT_KILLABLE));
}

void doctor_kernel(struct doctor *d)
{
	doctor_kernel_check_version(d);
	doctor_kernel_check_landlock(d);
	doctor_kernel_check_confinement(d);
	doctor_kernel_check_ptrace(d);
	doctor_kernel_check_namespaces(d);
	doctor_kernel_check_tiocsti(d);
}
