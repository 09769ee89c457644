/* server.h - the desktop's notification server: what it can draw, and whether it is still there. */
#ifndef GATE_NOTIFY_SERVER_H
#define GATE_NOTIFY_SERVER_H

#include <stdbool.h>

#include "notify/text.h"

struct server {
	struct text_style style;
	/* The bus is lost, or the server and with it what it showed. */
	void (*gone)(void *data, bool bus);
	void *data;
};

/* Find the session bus and the server on it.  Blocks for both.  False: there is none. */
bool server_open(struct server *s);

#endif
