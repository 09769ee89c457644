/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_unkept.c - finds the files that were written unkept beside those that come back. */
#include "undo/undo_unkept.h"

#include <stdio.h>
#include <string.h>

#include "util/out.h"
#include "util/size_text.h"

/* Call each() for the session's files that were written unkept, until it returns false. */
static void unkept_each(const struct kept_session *s, bool (*each)(const struct store_put_record *r, void *data),
			void *data)
{
	for (size_t k = 0; k < STORE_COUNT_MAX; k++)
		for (size_t i = 0; i < s->journals[k].n; i++) {
			const struct store_put_record *r = &s->journals[k].v[i];
			if (r->op == STORE_OP_UNKEPT && r->path && !each(r, data))
				return;
		}
}

static bool unkept_any(const struct store_put_record *r, void *data)
{
	*(bool *)data = true;
	return false;
}

static bool unkept_is_in(const struct kept_session *s)
{
	bool any = false;
	unkept_each(s, unkept_any, &any);
	return any;
}

/* --- a log without its database ------------------------------------------------------------------------------------ */

struct database {
	const char *log;
	size_t n; /* bytes of the database's path, with which `log` begins */
	bool unkept;
};

static bool unkept_is_database(const struct store_put_record *r, void *data)
{
	struct database *d = data;
	d->unkept = strlen(r->path) == d->n && !strncmp(r->path, d->log, d->n);
	return !d->unkept;
}

static bool unkept_has_lost_database(const struct undo_item *i)
{
	static const char *const suffixes[] = {"-wal", "-journal", "-shm"};
	struct database d = {.log = i->path};
	size_t len = strlen(i->path);
	for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes && !d.unkept; k++) {
		size_t n = strlen(suffixes[k]);
		if (len <= n || strcmp(i->path + len - n, suffixes[k]))
			continue;
		d.n = len - n;
		unkept_each(i->k->session, unkept_is_database, &d);
	}
	return d.unkept;
}

void undo_unkept_settle(struct undo_plan *p, const struct kept_list *l)
{
	bool any = false;
	for (size_t i = 0; i < l->nsessions && !any; i++)
		any = unkept_is_in(&l->sessions[i]);
	for (size_t i = 0; any && i < p->n; i++) {
		struct undo_item *item = &p->v[i];
		if (item->act != UNDO_PUT || item->cannot || !unkept_has_lost_database(item))
			continue;
		item->cannot = "its database was written in place and is not kept";
		p->able--;
	}
}

/* --- files of one program ------------------------------------------------------------------------------------------ */

struct others {
	const char *program;
	const struct store_put_record *first;
	size_t more;
};

static bool unkept_count(const struct store_put_record *r, void *data)
{
	struct others *o = data;
	if (strcmp(r->comm, o->program))
		return true;
	o->more += o->first != NULL;
	o->first = o->first ? o->first : r;
	return true;
}

static void unkept_say(const struct others *o)
{
	char size[SIZE_TEXT_MAX];
	size_text(o->first->size, size);
	fputs("gatesh: undo: ", stderr);
	out_text(stderr, o->program);
	fputs(" also wrote ", stderr);
	out_text(stderr, o->first->path);
	fprintf(stderr, " (%s)", size);
	if (o->more)
		fprintf(stderr, " and %zu more", o->more);
	fputs(" in place, which can't come back: what does may not fit it\n", stderr);
}

/* The first item of those that the same program of the same session wrote in place. */
static bool unkept_is_first(const struct undo_plan *p, size_t at)
{
	const struct store_records *k = p->v[at].k;
	for (size_t i = 0; i < at; i++)
		if (p->v[i].k->session == k->session && p->v[i].k->r->op == STORE_OP_WRITTEN &&
		    !strcmp(p->v[i].k->r->comm, k->r->comm))
			return false;
	return k->r->op == STORE_OP_WRITTEN;
}

void undo_unkept_report(const struct undo_plan *p, const struct kept_list *l)
{
	for (size_t s = 0; s < l->nsessions; s++) {
		if (!unkept_is_in(&l->sessions[s]))
			continue;
		for (size_t i = 0; i < p->n; i++) {
			struct others o = {.program = p->v[i].k->r->comm};
			if (p->v[i].k->session != &l->sessions[s] || !unkept_is_first(p, i))
				continue;
			unkept_each(&l->sessions[s], unkept_count, &o);
			if (o.first)
				unkept_say(&o);
		}
	}
}
