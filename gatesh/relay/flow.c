/* SPDX-License-Identifier: BSD-2-Clause */
/* flow.c - buffers and sockets of a turned connection. */
#include "relay/flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Make room behind the bytes.  Returns how much there is. */
static size_t flow_room(struct flow *f)
{
	if (!f->bytes && !(f->bytes = malloc(FLOW_MAX)))
		return 0;
	if (f->at && f->at + f->n == FLOW_MAX) {
		memmove(f->bytes, f->bytes + f->at, f->n);
		f->at = 0;
	}
	return FLOW_MAX - f->at - f->n;
}

size_t flow_put(struct flow *f, const void *bytes, size_t n)
{
	size_t room = flow_room(f);
	n = n < room ? n : room;
	if (n)
		memcpy(f->bytes + f->at + f->n, bytes, n);
	f->n += n;
	return n;
}

void flow_drop(struct flow *f, size_t n)
{
	f->at += n;
	f->n -= n;
	if (!f->n)
		flow_free(f);
}

int flow_receive(struct flow *f, int fd)
{
	size_t room = flow_room(f);
	if (!room)
		return f->bytes ? 0 : -ENOMEM;
	ssize_t n = recv(fd, f->bytes + f->at + f->n, room, MSG_DONTWAIT);
	int err = errno;
	if (n > 0)
		f->n += (size_t)n;
	else if (!f->n)
		flow_free(f);
	if (n < 0)
		return err == EAGAIN || err == EINTR ? 0 : -err;
	f->ended = !n;
	return 1;
}

long flow_send(struct flow *f, int fd, size_t n)
{
	ssize_t sent = n ? send(fd, flow_start(f), n, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	flow_drop(f, (size_t)sent);
	return sent;
}

void flow_free(struct flow *f)
{
	free(f->bytes);
	f->bytes = NULL;
	f->at = f->n = 0;
}

int side_watch(struct loop *l, struct side *s, uint32_t events)
{
	if (!events) {
		if (s->watched)
			loop_unwatch(l, &s->source);
		s->watched = false;
		return 0;
	}
	if (s->watched)
		return loop_change(l, &s->source, events);
	s->source.events = events;
	int err = loop_watch(l, &s->source);
	s->watched = !err;
	return err;
}

void side_close(struct loop *l, struct side *s, bool reset)
{
	const struct linger now = {.l_onoff = 1};
	if (s->source.fd < 0)
		return;
	side_watch(l, s, 0);
	if (reset)
		setsockopt(s->source.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(s->source.fd);
	s->source.fd = -1;
}
