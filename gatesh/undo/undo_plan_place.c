/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan_place.c - turns the records of one place into items. */
#include "undo/undo_plan_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "util/pathwalk.h"

static enum undo_act undo_plan_act_of(const struct store_put_record *r)
{
	switch (r->op) {
	case STORE_OP_NAME: return UNDO_LINK;
	case STORE_OP_DIRECTORY: return UNDO_MKDIR;
	case STORE_OP_MOVED: return UNDO_MOVE;
	case STORE_OP_EXCHANGED: return UNDO_EXCHANGE;
	case STORE_OP_ATTRIBUTES: return S_ISDIR(r->mode) && (r->mode & 0300) == 0300 ? UNDO_OPEN : UNDO_ATTRIBUTES;
	case STORE_OP_RESTORED: return UNDO_REMOVE;
	default: return UNDO_PUT;
	}
}

/* Did the file lose the name for good? */
static bool undo_plan_is_loss(const struct store_put_record *r)
{
	return r->op == STORE_OP_UNLINKED || r->op == STORE_OP_COPIED_AWAY || r->op == STORE_OP_REPLACED ||
	       r->op == STORE_OP_NAME || r->op == STORE_OP_DIRECTORY;
}

static bool undo_plan_one_command(const struct store_records *a, const struct store_records *b)
{
	return a->session == b->session && a->command == b->command;
}

/* Was the same file also about to be written in place or emptied, by another process at the same moment?  Then its copy
 * is from before that, and what was moved into the store is not. */
static bool undo_plan_copied_meanwhile(const struct store_records *k, const struct store_records *next)
{
	const struct store_put_record *a = k->r, *b = next->r;
	return (a->op == STORE_OP_UNLINKED || a->op == STORE_OP_REPLACED) &&
	       (b->op == STORE_OP_OVERWRITTEN || b->op == STORE_OP_WRITTEN) && k->session == next->session &&
	       a->dev == b->dev && a->ino == b->ino;
}

/* Was the file of this exchange lost later?  Then the loss is to be undone at its place, and the other file's record moves that
 * one back. */
static bool undo_plan_is_exchanged_and_lost(const struct placed *v, size_t n)
{
	bool lost = false;
	for (size_t i = 1; i < n && !lost && v->k->r->op == STORE_OP_EXCHANGED; i++)
		lost = undo_plan_is_loss(v[i].k->r) && v->k->r->dev == v[i].k->r->dev && v->k->r->ino == v[i].k->r->ino;
	return lost;
}

/* Take the records of an op out of v[first] to v[n-1], and plan for the first one.  Sets *n to the number of the others. */
static int undo_plan_apart(struct undo_plan *p, enum store_op op, struct placed *v, size_t first, size_t *n)
{
	const struct placed *one = NULL;
	struct placed found;
	size_t left = first;
	for (size_t i = first; i < *n; i++)
		if (v[i].k->r->op != op) {
			v[left++] = v[i];
		} else if (!one) {
			found = v[i];
			one = &found;
		}
	*n = left;
	struct undo_item *i = one ? undo_plan_add(p, one->k, undo_plan_act_of(one->k->r), one->place) : NULL;
	struct stat st;
	if (!one || !i)
		return one ? -ENOMEM : 0;
	if (i->act == UNDO_OPEN && pathwalk_stat(i->path, &st))
		i->act = UNDO_ATTRIBUTES; /* not before the directory is there */
	if (i->act != UNDO_MOVE)
		return 0;
	i->from = one->k->now ? one->k->now : one->k->r->other;
	int freed = undo_plan_free_place(p, one->k, one->place, false);
	return freed < 0 ? freed : 0;
}

/* Does `i` put the content back of the file whose attributes the other item restores?  A copy is another inode, and so is a directory
 * that is made again. */
static void undo_plan_note_placed(struct undo_item *attributes, const struct undo_item *i)
{
	const struct store_put_record *a = attributes->k->r, *b = i->k->r;
	if (undo_plan_is_of_attributes(attributes->act) && (i->act == UNDO_PUT || i->act == UNDO_MKDIR))
		attributes->placed = a->dev == b->dev && a->ino == b->ino;
}

/* A directory that was moved and removed: is there another one at its first place by now, which was not moved there? */
static bool undo_plan_is_there(const struct placed *v)
{
	const struct store_records *k = v->k;
	struct stat st;
	return k->r->op == STORE_OP_DIRECTORY && v->place != k->r->path && !pathwalk_stat(v->place, &st) &&
	       S_ISDIR(st.st_mode) && !undo_plan_came_there(k, v->place, &st);
}

/* Plan for the content at a place, v[first] to v[n-1]. */
static int undo_plan_content(struct undo_plan *p, struct placed *v, size_t first, size_t n)
{
	size_t start = p->n;
	while (first + 1 < n && (v[first].k->another || undo_plan_copied_meanwhile(v[first].k, v[first + 1].k) ||
				 undo_plan_is_exchanged_and_lost(v + first, n - first)))
		first++;
	if (undo_plan_is_there(&v[first]))
		return 0;
	struct undo_item *i = undo_plan_add(p, v[first].k, undo_plan_act_of(v[first].k->r), v[first].place);
	if (!i)
		return -ENOMEM;
	if (i->act == UNDO_EXCHANGE)
		i->from = v[first].k->r->other;
	if (start && !strcmp(p->v[start - 1].path, i->path))
		undo_plan_note_placed(&p->v[start - 1], i);
	undo_plan_pass_by(p, v[first].k, i->path);
	int cleared = undo_plan_clear(p, v + first, n - first, i), err = cleared < 0 ? cleared : 0;
	for (size_t at = first; at + (cleared > 0) < n && !err; at++)
		err = undo_plan_unmove(p, v[at].k, at + 1 < n ? v[at + 1].k : NULL);
	return err;
}

/* Did an empty file lose the name?  Its content, if there was any, went before. */
static bool undo_plan_is_loss_of_nothing(const struct store_put_record *r)
{
	return undo_plan_is_loss(r) && S_ISREG(r->mode) && !r->size;
}

/* The first record of the last command that touched the place.  One that removed an empty file touched nothing, if another one did. */
static size_t undo_plan_last_command(const struct placed *v, size_t n)
{
	size_t last = n - 1;
	while (last && undo_plan_is_loss_of_nothing(v[last].k->r))
		last--;
	size_t first = last;
	while (first && undo_plan_one_command(v[first - 1].k, v[last].k))
		first--;
	return first;
}

int undo_plan_place(struct undo_plan *p, struct placed *v, size_t n, const struct undo_choice *c)
{
	size_t first = c->since_ms || c->command || c->redo ? 0 : undo_plan_last_command(v, n);
	int err = undo_plan_apart(p, STORE_OP_MOVED, v, first, &n);
	if (!err)
		err = undo_plan_apart(p, STORE_OP_ATTRIBUTES, v, first, &n);
	return err || first == n ? err : undo_plan_content(p, v, first, n);
}
