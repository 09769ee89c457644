/* SPDX-License-Identifier: BSD-2-Clause */
/* card.h - shows one question as a notification and reports how it ended. */
#ifndef GATE_NOTIFY_CARD_H
#define GATE_NOTIFY_CARD_H

#include <jansson.h>
#include <libnotify/notify.h>

#include "notify/text.h"

enum { CARD_GUARD_MS = 500 }; /* an earlier press was meant for something else on the screen */

enum card_end {
	CARD_ALLOW,
	CARD_DENY,
	CARD_DISMISSED, /* the person closed it without pressing a button */
	CARD_EXPIRED,   /* the server closed it: nobody answered */
};

struct card {
	struct card *next;
	json_t *question; /* owned */
	json_int_t id;
	struct text_style style;
	NotifyNotification *notification; /* NULL: not shown yet, or no longer */
	gint64 shown;                     /* g_get_monotonic_time() */
	/* The notification ended; this may free the card. */
	void (*ended)(struct card *c, enum card_end how);
	void *data;
};

/* Show it in the server's style.  False: the server did not take it. */
bool card_show(struct card *c, const struct text_style *style);

/* Take it off the desktop; `ended` is not called. */
void card_hide(struct card *c);

#endif
