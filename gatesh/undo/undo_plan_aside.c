/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan_aside.c - what is in the way at a place that something comes back to, because the session moved it there, goes back to
 * its own first place. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "undo/undo_plan_parts.h"
#include "util/pathwalk.h"

enum { UNDO_CHAIN = 64 }; /* so many moves onto each other's old places */

/* Does the plan move what is at the path elsewhere? */
static bool undo_plan_leaves(const struct undo_plan *p, const char *path)
{
	bool leaves = false;
	for (size_t i = 0; i < p->nasides && !leaves; i++)
		leaves = !strcmp(p->v[p->asides[i]].from, path);
	return leaves;
}

/* Was the file created before the session started?  False if the file system does not record the birth time. */
static bool undo_plan_older_than_session(int dir, const char *name, const struct kept_session *s)
{
	struct statx x;
	if (statx(dir, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &x) || !(x.stx_mask & STATX_BTIME))
		return false;
	return (long long)x.stx_btime.tv_sec * 1000 + x.stx_btime.tv_nsec / 1000000 < s->entry->started_ms;
}

/* Is the file that a rename put at the path older than the session?  The file is the object of the next record, or
 * without one the file there now. */
static bool undo_plan_moved_here_is_old(const struct store_records *k, const struct store_records *next)
{
	const char *name = next ? next->r->id : NULL;
	int dir = next ? name ? records_objects(next->store) : -1 : pathwalk_parent(k->r->path, &name);
	bool old = dir >= 0 && undo_plan_older_than_session(dir, name, k->session);
	if (dir >= 0)
		close(dir);
	return old;
}

/* Did the rename that replaced the file of k bring that file there, as far as the session has recorded moves? */
static bool undo_plan_is_what_came(const struct store_records *k, const struct store_records *next)
{
	struct store_put_record file = {0};
	struct stat st;
	const char *below;
	if (!k->session->moves->n)
		return true;
	if (next)
		file = *next->r;
	else if (!pathwalk_stat(k->r->path, &st))
		file.dev = st.st_dev, file.ino = st.st_ino;
	const struct store_move *m = store_moves_last(k->session->moves, k->r->path, &file, k->r, &below);
	return m && !*below && !strcmp(m->r->path, k->r->other);
}

static bool undo_plan_is_older(const char *path, const struct kept_session *s)
{
	const char *name;
	int dir = pathwalk_parent(path, &name);
	bool old = dir >= 0 && undo_plan_older_than_session(dir, name, s);
	if (dir >= 0)
		close(dir);
	return old;
}

/* Did a rename put another file to the path?  Of a file that had further names, it took one away. */
static bool undo_plan_is_replaced(const struct store_put_record *r)
{
	return (r->op == STORE_OP_REPLACED || r->op == STORE_OP_NAME) && r->other;
}

/* Move what is at `from` to `first`, which is or gets free.  Returns 0 or -ENOMEM. */
static int undo_plan_aside(struct undo_plan *p, const struct store_records *k, const char *from, const char *first)
{
	if (undo_plan_leaves(p, from))
		return 0;
	size_t *more = reallocarray(p->asides, p->nasides + 1, sizeof *more);
	p->asides = more ? more : p->asides;
	struct undo_item *i = more ? undo_plan_add(p, k, UNDO_ASIDE, first) : NULL;
	if (!i)
		return -ENOMEM;
	i->from = from;
	i->order = p->nasides;
	p->asides[p->nasides++] = p->n - 1;
	return 0;
}

/* The first place of what was moved to the path, however often, since the time that the undo goes back to. */
static const char *undo_plan_came_from(const struct undo_plan *p, const struct store_records *k, const char *path,
				       const struct stat *st)
{
	static const struct store_put_record end = {.time = {.tv_sec = LLONG_MAX}};
	const struct store_put_record file = {.dev = st->st_dev, .ino = st->st_ino}, *before = &end;
	const char *first = NULL, *below;
	for (const struct store_move *m;
	     (m = store_moves_last(k->session->moves, first ? first : path, &file, before, &below)) && !*below &&
	     (long long)m->r->time.tv_sec * 1000 + m->r->time.tv_nsec / 1000000 >= p->since_ms;) {
		first = m->r->path;
		before = m->r;
	}
	return first && undo_in_workspace(k->session, first) ? first : NULL;
}

static int undo_plan_free_at(struct undo_plan *p, const struct store_records *k, const char *place, bool replace,
			     int depth)
{
	struct stat st;
	int err = pathwalk_stat(place, &st);
	if (err == -ENOENT || (!err && undo_plan_leaves(p, place)))
		return 1;
	const char *first = err || !p->since_ms || depth > UNDO_CHAIN ? NULL : undo_plan_came_from(p, k, place, &st);
	if (first && strcmp(first, place)) {
		int free = undo_plan_free_at(p, k, first, true, depth + 1);
		return free > 0 && undo_plan_aside(p, k, place, first) ? -ENOMEM : free;
	}
	return !err && p->since_ms && replace && !undo_plan_is_older(place, k->session);
}

int undo_plan_free_place(struct undo_plan *p, const struct store_records *k, const char *place, bool replace)
{
	return undo_plan_free_at(p, k, place, replace, 0);
}

/* If a file older than the session was moved onto this one, it goes back to its own name, provided that is free: after
 * "mv a b" both come back.  A file that the session itself made, as an editor's temporary file, counts as newer. */
int undo_plan_unmove(struct undo_plan *p, const struct store_records *k, const struct store_records *next)
{
	if (next && next->r->dev == k->r->dev && next->r->ino == k->r->ino) /* two processes replaced the same file */
		return 0;
	if (!undo_plan_is_replaced(k->r) || !undo_in_workspace(k->session, k->r->other) ||
	    !undo_plan_moved_here_is_old(k, next) || !undo_plan_is_what_came(k, next))
		return 0;
	int free = undo_plan_free_place(p, k, k->r->other, true);
	if (free <= 0)
		return free;
	if (!next)
		return undo_plan_aside(p, k, k->r->path, k->r->other) < 0 ? -ENOMEM : 0;
	return undo_plan_add(p, next, UNDO_PUT, k->r->other) ? 0 : -ENOMEM;
}

/* Did the move come after the loss at its new path, or cause it? */
static bool undo_plan_follows(const struct store_move *m, const struct store_records *k)
{
	return store_moves_order(k->r, m->r) < 0 ||
	       ((undo_plan_is_replaced(k->r) || (k->r->op == STORE_OP_DIRECTORY && k->r->other)) &&
		!strcmp(k->r->other, m->r->path));
}

bool undo_plan_came_there(const struct store_records *k, const char *path, const struct stat *st)
{
	static const struct store_put_record end = {.time = {.tv_sec = LLONG_MAX}};
	const struct store_put_record file = {.dev = st->st_dev, .ino = st->st_ino};
	const char *below;
	return store_moves_last(k->session->moves, path, &file, &end, &below) && !*below;
}

/* The whole moves that brought the file to the path.  Returns its first path there, or NULL: none did after the loss `k`. */
static const char *undo_plan_first_place(const struct store_records *k, const char *path, const struct stat *st)
{
	static const struct store_put_record end = {.time = {.tv_sec = LLONG_MAX}};
	const struct store_put_record file = {.dev = st->st_dev, .ino = st->st_ino}, *before = &end;
	const struct store_moves *all = k->session->moves;
	const char *first = NULL, *below;
	for (const struct store_move *m; (m = store_moves_last(all, first ? first : path, &file, before, &below)) &&
					 !*below && (first || undo_plan_follows(m, k));) {
		first = m->r->path;
		before = m->r;
	}
	return first;
}

/* The content that a file had before it was first written at a place, v[0] to v[n-1]. */
static const struct store_records *undo_plan_unwritten(const struct placed *v, size_t n, const struct stat *st)
{
	const struct store_records *found = NULL;
	for (size_t i = 0; i < n && !found; i++) {
		const struct store_put_record *r = v[i].k->r;
		if ((r->op == STORE_OP_OVERWRITTEN || r->op == STORE_OP_WRITTEN) && r->dev == st->st_dev &&
		    r->ino == st->st_ino)
			found = v[i].k;
	}
	return found;
}

/* Attributes that the file got at `from` are restored where it goes back to. */
static void undo_plan_take_attributes(struct undo_plan *p, const char *from, const char *to, const struct stat *st)
{
	for (size_t i = p->n; i-- > 0 && !strcmp(p->v[i].path, from);) {
		const struct store_put_record *r = p->v[i].k->r;
		if (!undo_plan_is_of_attributes(p->v[i].act) || r->dev != st->st_dev || r->ino != st->st_ino)
			continue;
		p->v[i].act = UNDO_ATTRIBUTES; /* not before the move */
		p->v[i].path = to;
	}
}

/* A thing that was moved to where something comes back goes back to its own first place, if that is free: after "rm b; mv a b" both
 * come back.  Returns 1 if it does, 0 or -ENOMEM. */
int undo_plan_clear(struct undo_plan *p, const struct placed *v, size_t n, const struct undo_item *to)
{
	const struct store_records *k = v[0].k;
	struct stat st;
	if ((to->act != UNDO_PUT && to->act != UNDO_LINK && to->act != UNDO_MKDIR) || pathwalk_stat(to->path, &st) ||
	    (to->act == UNDO_MKDIR && S_ISDIR(st.st_mode) && !undo_plan_is_older(to->path, k->session)) ||
	    (st.st_dev == k->r->dev && st.st_ino == k->r->ino))
		return 0;
	const char *first = undo_plan_first_place(k, to->path, &st), *from = to->path;
	int free = first && undo_in_workspace(k->session, first) ? undo_plan_free_place(p, k, first, true) : 0;
	if (free <= 0)
		return free;
	const struct store_records *content = undo_plan_unwritten(v + 1, n - 1, &st);
	undo_plan_take_attributes(p, from, first, &st);
	int err = undo_plan_aside(p, k, from, first);
	return err >= 0 && (!content || undo_plan_add(p, content, UNDO_PUT, first)) ? 1 : -ENOMEM;
}

/* The same of what moved on out of the workspace, which another item moves back: not to where something comes back. */
void undo_plan_pass_by(struct undo_plan *p, const struct store_records *k, const char *place)
{
	struct stat st;
	for (size_t i = p->n - 1; i-- > 0 && !strcmp(p->v[i].path, place);) {
		const struct store_put_record *r = p->v[i].k->r;
		const struct stat moved = {.st_dev = r->dev, .st_ino = r->ino};
		if (p->v[i].act != UNDO_MOVE || (k->r->dev == r->dev && k->r->ino == r->ino))
			continue;
		const char *first = undo_plan_first_place(k, place, &moved);
		if (first && pathwalk_stat(first, &st) == -ENOENT && undo_in_workspace(k->session, first))
			p->v[i].path = first;
		break;
	}
}
