/* SPDX-License-Identifier: BSD-2-Clause */
/* card.c - builds a notification with its buttons, and guards "Allow" against a press that came too early. */
#include "notify/card.h"

#include <string.h>

enum { CLOSED_DISMISSED = 2 }; /* by the notification specification */

/* A question waits for an answer, so none is `low`: some desktops put those where nobody looks. */
static NotifyUrgency card_urgency(const json_t *question)
{
	const json_t *rule = json_array_get(json_object_get(question, "rules"), 0);
	const char *severity = json_string_value(json_object_get(rule, "severity"));
	bool mild = severity && (!strcmp(severity, "notice") || !strcmp(severity, "warning"));
	return mild ? NOTIFY_URGENCY_NORMAL : NOTIFY_URGENCY_CRITICAL;
}

static void card_pressed(NotifyNotification *n, char *action, gpointer data)
{
	struct card *c = data;
	bool allow = !strcmp(action, "allow");
	if (n != c->notification)
		return;
	if (allow && g_get_monotonic_time() - c->shown < CARD_GUARD_MS * 1000) {
		struct text_style style = c->style;
		card_hide(c);
		if (!card_show(c, &style))
			c->ended(c, CARD_EXPIRED);
	} else {
		c->ended(c, allow ? CARD_ALLOW : CARD_DENY);
	}
}

static void card_closed(NotifyNotification *n, gpointer data)
{
	struct card *c = data;
	if (n == c->notification)
		c->ended(c,
			 notify_notification_get_closed_reason(n) == CLOSED_DISMISSED ? CARD_DISMISSED : CARD_EXPIRED);
}

static NotifyNotification *card_make(struct card *c)
{
	cleanup_strbuf struct strbuf summary = {0}, body = {0};
	text_summary(c->question, &summary);
	text_body(c->question, &c->style, &body);
	if (summary.err || body.err)
		return NULL;
	NotifyNotification *n = notify_notification_new(summary.s, body.s, "dialog-warning");
	json_int_t left = json_integer_value(json_object_get(c->question, "left_ms"));
	notify_notification_set_urgency(n, card_urgency(c->question));
	notify_notification_set_timeout(n, left > 0 && left < G_MAXINT ? (gint)left : NOTIFY_EXPIRES_NEVER);
	if (c->style.buttons && text_can_allow(c->question))
		notify_notification_add_action(n, "allow", "Allow once", card_pressed, c, NULL);
	if (c->style.buttons)
		notify_notification_add_action(n, "deny", "Deny", card_pressed, c, NULL);
	g_signal_connect(n, "closed", G_CALLBACK(card_closed), c);
	return n;
}

bool card_show(struct card *c, const struct text_style *style)
{
	c->style = *style;
	c->notification = card_make(c);
	c->shown = g_get_monotonic_time();
	return c->notification && notify_notification_show(c->notification, NULL);
}

void card_hide(struct card *c)
{
	NotifyNotification *n = c->notification;
	if (!n)
		return;
	c->notification = NULL;
	g_signal_handlers_disconnect_by_data(n, c);
	notify_notification_clear_actions(n);
	notify_notification_close(n, NULL); /* it may have closed itself */
	g_object_unref(n);
}
