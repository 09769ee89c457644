/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise_request.c - answers the interposer's requests with descriptors: the session's page or tables, or a connection
 * for a question.  The kernel puts them into the caller, so neither a path nor a right of the caller's is needed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "formats/seam.h"
#include "formats/turned.h"
#include "supervise/births.h"
#include "supervise/supervisor.h"
#include "supervise/tracee.h"

/* A connection on its way to the main thread. */
struct request_channel {
	struct mail mail;
	struct supervisor *supervisor;
	int fd;
	struct ucred asker;
};

static void request_return(const struct listener *l, uint64_t id, int err)
{
	const struct seccomp_notif_resp r = {.id = id, .error = err};
	ioctl(listener_fd(l), SECCOMP_IOCTL_NOTIF_SEND, &r);
}

static void request_return_number(const struct listener *l, uint64_t id, long number)
{
	const struct seccomp_notif_resp r = {.id = id, .val = number};
	ioctl(listener_fd(l), SECCOMP_IOCTL_NOTIF_SEND, &r);
}

/* The call returns the number that the descriptor gets in the caller, or the caller's error, such as EMFILE. */
static void request_give(const struct listener *l, uint64_t id, int fd)
{
	struct seccomp_notif_addfd a = {
		.id = id, .srcfd = (uint32_t)fd, .flags = SECCOMP_ADDFD_FLAG_SEND, .newfd_flags = O_CLOEXEC};
	if (ioctl(listener_fd(l), SECCOMP_IOCTL_NOTIF_ADDFD, &a) < 0)
		request_return(l, id, -errno);
}

static void request_take_channel(struct mail *m)
{
	struct request_channel *c = (struct request_channel *)m;
	if (c->supervisor->open)
		ask_server_take(c->supervisor->ask, c->fd, &c->asker);
	else
		close(c->fd);
	free(c);
}

static void request_channel(struct listener *l, const struct seccomp_notif *n)
{
	struct supervisor *s = listener_supervisor(l);
	struct request_channel *c = calloc(1, sizeof *c);
	int pair[2];
	if (!c || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair)) {
		request_return(l, n->id, c ? -errno : -ENOMEM);
		free(c);
		return;
	}
	struct tracee_owner asker = tracee_owner((pid_t)n->pid);
	*c = (struct request_channel){.mail.deliver = request_take_channel,
				      .supervisor = s,
				      .fd = pair[0],
				      .asker = {.pid = asker.pid, .uid = asker.uid}};
	/* First to the main thread: the asker may have sent, hung up and ended before this thread runs again. */
	mailbox_post(s->workers->box, &c->mail);
	request_give(l, n->id, pair[1]);
	close(pair[1]);
}

/* A connection to the relay, for one registration. */
static void request_relay(const struct listener *l, const struct seccomp_notif *n)
{
	const struct turning *t = &listener_supervisor(l)->turning;
	struct tracee_owner asker = tracee_owner((pid_t)n->pid);
	const struct ucred who = {.pid = asker.pid, .uid = asker.uid};
	int pair[2];
	if (!t->relay || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		request_return(l, n->id, t->relay ? -errno : -ENOSYS);
		return;
	}
	t->take(t->relay, pair[0], &who);
	request_give(l, n->id, pair[1]);
	close(pair[1]);
}

static void request_relay_number(const struct listener *l, const struct seccomp_notif *n)
{
	const struct turning *t = &listener_supervisor(l)->turning;
	long number = 0;
	if (t->relay && n->data.args[4] == SEAM_RELAY_PORTS)
		number = t->ports(t->relay);
	else if (t->relay)
		number = t->peer(t->relay, (long)n->data.args[3]);
	request_return_number(l, n->id, number);
}

void supervise_request(struct listener *l, const struct seccomp_notif *n)
{
	switch (n->data.args[4]) {
	case SEAM_PAGE: request_give(l, n->id, listener_supervisor(l)->page->fd); break;
	case SEAM_CHANNEL: request_channel(l, n); break;
	case SEAM_LOOKUP_BEGINS:
		lookups_begin(&listener_supervisor(l)->lookups, (pid_t)n->pid);
		request_return(l, n->id, 0);
		break;
	case SEAM_LOOKUP_ENDS:
		lookups_end(&listener_supervisor(l)->lookups, (pid_t)n->pid);
		request_return(l, n->id, 0);
		break;
	case SEAM_TABLES: request_give(l, n->id, listener_supervisor(l)->tables->fd); break;
	case SEAM_BIRTHS:
		births_wait();
		request_return(l, n->id, -EALREADY);
		break;
	case SEAM_RELAY: request_relay(l, n); break;
	case SEAM_RELAY_PORTS:
	case SEAM_RELAY_PEER: request_relay_number(l, n); break;
	default: request_return(l, n->id, -EINVAL); break;
	}
}
