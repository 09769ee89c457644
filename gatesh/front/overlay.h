/* SPDX-License-Identifier: BSD-2-Clause */
/* overlay.h - draws a panel over the program's screen, with the first open question or for a few seconds gatesh's
 * notices, and restores the screen afterwards. */
#ifndef GATESH_FRONT_OVERLAY_H
#define GATESH_FRONT_OVERLAY_H

#include "ask/question.h"
#include "front/dialog.h"
#include "front/notices.h"
#include "term/keys.h"
#include "term/relay.h"
#include "util/text_layout.h"

enum { OVERLAY_GUARD_MS = 200, OVERLAY_WAIT_MS = 100, OVERLAY_NOTICE_MS = 4000, OVERLAY_SEEN_MS = 1000 };

struct overlay {
	struct loop *loop;
	struct relay *relay;
	struct questions *questions;
	struct notices *notices;
	bool colour, utf8;
	/* the panel's content */
	struct question *shown; /* NULL: the panel, if any, shows notices */
	uint64_t noticed;       /* when the notices came up */
	size_t noticed_amount;
	struct dialog dialog;
	struct keys keys;
	int height;          /* rows covered; 0: no panel */
	struct layout drawn; /* the lines on the lowest rows, as far as they are known; each draw writes what changed */
	int cursor_row, cursor_col; /* where typed text goes, on the screen; -1: the cursor is hidden */
	bool alternate;             /* drawn on the terminal's alternate screen */
	unsigned answered;          /* questions since the panel came up, for "2 of 3" */
	bool guarding;              /* discard keys until the person has had time to see the panel */
	uint64_t waiting_since;
	struct timer tick, guard, escape, retry;
};

void overlay_init(struct overlay *o, struct loop *l, struct relay *r, struct questions *qs, struct notices *n);

/* Call overlay_update() when the queue, a preview or the notices changed, overlay_resize() when the terminal did. */
void overlay_update(struct overlay *o);
void overlay_resize(struct overlay *o);

/* Take the panel away (before being stopped, at the end); overlay_update() brings it back. */
void overlay_close(struct overlay *o);

/* Can the session ask the person at this terminal? */
bool overlay_usable(const struct overlay *o);

#endif
