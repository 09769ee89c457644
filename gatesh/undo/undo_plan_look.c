/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan_look.c - what is at the place of an item now, and may the undo write there? */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "undo/undo_plan_parts.h"
#include "util/pathwalk.h"

bool undo_plan_is_of_attributes(enum undo_act act)
{
	return act == UNDO_OPEN || act == UNDO_ATTRIBUTES;
}

bool undo_in_workspace(const struct kept_session *s, const char *path)
{
	char **w = s->entry->workspaces;
	while (*w && !store_under(path, *w))
		w++;
	return *w;
}

bool undo_was_moved(const struct undo_item *i)
{
	return (i->act == UNDO_PUT || i->act == UNDO_MKDIR || i->act == UNDO_LINK ||
		undo_plan_is_of_attributes(i->act)) &&
	       strcmp(i->path, i->k->r->path);
}

const char *undo_error(int err)
{
	switch (-err) {
	case ELOOP: return "a directory above it is a symbolic link by now";
	case ENOTDIR: return "something above it is no directory any more";
	case ENOENT: return "it is not there any more";
	case ESTALE: return "it is another file by now";
	case EXDEV: return "what is there now can't be kept, so it stays";
	default: return strerror(-err);
	}
}

static bool undo_plan_is_above(const char *above, const char *path)
{
	return above && strcmp(above, path) && store_under(path, above);
}

static bool undo_plan_moves(enum undo_act act)
{
	return act == UNDO_ASIDE || act == UNDO_MOVE || act == UNDO_EXCHANGE;
}

/* Will the plan put a directory above `path`, in place of nothing or something else? */
static bool undo_plan_under_new_directory(const struct undo_plan *p, const char *path)
{
	bool found = false;
	for (size_t i = 0; i < p->n && !found; i++) {
		const struct undo_item *one = &p->v[i];
		found = (one->act == UNDO_MKDIR || undo_plan_moves(one->act)) && undo_plan_is_above(one->path, path);
		found |= one->act == UNDO_EXCHANGE && undo_plan_is_above(one->from, path);
	}
	return found;
}

/* Will something be there whose attributes can be restored? */
static bool undo_plan_brings(const struct undo_plan *p, const char *path)
{
	bool found = undo_plan_under_new_directory(p, path);
	for (size_t i = 0; i < p->n && !found; i++)
		found = (undo_plan_moves(p->v[i].act) || p->v[i].act == UNDO_PUT || p->v[i].act == UNDO_LINK) &&
			!strcmp(p->v[i].path, path);
	return found;
}

static bool undo_plan_replaces(enum undo_act act)
{
	return act != UNDO_REMOVE && act != UNDO_AWAY && act != UNDO_EXCHANGE && !undo_plan_is_of_attributes(act);
}

/* Does the plan take away what is there now, before it gets to the item? */
static bool undo_plan_frees(const struct undo_plan *p, const struct undo_item *item)
{
	bool frees = false;
	for (size_t i = 0; i < p->n && !frees && p->v[i].act <= UNDO_ASIDE; i++)
		frees = (p->v[i].act == UNDO_ASIDE && !strcmp(p->v[i].from, item->path)) ||
			(p->v[i].act == UNDO_REMOVE && item->act == UNDO_MOVE && !strcmp(p->v[i].path, item->path));
	return frees;
}

/* May the undo write there?  In a workspace; elsewhere only what was lost at that very path, where a person has allowed
 * its loss, and what an undo took from there. */
static bool undo_plan_may_write(const struct undo_item *i)
{
	if (i->act == UNDO_MOVE && i->k->session->entry->kind != STORE_SESSION && !strcmp(i->path, i->k->r->path))
		return true;
	bool from_there = i->act == UNDO_MOVE || i->act == UNDO_EXCHANGE || undo_was_moved(i);
	const char *place = from_there ? i->path : i->k->r->path;
	if (undo_in_workspace(i->k->session, i->path) && undo_in_workspace(i->k->session, place))
		return true;
	return (i->act == UNDO_PUT || i->act == UNDO_MKDIR || i->act == UNDO_LINK || i->act == UNDO_REMOVE) &&
	       !strcmp(i->path, i->k->r->path);
}

static void undo_plan_look_at(struct undo_plan *p, struct undo_item *i, const struct stat *st, int err)
{
	bool other = !err && (st->st_dev != i->k->r->dev || st->st_ino != i->k->r->ino);
	if (i->cannot)
		return;
	if (!undo_plan_may_write(i))
		i->cannot = "not in a workspace of the session";
	else if ((err == -ELOOP || err == -ENOTDIR) && !undo_plan_under_new_directory(p, i->path))
		i->cannot = undo_error(err);
	else if (err && err != -ENOENT && err != -ELOOP && err != -ENOTDIR)
		i->cannot = undo_error(err);
	else if (i->act == UNDO_MOVE && i->newer)
		i->cannot = "something newer is there, so what was moved away stays where it is";
	else if (undo_plan_is_of_attributes(i->act) && other && !i->placed && !p->moves)
		i->cannot = "another file is there now";
	else if (undo_plan_is_of_attributes(i->act) && err == -ENOENT && !i->placed && !undo_plan_brings(p, i->path))
		i->cannot = undo_error(err);
	p->able += !i->cannot;
}

void undo_plan_look(struct undo_plan *p, struct undo_item *i)
{
	struct stat st;
	int err = pathwalk_stat(i->path, &st);
	i->newer = !err && undo_plan_replaces(i->act);
	if (i->newer && p->moves)
		i->newer = !undo_plan_frees(p, i);
	undo_plan_look_at(p, i, &st, err);
}

void undo_plan_check(struct undo_plan *p, struct undo_item *i)
{
	struct stat st;
	undo_plan_look_at(p, i, &st, pathwalk_stat(i->path, &st));
}
