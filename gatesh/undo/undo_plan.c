/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan.c - selects records and sorts the items that come of them. */
#include "undo/undo_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "undo/undo_origin.h"
#include "undo/undo_past.h"
#include "undo/undo_plan_parts.h"
#include "util/pathwalk.h"

enum { PLAN_MANY = 1 << 16 }; /* items, from which on memory grows in smaller steps */

/* The newest undo that did something. */
static const struct kept_session *undo_plan_last_undo(const struct kept_list *l)
{
	const struct kept_session *last = NULL;
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].session->entry->kind == STORE_UNDO)
			last = l->v[i].session;
	return last;
}

static bool undo_plan_wanted(const struct store_records *k, const struct undo_choice *c,
			     const struct kept_session *undone)
{
	if (c->redo)
		return k->session == undone;
	if (c->command && (k->command != c->command || strcmp(k->session->entry->name, c->session)))
		return false;
	if (!c->command && k->session->entry->kind == STORE_UNDO)
		return false;
	return !c->since_ms || (long long)k->r->time.tv_sec * 1000 + k->r->time.tv_nsec / 1000000 >= c->since_ms;
}

struct undo_item *undo_plan_add(struct undo_plan *p, const struct store_records *k, enum undo_act act, const char *path)
{
	if (p->n == p->room) {
		size_t room = p->room < PLAN_MANY ? p->room * 2 + 256 : p->room + p->room / 4;
		struct undo_item *v = reallocarray(p->v, room, sizeof *v);
		if (!v)
			return NULL;
		p->v = v;
		p->room = room;
	}
	p->moves |= act == UNDO_EXCHANGE || act == UNDO_MOVE || act == UNDO_ASIDE || act == UNDO_LINK;
	p->v[p->n] = (struct undo_item){.k = k, .act = act, .path = path};
	return &p->v[p->n++];
}

int undo_plan_own(struct undo_plan *p, void *v)
{
	if (!v)
		return 0;
	if (p->nmade == p->made_room) {
		size_t room = p->made_room ? p->made_room * 2 : 64;
		void **made = reallocarray(p->made, room, sizeof *made);
		if (!made) {
			free(v);
			return -ENOMEM;
		}
		p->made = made;
		p->made_room = room;
	}
	p->made[p->nmade++] = v;
	return 0;
}

/* Select the records, each with its place. */
static int undo_plan_select(struct undo_plan *p, const struct kept_list *l, const struct undo_choice *c,
			    struct placed *v, size_t *n)
{
	const struct kept_session *undone = c->redo ? undo_plan_last_undo(l) : NULL;
	int err = 0;
	for (size_t i = 0; !err && i < l->n; i++) {
		char *owned;
		if (!undo_plan_wanted(&l->v[i], c, undone))
			continue;
		v[*n] = (struct placed){.k = &l->v[i]};
		err = undo_origin_find(&l->v[i], c, &v[*n].place, &owned);
		*n += v[*n].place != NULL;
		if (owned)
			p->places[p->nplaces++] = owned;
	}
	return err;
}

/* Sort by place, then by time.  Within a session the list is in order of time already. */
static int undo_plan_by_place(const void *a, const void *b)
{
	const struct placed *one = a, *other = b;
	const struct store_records *x = one->k, *y = other->k;
	int c = strcmp(one->place, other->place);
	if (c)
		return c;
	if (x->session == y->session)
		return x < y ? -1 : x > y;
	if (x->r->time.tv_sec != y->r->time.tv_sec)
		return x->r->time.tv_sec < y->r->time.tv_sec ? -1 : 1;
	return x->r->time.tv_nsec < y->r->time.tv_nsec ? -1 : x->r->time.tv_nsec > y->r->time.tv_nsec;
}

static bool undo_plan_has(const struct undo_plan *p, const char *path)
{
	size_t i = 0;
	while (i < p->n && strcmp(p->v[i].path, path))
		i++;
	return i < p->n;
}

/* A database that was written in place: what the session left beside it belongs to its later state, and SQLite would
 * apply it to the earlier one. */
static int undo_plan_companions(struct undo_plan *p, size_t at)
{
	static const char *const suffixes[] = {"-wal", "-journal", "-shm"};
	struct stat st;
	int err = 0;
	if (p->v[at].act != UNDO_PUT || p->v[at].k->r->op != STORE_OP_WRITTEN)
		return 0;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && !err; i++) {
		char *path = NULL;
		if (asprintf(&path, "%s%s", p->v[at].path, suffixes[i]) < 0)
			return -ENOMEM;
		bool there = !pathwalk_stat(path, &st) && S_ISREG(st.st_mode) && !undo_plan_has(p, path);
		struct undo_item *item = there ? undo_plan_add(p, p->v[at].k, UNDO_AWAY, path) : NULL;
		err = there && !item ? -ENOMEM : 0;
		if (item)
			item->owned = path;
		else
			free(path);
	}
	return err;
}

static size_t undo_plan_depth(const char *path)
{
	size_t n = 0;
	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* Sort in the order of enum undo_act.  Directories are made top-down and removed bottom-up. */
static int undo_plan_by_order(const void *a, const void *b)
{
	const struct undo_item *x = a, *y = b;
	if (x->act != y->act)
		return (int)x->act - (int)y->act;
	if (x->act == UNDO_ASIDE)
		return x->order < y->order ? -1 : x->order > y->order;
	size_t dx = undo_plan_depth(x->path), dy = undo_plan_depth(y->path);
	if (dx != dy && (x->act == UNDO_MKDIR || x->act == UNDO_REMOVE))
		return (dx < dy) == (x->act == UNDO_MKDIR) ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* Plan for the selected records, place by place. */
static int undo_plan_places(struct undo_plan *p, struct placed *v, size_t n, const struct undo_choice *c)
{
	int err = 0;
	if (n)
		qsort(v, n, sizeof *v, undo_plan_by_place);
	for (size_t i = 0, end; !err && i < n; i = end) {
		for (end = i + 1; end < n && !strcmp(v[end].place, v[i].place);)
			end++;
		err = undo_plan_place(p, v + i, end - i, c);
	}
	return err;
}

/* The steps of a computed past are in order; what is newer than a database goes first. */
static int undo_plan_from_past(struct undo_plan *p, const struct kept_list *l, const struct undo_choice *c)
{
	int err = undo_past_plan(p, l, c);
	size_t items = p->n;
	for (size_t i = 0; !err && i < items; i++)
		err = undo_plan_companions(p, i);
	for (size_t i = items; !err && i < p->n; i++) {
		struct undo_item away = p->v[i];
		memmove(p->v + 1, p->v, i * sizeof *p->v);
		p->v[0] = away;
	}
	for (size_t i = 0; !err && i < p->n; i++)
		undo_plan_check(p, &p->v[i]);
	if (err)
		undo_plan_free(p);
	return err;
}

int undo_plan_make(struct undo_plan *p, const struct kept_list *l, const struct undo_choice *c)
{
	if (undo_past_matters(l, c)) {
		*p = (struct undo_plan){.since_ms = c->since_ms};
		return undo_plan_from_past(p, l, c);
	}
	struct placed *v = malloc((l->n + 1) * sizeof *v);
	size_t n = 0;
	*p = (struct undo_plan){.places = malloc((l->n + 1) * sizeof *p->places), .since_ms = c->since_ms};
	int err = v && p->places ? undo_plan_select(p, l, c, v, &n) : -ENOMEM;
	if (!err)
		err = undo_plan_places(p, v, n, c);
	if (!err && p->since_ms)
		err = undo_plan_follow(p);
	free(v);
	for (size_t i = 0, items = p->n; !err && i < items; i++)
		err = undo_plan_companions(p, i);
	if (!err && p->n)
		qsort(p->v, p->n, sizeof *p->v, undo_plan_by_order);
	for (size_t i = 0; !err && i < p->n; i++)
		undo_plan_look(p, &p->v[i]);
	if (err)
		undo_plan_free(p);
	return err;
}

void undo_plan_free(struct undo_plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].owned);
	for (size_t i = 0; i < p->nplaces; i++)
		free(p->places[i]);
	for (size_t i = 0; i < p->nmade; i++)
		free(p->made[i]);
	free(p->made);
	free(p->v);
	free(p->places);
	free(p->asides);
	*p = (struct undo_plan){0};
}
