/* SPDX-License-Identifier: BSD-2-Clause */
/* handover.c - passes a listener from the process that installed it to gatesh. */
#include "seam/handover.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "preload/base/cookie.h"

int handover_prepare(struct handover *h, const struct seam_filter_options *o)
{
	int pair[2];
	*h = (struct handover){.cookie = o->cookie, .ours = -1, .theirs = -1};
	h->n = seam_filter_build(h->code, o);
	if (h->n < 0)
		return h->n;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	h->ours = pair[0];
	h->theirs = pair[1];
	return 0;
}

/* Room for one descriptor. */
union handover_control {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

struct handover_note {
	int err; /* no listener is with it */
	pid_t pid;
};

/* Send the listener, or the errno for which there is none.  sendmsg is behind the filter by now, so it needs the
 * cookie. */
static int handover_send(const struct handover *h, int listener)
{
	const struct handover_note note = {.err = listener < 0 ? listener : 0, .pid = getpid()};
	union handover_control control = {
		.head = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec v = {(void *)&note, sizeof note};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	if (!note.err) {
		m.msg_control = &control;
		m.msg_controllen = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.head), &listener, sizeof listener);
	}
	seam_cookie = h->cookie;
	long n = COOKIE_CALL(sendmsg, h->theirs, &m, MSG_NOSIGNAL, 0, 0);
	seam_cookie = 0;
	return n < 0 ? (int)n : 0;
}

int handover_enter(const struct handover *h)
{
	char byte;
	close(h->ours); /* this copy would keep the end of gatesh's from being seen */
	int listener = seam_filter_install(h->code, h->n);
	int err = handover_send(h, listener);
	if (listener >= 0)
		close(listener);
	if (err)
		return -EPIPE;
	ssize_t n;
	while ((n = read(h->theirs, &byte, 1)) < 0 && errno == EINTR)
		;
	return n != 1 ? -EPIPE : listener < 0 ? listener : 0;
}

int handover_exec(const struct handover *h, const char *path, char *const *argv, char *const *envp)
{
	seam_cookie = h->cookie;
	errno = (int)-COOKIE_CALL(execve, path, argv, envp, 0, 0);
	seam_cookie = 0;
	return -1;
}

int handover_receive(const struct handover *h, pid_t *from)
{
	struct handover_note note = {0};
	int fd = -1;
	union handover_control control;
	struct iovec v = {&note, sizeof note};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t n = recvmsg(h->ours, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (n != sizeof note)
		return n < 0 ? -errno : -EPIPE;
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(c), sizeof fd);
	*from = note.pid;
	return fd >= 0 ? fd : note.err ? note.err : -EPIPE;
}

void handover_confirm(const struct handover *h)
{
	if (write(h->ours, "", 1) != 1)
		errno = 0; /* the child is gone */
}

void handover_close_theirs(struct handover *h)
{
	if (h->theirs >= 0)
		close(h->theirs);
	h->theirs = -1;
}

void handover_close(struct handover *h)
{
	handover_close_theirs(h);
	if (h->ours >= 0)
		close(h->ours);
	h->ours = -1;
}
