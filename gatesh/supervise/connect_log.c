/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_log.c - a ring of the connections of supervised processes, with a timer for their reports. */
#include "supervise/connect_log.h"

#include <stdlib.h>
#include <string.h>

enum { SECOND_MS = 1000, PAUSE_MAX_S = 60 };

static void connect_log_clear(struct contact *c)
{
	free(c->exe);
	free(c->cwd);
	free(c->path);
	free(c->ancestry);
	*c = (struct contact){0};
}

static void connect_log_report(struct connect_log *t, struct contact *c, uint64_t now)
{
	c->event.size = c->attempts;
	c->attempts = 0;
	c->reports++;
	c->reported = now;
	job_record(t->workers, &c->event, c->verdict == CONTACT_REFUSED ? JOB_REFUSED : 0);
}

/* Report the contacts whose pause is over.  Returns true if others are left. */
static bool connect_log_report_due(struct connect_log *t, bool all)
{
	uint64_t now = loop_now();
	bool left = false;
	for (unsigned i = 0; i < t->n; i++) {
		struct contact *c = &t->v[i];
		uint64_t pause = SECOND_MS * (uint64_t)(c->reports < PAUSE_MAX_S ? c->reports : PAUSE_MAX_S);
		if (!c->attempts)
			continue;
		if (all || now - c->reported >= pause)
			connect_log_report(t, c, now);
		else
			left = true;
	}
	return left;
}

static void connect_log_due(struct timer *timer)
{
	struct connect_log *t = timer->data;
	if (connect_log_report_due(t, false))
		timer_set(t->loop, timer, SECOND_MS);
}

void connect_log_init(struct connect_log *t, struct loop *l, struct workers *w)
{
	*t = (struct connect_log){.loop = l, .workers = w, .due = {.expired = connect_log_due, .data = t}};
}

void connect_log_flush(struct connect_log *t)
{
	timer_clear(t->loop, &t->due);
	connect_log_report_due(t, true);
}

void connect_log_free(struct connect_log *t)
{
	connect_log_flush(t);
	for (unsigned i = 0; i < t->n; i++)
		connect_log_clear(&t->v[i]);
	free(t->v);
	*t = (struct connect_log){0};
}

static bool connect_log_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool connect_log_same_process(const struct gate_event *a, const struct gate_event *b)
{
	return a->pid == b->pid && a->start_time == b->start_time && connect_log_same_text(a->exe, b->exe);
}

static bool connect_log_same_dest(const struct contact *c, const struct gate_event *ev, const struct gate_dest *d)
{
	if (c->dest.family != d->family || c->event.socket_type != ev->socket_type)
		return false;
	if (d->family == AF_UNIX)
		return connect_log_same_text(c->event.path, ev->path);
	return c->dest.port == d->port && !memcmp(c->dest.ip, d->ip, sizeof d->ip);
}

struct contact *connect_log_find(struct connect_log *t, const struct gate_event *ev, const struct gate_dest *dest)
{
	for (unsigned i = 0; i < t->n; i++) {
		struct contact *c = &t->v[i];
		if (connect_log_same_process(&c->event, ev) && connect_log_same_dest(c, ev, dest))
			return c;
	}
	return NULL;
}

static bool connect_log_copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

/* Copy the event.  Its strings belong to the caller, so the contact gets its own. */
static bool connect_log_fill(struct contact *c, const struct gate_event *ev)
{
	bool whole = connect_log_copy_text(&c->exe, ev->exe) && connect_log_copy_text(&c->cwd, ev->cwd) &&
		     connect_log_copy_text(&c->path, ev->path) && connect_log_copy_text(&c->ancestry, ev->ancestry) &&
		     ev->address_len <= sizeof c->address;
	if (whole && ev->address)
		memcpy(&c->address, ev->address, ev->address_len);
	c->event = *ev;
	c->event.exe = c->exe;
	c->event.cwd = c->cwd;
	c->event.path = c->path;
	c->event.ancestry = c->ancestry;
	c->event.address = (const struct sockaddr *)&c->address;
	return whole;
}

void connect_log_put(struct connect_log *t, const struct gate_event *ev, const struct gate_dest *dest,
		     enum contact_verdict v)
{
	struct contact new = {.verdict = v, .reports = 1, .reported = loop_now()};
	if (!t->workers) /* the session is ending */
		return;
	if (!t->v && !(t->v = calloc(CONNECT_LOG_MAX, sizeof *t->v)))
		return;
	if (!connect_log_fill(&new, ev)) {
		connect_log_clear(&new);
		return;
	}
	new.dest = *dest;
	struct contact *c = &t->v[t->next];
	if (c->attempts)
		connect_log_report(t, c, loop_now());
	connect_log_clear(c);
	*c = new;
	c->event.address = (const struct sockaddr *)&c->address;
	t->next = (t->next + 1) % CONNECT_LOG_MAX;
	t->n += t->n < CONNECT_LOG_MAX;
}

void connect_log_forget_yes(struct connect_log *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		struct contact *c = &t->v[i];
		if (c->verdict != CONTACT_PASSED)
			continue;
		if (c->attempts)
			connect_log_report(t, c, loop_now());
		connect_log_clear(c); /* of no process: it is never found */
	}
}

void connect_log_count(struct connect_log *t, struct contact *c)
{
	c->attempts++;
	if (!t->due.at)
		timer_set(t->loop, &t->due, SECOND_MS);
}
