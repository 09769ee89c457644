/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan_place.c - turns the records of one place into items. */
#include "undo/undo_plan_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
	if (!k->session->moves.n)
		return true;
	if (next)
		file = *next->r;
	else if (!pathwalk_stat(k->r->path, &st))
		file.dev = st.st_dev, file.ino = st.st_ino;
	const struct store_move *m = store_moves_last(&k->session->moves, k->r->path, &file, k->r, &below);
	return m && !*below && !strcmp(m->r->path, k->r->other);
}

/* If a file older than the session was moved onto this one, it goes back to its own name, provided that is free: after
 * "mv a b" both come back.  A file that the session itself made, as an editor's temporary file, counts as newer. */
static int undo_plan_unmove(struct undo_plan *p, const struct store_records *k, const struct store_records *next)
{
	struct stat st;
	if (next && next->r->dev == k->r->dev && next->r->ino == k->r->ino) /* two processes replaced the same file */
		return 0;
	if (k->r->op != STORE_OP_REPLACED || !k->r->other || pathwalk_stat(k->r->other, &st) != -ENOENT ||
	    !undo_in_workspace(k->session, k->r->other) || !undo_plan_moved_here_is_old(k, next) ||
	    !undo_plan_is_what_came(k, next))
		return 0;
	struct undo_item *i = undo_plan_add(p, next ? next : k, next ? UNDO_PUT : UNDO_ASIDE, k->r->other);
	if (i && !next)
		i->from = k->r->path;
	return i ? 0 : -ENOMEM;
}

/* Did the move come after the loss at its new path, or cause it? */
static bool undo_plan_follows(const struct store_move *m, const struct store_records *k)
{
	return store_moves_order(k->r, m->r) < 0 ||
	       (k->r->op == STORE_OP_REPLACED && k->r->other && !strcmp(k->r->other, m->r->path));
}

/* The whole moves that brought the file to the path.  Returns its first path there, or NULL: none did after the loss `k`. */
static const char *undo_plan_first_place(const struct store_records *k, const char *path, const struct stat *st)
{
	static const struct store_put_record end = {.time = {.tv_sec = LLONG_MAX}};
	const struct store_put_record file = {.dev = st->st_dev, .ino = st->st_ino}, *before = &end;
	const struct store_moves *all = &k->session->moves;
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
static int undo_plan_clear(struct undo_plan *p, const struct placed *v, size_t n, const struct undo_item *to)
{
	const struct store_records *k = v[0].k;
	struct stat st, there;
	if ((to->act != UNDO_PUT && to->act != UNDO_LINK && to->act != UNDO_MKDIR) || pathwalk_stat(to->path, &st) ||
	    (to->act == UNDO_MKDIR && S_ISDIR(st.st_mode)) || (st.st_dev == k->r->dev && st.st_ino == k->r->ino))
		return 0;
	const char *first = undo_plan_first_place(k, to->path, &st);
	if (!first || pathwalk_stat(first, &there) != -ENOENT || !undo_in_workspace(k->session, first))
		return 0;
	const char *from = to->path;
	const struct store_records *content = undo_plan_unwritten(v + 1, n - 1, &st);
	undo_plan_take_attributes(p, from, first, &st);
	struct undo_item *i = undo_plan_add(p, k, UNDO_ASIDE, first);
	if (i)
		i->from = from;
	return i && (!content || undo_plan_add(p, content, UNDO_PUT, first)) ? 1 : -ENOMEM;
}

/* The same of what moved on out of the workspace, which another item moves back: not to where something comes back. */
static void undo_plan_pass_by(struct undo_plan *p, const struct store_records *k, const char *place)
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

/* The files of an exchange go back to their places: if the one that came here was kept from here later, then from there. */
static int undo_plan_exchanged(struct undo_plan *p, const struct store_records *k, const struct store_records *next)
{
	if (k->r->op != STORE_OP_EXCHANGED || !next || !next->r->id)
		return 0;
	return undo_plan_add(p, next, undo_plan_act_of(next->r), k->r->other) ? 0 : -ENOMEM;
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
	if (i && i->act == UNDO_MOVE)
		i->from = one->k->now ? one->k->now : one->k->r->other;
	return !one || i ? 0 : -ENOMEM;
}

/* Does `i` put the content back of the file whose attributes the other item restores?  A copy is another inode. */
static void undo_plan_note_placed(struct undo_item *attributes, const struct undo_item *i)
{
	const struct store_put_record *a = attributes->k->r, *b = i->k->r;
	if (undo_plan_is_of_attributes(attributes->act) && i->act == UNDO_PUT)
		attributes->placed = a->dev == b->dev && a->ino == b->ino;
}

/* A directory that was moved and removed: is there another one at its first place by now? */
static bool undo_plan_is_there(const struct placed *v)
{
	struct stat st;
	return v->k->r->op == STORE_OP_DIRECTORY && v->place != v->k->r->path && !pathwalk_stat(v->place, &st) &&
	       S_ISDIR(st.st_mode);
}

/* Plan for the content at a place, v[first] to v[n-1]. */
static int undo_plan_content(struct undo_plan *p, struct placed *v, size_t first, size_t n)
{
	size_t start = p->n;
	while (first + 1 < n && (v[first].k->another || undo_plan_copied_meanwhile(v[first].k, v[first + 1].k)))
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
	return err ? err : undo_plan_exchanged(p, v[first].k, first + 1 < n ? v[first + 1].k : NULL);
}

int undo_plan_place(struct undo_plan *p, struct placed *v, size_t n, const struct undo_choice *c)
{
	size_t first = c->since_ms || c->command || c->redo ? 0 : n - 1;
	while (first && undo_plan_one_command(v[first - 1].k, v[n - 1].k)) /* to the start of the last command */
		first--;
	int err = undo_plan_apart(p, STORE_OP_MOVED, v, first, &n);
	if (!err)
		err = undo_plan_apart(p, STORE_OP_ATTRIBUTES, v, first, &n);
	return err || first == n ? err : undo_plan_content(p, v, first, n);
}
