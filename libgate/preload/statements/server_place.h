/* SPDX-License-Identifier: BSD-2-Clause */
/* server_place.h - the server of a connection, for the event, and whether the session's relay sees what is said over it. */
#ifndef GATE_PRELOAD_STATEMENTS_SERVER_PLACE_H
#define GATE_PRELOAD_STATEMENTS_SERVER_PLACE_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "preload/statements/statement_ask.h"

struct server_place {
	union {
		struct sockaddr any;
		struct sockaddr_un local;
		struct sockaddr_storage room;
	} address;
	unsigned len; /* 0: unknown */
};

/* Look at the connected socket `fd` (-1: unknown).  Returns true if it is turned to the relay, which judges the statements unless
 * they are `hidden` from it, by TLS. */
bool server_place_is_relayed(struct server_place *p, int fd, bool hidden);

/* Put the server into the statement, which borrows from both.  `host` is the name that the program gave; may be NULL. */
void server_place_put(const struct server_place *p, const char *host, struct statement *s);

#endif
