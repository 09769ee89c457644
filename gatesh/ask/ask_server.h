/* SPDX-License-Identifier: BSD-2-Clause */
/* ask_server.h - the session's end of ask.sock: receives events from the session's processes and sends answers.  A
 * slow, broken or hostile peer delays only itself. */
#ifndef GATESH_ASK_ASK_SERVER_H
#define GATESH_ASK_ASK_SERVER_H

#include <gate.h>

#include "ask/job.h"
#include "util/loop.h"

enum {
	ASK_PEERS_MAX = 512,
	ASK_BYTES_MAX = 24 << 20, /* messages being received, from all peers together */
	ASK_MESSAGE_MS = 5000,    /* time to receive a complete message */
};

struct ask_server {
	struct loop *loop;
	struct workers *workers;
	struct watch source;
	struct timer alive;
	struct peer *peers;
	unsigned npeers;
	size_t bytes;
	pid_t root; /* ancestries end before this process; 0: gatesh */
};

/* Listen on `path`, which must not exist.  Returns 0 or a negative errno. */
int ask_server_open(struct ask_server *a, struct loop *l, struct workers *w, const char *path);

/* Close every connection and stop listening.  The interposer refuses the actions of processes that still wait. */
void ask_server_close(struct ask_server *a);

#endif
