/* SPDX-License-Identifier: BSD-2-Clause */
/* connection.c - one connection in the loop: its events, its timer, its end, and the way from the server to the client. */
#include "relay/connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "relay/connection_count.h"
#include "relay/count.h"
#include "util/debug_log.h"
#include "util/proc.h"

enum {
	LINGER_MS = 2000, /* for the client to read the last words */
	KEEP_IDLE_S = 60,
	KEEP_INTERVAL_S = 15,
	KEEP_PROBES = 8,
	LOOK_MS = 1000, /* between looks at a client that has ended while its question is open */
};

/* --- its end ------------------------------------------------------------------------------------------------------ */

static void connection_free(struct connection *c, bool reset)
{
	struct relay_server *r = c->relay;
	debug_log("relay", "pid %d: the connection from port %u ends: %s", (int)c->actor->pid, c->local,
		  c->protocol.kind == PROTOCOL_FOREIGN ? "of a protocol that is not judged" :
							 protocol_name(c->protocol.kind));
	relay_server_forget_peer(r, c->local, c->six); /* before the port can be anybody else's */
	if (c->question)
		relay_judge_drop(c->question);
	connection_count_drop(c);
	connection_count_clear(c);
	timer_clear(&r->loop, &c->timer);
	side_close(&r->loop, &c->client, reset);
	side_close(&r->loop, &c->server, reset);
	flow_close(&c->up);
	flow_close(&c->down);
	flow_free(&c->instead);
	if (c->previous)
		c->previous->next = c->next;
	else
		r->connections = c->next;
	if (c->next)
		c->next->previous = c->previous;
	r->nconnections--;
	r->loop.stop |= r->closing && !r->connections;
	created_close(&c->created);
	prepared_free(&c->prepared);
	relay_actor_drop(c->actor);
	free(c->last_words);
	free(c);
}

void connection_close(struct connection *c)
{
	connection_free(c, true);
}

void connection_finish(struct connection *c)
{
	if (c->question || c->count || proc_alive(c->actor->pid, c->actor->start_time))
		connection_close(c);
	else
		connection_run(c);
}

/* One side has reset the connection, or can't be reached any more: so has the other. */
static void connection_break(struct connection *c, long err)
{
	debug_log("relay", "pid %d: a connection breaks: %s", (int)c->actor->pid, strerror((int)-err));
	c->over = c->resets = true;
}

/* --- from the server to the client ------------------------------------------------------------------------------- */

/* Does the greeting of a server have to wait, because more of it is needed to know it? */
static bool connection_holds(struct connection *c)
{
	bool full = c->silent || c->down.ended || c->down.n >= PROTOCOL_MYSQL_GREETING;
	return c->protocol.kind == PROTOCOL_UNKNOWN && c->down.n &&
	       !protocol_greeting(&c->protocol, flow_start(&c->down), c->down.n, full);
}

static void connection_down(struct connection *c)
{
	long sent = flow_pipe_out(&c->down, c->client.source.fd);
	if (sent >= 0 && !c->down.piped && !connection_holds(c))
		sent = flow_send(&c->down, c->client.source.fd, c->down.n);
	if (sent < 0)
		connection_break(c, sent);
	if (c->over || !c->down.ended || c->down.n || c->down.piped || c->down.passed)
		return;
	if (c->phase == CONNECTION_REFUSED) {
		c->phase = CONNECTION_LEAVING;
		flow_put(&c->down, c->last_words, c->nlast_words);
		timer_set(&c->relay->loop, &c->timer, LINGER_MS);
		connection_down(c);
		return;
	}
	shutdown(c->client.source.fd, SHUT_WR);
	c->down.passed = true;
}

/* --- the loop ----------------------------------------------------------------------------------------------------- */

static void connection_set_timer(struct connection *c)
{
	bool kind = c->protocol.kind == PROTOCOL_UNKNOWN || c->protocol.kind == PROTOCOL_HTTP;
	bool waits = kind && !c->silent && !c->skip && ((c->up.n > c->cleared && !c->up.passed) || c->down.n);
	if (c->phase != CONNECTION_OPEN)
		return;
	if (c->question)
		waits = c->half;
	if (!waits && !c->count)
		timer_clear(&c->relay->loop, &c->timer);
	else if (!c->timer.at)
		timer_set(&c->relay->loop, &c->timer,
			  c->count    ? COUNT_PATIENCE_MS :
			  c->question ? LOOK_MS :
					PROTOCOL_SILENCE_MS);
}

static void connection_watch(struct connection *c)
{
	struct loop *l = &c->relay->loop;
	uint32_t client = 0, server = 0;
	if (c->question)
		client = c->half ? 0 : EPOLLRDHUP;
	else if (!c->count && !c->up.ended && (!c->up.n || c->up.n < c->up.room) && !c->up.piped)
		client = EPOLLIN;
	if ((c->down.n || c->down.piped) && !(c->protocol.kind == PROTOCOL_UNKNOWN))
		client |= EPOLLOUT;
	if (!c->down.ended && !c->down.piped &&
	    (!c->down.n || (c->protocol.kind == PROTOCOL_UNKNOWN && c->down.n < FLOW_MAX)))
		server = EPOLLIN;
	if (!c->up.passed && (c->cleared || c->up.piped || c->instead.n))
		server |= EPOLLOUT;
	int err = side_watch(l, &c->client, client);
	if (!err)
		err = side_watch(l, &c->server, server);
	if (err)
		connection_break(c, err);
}

void connection_run(struct connection *c)
{
	connection_up(c);
	connection_down(c);
	bool done = c->phase == CONNECTION_OPEN ? c->up.passed : c->up.ended;
	c->over |= done && (c->down.passed || c->relay->closing);
	if (!c->over) {
		connection_set_timer(c);
		connection_watch(c);
	}
	if (c->over)
		connection_free(c, c->resets);
}

/* Receive from the client: into the pipe if nobody looks at what comes. */
static int connection_receive_up(struct connection *c)
{
	size_t got = 0;
	int ret = 0;
	if (c->up.bulk && !c->up.n && !c->drops && c->skip >= FLOW_PIPE && c->phase == CONNECTION_OPEN)
		ret = flow_pipe_in(&c->up, c->client.source.fd, c->skip, &got);
	c->skip -= c->skip == UINT64_MAX ? 0 : got;
	return ret ? ret : flow_receive(&c->up, c->client.source.fd);
}

static int connection_receive_down(struct connection *c)
{
	size_t got;
	int ret = 0;
	size_t before = c->down.n;
	bool piped = c->down.bulk && !before && c->protocol.kind != PROTOCOL_UNKNOWN &&
		     !created_listens(&c->created, &c->protocol);
	if (piped)
		ret = flow_pipe_in(&c->down, c->server.source.fd, UINT64_MAX, &got);
	if (ret) {
		c->created.heard = true;
		return ret;
	}
	ret = flow_receive(&c->down, c->server.source.fd);
	if (c->count && c->down.n > before)
		connection_count_heard(c, before);
	else if (c->down.n > before)
		created_heard(&c->created, &c->protocol, flow_start(&c->down) + before, c->down.n - before);
	return ret;
}

static void connection_client_ready(struct watch *s, uint32_t events)
{
	struct connection *c = s->data;
	if (c->question && events & (EPOLLHUP | EPOLLERR))
		connection_break(c, -ECONNRESET);
	else if (c->question)
		c->half |= (events & EPOLLRDHUP) != 0;
	else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !c->up.ended) {
		int got = connection_receive_up(c);
		if (got < 0)
			connection_break(c, got);
		c->silent = false;
		if (c->phase == CONNECTION_OPEN)
			timer_clear(&c->relay->loop, &c->timer);
	}
	connection_run(c);
}

static void connection_server_ready(struct watch *s, uint32_t events)
{
	struct connection *c = s->data;
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !c->down.ended) {
		int got = connection_receive_down(c);
		if (got < 0 && c->phase == CONNECTION_OPEN)
			connection_break(c, got);
		c->down.ended |= got < 0;
		if (c->count && c->down.ended)
			connection_break(c, -ECONNRESET);
	}
	connection_run(c);
}

static void connection_expired(struct timer *t)
{
	struct connection *c = t->data;
	if (c->phase == CONNECTION_REFUSED)
		c->down.ended = true;
	else if (c->phase == CONNECTION_LEAVING)
		c->over = true;
	else if (c->count)
		connection_break(c, -ETIMEDOUT);
	else if (!c->question)
		c->silent = true;
	else if (!proc_alive(c->actor->pid, c->actor->start_time)) /* half-closed, or killed? */
		connection_break(c, -ECONNRESET);
	connection_run(c);
}

/* The caller's own options are about its way to the relay.  So the relay has the kernel look for the server that says nothing: a gateway
 * forgets an idle connection, and a machine that is gone does not say so. */
static void connection_keep_alive(int fd)
{
	static const struct {
		int option, value;
	} options[] = {{TCP_KEEPIDLE, KEEP_IDLE_S}, {TCP_KEEPINTVL, KEEP_INTERVAL_S}, {TCP_KEEPCNT, KEEP_PROBES}};
	int one = 1;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		setsockopt(fd, IPPROTO_TCP, options[i].option, &options[i].value, sizeof options[i].value);
}

static void connection_prepare(struct side *s, int fd, void (*ready)(struct watch *s, uint32_t events), void *data)
{
	int one = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* the ends wait on their own */
	s->source = (struct watch){.fd = fd, .ready = ready, .data = data};
}

int connection_open(struct relay_server *r, int client, int server, struct relay_actor *a, unsigned port, bool six)
{
	struct connection *c = calloc(1, sizeof *c);
	if (!c) {
		close(client);
		close(server);
		relay_actor_drop(a);
		return -ENOMEM;
	}
	c->relay = r;
	c->actor = a;
	created_open(&c->created, &r->created, (const struct sockaddr *)&a->address);
	c->local = port;
	c->six = six;
	c->timer = (struct timer){.expired = connection_expired, .data = c};
	connection_prepare(&c->client, client, connection_client_ready, c);
	connection_prepare(&c->server, server, connection_server_ready, c);
	connection_keep_alive(server);
	c->next = r->connections;
	if (c->next)
		c->next->previous = c;
	r->connections = c;
	r->nconnections++;
	connection_run(c);
	return 0;
}
