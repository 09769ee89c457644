/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - gate-notify: shows a session's questions as desktop notifications.  gatesh starts it with the connection to
 * the session as standard input, and it ends when that closes.  It is a separate process to keep GLib out of gatesh. */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "notify/card.h"
#include "notify/link.h"
#include "notify/server.h"

enum { SHOWN_MAX = 4, START_SECONDS = 10 };

struct notify {
	GMainLoop *loop;
	struct link link;
	struct server server;
	struct card *cards; /* in order of asking; the first SHOWN_MAX are shown */
	int status;
};

static void notify_quit(struct notify *n, int status)
{
	n->status = status;
	g_main_loop_quit(n->loop);
}

static void notify_forget(struct notify *n, struct card *c)
{
	for (struct card **p = &n->cards; *p; p = &(*p)->next) {
		if (*p == c) {
			*p = c->next;
			break;
		}
	}
	card_hide(c);
	json_decref(c->question);
	g_free(c);
}

/* Show the cards that have moved up. */
static void notify_show_more(struct notify *n)
{
	int i = 0;
	for (struct card **p = &n->cards, *c; (c = *p) && i < SHOWN_MAX;) {
		if (c->notification || card_show(c, &n->server.style)) {
			p = &c->next;
			i++;
		} else {
			notify_forget(n, c); /* the server did not take it: left to the other front ends */
		}
	}
}

/* If a notification expired, its question stays open for the other front ends.  If the person closed it, pass: unless
 * somebody else is there, the session need not wait.  Without buttons the text sent the person to a terminal, so don't
 * pass. */
static void notify_card_ended(struct card *c, enum card_end how)
{
	struct notify *n = c->data;
	bool answer = how == CARD_ALLOW || how == CARD_DENY;
	json_t *id = json_object_get(c->question, "id"), *cookie = json_object_get(c->question, "cookie");
	if (answer)
		link_send(&n->link, json_pack("{s:s, s:O, s:O, s:s}", "op", "answer", "id", id, "cookie", cookie,
					      "choice", how == CARD_ALLOW ? "once" : "no"));
	else if (how == CARD_DISMISSED && c->style.buttons)
		link_send(&n->link, json_pack("{s:s, s:O, s:O}", "op", "pass", "id", id, "cookie", cookie));
	notify_forget(n, c);
	notify_show_more(n);
}

static struct card *notify_find(struct notify *n, json_int_t id)
{
	struct card *c = n->cards;
	while (c && c->id != id)
		c = c->next;
	return c;
}

/* The session sends a question again when it changes.  A shown card stays as it is, under the person's pointer. */
static void notify_question(const json_t *q, void *data)
{
	struct notify *n = data;
	json_int_t id = json_integer_value(json_object_get(q, "id"));
	if (!id || notify_find(n, id))
		return;
	struct card *c = g_new0(struct card, 1), **p = &n->cards;
	*c = (struct card){.question = json_deep_copy(q), .id = id, .ended = notify_card_ended, .data = n};
	while (*p)
		p = &(*p)->next;
	*p = c;
	notify_show_more(n);
}

static void notify_question_closed(json_int_t id, void *data)
{
	struct notify *n = data;
	struct card *c = notify_find(n, id);
	if (c)
		notify_forget(n, c);
	notify_show_more(n);
}

static void notify_session_ended(void *data)
{
	notify_quit(data, 0);
}

/* Some servers exit when they have nothing to show, and start on demand.  If one takes a question with it, quit. */
static void notify_server_gone(void *data, bool bus)
{
	struct notify *n = data;
	if (bus || n->cards)
		notify_quit(n, EX_UNAVAILABLE);
}

int main(int argc, char **argv)
{
	struct notify n = {.link.question = notify_question,
			   .link.closed = notify_question_closed,
			   .link.ended = notify_session_ended,
			   .server.gone = notify_server_gone};
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;
	if (argc > 1 || getpeername(STDIN_FILENO, (struct sockaddr *)&peer, &len)) {
		fputs("gate-notify: gatesh starts this, with a session as its standard input; see gatesh(1)\n", stderr);
		return EX_USAGE;
	}
	prctl(PR_SET_DUMPABLE, 0);
	alarm(START_SECONDS); /* give up on a bus or a server that hangs */
	n.link.data = n.server.data = &n;
	n.loop = g_main_loop_new(NULL, FALSE);
	if (!server_open(&n.server) || link_open(&n.link, STDIN_FILENO))
		return EX_UNAVAILABLE;
	alarm(0);
	g_main_loop_run(n.loop);
	while (n.cards)
		notify_forget(&n, n.cards);
	strbuf_free(&n.link.in);
	g_main_loop_unref(n.loop);
	return n.status;
}
