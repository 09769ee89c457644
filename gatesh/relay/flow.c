/* SPDX-License-Identifier: BSD-2-Clause */
/* flow.c - buffers and sockets of a turned connection. */
#include "relay/flow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Make room behind the bytes.  Returns how much there is. */
static size_t flow_room(struct flow *f)
{
	if (!f->bytes) {
		f->bytes = malloc(FLOW_MAX);
		f->room = f->bytes ? FLOW_MAX : 0;
	}
	if (f->at && f->at + f->n == f->room) {
		memmove(f->bytes, f->bytes + f->at, f->n);
		f->at = 0;
	}
	return f->room - f->at - f->n;
}

bool flow_grow(struct flow *f)
{
	char *more = f->room && f->room < FLOW_GROWN ? realloc(f->bytes, 2 * f->room) : NULL;
	if (!more)
		return false;
	f->bytes = more;
	f->room *= 2;
	return true;
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
	f->bulk = n >= FLOW_BULK;
	return 1;
}

static int flow_open_pipe(struct flow *f)
{
	int ends[2];
	if (f->has_pipe)
		return 0;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	f->has_pipe = true;
	f->out = ends[0];
	f->in = ends[1];
	fcntl(f->in, F_SETPIPE_SZ, FLOW_PIPE); /* or what the user may have */
	return 0;
}

int flow_pipe_in(struct flow *f, int fd, uint64_t max, size_t *got)
{
	int err = flow_open_pipe(f);
	*got = 0;
	if (err) { /* no descriptors: the bytes are copied */
		f->bulk = false;
		return 0;
	}
	ssize_t n = splice(fd, NULL, f->in, NULL, max < FLOW_PIPE ? (size_t)max : FLOW_PIPE,
			   SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	f->ended = !n;
	f->piped += (size_t)n;
	*got = (size_t)n;
	return 1;
}

long flow_pipe_out(struct flow *f, int fd)
{
	ssize_t n = f->piped ? splice(f->out, NULL, fd, NULL, f->piped, SPLICE_F_MOVE | SPLICE_F_NONBLOCK) : 0;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	f->piped -= (size_t)n;
	return n;
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
	f->room = f->at = f->n = 0;
}

void flow_close(struct flow *f)
{
	flow_free(f);
	if (f->has_pipe) {
		close(f->in);
		close(f->out);
	}
	f->has_pipe = false;
	f->piped = 0;
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
