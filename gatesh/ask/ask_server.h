/* ask_server.h - the session's end of ask.sock: events of the session's processes come in, answers go out.  A peer that
 * is slow, torn or hostile holds up nobody but itself. */
#ifndef GATESH_ASK_ASK_SERVER_H
#define GATESH_ASK_ASK_SERVER_H

#include <gate.h>

#include "ask/job.h"
#include "util/loop.h"

enum {
	ASK_PEERS_MAX = 512,
	ASK_BYTES_MAX = 24 << 20, /* messages being received, all peers together */
	ASK_MESSAGE_MS = 5000,    /* a message must be whole by then */
};

struct ask_server {
	struct loop *loop;
	struct workers *workers;
	struct watch source;
	struct timer alive;
	struct peer *peers;
	unsigned npeers;
	size_t bytes;
	pid_t root; /* ancestries are told up to this process; 0: gatesh */
};

/* Listen on `path`, which must not exist.  0 or a negative errno. */
int ask_server_open(struct ask_server *a, struct loop *l, struct workers *w, const char *path);

/* Close every connection and stop listening: whoever waits is refused by its own side. */
void ask_server_close(struct ask_server *a);

#endif
