/* link.h - the connection to the session, as front_proto.h describes it: an object a line. */
#ifndef GATE_NOTIFY_LINK_H
#define GATE_NOTIFY_LINK_H

#include <jansson.h>

#include "base/strbuf.h"

struct link {
	int fd;
	struct strbuf in;
	void (*question)(const json_t *question, void *data); /* borrowed */
	void (*closed)(json_int_t id, void *data);
	void (*ended)(void *data); /* the session is over */
	void *data;
};

/* Ask for the questions and hear of them from the main loop on.  0 or a negative errno. */
int link_open(struct link *l, int fd);

/* Send one request; the reference is taken over.  A session that does not take it is over: l->ended. */
void link_send(struct link *l, json_t *request);

#endif
