/* SPDX-License-Identifier: BSD-2-Clause */
/* relay_server.h - the session's relay: the connections that the interposer has turned to it (formats/turned.h) go on to
 * the server that the program wanted, and what is said over them is judged before it is forwarded.
 *
 * It runs in a thread and a loop of its own, as the same user, and serves only connections that a process of the session
 * has registered: it knows who speaks, and no other process can use it.  The main thread judges and asks; meanwhile that
 * connection waits, and nothing behind the statement is forwarded.
 *
 * Main thread, unless it says otherwise. */
#ifndef GATESH_RELAY_RELAY_SERVER_H
#define GATESH_RELAY_RELAY_SERVER_H

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

#include "ask/job.h"
#include "formats/image.h"
#include "relay/count_keys.h"
#include "relay/created_list.h"
#include "relay/protocol.h"
#include "util/loop.h"
#include "util/mailbox.h"

enum {
	RELAY_CONNECTIONS_MAX = 4096,
	RELAY_SHARE = 8,          /* of gatesh's descriptors for a connection: it has two, and up to four in pipes */
	RELAY_REGISTER_MS = 5000, /* between a connection and its registration */
	RELAY_PATIENCE_MS = 10000,
	RELAY_FULL_MS = 100, /* until the listeners try again, if gatesh has no descriptors left */
	RELAY_SCRATCH = 3 * PROTOCOL_WINDOW,
};

struct arrival;
struct registration;
struct connection;

struct relay_server {
	struct loop loop;
	struct mailbox box; /* to the relay's thread */
	pthread_t thread;
	bool open;
	struct workers *workers;             /* the main thread's */
	const struct gate_image_head *image; /* for a freeze */
	gate_handle_t *handle;               /* the relay's thread's own */
	struct timespec began;               /* CLOCK_REALTIME */
	bool by_rules;                       /* statements are judged by rules alone */
	struct mail stop;
	bool closing;              /* what clients have sent still goes to their servers; there are no clients left */
	struct timer patience;     /* while it closes */
	uint64_t moved, seen;      /* bytes that went to servers; how many of them `patience` has seen */
	struct timer full;         /* set: the listeners rest */
	struct watch listeners[2]; /* IPv4 and IPv6, fd -1: none */
	in_port_t ports[2], dead;  /* host byte order; 0: none.  `dead`: nobody listens there */
	int dead_fd;
	unsigned
		past; /* a port of 127.0.0.1 whose connections are not turned; 0: none.  Set before the session's command starts */
	uint64_t network; /* the cookie of the network namespace that the listeners are in */
	struct arrival *arrivals;
	struct registration *registrations;
	struct connection *connections;
	struct created_list created; /* of the relay's thread: what the session created at servers */
	struct count_keys keys;      /* of the relay's thread: columns that choose one row */
	unsigned nconnections, most; /* `most`: of them, more are not turned */
	char *scratch;               /* RELAY_SCRATCH bytes, of the relay's thread */
	pthread_mutex_t lock;
	struct sockaddr_in6 *peers; /* by end, family and local port, under the lock; family 0: none */
};

/* Start the thread.  `image` is read for a freeze and outlives the relay.  Returns 0 or a negative errno; then there is no
 * relay, and connections are not turned. */
int relay_server_open(struct relay_server *r, struct workers *w, const struct gate_image_head *image);

/* End the thread and every connection, once what processes that are gone have sent is at its server, or a server has taken nothing of
 * it for RELAY_PATIENCE_MS.  Questions that are open are abandoned: run the main loop until no job is left,
 * then free. */
void relay_server_close(struct relay_server *r);
void relay_server_free(struct relay_server *r);

/* For supervise/turning.h, any thread: the listening ports, IPv4's in the lower half; a connection that brings a
 * registration; and the real server of a turned connection, or the address that it sees, as TURNED_SERVER, 0 if it is none.  `of` is
 * SEAM_RELAY_PEER's argument. */
long relay_server_ports(void *relay);
void relay_server_take(void *relay, int fd, const struct ucred *who);
long relay_server_peer(void *relay, long of);

/* --- among the relay's files, in its thread ------------------------------------------------------------------------ */

/* The connection from a local port goes on over the socket `server`; it has ended. */
void relay_server_note_peer(struct relay_server *r, unsigned port, bool six, int server);
void relay_server_forget_peer(struct relay_server *r, unsigned local, bool six);

/* A listener has a connection; close all that have not begun.  relay_arrivals.c. */
void relay_server_accept_ready(struct watch *s, uint32_t events);
void relay_server_drop_arrivals(struct relay_server *r);

#endif
