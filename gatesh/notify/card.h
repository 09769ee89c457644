/* card.h - one question as a notification: shown, pressed, closed. */
#ifndef GATE_NOTIFY_CARD_H
#define GATE_NOTIFY_CARD_H

#include <jansson.h>
#include <libnotify/notify.h>

#include "notify/text.h"

enum { CARD_GUARD_MS = 500 }; /* a press sooner than that was meant for what was there before */

enum card_end {
	CARD_ALLOW,
	CARD_DENY,
	CARD_DISMISSED, /* the person closed it and pressed neither */
	CARD_EXPIRED,   /* the server closed it: nobody said anything */
};

struct card {
	struct card *next;
	json_t *question; /* owned */
	json_int_t id;
	struct text_style style;
	NotifyNotification *notification; /* NULL: not shown (yet, or any more) */
	gint64 shown;                     /* g_get_monotonic_time() */
	/* It ended; the card may be freed within. */
	void (*ended)(struct card *c, enum card_end how);
	void *data;
};

/* Show it as the server draws it.  False: it was not taken. */
bool card_show(struct card *c, const struct text_style *style);

/* Take it off the desktop; `ended` is not called. */
void card_hide(struct card *c);

#endif
