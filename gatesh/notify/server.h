/* SPDX-License-Identifier: BSD-2-Clause */
/* server.h - finds the desktop's notification server, learns what it can draw, and reports when it is gone. */
#ifndef GATE_NOTIFY_SERVER_H
#define GATE_NOTIFY_SERVER_H

#include <stdbool.h>

#include "notify/text.h"

struct server {
	struct text_style style;
	/* The bus is lost, or the server with everything that it showed. */
	void (*gone)(void *data, bool bus);
	void *data;
};

/* Find the session bus and the server on it.  Blocks for both.  False: one of them is missing. */
bool server_open(struct server *s);

#endif
