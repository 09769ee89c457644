/* SPDX-License-Identifier: BSD-2-Clause */
/* ask_server.h - receives events from the session's processes and sends answers.  Their connections come from the seam
 * (ask_server_take), or without it by ask.sock.  A slow, broken or hostile peer delays only itself. */
#ifndef GATESH_ASK_ASK_SERVER_H
#define GATESH_ASK_ASK_SERVER_H

#include <gate.h>
#include <sys/socket.h>

#include "ask/allowed_scripts.h"
#include "ask/job.h"
#include "util/loop.h"

enum {
	ASK_PEERS_MAX = 4096,
	ASK_BYTES_MAX = 24 << 20, /* messages being received, from all peers together */
	ASK_MESSAGE_MS = 5000,    /* time to receive a complete message */
};

struct ask_server {
	struct loop *loop;
	struct workers *workers;
	bool open;
	struct watch source; /* fd -1: no socket */
	struct timer alive;
	struct peer *peers;
	unsigned npeers;
	size_t bytes;
	struct allowed_scripts scripts;
	gate_handle_t *look; /* statement_look.h; NULL before the first statement */
	pid_t root;          /* ancestries end before this process; 0: gatesh */
	/* Would a line on the stderr of `pid` stand in the middle of a full-screen program's screen?  NULL: it would not. */
	bool (*screened)(pid_t pid, void *data);
	void *data;
};

/* Be ready for connections. */
void ask_server_open(struct ask_server *a, struct loop *l, struct workers *w);

/* Listen on `path` as well, which must not exist.  Returns 0 or a negative errno. */
int ask_server_listen(struct ask_server *a, const char *path);

/* Serve a connection that did not come by the socket: `fd`, non-blocking, which is the server's from then on.  The kernel
 * said who asks. */
void ask_server_take(struct ask_server *a, int fd, const struct ucred *asker);

/* Close every connection and stop listening.  The interposer refuses the actions of processes that still wait. */
void ask_server_close(struct ask_server *a);

#endif
