/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_seam.c - tries the session's filter on a child: does the kernel report a raw system call to gatesh here? */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "seam/handover.h"
#include "seam/inside.h"

enum { TRIAL_ERROR = ENOTNAM, PATIENCE_MS = 2000 };

/* In the child: behind the filter, a call that the trial answers with an error that the kernel never gives. */
static _Noreturn void doctor_seam_child(const struct handover *h)
{
	int err = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : handover_enter(h);
	if (!err && syscall(SYS_unlinkat, AT_FDCWD, "", 0))
		err = -errno;
	_exit(-err & 0xff);
}

static bool doctor_seam_wait(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return poll(&p, 1, PATIENCE_MS) == 1 && p.revents & POLLIN;
}

/* Answer the child's one call. */
static int doctor_seam_answer(int listener)
{
	struct seccomp_notif n;
	memset(&n, 0, sizeof n);
	if (!doctor_seam_wait(listener))
		return -ETIMEDOUT;
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n))
		return -errno;
	const struct seccomp_notif_resp r = {.id = n.id, .error = -TRIAL_ERROR};
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r) ? -errno : 0;
}

/* In gatesh.  Returns 0, or the negative errno that prevented a listener. */
static int doctor_seam_serve(struct handover *h)
{
	handover_close_theirs(h);
	pid_t child;
	int listener = doctor_seam_wait(h->ours) ? handover_receive(h, &child) : -ETIMEDOUT;
	handover_confirm(h); /* also a child without a listener waits for it */
	if (listener < 0)
		return listener;
	int err = doctor_seam_answer(listener);
	close(listener);
	return err;
}

static int doctor_seam_try(void)
{
	static struct handover h;
	int status = 0;
	const struct seam_filter_options o = {
		.cookie = (uint64_t)1 << 32 | 1, .files = true, .connections = true, .execs = true};
	int err = handover_prepare(&h, &o);
	if (err)
		return err;
	pid_t pid = fork();
	if (!pid)
		doctor_seam_child(&h);
	err = pid < 0 ? -errno : doctor_seam_serve(&h);
	handover_close(&h);
	if (pid > 0 && waitpid(pid, &status, 0) == pid && !err && WEXITSTATUS(status) != TRIAL_ERROR)
		err = -EPROTO;
	return err;
}

void doctor_seam(struct doctor *d)
{
	int err = doctor_seam_try();
	if (!err)
		doctor_say(
			d, HEALTH_OK, "seam", NULL,
			"the kernel reports to gatesh the calls that the library does not see: raw ones, and those of "
			"programs that don't load it");
	else if (err == -EBUSY && session_inside())
		doctor_say(d, HEALTH_OK, "seam", NULL,
			   "not measured: this is a session, whose own seam is there; run gatesh doctor outside of it");
	else if (err == -EBUSY)
		doctor_say(d, HEALTH_OPEN, "seam",
			   "start the session outside of it; gatesh run --tier preload does without, and says nothing",
			   "another program watches the system calls here; raw calls and static programs are not seen");
	else
		doctor_say(d, HEALTH_OPEN, "seam", "Linux 5.14 or later, with CONFIG_SECCOMP_FILTER",
			   "the kernel does not report calls to gatesh, %s; raw calls and static programs are not seen",
			   strerror(-err));
}
