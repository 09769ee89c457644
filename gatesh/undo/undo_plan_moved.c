/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan_moved.c - sends items to where what they concern is by now: the session may have moved it, or a directory above it,
 * afterwards. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "undo/undo_plan_parts.h"
#include "util/pathwalk.h"

static bool undo_plan_moved_is_content(const struct undo_item *i)
{
	enum store_op op = i->k->r->op;
	return (i->act == UNDO_PUT && (op == STORE_OP_WRITTEN || op == STORE_OP_OVERWRITTEN)) ||
	       undo_plan_is_of_attributes(i->act);
}

static bool undo_plan_moved_is_there(const char *path, const struct store_put_record *r)
{
	struct stat st;
	return !pathwalk_stat(path, &st) && st.st_dev == r->dev && st.st_ino == r->ino;
}

/* Did the directory or file at `from` come there before the record was written? */
static bool undo_plan_moved_before(const struct undo_item *aside, const struct store_put_record *r)
{
	struct store_put_record file = {0};
	struct stat st;
	const char *below;
	if (!pathwalk_stat(aside->from, &st))
		file.dev = st.st_dev, file.ino = st.st_ino;
	return store_moves_last(aside->k->session->moves, aside->from, &file, r, &below) && !*below;
}

/* Where the path is after the plan has moved things back: *to, or NULL if it stays.  Returns 0 or -ENOMEM. */
static int undo_plan_moved_aside(const struct undo_plan *p, const char *path, const struct store_put_record *last,
				 bool itself, char **to)
{
	const struct undo_item *found = NULL;
	*to = NULL;
	for (size_t i = 0; i < p->nasides; i++) {
		const struct undo_item *one = &p->v[p->asides[i]];
		if (store_under(path, one->from) && (itself || strcmp(path, one->from)) &&
		    (!found || strlen(one->from) > strlen(found->from)) && undo_plan_moved_before(one, last))
			found = one;
	}
	return !found || asprintf(to, "%s%s", found->path, path + strlen(found->from)) >= 0 ? 0 : -ENOMEM;
}

/* Is the directory that held it elsewhere now, and none at its old place?  `last`: the last of the moves. */
static bool undo_plan_moved_with_directory(const char *path, const struct store_move *last)
{
	struct stat st;
	char *above = strdup(path), *slash = above ? strrchr(above, '/') : NULL;
	if (slash)
		*slash = '\0';
	bool missing = slash && (pathwalk_stat(above, &st) || !S_ISDIR(st.st_mode));
	free(above);
	return missing && S_ISDIR(last->r->mode) && undo_plan_moved_is_there(last->r->other, last->r);
}

static int undo_plan_moved_item(const struct undo_plan *p, struct undo_item *i)
{
	const struct store_put_record *r = i->k->r;
	const struct store_move *last;
	bool content = undo_plan_moved_is_content(i);
	char *now = store_moves_forward(i->k->session->moves, r, &last), *to;
	const char *path = now ? now : r->path;
	bool there = content && undo_plan_moved_is_there(path, r);
	int err = undo_plan_moved_aside(p, path, last ? last->r : r, there, &to);
	if (!err && !to && now && undo_in_workspace(i->k->session, now) &&
	    (there || (!content && undo_plan_moved_with_directory(r->path, last)))) {
		to = now;
		now = NULL;
	}
	free(now);
	if (to) {
		i->path = i->owned = to;
		if (i->act == UNDO_OPEN)
			i->act = UNDO_ATTRIBUTES; /* not before the move */
	}
	return err;
}

int undo_plan_follow(struct undo_plan *p)
{
	int err = 0;
	for (size_t n = 0; n < p->n && !err; n++) {
		struct undo_item *i = &p->v[n];
		bool is = i->act == UNDO_PUT || i->act == UNDO_MKDIR || i->act == UNDO_LINK ||
			  undo_plan_is_of_attributes(i->act);
		if (is && !i->owned && i->k->session->moves->n && !strcmp(i->path, i->k->r->path))
			err = undo_plan_moved_item(p, i);
	}
	return err;
}
