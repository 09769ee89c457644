/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_drive.c - the relay without its sockets. */
#include "support/protocol_drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct window {
	char *bytes; /* of its own size, so that a sanitizer sees a step outside */
	size_t n;
	uint64_t skip;
	bool drops;
};

static void check(bool is_so)
{
	if (!is_so)
		abort();
}

static void put(char *to, size_t size, size_t *n, const char *from, size_t len)
{
	for (size_t i = 0; i < len && *n < size; i++)
		to[(*n)++] = from[i];
}

static void within(const struct window *w, struct protocol_text t)
{
	check(!t.n || (t.at >= w->bytes && t.at + t.n <= w->bytes + w->n));
}

static void take(struct drive *d, struct window *w)
{
	size_t k = w->skip < w->n ? (size_t)w->skip : w->n;
	if (!w->drops)
		put(d->to_server, sizeof d->to_server, &d->nserver, w->bytes, k);
	memmove(w->bytes, w->bytes + k, w->n - k);
	w->n -= k;
	w->skip -= w->skip == UINT64_MAX ? 0 : k;
	w->drops &= w->skip > 0;
}

static void say(struct drive *d, const struct protocol_statement *s)
{
	bool cut = false;
	size_t n = strlen(d->said);
	char *body = malloc(s->body.n + 1), *command = malloc(1 << 17);
	check(body && command);
	protocol_copy_body(s, body);
	if (s->kind == PROTOCOL_HTTP)
		snprintf(d->said + n, sizeof d->said - n, "%.*s %.*s%.*s%s%s%s\n", (int)s->method.n, s->method.at,
			 (int)s->host.n, s->host.n ? s->host.at : "", (int)s->path.n, s->path.at, *body ? " " : "",
			 body, s->whole ? "" : " ...");
	else if (s->kind == PROTOCOL_RESP && protocol_copy_command(s, command, 1 << 17) < 1 << 17)
		snprintf(d->said + n, sizeof d->said - n, "%.200s%s\n", command, s->whole ? "" : " ...");
	else if (s->kind == PROTOCOL_MONGODB && protocol_copy_mongodb(s, command, 1 << 17, &cut) < 1 << 17)
		snprintf(d->said + n, sizeof d->said - n, "%.200s%s\n", command, s->whole && !cut ? "" : " ...");
	else
		snprintf(d->said + n, sizeof d->said - n, "%s%.*s%s\n", s->prepares ? "prepare " : "",
			 s->text.n > 200 ? 200 : (int)s->text.n, s->text.at, s->whole ? "" : " ...");
	free(body);
	free(command);
}

static void judge(struct drive *d, struct window *w, const struct protocol_found *f)
{
	struct protocol_refusal r;
	d->judged++;
	within(w, f->statement.text);
	within(w, f->statement.name);
	within(w, f->statement.method);
	within(w, f->statement.path);
	within(w, f->statement.host);
	within(w, f->statement.body);
	say(d, &f->statement);
	protocol_refuse(&f->statement, "gate: refused: t.rule: it isn't \"kept\" (\\$1)", &r);
	check(r.nserver < sizeof r.server && r.nclient < sizeof r.client && (r.ends || r.nserver));
	if (!d->refuses)
		return;
	d->refused++;
	d->ended = r.ends;
	put(d->to_server, sizeof d->to_server, &d->nserver, r.server, r.nserver);
	put(d->to_client, sizeof d->to_client, &d->nclient, r.client, r.nclient);
	w->drops = true;
}

static bool step(struct drive *d, struct window *w, enum protocol_lack lack)
{
	struct protocol_found f;
	char *exact = malloc(w->n); /* the parser reads nothing behind it */
	check(exact != NULL);
	memcpy(exact, w->bytes, w->n);
	free(w->bytes);
	w->bytes = exact;
	enum protocol_step ret = protocol_parse(&d->protocol, w->bytes, w->n, lack, &f);
	if (ret == PROTOCOL_MORE)
		return false;
	check(f.n > 0);
	if (ret == PROTOCOL_JUDGE)
		judge(d, w, &f);
	if (ret == PROTOCOL_REPLY)
		put(d->to_client, sizeof d->to_client, &d->nclient, f.reply.at, f.reply.n);
	w->drops |= ret == PROTOCOL_REPLY;
	w->skip = f.n;
	return true;
}

void drive(struct drive *d, const void *bytes, size_t n, size_t piece)
{
	struct window w = {0};
	const char *at = bytes;
	while (n && !d->ended) {
		size_t k = piece < n ? piece : n;
		k = k < PROTOCOL_WINDOW - w.n ? k : PROTOCOL_WINDOW - w.n;
		char *more = realloc(w.bytes, w.n + k);
		check(k && more);
		memcpy(more + w.n, at, k);
		w.bytes = more;
		w.n += k, at += k, n -= k;
		for (;;) {
			if (w.skip)
				take(d, &w);
			if (!w.n || d->ended || !step(d, &w, w.n == PROTOCOL_WINDOW ? PROTOCOL_FULL : PROTOCOL_EARLY))
				break;
		}
	}
	free(w.bytes);
}
