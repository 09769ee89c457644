/* SPDX-License-Identifier: BSD-2-Clause */
/* holder.c - forks the holder, gives it listeners, and refuses everything in gatesh's place. */
#include "seam/holder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "formats/seam.h"
#include "seam/filter_calls.h"

/* --- in gatesh ---------------------------------------------------------------------------------------------------- */

/* A slot from which on to look; ids are consecutive. */
static unsigned holder_slot(uint64_t id, unsigned i)
{
	return (unsigned)((id + i) % HOLDER_CALLS_MAX);
}

void holder_received(const struct holder *h, uint64_t id)
{
	for (unsigned i = 0; h && h->calls && i < HOLDER_CALLS_MAX; i++) {
		uint64_t none = 0;
		if (__atomic_compare_exchange_n(&h->calls[holder_slot(id, i)], &none, id, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return;
	}
}

void holder_answered(const struct holder *h, uint64_t id)
{
	for (unsigned i = 0; h && h->calls && i < HOLDER_CALLS_MAX; i++) {
		uint64_t *slot = &h->calls[holder_slot(id, i)];
		if (__atomic_load_n(slot, __ATOMIC_RELAXED) == id) {
			__atomic_store_n(slot, 0, __ATOMIC_RELAXED);
			return;
		}
	}
}

/* Room for one descriptor. */
union holder_control {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

int holder_give(const struct holder *h, int listener)
{
	union holder_control control = {
		.head = {.cmsg_len = CMSG_LEN(sizeof listener), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec v = {(char[]){0}, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	memcpy(CMSG_DATA(&control.head), &listener, sizeof listener);
	if (!h->pid || sendmsg(h->fd, &m, MSG_NOSIGNAL) == 1)
		return 0;
	return errno == EPIPE || errno == ECONNRESET ? 0 : -errno;
}

void holder_end(struct holder *h)
{
	if (h->fd > 0)
		close(h->fd);
	while (h->pid && waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (h->calls)
		munmap(h->calls, HOLDER_CALLS_MAX * sizeof *h->calls);
	*h = (struct holder){0};
}

/* --- in the holder ------------------------------------------------------------------------------------------------ */

enum { GIVEN, GATESH, LISTENERS }; /* positions in the poll set */

struct holding {
	uint64_t *calls;
	nfds_t n; /* entries of p */
	struct pollfd p[LISTENERS + HOLDER_LISTENERS_MAX];
	pid_t told; /* the last process that was given a reason */
};

static bool holder_took_over(const struct holding *h)
{
	return h->p[GATESH].fd < 0;
}

static void holder_drop(struct holding *h, nfds_t i)
{
	close(h->p[i].fd);
	h->p[i] = h->p[--h->n];
}

static void holder_take(struct holding *h)
{
	char byte;
	int fd = -1;
	union holder_control control;
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t n = recvmsg(h->p[GIVEN].fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (!n || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		close(h->p[GIVEN].fd);
		h->p[GIVEN].fd = -1;
	}
	const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(c), sizeof fd);
	if (fd >= 0 && h->n < LISTENERS + HOLDER_LISTENERS_MAX)
		h->p[h->n++] = (struct pollfd){.fd = fd, .events = holder_took_over(h) ? POLLIN : 0};
	else if (fd >= 0)
		close(fd);
}

static void holder_refuse(int listener, uint64_t id)
{
	const struct seccomp_notif_resp no = {.id = id, .error = -EPERM};
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &no);
}

/* Say why on the caller's stderr, once in a row for each process.  It is not gatesh's child, so the descriptor can't be
 * copied; opening it again works for files, pipes and terminals. */
static void holder_say(struct holding *h, pid_t pid)
{
	static const char line[] =
		"gate: refused: this session's gatesh has ended, so nobody can ask or keep anything\n";
	char path[64];
	if (pid == h->told)
		return;
	h->told = pid;
	snprintf(path, sizeof path, "/proc/%d/fd/2", (int)pid);
	int fd = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0 && write(fd, line, sizeof line - 1) < 0)
		errno = 0;
	if (fd >= 0)
		close(fd);
}

/* A signal loses nothing that Gate keeps, and what is left must be able to end. */
static bool holder_is_signal(const struct seccomp_data *d)
{
	const struct seam_abi *abi = d->arch == seam_native_abi.arch ? &seam_native_abi : &seam_compat_abi;
	for (size_t i = 0; i < abi->n; i++)
		if (abi->calls[i].nr == (uint32_t)d->nr)
			return abi->calls[i].check == SEAM_CHECK_SIGNAL || abi->calls[i].check == SEAM_CHECK_TO_THREAD;
	return false;
}

static void holder_receive(struct holding *h, int listener)
{
	struct seccomp_notif n;
	memset(&n, 0, sizeof n);
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n))
		return; /* the caller is gone */
	if (holder_is_signal(&n.data)) {
		const struct seccomp_notif_resp go = {.id = n.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &go);
		return;
	}
	if (n.data.args[5] != SEAM_REQUEST) /* the interposer says it itself */
		holder_say(h, (pid_t)n.pid);
	holder_refuse(listener, n.id);
}

static void holder_take_over(struct holding *h)
{
	close(h->p[GATESH].fd);
	h->p[GATESH].fd = -1;
	for (nfds_t i = LISTENERS; i < h->n; i++) {
		h->p[i].events = POLLIN;
		/* Ids are random, so no call of another listener has this one. */
		for (unsigned k = 0; k < HOLDER_CALLS_MAX; k++)
			if (h->calls[k])
				holder_refuse(h->p[i].fd, h->calls[k]);
	}
}

static _Noreturn void holder_hold(struct holding *h)
{
	while (h->n > LISTENERS || (h->p[GIVEN].fd >= 0 && !holder_took_over(h))) {
		if (poll(h->p, h->n, -1) < 0 && errno != EINTR)
			break;
		if (h->p[GIVEN].revents)
			holder_take(h); /* before gatesh's end is looked at */
		else if (h->p[GATESH].revents)
			holder_take_over(h);
		for (nfds_t i = h->n; i-- > LISTENERS;) {
			if (h->p[i].revents & POLLIN)
				holder_receive(h, h->p[i].fd);
			else if (h->p[i].revents)
				holder_drop(h, i);
		}
	}
	_exit(0);
}

/* Keep nothing of gatesh's but these two descriptors. */
static _Noreturn void holder_run(uint64_t *calls, int given, int gatesh)
{
	static struct holding h;
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_NAME, "gate-holder");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), low = given < gatesh ? given : gatesh,
	    high = given < gatesh ? gatesh : given;
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
	if (low > 3)
		close_range(3, (unsigned)low - 1, 0);
	if (high > low + 1)
		close_range((unsigned)low + 1, (unsigned)high - 1, 0);
	close_range((unsigned)high + 1, ~0u, 0);
	if (setsid() < 0 || chdir("/"))
		_exit(1);
	h = (struct holding){.calls = calls, .n = LISTENERS};
	h.p[GIVEN] = (struct pollfd){.fd = given, .events = POLLIN};
	h.p[GATESH] = (struct pollfd){.fd = gatesh, .events = POLLIN};
	holder_hold(&h);
}

int holder_start(struct holder *h)
{
	int pair[2], gatesh = pidfd_open(getpid(), 0);
	*h = (struct holder){0};
	if (gatesh < 0)
		return -errno;
	void *calls = mmap(NULL, HOLDER_CALLS_MAX * sizeof *h->calls, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int err = calls == MAP_FAILED || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ? -errno : 0;
	if (!err && (h->pid = fork()) == 0)
		holder_run(calls, pair[1], gatesh);
	if (!err && h->pid < 0)
		err = -errno;
	close(gatesh);
	if (err) {
		*h = (struct holder){0};
		return err;
	}
	close(pair[1]);
	h->fd = pair[0];
	h->calls = calls;
	return 0;
}
