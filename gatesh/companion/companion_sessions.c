/* SPDX-License-Identifier: BSD-2-Clause */
/* companion_sessions.c - finds sessions, connects to them and follows their open questions. */
#include "companion/companion.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "front/front_proto.h"

enum { RESCAN_MS = 1000, EAGER_MS = 10, EAGER_LOOKS = 30, SETTLE_MS = 1000 };

/* Print it for the person, unless a script is running. */
static void sessions_tell(struct companion *c, const struct strbuf *b)
{
	if (c->interactive && !b->err && b->s)
		console_print(c, b->s);
}

static void sessions_tell_about(struct link *l, const char *what, const char *more)
{
	cleanup_strbuf struct strbuf b = {0};
	strbuf_printf(&b, "session %s: %s%s\n", l->id, what, more);
	sessions_tell(l->c, &b);
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static struct waiting **sessions_find(struct link *l, unsigned id)
{
	struct waiting **p = &l->c->questions;
	while (*p && ((*p)->link != l || (*p)->id != id))
		p = &(*p)->next;
	return p;
}

static void sessions_forget(struct waiting **p)
{
	struct waiting *w = *p;
	*p = w->next;
	json_decref(w->q);
	free(w);
}

static bool sessions_rings(const json_t *q)
{
	const json_t *rule = json_array_get(json_object_get(q, "rules"), 0);
	const char *severity = json_string_value(json_object_get(rule, "severity"));
	return severity && (!strcmp(severity, "danger") || !strcmp(severity, "critical"));
}

/* Add a new question, or update one that got a preview or other askers. */
static void sessions_update(struct link *l, json_t *q)
{
	struct companion *c = l->c;
	unsigned id = (unsigned)json_integer_value(json_object_get(q, "id"));
	struct waiting **p = sessions_find(l, id), *w = *p;
	if (w) {
		json_decref(w->q);
		w->q = json_incref(q);
		w->told = loop_now();
		return;
	}
	*p = w = calloc(1, sizeof *w);
	if (!w)
		return; /* no memory: it stays open for the other front ends */
	*w = (struct waiting){.number = ++c->last_number, .id = id, .link = l, .told = loop_now()};
	w->q = json_incref(q);
	cleanup_strbuf struct strbuf b = {0};
	show_opened(c, w, &b);
	if (sessions_rings(q))
		strbuf_putc(&b, '\a');
	sessions_tell(c, &b);
}

static void sessions_closed(struct link *l, const json_t *event)
{
	struct waiting **p = sessions_find(l, (unsigned)json_integer_value(json_object_get(event, "id")));
	cleanup_strbuf struct strbuf b = {0};
	if (!*p)
		return;
	if (!(*p)->answered)
		show_closed(l->c, *p, event, &b);
	sessions_forget(p);
	if (b.len)
		sessions_tell(l->c, &b);
}

/* --- the connection ----------------------------------------------------------------------------------------------- */

static void sessions_hang_up(struct link *l)
{
	if (l->source.fd < 0)
		return;
	loop_unwatch(&l->c->loop, &l->source);
	close(l->source.fd);
	l->source.fd = -1;
}

static void sessions_drop(struct link *l)
{
	struct companion *c = l->c;
	struct link **p = &c->links;
	sessions_hang_up(l);
	for (struct waiting **q = &c->questions; *q;) {
		if ((*q)->link == l)
			sessions_forget(q);
		else
			q = &(*q)->next;
	}
	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
	strbuf_free(&l->in);
	free(l->agent);
	free(l->cwd);
	free(l->command);
	free(l);
}

/* `who` is l->frozen or l->paused. */
static void sessions_set_by(char who[64], const char *by)
{
	snprintf(who, 64, "%.63s", by ? by : "");
}

static void sessions_event(struct link *l, const char *name, json_t *o)
{
	const char *by = json_string_value(json_object_get(o, "by"));
	if (!strcmp(name, "question")) {
		sessions_update(l, json_object_get(o, "question"));
	} else if (!strcmp(name, "closed")) {
		sessions_closed(l, o);
	} else if (!strcmp(name, "frozen") || !strcmp(name, "thawed")) {
		sessions_set_by(l->frozen, !strcmp(name, "frozen") ? by : "");
		if (by && strcmp(by, l->c->by))
			sessions_tell_about(l, !strcmp(name, "frozen") ? "frozen by " : "thawed by ", by);
	} else if (by && (!strcmp(name, "paused") || !strcmp(name, "resumed"))) {
		sessions_set_by(l->paused, !strcmp(name, "paused") ? by : "");
		if (strcmp(by, l->c->by))
			sessions_tell_about(l, !strcmp(name, "paused") ? "paused by " : "the pause is over: ", by);
	}
}

/* Handle the reply to "subscribe". */
static void sessions_list(struct link *l, json_t *o)
{
	size_t i;
	json_t *q;
	const char *error = json_string_value(json_object_get(o, "error"));
	if (error) {
		sessions_tell_about(l, error, "");
		sessions_hang_up(l);
		return;
	}
	sessions_set_by(l->frozen, json_string_value(json_object_get(o, "frozen")));
	sessions_set_by(l->paused, json_string_value(json_object_get(o, "paused")));
	json_array_foreach(json_object_get(o, "questions"), i, q) sessions_update(l, q);
}

static void sessions_line(struct link *l, const char *text, size_t n)
{
	json_t *o = json_loadb(text, n, 0, NULL);
	const char *name = json_string_value(json_object_get(o, "event"));
	if (name)
		sessions_event(l, name, o);
	else if (o && !l->listed)
		sessions_list(l, o);
	l->listed = l->listed || !name;
	json_decref(o);
}

/* Handle the lines that have come in; false if the session has ended and `l` is freed. */
static bool sessions_receive(struct link *l)
{
	char buf[16 << 10];
	ssize_t n = recv(l->source.fd, buf, sizeof buf, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n > 0)
		strbuf_put(&l->in, buf, (size_t)n);
	if (n <= 0 || l->in.err) {
		sessions_tell_about(l, "ended", "");
		sessions_drop(l);
		return false;
	}
	for (char *nl; l->in.len && (nl = memchr(l->in.s, '\n', l->in.len));) {
		size_t len = (size_t)(nl - l->in.s);
		sessions_line(l, l->in.s, len);
		memmove(l->in.s, nl + 1, l->in.len - len - 1);
		l->in.len -= len + 1;
	}
	return true;
}

static void sessions_ready(struct watch *w, uint32_t events)
{
	sessions_receive(w->data);
}

/* Connect and subscribe.  0 or a negative errno. */
static int sessions_attach(struct link *l)
{
	static const char subscribe[] = "{\"op\":\"subscribe\"}\n";
	struct sockaddr_un addr;
	socklen_t len = front_address(&addr, geteuid(), l->id);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	l->source = (struct watch){.fd = fd, .events = EPOLLIN, .ready = sessions_ready, .data = l};
	if (fd < 0)
		return -errno;
	int err = connect(fd, (struct sockaddr *)&addr, len) ? -errno : 0;
	if (!err && send(fd, subscribe, sizeof subscribe - 1, MSG_NOSIGNAL) != (ssize_t)sizeof subscribe - 1)
		err = -EIO;
	if (!err)
		err = loop_watch(&l->c->loop, &l->source);
	if (err)
		sessions_hang_up(l);
	return err;
}

static void sessions_come(struct companion *c, const struct session_info *info)
{
	struct link *l = calloc(1, sizeof *l), **end = &c->links;
	if (!l)
		return; /* no memory: the next scan tries again */
	*l = (struct link){.c = c, .seen = true};
	memcpy(l->id, info->id, sizeof l->id);
	l->agent = strdup(info->agent);
	l->cwd = strdup(info->cwd);
	l->command = strdup(info->command);
	while (*end)
		end = &(*end)->next;
	*end = l;
	int err = l->agent && l->cwd && l->command ? sessions_attach(l) : -ENOMEM;
	if (err == -EPERM)
		sessions_tell_about(l, "a process inside a session cannot answer", "");
	else if (err)
		sessions_drop(l); /* it is just starting or ending, or too busy */
}

/* --- scanning ----------------------------------------------------------------------------------------------------- */

static void sessions_look(struct companion *c)
{
	struct session_info *v;
	int n = session_dir_list(&v);
	for (struct link *l = c->links; l; l = l->next)
		l->seen = false;
	for (int i = 0; i < n; i++) {
		struct link *l = c->links;
		while (l && strcmp(l->id, v[i].id))
			l = l->next;
		if (l)
			l->seen = true;
		else
			sessions_come(c, &v[i]);
	}
	for (struct link *l = c->links, *next; l; l = next) {
		next = l->next;
		if (!l->seen && l->source.fd < 0 && n >= 0)
			sessions_drop(l); /* a connected one reports its end itself */
	}
	session_info_free(v, n);
	if (c->notify.fd >= 0)
		session_dir_watch(c->notify.fd);
}

static void sessions_rescan(struct timer *t)
{
	struct companion *c = t->data;
	sessions_look(c);
	timer_set(&c->loop, t, c->eager ? EAGER_MS : RESCAN_MS);
	c->eager -= c->eager > 0;
}

/* Something was created in the sessions' directory: scan quickly until a new session announces itself. */
static void sessions_noticed(struct watch *w, uint32_t events)
{
	struct companion *c = w->data;
	char buf[4096];
	while (read(w->fd, buf, sizeof buf) > 0)
		;
	c->eager = EAGER_LOOKS;
	timer_set(&c->loop, &c->rescan, 0);
}

int sessions_start(struct companion *c)
{
	c->rescan = (struct timer){.expired = sessions_rescan, .data = c};
	c->notify = (struct watch){.events = EPOLLIN, .ready = sessions_noticed, .data = c};
	c->notify.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK); /* without it, the scan runs once a second */
	int err = c->notify.fd >= 0 ? loop_watch(&c->loop, &c->notify) : 0;
	timer_set(&c->loop, &c->rescan, 0);
	return err;
}

void sessions_stop(struct companion *c)
{
	while (c->links)
		sessions_drop(c->links);
	timer_clear(&c->loop, &c->rescan);
	if (c->notify.fd >= 0)
		close(c->notify.fd);
	c->notify.fd = -1;
}

void sessions_settle(struct companion *c)
{
	uint64_t until = loop_now() + SETTLE_MS;
	sessions_look(c);
	for (struct link *l = c->links, *next; l; l = next) {
		bool there = l->source.fd >= 0;
		next = l->next;
		while (there && !l->listed && l->source.fd >= 0 && loop_now() < until) {
			struct pollfd p = {.fd = l->source.fd, .events = POLLIN};
			if (poll(&p, 1, (int)(until - loop_now())) > 0)
				there = sessions_receive(l);
		}
		for (int n = 1; there && l->source.fd >= 0 && n > 0;) {
			struct pollfd p = {.fd = l->source.fd, .events = POLLIN};
			n = poll(&p, 1, 0);
			there = n <= 0 || sessions_receive(l);
		}
	}
}
