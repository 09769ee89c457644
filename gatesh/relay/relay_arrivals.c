/* SPDX-License-Identifier: BSD-2-Clause */
/* relay_arrivals.c - connections arrive at the relay, processes register them; a connection begins when both has happened. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/turned.h"
#include "relay/connection.h"
#include "util/debug_log.h"

/* A connection that nobody has registered yet. */
struct arrival {
	struct arrival *next;
	struct relay_server *relay;
	struct timer timer;
	int fd;
	unsigned port;
	bool six;
};

/* A process's registration: it is awaited on `source`, or awaits its connection. */
struct registration {
	struct registration *next;
	struct relay_server *relay;
	struct mail mail;
	struct timer timer;
	struct watch source;
	struct ucred who;
	struct turned turned;
	int server; /* -1: the message has not come yet */
};

static void arrivals_drop_arrival(struct arrival *a)
{
	for (struct arrival **p = &a->relay->arrivals; *p; p = &(*p)->next) {
		if (*p == a) {
			*p = a->next;
			break;
		}
	}
	timer_clear(&a->relay->loop, &a->timer);
	if (a->fd >= 0)
		close(a->fd);
	free(a);
}

static void arrivals_drop_registration(struct registration *g)
{
	for (struct registration **p = &g->relay->registrations; *p; p = &(*p)->next) {
		if (*p == g) {
			*p = g->next;
			break;
		}
	}
	timer_clear(&g->relay->loop, &g->timer);
	loop_unwatch(&g->relay->loop, &g->source);
	close(g->source.fd);
	if (g->server >= 0)
		close(g->server);
	free(g);
}

static void arrivals_arrival_late(struct timer *t)
{
	debug_log("relay", "a connection that nobody registered is closed");
	arrivals_drop_arrival(t->data);
}

static void arrivals_registration_late(struct timer *t)
{
	arrivals_drop_registration(t->data);
}

static void arrivals_begin(struct arrival *a, struct registration *g)
{
	struct relay_server *r = a->relay;
	const char yes = 0;
	struct relay_actor *actor = relay_actor_new(&g->who, g->turned.names, g->turned.names_len);
	if (actor)
		actor->address_len = sizeof actor->address;
	if (actor && !getpeername(g->server, (struct sockaddr *)&actor->address, &actor->address_len) &&
	    r->nconnections < r->most) {
		relay_server_note_peer(r, a->port, a->six, g->server);
		debug_log("relay", "pid %d: a connection is turned, from port %u", (int)g->who.pid, a->port);
		int client = a->fd, server = g->server;
		a->fd = g->server = -1;
		send(g->source.fd, &yes, sizeof yes, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (connection_open(r, client, server, actor, a->port, a->six))
			relay_server_forget_peer(r, a->port, a->six);
	} else {
		relay_actor_drop(actor);
	}
	arrivals_drop_arrival(a);
	arrivals_drop_registration(g);
}

static bool arrivals_match(struct relay_server *r, struct registration *g)
{
	for (struct arrival *a = r->arrivals; a; a = a->next) {
		if (a->port == g->turned.port && a->six == (g->turned.family == AF_INET6)) {
			arrivals_begin(a, g);
			return true;
		}
	}
	return false;
}

static void arrivals_add_arrival(struct relay_server *r, int fd, const struct sockaddr_in6 *from)
{
	struct arrival *a = calloc(1, sizeof *a);
	if (!a) {
		close(fd);
		return;
	}
	*a = (struct arrival){.relay = r,
			      .fd = fd,
			      .port = ntohs(from->sin6_port), /* at the same place in both kinds */
			      .six = from->sin6_family == AF_INET6,
			      .timer = {.expired = arrivals_arrival_late, .data = a},
			      .next = r->arrivals};
	r->arrivals = a;
	timer_set(&r->loop, &a->timer, RELAY_REGISTER_MS);
	for (struct registration *g = r->registrations; g; g = g->next) {
		if (g->server >= 0 && g->turned.port == a->port && a->six == (g->turned.family == AF_INET6)) {
			arrivals_begin(a, g);
			return;
		}
	}
}

/* Returns false if there are no descriptors or no memory for a connection, which then stays where it is. */
static bool arrivals_accept(struct relay_server *r, int listener)
{
	struct sockaddr_in6 from;
	int fd;
	if (listener < 0)
		return true;
	do {
		socklen_t len = sizeof from;
		fd = accept4(listener, (struct sockaddr *)&from, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			arrivals_add_arrival(r, fd, &from);
	} while (fd >= 0 || errno == ECONNABORTED || errno == EINTR);
	return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
}

static void arrivals_accept_again(struct timer *t)
{
	struct relay_server *r = t->data;
	for (size_t i = 0; i < sizeof r->listeners / sizeof *r->listeners; i++)
		if (r->listeners[i].fd >= 0 && !r->closing)
			loop_change(&r->loop, &r->listeners[i], EPOLLIN);
}

/* Without descriptors, a connection that waits would wake the thread again and again. */
void relay_server_accept_ready(struct watch *s, uint32_t events)
{
	struct relay_server *r = s->data;
	if (arrivals_accept(r, s->fd))
		return;
	debug_log("relay", "no connection is accepted for %d ms: %s", RELAY_FULL_MS, strerror(errno));
	loop_change(&r->loop, s, 0);
	r->full.expired = arrivals_accept_again;
	r->full.data = r;
	timer_set(&r->loop, &r->full, RELAY_FULL_MS);
}

static bool arrivals_is_reachable(const struct relay_server *r, int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof cookie;
	int type = 0;
	socklen_t tlen = sizeof type;
	return !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &tlen) && type == SOCK_STREAM &&
	       !getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) && cookie == r->network;
}

/* Receive the message and the socket to the server.  Returns 0 or a negative errno. */
static int arrivals_receive(struct registration *g)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec v = {&g->turned, sizeof g->turned};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t n = recvmsg(g->source.fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return -errno;
	const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&g->server, CMSG_DATA(c), sizeof g->server);
	size_t head = offsetof(struct turned, names);
	if ((size_t)n < head || g->turned.magic != TURNED_MAGIC || g->turned.version != TURNED_VERSION ||
	    (size_t)n != head + g->turned.names_len || !g->turned.port || g->server < 0 ||
	    !arrivals_is_reachable(g->relay, g->server))
		return -EBADMSG;
	return 0;
}

static void arrivals_registration_ready(struct watch *s, uint32_t events)
{
	struct registration *g = s->data;
	struct relay_server *r = g->relay;
	int err = g->server < 0 ? arrivals_receive(g) : -EPIPE; /* it has hung up */
	if (err) {
		arrivals_drop_registration(g);
		return;
	}
	if (!arrivals_match(r, g))
		arrivals_accept(r, r->listeners[g->turned.family == AF_INET6].fd); /* it may have begun by then */
}

/* The relay's thread. */
static void arrivals_taken(struct mail *m)
{
	struct registration *g = (struct registration *)((char *)m - offsetof(struct registration, mail));
	struct relay_server *r = g->relay;
	g->next = r->registrations;
	r->registrations = g;
	timer_set(&r->loop, &g->timer, RELAY_REGISTER_MS);
	if (loop_watch(&r->loop, &g->source))
		arrivals_drop_registration(g);
}

void relay_server_take(void *relay, int fd, const struct ucred *who)
{
	struct relay_server *r = relay;
	struct registration *g = calloc(1, sizeof *g);
	if (!g) {
		close(fd);
		return;
	}
	*g = (struct registration){
		.relay = r,
		.who = *who,
		.server = -1,
		.mail.deliver = arrivals_taken,
		.timer = {.expired = arrivals_registration_late, .data = g},
		.source = {.fd = fd, .events = EPOLLIN | EPOLLRDHUP, .ready = arrivals_registration_ready, .data = g}};
	mailbox_post(&r->box, &g->mail);
}

void relay_server_drop_arrivals(struct relay_server *r)
{
	while (r->arrivals)
		arrivals_drop_arrival(r->arrivals);
	while (r->registrations)
		arrivals_drop_registration(r->registrations);
}
