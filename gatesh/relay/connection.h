/* SPDX-License-Identifier: BSD-2-Clause */
/* connection.h - one turned connection: bytes go both ways as they come, but for the client's statements, each of which waits
 * until it has been judged.  Half-closes and resets go through.  The relay's thread. */
#ifndef GATESH_RELAY_CONNECTION_H
#define GATESH_RELAY_CONNECTION_H

#include "relay/created.h"
#include "relay/flow.h"
#include "relay/prepared.h"
#include "relay/relay_judge.h"

enum connection_phase {
	CONNECTION_OPEN = 0,
	CONNECTION_REFUSED, /* the server says its last; then `last_words` go to the client */
	CONNECTION_LEAVING, /* they are on their way; the client's bytes are dropped until it ends */
};

/* The rows of the statement at the front of `up`, as far as the server has told. */
struct counted {
	bool done; /* it was asked */
	bool known, estimate;
	uint64_t rows;
	char *sample; /* lines of some of them; owned, NULL: none */
};

struct connection {
	struct connection *next, *previous;
	struct relay_server *relay;
	struct side client, server;
	struct flow up, down; /* up: from the client to the server */
	struct flow instead;  /* for the server, in place of a refused statement, before anything of `up` */
	size_t cleared;       /* bytes at the front of `up` that may go */
	uint64_t skip;        /* bytes behind `up` that need no look; UINT64_MAX: all */
	bool drops;           /* they are dropped: of a refused statement */
	bool silent;          /* nothing has come for a while */
	bool over, resets;    /* to be freed; with a reset for both sides */
	bool half;            /* the client has sent its last, or is gone, while its question is open */
	enum connection_phase phase;
	struct protocol protocol;
	struct created created;
	struct prepared prepared;
	struct relay_passed passed;
	struct relay_actor *actor;
	struct relay_question *question;
	struct count *count; /* the server is being asked how many rows the statement takes; owned */
	struct counted counted;
	struct protocol_found asked; /* by `question` or `count`; its texts are in `up` */
	struct timer timer;
	size_t nlast_words;
	char *last_words;
	unsigned local; /* the client's port */
	bool six;
};

/* Begin.  Takes both descriptors and the actor; `client`, whose local port at the caller's is `port`, and `server` are connected.
 * Returns 0 or -ENOMEM; then they are closed. */
int connection_open(struct relay_server *r, int client, int server, struct relay_actor *a, unsigned port, bool six);

/* Forward what can be forwarded, and wait for the rest.  c may be gone afterwards. */
void connection_run(struct connection *c);

/* The client's direction of connection_run(), and the statement whose rows have been counted: connection_up.c. */
void connection_up(struct connection *c);
void connection_counted(struct connection *c);

/* The session ends.  What a process that is gone has sent goes on to the server, as the kernel would send it; then the connection
 * ends, or at once if there is nothing of the kind.  c may be gone afterwards. */
void connection_finish(struct connection *c);

/* End it at once. */
void connection_close(struct connection *c);

#endif
