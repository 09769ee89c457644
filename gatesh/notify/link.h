/* SPDX-License-Identifier: BSD-2-Clause */
/* link.h - the connection to the session: one JSON object per line, see front_proto.h. */
#ifndef GATE_NOTIFY_LINK_H
#define GATE_NOTIFY_LINK_H

#include <jansson.h>

#include "base/strbuf.h"

struct link {
	int fd;
	struct strbuf in;
	void (*question)(const json_t *question, void *data); /* borrowed */
	void (*closed)(json_int_t id, void *data);
	void (*ended)(void *data); /* the session has ended */
	void *data;
};

/* Subscribe to the questions; they arrive in the main loop.  0 or a negative errno. */
int link_open(struct link *l, int fd);

/* Send one request; takes the reference.  If the session does not take it, calls l->ended. */
void link_send(struct link *l, json_t *request);

#endif
