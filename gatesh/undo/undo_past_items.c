/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_past_items.c - the steps that bring each name from where it is to where it belongs.  They are played over the places of now,
 * so that each one is given as the paths that hold when its turn comes. */
#include "undo/undo_past.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "undo/undo_plan_parts.h"
#include "util/pathwalk.h"

struct past_steps {
	struct past *p;
	struct undo_plan *plan;
	unsigned between; /* names between two places */
};

/* Add an item for a place; *path: the record's, if it is the same one. */
static struct undo_item *undo_past_items_add(struct past_steps *s, const struct store_records *k, enum undo_act act,
					     struct past_place at)
{
	char *path = past_path(s->p, PAST_NOW, at);
	struct undo_item *i = path && k ? undo_plan_add(s->plan, k, act, k->r->path) : NULL;
	if (i && strcmp(path, k->r->path)) {
		i->path = i->owned = path;
		return i;
	}
	free(path);
	if (!i && k && s->p->err == 0)
		s->p->err = path ? -ENOMEM : 0;
	return i;
}

/* --- moves ---------------------------------------------------------------------------------------------------------- */

/* The plan's own record of a move back, which tells what moves. */
struct past_made {
	struct store_records k;
	struct store_put_record r;
};

static const struct store_records *undo_past_items_record(struct past_steps *s, uint32_t name, char *from, char *to)
{
	const struct past_file *f = &s->p->files[s->p->names[name].file];
	const struct store_records *k = s->p->names[name].moved;
	struct past_made *made = from && to && k ? malloc(sizeof *made) : NULL;
	int err = undo_plan_own(s->plan, from);
	if (undo_plan_own(s->plan, to) || undo_plan_own(s->plan, made))
		err = -ENOMEM;
	if (!made || err) {
		s->p->err = from && to && k ? -ENOMEM : err;
		return NULL;
	}
	*made = (struct past_made){.k = *k, .r = *k->r};
	made->r.op = STORE_OP_MOVED;
	made->r.id = NULL;
	made->r.dev = f->dev;
	made->r.ino = f->ino;
	made->r.mode = f->mode;
	made->r.path = to;
	made->r.other = from;
	made->k.r = &made->r;
	return &made->k;
}

static struct undo_item *undo_past_items_move(struct past_steps *s, uint32_t name, enum undo_act act,
					      struct past_place to)
{
	char *from = past_path(s->p, PAST_NOW, s->p->names[name].at[PAST_NOW]), *path = past_path(s->p, PAST_NOW, to);
	const struct store_records *k = undo_past_items_record(s, name, from, path);
	struct undo_item *i = k ? undo_plan_add(s->plan, k, act, path) : NULL;
	if (i)
		i->from = from;
	past_put(s->p, name, PAST_NOW, to);
	return i;
}

/* Move a name out of the way of others, next to where it is, until its own place is free. */
static void undo_past_items_step_aside(struct past_steps *s, uint32_t name)
{
	char *text = NULL;
	struct past_place at = s->p->names[name].at[PAST_NOW];
	if (!at.dir || asprintf(&text, ".gate-undo-move-%u", ++s->between) < 0 || undo_plan_own(s->plan, text))
		return;
	at.name = text;
	at.len = (uint32_t)strlen(text);
	struct undo_item *i = undo_past_items_move(s, name, UNDO_ASIDE, at);
	if (i)
		i->between = true;
}

/* Do two names change places?  One call does that, unless one of them is in the other. */
static bool undo_past_items_exchange(struct past_steps *s, uint32_t name, uint32_t other)
{
	struct past_name *a = &s->p->names[name], *b = &s->p->names[other];
	struct past_place x = a->at[PAST_NOW], y = b->at[PAST_NOW];
	if (!x.dir || !b->at[PAST_TARGET].dir || !past_same_place(b->at[PAST_TARGET], x) || b->busy || b->taken ||
	    past_under(s->p, PAST_NOW, x.dir, b->file) || past_under(s->p, PAST_NOW, y.dir, a->file))
		return false;
	past_take(s->p, other, PAST_NOW);
	undo_past_items_move(s, name, UNDO_EXCHANGE, y);
	past_put(s->p, other, PAST_NOW, x);
	b->done = true;
	return true;
}

/* --- what comes back ------------------------------------------------------------------------------------------------ */

/* A name of the file that is there when this step's turn comes. */
static uint32_t undo_past_items_present(const struct past *p, uint32_t file)
{
	uint32_t name = p->files[file].names;
	while (name && !p->names[name].at[PAST_NOW].dir)
		name = p->names[name].next;
	return name;
}

/* Has the file, which was lost, no other name?  Then its first copy can come back in its place. */
static bool undo_past_items_is_single(const struct past *p, uint32_t file)
{
	return !p->names[p->files[file].names].next;
}

static void undo_past_items_link(struct past_steps *s, uint32_t name, uint32_t present)
{
	const struct past_file *f = &s->p->files[s->p->names[name].file];
	const struct store_records *k = s->p->names[name].lost ? s->p->names[name].lost : f->lost;
	struct undo_item *i = undo_past_items_add(s, k, UNDO_LINK, s->p->names[name].at[PAST_TARGET]);
	char *from = i && present ? past_path(s->p, PAST_NOW, s->p->names[present].at[PAST_NOW]) : NULL;
	if (from && !undo_plan_own(s->plan, from))
		i->from = from;
}

static void undo_past_items_back(struct past_steps *s, uint32_t name, bool newer)
{
	uint32_t file = s->p->names[name].file, present = undo_past_items_present(s->p, file);
	struct past_file *f = &s->p->files[file];
	struct past_place at = s->p->names[name].at[PAST_TARGET];
	size_t before = s->plan->n;
	if (present || (!f->lost && !f->content)) {
		if (f->mode && !S_ISDIR(f->mode))
			undo_past_items_link(s, name, present);
	} else if (f->lost && f->lost->r->op == STORE_OP_DIRECTORY) {
		undo_past_items_add(s, f->lost, UNDO_MKDIR, at);
	} else if (!f->lost && s->p->names[name].lost && s->p->names[name].lost->r->op == STORE_OP_NAME) {
		undo_past_items_link(s, name, 0); /* of the file, wherever it is; then it gets its content */
	} else if (f->content && (!f->lost || undo_past_items_is_single(s->p, file))) {
		undo_past_items_add(s, f->content, UNDO_PUT, at);
		f->content = NULL;
	} else {
		undo_past_items_add(s, f->lost, UNDO_PUT, at);
	}
	if (s->plan->n > before)
		s->plan->v[s->plan->n - 1].newer = newer;
	past_put(s->p, name, PAST_NOW, at);
}

/* --- the order ------------------------------------------------------------------------------------------------------ */

static void undo_past_items_settle(struct past_steps *s, uint32_t name);

/* Names that belong elsewhere leave a directory that is about to be kept and replaced. */
static void undo_past_items_empty(struct past_steps *s, uint32_t dir)
{
	for (uint32_t n = 1; n <= s->p->nnames; n++) {
		const struct past_name *m = &s->p->names[n];
		if (!m->at[PAST_NOW].dir || !m->at[PAST_TARGET].dir ||
		    !past_under(s->p, PAST_NOW, m->at[PAST_NOW].dir, dir))
			continue;
		undo_past_items_settle(s, n);
		if (past_under(s->p, PAST_NOW, m->at[PAST_NOW].dir, dir))
			undo_past_items_step_aside(s, n);
	}
}

/* Free the place for a name.  Returns whether what is there has to be kept. */
static bool undo_past_items_free(struct past_steps *s, struct past_place at, uint32_t there)
{
	struct past *p = s->p;
	undo_past_items_settle(s, there);
	if (!past_same_place(p->names[there].at[PAST_NOW], at))
		return false;
	if (p->names[there].at[PAST_TARGET].dir) { /* each waits for the other's place */
		undo_past_items_step_aside(s, there);
		return false;
	}
	if (S_ISDIR(p->files[p->names[there].file].mode))
		undo_past_items_empty(s, p->names[there].file);
	past_take(p, there, PAST_NOW);
	return true;
}

/* Bring the name to its place, after its directory is at its own, and after what is there has left. */
static void undo_past_items_settle(struct past_steps *s, uint32_t name)
{
	struct past *p = s->p;
	struct past_name *n = &p->names[name];
	struct past_place at = n->at[PAST_TARGET];
	if (n->done || n->busy || !at.dir || p->err)
		return;
	uint32_t above = p->files[at.dir].names;
	bool there_already = past_same_place(n->at[PAST_NOW], at);
	n->busy = true;
	undo_past_items_settle(s, above);
	bool waits = above && p->names[above].busy; /* its directory needs the place where it is */
	n->done = there_already && !waits;
	if (waits && !there_already)
		undo_past_items_step_aside(s, name);
	if (waits || n->done) {
		n->busy = false;
		return;
	}
	uint32_t there = past_find(p, PAST_NOW, at);
	if (!there || !undo_past_items_exchange(s, name, there)) {
		bool newer = there && undo_past_items_free(s, at, there);
		if (!n->at[PAST_NOW].dir) {
			undo_past_items_back(s, name, newer);
		} else {
			struct undo_item *i =
				undo_past_items_move(s, name, n->out && !newer ? UNDO_MOVE : UNDO_ASIDE, at);
			if (i)
				i->newer = newer;
		}
	}
	n->busy = false;
	n->done = true;
}

/* --- contents and attributes ---------------------------------------------------------------------------------------- */

/* Has the file not changed since it was opened for writing? */
static bool undo_past_items_is_unchanged(struct past *p, const struct past_file *f, uint32_t name)
{
	const struct store_put_record *r = f->content->r;
	struct stat st;
	char *path = past_path(p, PAST_NOW, p->names[name].at[PAST_NOW]);
	bool same = path && !pathwalk_stat(path, &st) && st.st_dev == r->dev && st.st_ino == r->ino &&
		    st.st_size == r->size && st.st_mtim.tv_sec == r->mtime.tv_sec &&
		    st.st_mtim.tv_nsec == r->mtime.tv_nsec;
	free(path);
	return same;
}

/* The attributes of directories that let their owner write come first, as others are to be changed in them. */
static void undo_past_items_before(struct past_steps *s)
{
	struct past *p = s->p;
	for (uint32_t file = 1; file <= p->nfiles; file++) {
		struct past_file *f = &p->files[file];
		uint32_t name = f->content || f->attributes ? undo_past_items_present(p, file) : 0;
		if (name && f->content && undo_past_items_is_unchanged(p, f, name))
			f->content = NULL;
		if (!name || !f->attributes || !S_ISDIR(f->mode) || (f->attributes->r->mode & 0300) != 0300)
			continue;
		size_t before = s->plan->n;
		struct undo_item *i = undo_past_items_add(s, f->attributes, UNDO_OPEN, p->names[name].at[PAST_NOW]);
		if (i && undo_in_workspace(i->k->session, i->path)) {
			i->placed = f->ino != f->attributes->r->ino;
			f->attributes = NULL;
		} else if (i) { /* when it is back in one */
			free(i->owned);
			s->plan->n = before;
		}
	}
}

static void undo_past_items_after(struct past_steps *s)
{
	struct past *p = s->p;
	for (uint32_t file = 1; file <= p->nfiles; file++) {
		struct past_file *f = &p->files[file];
		uint32_t name = f->content || f->attributes ? undo_past_items_present(p, file) : 0;
		if (!name)
			continue;
		struct undo_item *i =
			f->content ? undo_past_items_add(s, f->content, UNDO_PUT, p->names[name].at[PAST_NOW]) : NULL;
		if (i)
			i->newer = true;
		i = f->attributes ?
			    undo_past_items_add(s, f->attributes, UNDO_ATTRIBUTES, p->names[name].at[PAST_NOW]) :
			    NULL;
		if (i)
			i->placed = true;
	}
}

int past_items(struct past *p, struct undo_plan *plan)
{
	struct past_steps s = {.p = p, .plan = plan};
	undo_past_items_before(&s);
	for (uint32_t n = 1; n <= p->nnames && !p->err; n++) {
		if (p->names[n].taken) {
			struct undo_item *i = undo_past_items_move(&s, n, UNDO_MOVE, p->names[n].at[PAST_THEN]);
			if (i)
				i->cannot = "something newer is there, so what was moved away stays where it is";
			past_put(p, n, PAST_NOW, p->names[n].at[PAST_TARGET]);
		}
	}
	/* A name may have had to wait for one that comes later; then it stepped aside. */
	for (int round = 0; round < 2; round++)
		for (uint32_t n = 1; n <= p->nnames && !p->err; n++)
			undo_past_items_settle(&s, n);
	undo_past_items_after(&s);
	return p->err;
}
