/* SPDX-License-Identifier: BSD-2-Clause */
/* front_server.c - accepts front ends on the answer socket, refuses processes of sessions, and passes lines on. */
#include "front/front_server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "front/front_ops.h"
#include "front/front_proto.h"
#include "util/proc.h"

enum { PEERPIDFD = 77 }; /* SO_PEERPIDFD, which older headers lack */

/* An attached front end. */
struct front {
	struct front *next;
	struct answers *server;
	struct watch source;
	struct strbuf in, out;
	bool subscribed;
	bool desktop;
	bool closing; /* its input is ignored; the connection ends when `out` is written */
	bool dead;    /* freed by the sweep: callers up the stack still hold it */
};

static void front_server_drop(struct front *f)
{
	if (f->dead)
		return;
	f->dead = true;
	loop_unwatch(f->server->loop, &f->source);
	close(f->source.fd);
	f->server->nfronts--;
	f->server->subscribers -= f->subscribed && !f->desktop;
	timer_set(f->server->loop, &f->server->sweep, 0);
}

static void front_server_sweep(struct timer *t)
{
	struct answers *a = t->data;
	for (struct front **p = &a->fronts, *f; (f = *p);) {
		if (!f->dead) {
			p = &f->next;
			continue;
		}
		*p = f->next;
		strbuf_free(&f->in);
		strbuf_free(&f->out);
		free(f);
	}
}

/* Write as much of the queue as the socket takes. */
static void front_server_flush(struct front *f)
{
	ssize_t n = f->out.len ? send(f->source.fd, f->out.s, f->out.len, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
	if (n > 0) {
		memmove(f->out.s, f->out.s + n, f->out.len - (size_t)n);
		f->out.len -= (size_t)n;
	}
	/* Drop a front end that does not read; it can attach again and list the open questions. */
	if ((n < 0 && errno != EAGAIN && errno != EINTR) || f->out.len > FRONT_QUEUE_MAX || (f->closing && !f->out.len))
		front_server_drop(f);
	else
		loop_change(f->server->loop, &f->source, EPOLLIN | (f->out.len ? EPOLLOUT : 0u));
}

/* Queue one line; takes the reference. */
static void front_server_tell(struct front *f, json_t *o)
{
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	if (f->dead) {
		free(text);
		return;
	}
	if (text)
		strbuf_printf(&f->out, "%s\n", text);
	else
		f->closing = true; /* no memory: better to disconnect than to miss an event */
	free(text);
	front_server_flush(f);
}

static void front_server_fail(struct front *f, const char *error)
{
	front_server_tell(f, json_pack("{s:b, s:s}", "ok", 0, "error", error));
}

static void front_server_request(struct front *f, const char *line, size_t n)
{
	json_t *o = json_loadb(line, n, 0, NULL);
	bool subscribe = false;
	json_t *reply =
		front_ops_do(f->server, o, f->desktop, &subscribe); /* may have dropped f, which is freed later */
	json_decref(o);
	if (subscribe && !f->subscribed && !f->dead) {
		f->server->subscribers += !f->desktop;
		f->subscribed = true;
	}
	front_server_tell(f, reply);
}

static void front_ready(struct watch *w, uint32_t events)
{
	struct front *f = w->data;
	char buf[4096];
	if (events & EPOLLOUT)
		front_server_flush(f);
	ssize_t n = f->dead ? 0 : recv(w->fd, buf, sizeof buf, MSG_DONTWAIT);
	if (f->dead || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	if (n <= 0 || f->in.len + (size_t)n > FRONT_LINE_MAX) {
		front_server_drop(f);
		return;
	}
	if (!f->closing)
		strbuf_put(&f->in, buf, (size_t)n);
	for (char *nl; !f->dead && f->in.len && (nl = memchr(f->in.s, '\n', f->in.len));) {
		size_t len = (size_t)(nl - f->in.s);
		front_server_request(f, f->in.s, len);
		memmove(f->in.s, nl + 1, f->in.len - len - 1);
		f->in.len -= len + 1;
	}
}

/* Has the process that connected ended since?  Then another process may have its pid.  (SO_PEERPIDFD, Linux 6.5.) */
static bool front_server_peer_is_gone(int fd)
{
	int pidfd = -1;
	socklen_t len = sizeof pidfd;
	if (getsockopt(fd, SOL_SOCKET, PEERPIDFD, &pidfd, &len))
		return errno != ENOPROTOOPT; /* an older kernel: only the pid is known */
	struct pollfd p = {.fd = pidfd, .events = POLLIN};
	bool gone = poll(&p, 1, 0) != 0;
	close(pidfd);
	return gone;
}

/* Return why this peer may not be a front end, or NULL if it may.  A process of a session (any session of this user)
 * may not: it could answer for the person.  A process that can't be inspected counts as one. */
static const char *front_server_why_not(int fd, const struct ucred *peer, const struct answers *a)
{
	struct proc chain[PROC_DEPTH_MAX];
	bool inside = false;
	if (peer->uid != geteuid() && peer->uid != 0)
		return "another user's process cannot answer";
	int n = proc_ancestry(peer->pid, getpid(), chain, &inside);
	if (!n || inside || proc_has_env(peer->pid, "GATE_SESSION", NULL) || front_server_peer_is_gone(fd))
		return "a process inside a session cannot answer";
	return a->nfronts >= FRONT_PEERS_MAX ? "too many front ends" : NULL;
}

/* Returns NULL when memory is out or the loop can't watch `fd`; `fd` is closed then. */
static struct front *front_server_attach(struct answers *a, int fd)
{
	struct front *f = calloc(1, sizeof *f);
	if (!f) {
		close(fd);
		return NULL;
	}
	*f = (struct front){.next = a->fronts, .server = a};
	f->source = (struct watch){.fd = fd, .events = EPOLLIN, .ready = front_ready, .data = f};
	if (loop_watch(a->loop, &f->source)) {
		close(fd);
		free(f);
		return NULL;
	}
	a->fronts = f;
	a->nfronts++;
	return f;
}

static void front_server_connected(struct watch *w, uint32_t events)
{
	struct answers *a = w->data;
	struct ucred peer;
	socklen_t len = sizeof peer;
	int fd = accept4(w->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len)) {
		close(fd);
		return;
	}
	const char *error = front_server_why_not(fd, &peer, a);
	struct front *f = front_server_attach(a, fd);
	if (error && a->refused)
		a->refused(a->data, peer.pid);
	if (f && error) {
		f->closing = true;
		front_server_fail(f, error);
	}
}

int front_server_attach_desktop(struct answers *a, int fd)
{
	struct front *f = front_server_attach(a, fd);
	if (!f)
		return -ENOMEM;
	f->desktop = true;
	return 0;
}

int front_server_open(struct answers *a, struct loop *l, struct questions *qs, const struct session_dir *dir)
{
	struct sockaddr_un addr;
	socklen_t len = front_address(&addr, geteuid(), dir->id);
	a->loop = l;
	a->questions = qs;
	a->dir = dir;
	a->sweep = (struct timer){.expired = front_server_sweep, .data = a};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	a->source = (struct watch){.fd = fd, .events = EPOLLIN, .ready = front_server_connected, .data = a};
	int err = bind(fd, (struct sockaddr *)&addr, len) || listen(fd, 16) ? -errno : loop_watch(l, &a->source);
	if (err) {
		close(fd);
		a->source.fd = -1;
	}
	return err;
}

void front_server_close(struct answers *a)
{
	if (a->source.fd < 0)
		return;
	for (struct front *f = a->fronts; f; f = f->next)
		front_server_drop(f);
	front_server_sweep(&a->sweep);
	timer_clear(a->loop, &a->sweep);
	loop_unwatch(a->loop, &a->source);
	close(a->source.fd);
	a->source.fd = -1;
}

/* Send the event to every subscriber, to the desktop only if `desktop`; takes the reference. */
static void front_server_tell_all(struct answers *a, json_t *event, bool desktop)
{
	for (struct front *f = a->fronts; f; f = f->next)
		if (f->subscribed && (desktop || !f->desktop))
			front_server_tell(f, json_incref(event));
	json_decref(event);
}

void front_server_changed(struct answers *a, struct question *q, bool closed)
{
	if (!a->fronts)
		return;
	front_server_tell_all(
		a,
		closed ? front_closed_json(q, a->dir->id) :
			 json_pack("{s:s, s:o}", "event", "question", "question", front_question_json(q, a->dir->id)),
		q->q->flags & GATE_QUESTION_DESKTOP);
}

void front_server_frozen(struct answers *a, const char *by, bool frozen)
{
	front_server_tell_all(a, json_pack("{s:s, s:s}", "event", frozen ? "frozen" : "thawed", "by", by), false);
}

void front_server_paused(struct answers *a, const char *by, bool paused)
{
	json_t *o = json_pack("{s:s, s:s}", "event", paused ? "paused" : "resumed", "by", by);
	if (paused)
		json_object_set_new(o, "until", json_integer(a->paused_until));
	front_server_tell_all(a, o, false);
}
