/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan.c - selects records, turns them into undo items and checks the paths of each. */
#include "undo/undo_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/pathwalk.h"

bool undo_in_workspace(const struct kept_session *s, const char *path)
{
	char **w = s->entry->workspaces;
	while (*w && !store_under(path, *w))
		w++;
	return *w;
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
	bool in = !c->npaths;
	if (c->redo)
		return k->session == undone;
	if (c->command && (k->command != c->command || strcmp(k->session->entry->name, c->session)))
		return false;
	if (!c->command && k->session->entry->kind == STORE_UNDO)
		return false;
	if (c->since_ms && (long long)k->r->time.tv_sec * 1000 + k->r->time.tv_nsec / 1000000 < c->since_ms)
		return false;
	for (size_t i = 0; i < c->npaths && !in; i++)
		in = store_under(k->r->path, c->paths[i]);
	return in;
}

/* Sort by path, then by time.  Within a session the list is in order of time already. */
static int undo_plan_by_path(const void *a, const void *b)
{
	const struct store_records *x = *(struct store_records *const *)a, *y = *(struct store_records *const *)b;
	int c = strcmp(x->r->path, y->r->path);
	if (c)
		return c;
	if (x->session == y->session)
		return x < y ? -1 : x > y;
	if (x->r->time.tv_sec != y->r->time.tv_sec)
		return x->r->time.tv_sec < y->r->time.tv_sec ? -1 : 1;
	return x->r->time.tv_nsec < y->r->time.tv_nsec ? -1 : x->r->time.tv_nsec > y->r->time.tv_nsec;
}

static struct undo_item *undo_plan_add(struct undo_plan *p, const struct store_records *k, enum undo_act act,
				       const char *path)
{
	if (p->n == p->room) {
		size_t room = p->room ? p->room * 2 : 256;
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

/* If a file older than the session was moved onto this one, it goes back to its own name, provided that is free: after
 * "mv a b" both come back.  A file that the session itself made, as an editor's temporary file, counts as newer. */
static int undo_plan_unmove(struct undo_plan *p, const struct store_records *k, const struct store_records *next)
{
	struct stat st;
	if (next && next->r->dev == k->r->dev && next->r->ino == k->r->ino) /* two processes replaced the same file */
		return 0;
	if (k->r->op != STORE_OP_REPLACED || !k->r->other || pathwalk_stat(k->r->other, &st) != -ENOENT ||
	    !undo_in_workspace(k->session, k->r->other) || !undo_plan_moved_here_is_old(k, next))
		return 0;
	struct undo_item *i = undo_plan_add(p, next ? next : k, next ? UNDO_PUT : UNDO_ASIDE, k->r->other);
	if (i && !next)
		i->from = k->r->path;
	return i ? 0 : -ENOMEM;
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

/* Take the records of attributes out of v[first] to v[n-1], and plan for the first one.  Sets *n to the number of the others. */
static int undo_plan_attributes(struct undo_plan *p, struct store_records **v, size_t first, size_t *n)
{
	const struct store_records *attributes = NULL;
	size_t left = first;
	for (size_t i = first; i < *n; i++)
		if (v[i]->r->op != STORE_OP_ATTRIBUTES)
			v[left++] = v[i];
		else if (!attributes)
			attributes = v[i];
	*n = left;
	return !attributes || undo_plan_add(p, attributes, undo_plan_act_of(attributes->r), attributes->r->path) ?
		       0 :
		       -ENOMEM;
}

static bool undo_plan_is_of_attributes(enum undo_act act)
{
	return act == UNDO_OPEN || act == UNDO_ATTRIBUTES;
}

/* Does `i` put the content back of the file whose attributes p->v[start] restores?  A copy is another inode. */
static void undo_plan_note_placed(struct undo_plan *p, size_t start, const struct undo_item *i)
{
	struct undo_item *attributes = &p->v[start];
	const struct store_put_record *a = attributes->k->r, *b = i->k->r;
	if (undo_plan_is_of_attributes(attributes->act) && i->act == UNDO_PUT)
		attributes->placed = a->dev == b->dev && a->ino == b->ino;
}

/* Plan for the records of one path, v[0] to v[n-1] in order of time: the state before the first one comes back. */
static int plan_path(struct undo_plan *p, struct store_records **v, size_t n, const struct undo_choice *c)
{
	size_t first = c->since_ms || c->command || c->redo ? 0 : n - 1, start = p->n;
	while (first && undo_plan_one_command(v[first - 1], v[n - 1])) /* to the start of the last command */
		first--;
	int err = undo_plan_attributes(p, v, first, &n);
	if (err || first == n)
		return err;
	while (first + 1 < n && (v[first]->another || undo_plan_copied_meanwhile(v[first], v[first + 1])))
		first++;
	struct undo_item *i = undo_plan_add(p, v[first], undo_plan_act_of(v[first]->r), v[first]->r->path);
	if (!i)
		return -ENOMEM;
	if (i->act == UNDO_MOVE || i->act == UNDO_EXCHANGE)
		i->from = v[first]->r->other;
	undo_plan_note_placed(p, start, i);
	for (size_t at = first; at < n && !err; at++)
		err = undo_plan_unmove(p, v[at], at + 1 < n ? v[at + 1] : NULL);
	return err ? err : undo_plan_exchanged(p, v[first], first + 1 < n ? v[first + 1] : NULL);
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
	size_t dx = undo_plan_depth(x->path), dy = undo_plan_depth(y->path);
	if (dx != dy && (x->act == UNDO_MKDIR || x->act == UNDO_REMOVE))
		return (dx < dy) == (x->act == UNDO_MKDIR) ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* Will the plan make a directory above `path`, in place of nothing or something else? */
static bool undo_plan_under_new_directory(const struct undo_plan *p, const char *path)
{
	bool found = false;
	for (size_t i = 0; i < p->n && !found && p->v[i].act <= UNDO_MKDIR; i++)
		found = p->v[i].act == UNDO_MKDIR && strcmp(p->v[i].path, path) && store_under(path, p->v[i].path);
	return found;
}

static bool undo_plan_replaces(enum undo_act act)
{
	return act != UNDO_REMOVE && act != UNDO_AWAY && act != UNDO_EXCHANGE && !undo_plan_is_of_attributes(act);
}

/* May the undo write there?  In a workspace; elsewhere only what was lost at that very path, where a person has allowed
 * its loss. */
static bool undo_plan_may_write(const struct undo_item *i)
{
	const char *place = i->act == UNDO_MOVE || i->act == UNDO_EXCHANGE ? i->path : i->k->r->path;
	if (undo_in_workspace(i->k->session, i->path) && undo_in_workspace(i->k->session, place))
		return true;
	return (i->act == UNDO_PUT || i->act == UNDO_MKDIR || i->act == UNDO_LINK || i->act == UNDO_REMOVE) &&
	       !strcmp(i->path, i->k->r->path);
}

static void undo_plan_look(struct undo_plan *p, struct undo_item *i)
{
	struct stat st;
	int err = pathwalk_stat(i->path, &st);
	bool other = !err && (st.st_dev != i->k->r->dev || st.st_ino != i->k->r->ino);
	i->newer = !err && undo_plan_replaces(i->act);
	if (!undo_plan_may_write(i))
		i->cannot = "not in a workspace of the session";
	else if ((err == -ELOOP || err == -ENOTDIR) && !undo_plan_under_new_directory(p, i->path))
		i->cannot = undo_error(err);
	else if (err && err != -ENOENT && err != -ELOOP && err != -ENOTDIR)
		i->cannot = undo_error(err);
	else if (undo_plan_is_of_attributes(i->act) && other && !i->placed && !p->moves)
		i->cannot = "another file is there now";
	p->able += !i->cannot;
}

int undo_plan_make(struct undo_plan *p, const struct kept_list *l, const struct undo_choice *c)
{
	const struct kept_session *undone = c->redo ? undo_plan_last_undo(l) : NULL;
	struct store_records **v = malloc((l->n + 1) * sizeof *v);
	size_t n = 0;
	int err = v ? 0 : -ENOMEM;
	*p = (struct undo_plan){0};
	for (size_t i = 0; !err && i < l->n; i++)
		if (undo_plan_wanted(&l->v[i], c, undone))
			v[n++] = &l->v[i];
	if (!err && n)
		qsort(v, n, sizeof *v, undo_plan_by_path);
	for (size_t i = 0, end; !err && i < n; i = end) {
		for (end = i + 1; end < n && !strcmp(v[end]->r->path, v[i]->r->path);)
			end++;
		err = plan_path(p, v + i, end - i, c);
	}
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
	free(p->v);
	*p = (struct undo_plan){0};
}
