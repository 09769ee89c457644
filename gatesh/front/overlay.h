/* overlay.h - the panel over the program's screen: the first open question and its keys, or what gatesh has to say for
 * a few seconds; and the screen put back. */
#ifndef GATESH_FRONT_OVERLAY_H
#define GATESH_FRONT_OVERLAY_H

#include "ask/question.h"
#include "front/dialog.h"
#include "front/notices.h"
#include "term/keys.h"
#include "term/relay.h"

enum { OVERLAY_GUARD_MS = 200, OVERLAY_WAIT_MS = 100, OVERLAY_NOTICE_MS = 4000, OVERLAY_SEEN_MS = 1000 };

struct overlay {
	struct loop *loop;
	struct relay *relay;
	struct questions *questions;
	struct notices *notices;
	bool colour, utf8;
	/* what is shown */
	struct question *shown; /* NULL: notices, when there is a panel */
	uint64_t noticed;       /* when they came up */
	size_t noticed_amount;
	struct dialog dialog;
	struct keys keys;
	int height;        /* rows covered; 0: no panel */
	bool alternate;    /* on the terminal's other screen */
	unsigned answered; /* since the panel came up: "2 of 3" */
	bool guarding;     /* keys are thrown away until the person has had time to see it */
	uint64_t waiting_since;
	struct timer tick, guard, escape, retry;
};

void overlay_init(struct overlay *o, struct loop *l, struct relay *r, struct questions *qs, struct notices *n);

/* The queue, a preview, the notices or the terminal's size changed. */
void overlay_update(struct overlay *o);
void overlay_resize(struct overlay *o);

/* Take the panel away (before being stopped, at the end); overlay_update() brings it back. */
void overlay_close(struct overlay *o);

/* Can a question be put to the person at this terminal? */
bool overlay_usable(const struct overlay *o);

#endif
