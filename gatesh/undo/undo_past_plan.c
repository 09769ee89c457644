/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_past_plan.c - plays back every record since a time: those that are true by the disk, and those of moves and of what an undo has
 * taken back, whose truth shows in the tree of their time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "undo/undo_past.h"
#include "undo/undo_plan_parts.h"

struct past_records {
	const struct store_records **v; /* owned */
	struct store_records *others;   /* owned: of those that records_load() does not list */
	size_t n, nothers;
};

static bool undo_past_plan_wanted(const struct store_put_record *r, const struct undo_choice *c)
{
	return r->path && (long long)r->time.tv_sec * 1000 + r->time.tv_nsec / 1000000 >= c->since_ms;
}

static bool undo_past_plan_is_move(const struct store_put_record *r)
{
	return r->other && (r->op == STORE_OP_MOVED || r->op == STORE_OP_PLACED || r->op == STORE_OP_EXCHANGED ||
			    r->op == STORE_OP_REPLACED || r->op == STORE_OP_NAME || r->op == STORE_OP_DIRECTORY);
}

/* The facts since the time. */
struct past_since {
	bool moved;                                    /* something of a session's did */
	const struct store_put_record *session, *undo; /* the newest of each */
};

static void undo_past_plan_since(struct past_since *f, const struct kept_session *s, const struct undo_choice *c)
{
	bool is_session = s->entry->kind == STORE_SESSION;
	const struct store_put_record **newest = is_session ? &f->session : &f->undo;
	for (size_t k = 0; k < STORE_COUNT_MAX; k++)
		for (size_t n = 0; n < s->journals[k].n; n++) {
			const struct store_put_record *r = &s->journals[k].v[n];
			if (!undo_past_plan_wanted(r, c))
				continue;
			f->moved |= is_session && undo_past_plan_is_move(r);
			if (!*newest || store_moves_order(*newest, r) < 0)
				*newest = r;
		}
}

bool undo_past_matters(const struct kept_list *l, const struct undo_choice *c)
{
	struct past_since f = {0};
	if (!c->since_ms || c->npaths || c->command || c->redo)
		return false;
	for (size_t i = 0; i < l->nsessions; i++)
		undo_past_plan_since(&f, &l->sessions[i], c);
	return f.undo ? !f.session || store_moves_order(f.session, f.undo) < 0 : f.moved;
}

static int undo_past_plan_newest(const void *a, const void *b)
{
	return store_moves_order((*(const struct store_records *const *)b)->r,
				 (*(const struct store_records *const *)a)->r);
}

/* Does it say something though the disk does not agree, or though it has no object? */
static bool undo_past_plan_is_telling(const struct store_put_record *r)
{
	return r->op != STORE_OP_GUARDED && r->op != STORE_OP_UNKEPT;
}

/* Add the records of one session's journal that the list does not have; `listed` is a byte for each. */
static void undo_past_plan_others(struct past_records *p, const struct kept_session *s, size_t store,
				  const char *listed, const struct undo_choice *c)
{
	const struct journal *j = &s->journals[store];
	for (size_t n = 0; n < j->n; n++)
		if (!listed[n] && undo_past_plan_wanted(&j->v[n], c) && undo_past_plan_is_telling(&j->v[n]))
			p->others[p->nothers++] =
				(struct store_records){.r = &j->v[n], .session = s, .store = s->entry->stores[store]};
}

/* Mark the records of a journal that are in the list. */
static void undo_past_plan_mark(const struct kept_list *l, const struct journal *j, char *listed)
{
	memset(listed, 0, j->n);
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].r >= j->v && l->v[i].r < j->v + j->n)
			listed[l->v[i].r - j->v] = 1;
}

static size_t undo_past_plan_records(const struct kept_list *l)
{
	size_t n = 0;
	for (size_t i = 0; i < l->nsessions; i++)
		for (size_t k = 0; k < STORE_COUNT_MAX; k++)
			n += l->sessions[i].journals[k].n;
	return n;
}

/* All records, the newest first. */
static int undo_past_plan_gather(struct past_records *p, const struct kept_list *l, const struct undo_choice *c)
{
	size_t all = undo_past_plan_records(l);
	char *listed = malloc(all + 1);
	*p = (struct past_records){.v = malloc((all + 1) * sizeof *p->v),
				   .others = malloc((all - l->n + 1) * sizeof *p->others)};
	int err = listed && p->v && p->others ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < l->nsessions; i++)
		for (size_t k = 0; l->sessions[i].entry->stores[k]; k++) {
			undo_past_plan_mark(l, &l->sessions[i].journals[k], listed);
			undo_past_plan_others(p, &l->sessions[i], k, listed, c);
		}
	for (size_t i = 0; !err && i < l->n; i++)
		if (undo_past_plan_wanted(l->v[i].r, c))
			p->v[p->n++] = &l->v[i];
	for (size_t i = 0; !err && i < p->nothers; i++)
		p->v[p->n++] = &p->others[i];
	if (!err && p->n)
		qsort(p->v, p->n, sizeof *p->v, undo_past_plan_newest);
	free(listed);
	return err;
}

int undo_past_plan(struct undo_plan *plan, const struct kept_list *l, const struct undo_choice *c)
{
	struct past_records records;
	struct past p = {.fd = -1};
	int err = undo_past_plan_gather(&records, l, c);
	if (!err)
		err = past_open(&p);
	for (size_t i = 0; !err && i < records.n; i++) {
		past_play(&p, records.v[i]);
		err = p.err;
	}
	if (!err)
		past_settle(&p);
	if (!err)
		err = past_items(&p, plan);
	past_close(&p);
	free(records.v);
	return undo_plan_own(plan, records.others) ? -ENOMEM : err;
}
