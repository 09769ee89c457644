/* SPDX-License-Identifier: BSD-2-Clause */
/* relay_server.c - the relay's thread, its listeners, and the real servers of its connections. */
#include "relay/relay_server.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/engine.h"
#include "formats/turned.h"
#include "relay/connection.h"
#include "util/debug_log.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* Linux 5.14 */
#endif

enum { PORTS = 65536, FAMILIES = 2, ENDS = 2 };

/* --- the real servers of turned connections ----------------------------------------------------------------------- */

static struct sockaddr_in6 *relay_server_slot(struct relay_server *r, unsigned port, bool six, bool own)
{
	return &r->peers[((own ? FAMILIES : 0) + (six ? 1 : 0)) * PORTS + port % PORTS];
}

static void relay_server_put_peer(struct relay_server *r, unsigned port, bool six, const struct sockaddr_in6 ends[ENDS])
{
	pthread_mutex_lock(&r->lock);
	for (int i = 0; i < ENDS; i++)
		*relay_server_slot(r, port, six, i > 0) = ends[i];
	pthread_mutex_unlock(&r->lock);
}

void relay_server_note_peer(struct relay_server *r, unsigned port, bool six, int server)
{
	struct sockaddr_in6 ends[ENDS] = {0};
	socklen_t len = sizeof *ends, own_len = sizeof *ends;
	if (!getpeername(server, (struct sockaddr *)&ends[0], &len) &&
	    !getsockname(server, (struct sockaddr *)&ends[1], &own_len))
		relay_server_put_peer(r, port, six, ends);
}

void relay_server_forget_peer(struct relay_server *r, unsigned local, bool six)
{
	static const struct sockaddr_in6 none[ENDS];
	if (local)
		relay_server_put_peer(r, local, six, none);
}

long relay_server_peer(void *relay, long of)
{
	struct relay_server *r = relay;
	pthread_mutex_lock(&r->lock);
	const struct sockaddr_in6 *to = relay_server_slot(r, of & 0xffff, of & TURNED_SIX, of & TURNED_OWN);
	const unsigned char *ip = to->sin6_family == AF_INET ?
					  (const unsigned char *)&((const struct sockaddr_in *)to)->sin_addr :
					  to->sin6_addr.s6_addr + 12;
	long found = to->sin6_family ? TURNED_SERVER(ntohs(to->sin6_port), ip) : 0;
	pthread_mutex_unlock(&r->lock);
	return found;
}

/* --- open and close ----------------------------------------------------------------------------------------------- */

long relay_server_ports(void *relay)
{
	const struct relay_server *r = relay;
	return TURNED_PORTS(r->ports[0], r->ports[1], r->dead) | TURNED_PAST(r->past);
}

/* Listen on a loopback address, at a port that the kernel chooses. */
static int relay_server_listen(struct relay_server *r, bool six)
{
	struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in a4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *at = six ? (struct sockaddr *)&a6 : (struct sockaddr *)&a4;
	socklen_t len = six ? sizeof a6 : sizeof a4;
	struct watch *s = &r->listeners[six];
	s->fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
	if (s->fd < 0)
		return -errno;
	int err = bind(s->fd, at, len) || listen(s->fd, SOMAXCONN) || getsockname(s->fd, at, &len) ?
			  -errno :
			  loop_watch(&r->loop, s);
	if (err) {
		close(s->fd);
		s->fd = -1;
		return err;
	}
	r->ports[six] = ntohs(six ? a6.sin6_port : a4.sin_port);
	return 0;
}

/* Keep a port where nobody listens, on both loopback addresses if there is IPv6. */
static void relay_server_reserve(struct relay_server *r)
{
	struct sockaddr_in6 a6 = {.sin6_family = AF_INET6};
	struct sockaddr_in a4 = {.sin_family = AF_INET};
	socklen_t len = sizeof a6;
	int no = 0;
	r->dead_fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	if (r->dead_fd >= 0 && !setsockopt(r->dead_fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) &&
	    !bind(r->dead_fd, (struct sockaddr *)&a6, sizeof a6) &&
	    !getsockname(r->dead_fd, (struct sockaddr *)&a6, &len)) {
		r->dead = ntohs(a6.sin6_port);
		return;
	}
	if (r->dead_fd >= 0)
		close(r->dead_fd);
	len = sizeof a4;
	r->dead_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	if (r->dead_fd >= 0 && !bind(r->dead_fd, (struct sockaddr *)&a4, sizeof a4) &&
	    !getsockname(r->dead_fd, (struct sockaddr *)&a4, &len))
		r->dead = ntohs(a4.sin_port);
}

static void *relay_server_work(void *data)
{
	struct relay_server *r = data;
	sigset_t broken; /* splice(2) knows no MSG_NOSIGNAL */
	sigemptyset(&broken);
	sigaddset(&broken, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &broken, NULL);
	loop_run(&r->loop);
	return NULL;
}

static void relay_server_end(struct relay_server *r)
{
	while (r->connections)
		connection_close(r->connections);
	timer_clear(&r->loop, &r->patience);
	timer_clear(&r->loop, &r->full);
	r->loop.stop = true;
}

/* Some time has passed since the session ended: go on as long as servers take something. */
static void relay_server_look(struct timer *t)
{
	struct relay_server *r = t->data;
	if (r->seen == r->moved) {
		relay_server_end(r);
		return;
	}
	r->seen = r->moved;
	timer_set(&r->loop, t, RELAY_PATIENCE_MS);
}

static void relay_server_stop(struct mail *m)
{
	struct relay_server *r = (struct relay_server *)((char *)m - offsetof(struct relay_server, stop));
	r->closing = true;
	for (int i = 0; i < FAMILIES; i++)
		if (r->listeners[i].fd >= 0)
			loop_unwatch(&r->loop, &r->listeners[i]);
	relay_server_drop_arrivals(r);
	for (struct connection *c = r->connections, *next; c; c = next) {
		next = c->next;
		connection_finish(c);
	}
	r->seen = r->moved;
	r->patience = (struct timer){.expired = relay_server_look, .data = r};
	if (r->connections)
		timer_set(&r->loop, &r->patience, RELAY_PATIENCE_MS);
	else
		r->loop.stop = true;
}

static void relay_server_clear(struct relay_server *r)
{
	for (int i = 0; i < FAMILIES; i++)
		if (r->listeners[i].fd >= 0)
			close(r->listeners[i].fd);
	if (r->dead_fd >= 0)
		close(r->dead_fd);
	gate_end(r->handle, GATE_SUCCESS);
	free(r->scratch);
	free(r->peers);
	created_list_free(&r->created);
	count_keys_free(&r->keys);
	if (r->box.source.fd >= 0)
		mailbox_close(&r->box, &r->loop);
	loop_free(&r->loop);
}

/* How many connections there may be, by the limit on descriptors. */
static unsigned relay_server_most(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur / RELAY_SHARE > RELAY_CONNECTIONS_MAX)
		return RELAY_CONNECTIONS_MAX;
	return (unsigned)(files.rlim_cur / RELAY_SHARE);
}

static int relay_server_prepare(struct relay_server *r)
{
	socklen_t len = sizeof r->network;
	r->scratch = malloc(RELAY_SCRATCH);
	r->peers = calloc(ENDS * FAMILIES * PORTS, sizeof *r->peers); /* memory only where it is written */
	if (!r->scratch || !r->peers)
		return -ENOMEM;
	int err = gate_dup(r->workers->base, NULL, &r->handle);
	if (!err) {
		r->by_rules = gate_goes_by_rules(r->handle, GATE_EVENT_STATEMENT);
		err = loop_init(&r->loop);
	}
	if (!err)
		err = mailbox_open(&r->box, &r->loop);
	if (!err)
		err = relay_server_listen(r, false);
	if (!err && getsockopt(r->listeners[0].fd, SOL_SOCKET, SO_NETNS_COOKIE, &r->network, &len))
		err = -errno;
	if (!err)
		relay_server_listen(r, true); /* IPv6 may be off */
	if (!err)
		relay_server_reserve(r);
	return err ? err : -pthread_create(&r->thread, NULL, relay_server_work, r);
}

int relay_server_open(struct relay_server *r, struct workers *w, const struct gate_image_head *image)
{
	*r = (struct relay_server){
		.workers = w, .image = image, .most = relay_server_most(), .stop.deliver = relay_server_stop};
	r->loop.epoll = r->box.source.fd = r->dead_fd = -1;
	for (int i = 0; i < FAMILIES; i++)
		r->listeners[i] =
			(struct watch){.fd = -1, .events = EPOLLIN, .ready = relay_server_accept_ready, .data = r};
	pthread_mutex_init(&r->lock, NULL);
	clock_gettime(CLOCK_REALTIME, &r->began);
	int err = relay_server_prepare(r);
	r->open = !err;
	debug_log("relay", "ports %u and %u: %s", r->ports[0], r->ports[1], err ? strerror(-err) : "open");
	if (err)
		relay_server_clear(r);
	return err;
}

void relay_server_close(struct relay_server *r)
{
	if (!r->open)
		return;
	mailbox_post(&r->box, &r->stop);
	pthread_join(r->thread, NULL);
	r->open = false;
}

void relay_server_free(struct relay_server *r)
{
	if (!r->workers)
		return;
	mailbox_deliver(&r->box); /* the jobs that were abandoned are done */
	relay_server_clear(r);
	r->workers = NULL;
}
