/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_names.c - finds a file by device and inode, in the records and in the workspaces, and links it again. */
#include "undo/undo_names.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/pathwalk.h"

static int undo_names_compare(const struct store_put_record *a, const struct store_put_record *b)
{
	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	return a->ino < b->ino ? -1 : a->ino > b->ino;
}

static int undo_names_by_file(const void *a, const void *b)
{
	return undo_names_compare((*(const struct store_records *const *)a)->r,
				  (*(const struct store_records *const *)b)->r);
}

void undo_names_open(struct undo_names *u, const struct undo_plan *p, const struct kept_list *l)
{
	*u = (struct undo_names){.plan = p, .v = malloc((l->n + 1) * sizeof *u->v)};
	for (size_t i = 0; u->v && i < l->n; i++)
		u->v[u->n++] = &l->v[i];
	if (u->n)
		qsort(u->v, u->n, sizeof *u->v, undo_names_by_file);
}

void undo_names_close(struct undo_names *u)
{
	for (size_t i = 0; i < u->nsought; i++)
		free(u->sought[i].path);
	free(u->sought);
	free(u->v);
	*u = (struct undo_names){0};
}

/* Is this the record's file, and not a later one with a reused inode number? */
static bool undo_names_is_file(int dir, const char *name, const struct store_put_record *r)
{
	struct stat st;
	struct statx x;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) || st.st_dev != r->dev || st.st_ino != r->ino ||
	    S_ISDIR(st.st_mode))
		return false;
	if (statx(dir, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &x) || !(x.stx_mask & STATX_BTIME))
		return true;
	return x.stx_btime.tv_sec < r->time.tv_sec ||
	       (x.stx_btime.tv_sec == r->time.tv_sec && x.stx_btime.tv_nsec <= r->time.tv_nsec);
}

/* Link it from one place, then check the new link: `from_name` may have become another file's in between. */
static int undo_names_link_from(int from, const char *from_name, const struct store_put_record *r, int dir,
				const char *name)
{
	if (from < 0 || !undo_names_is_file(from, from_name, r))
		return -ENOENT;
	if (linkat(from, from_name, dir, name, 0))
		return -errno;
	if (undo_names_is_file(dir, name, r))
		return 0;
	unlinkat(dir, name, 0);
	return -ENOENT;
}

static int undo_names_link_from_path(const char *path, const struct store_put_record *r, int dir, const char *name)
{
	const char *from_name;
	int from = pathwalk_parent(path, &from_name);
	int err = undo_names_link_from(from, from_name, r, dir, name);
	if (from >= 0)
		close(from);
	return err;
}

/* Link it from the path in another record, or from that record's object in a store. */
static int undo_names_link_from_record(const struct store_records *k, const struct store_put_record *r, int dir,
				       const char *name)
{
	int err = undo_names_link_from_path(k->r->path, r, dir, name);
	if (err != -ENOENT || !k->r->id)
		return err;
	int objects = records_objects(k->store);
	err = undo_names_link_from(objects, k->r->id, r, dir, name);
	if (objects >= 0)
		close(objects);
	return err;
}

static int undo_names_by_sought(const void *a, const void *b)
{
	return undo_names_compare(((const struct undo_sought *)a)->r, ((const struct undo_sought *)b)->r);
}

static struct undo_sought *undo_names_seek(const struct undo_names *u, dev_t dev, ino_t ino)
{
	struct store_put_record r = {.dev = dev, .ino = ino};
	struct undo_sought key = {.r = &r};
	return u->nsought ? bsearch(&key, u->sought, u->nsought, sizeof key, undo_names_by_sought) : NULL;
}

/* The index of the first record of the same file.  If there is none, the index where it would be, at most u->n. */
static size_t undo_names_first_of(const struct undo_names *u, const struct store_put_record *r)
{
	size_t low = 0, high = u->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (undo_names_compare(u->v[mid]->r, r) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool undo_names_had(const struct undo_names *u, const struct store_put_record *r)
{
	bool had = false;
	for (size_t i = undo_names_first_of(u, r); i < u->n && !had && !undo_names_compare(u->v[i]->r, r); i++)
		had = u->v[i]->r->op == STORE_OP_NAME;
	return had;
}

static bool undo_names_is_copy(const struct store_put_record *r)
{
	return r->op == STORE_OP_OVERWRITTEN || r->op == STORE_OP_WRITTEN;
}

/* Walk the workspaces once, for all the files sought. */
static void undo_names_walk(struct undo_names *u, char **workspaces)
{
	if (u->sought || !(u->sought = calloc(u->plan->n + 1, sizeof *u->sought)))
		return;
	for (size_t i = 0; i < u->plan->n; i++) {
		const struct undo_item *one = &u->plan->v[i];
		if (one->act == UNDO_LINK ||
		    (one->act == UNDO_PUT && undo_names_is_copy(one->k->r) && undo_names_had(u, one->k->r)))
			u->sought[u->nsought++].r = one->k->r;
	}
	qsort(u->sought, u->nsought, sizeof *u->sought, undo_names_by_sought);
	FTS *t = fts_open(workspaces, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	for (FTSENT *e; t && (e = fts_read(t));) {
		bool file = e->fts_info == FTS_F || e->fts_info == FTS_SL || e->fts_info == FTS_DEFAULT;
		struct undo_sought *s = file ? undo_names_seek(u, e->fts_statp->st_dev, e->fts_statp->st_ino) : NULL;
		if (s && !s->path)
			s->path = strdup(e->fts_path);
	}
	if (t)
		fts_close(t);
}

bool undo_names_shares(const struct undo_names *u, const struct undo_item *item)
{
	const struct store_put_record *r = item->k->r;
	bool shares = false;
	for (size_t i = 0; r->nlink > 1 && i < u->plan->n && !shares; i++) {
		const struct undo_item *one = &u->plan->v[i];
		enum store_op op = one->k->r->op;
		shares = (one->act == UNDO_PUT || one->act == UNDO_LINK) && !one->cannot &&
			 !undo_names_compare(one->k->r, r) && strcmp(one->path, item->path) &&
			 (op == STORE_OP_UNLINKED || op == STORE_OP_REPLACED || op == STORE_OP_NAME ||
			  undo_names_is_copy(one->k->r));
	}
	return shares;
}

bool undo_names_has_earlier(const struct undo_names *u, const struct undo_item *item, int dir, const char *name)
{
	const struct store_put_record *r = item->k->r;
	bool has = false;
	for (size_t i = 0; undo_names_is_copy(r) && r->nlink > 1 && i < u->plan->n && !has; i++) {
		const struct undo_item *one = &u->plan->v[i];
		has = one->act == UNDO_PUT && !one->cannot && one->k->session == item->k->session &&
		      undo_names_is_copy(one->k->r) && !undo_names_compare(one->k->r, r) &&
		      store_moves_order(one->k->r, r) < 0 && strcmp(one->path, item->path);
	}
	return has && undo_names_is_file(dir, name, r);
}

/* Link the file from the guard that the session took before it lost the name, as its other names may be anywhere.  Without a name,
 * delete the guard, which has done its work.  Returns 0 or a negative errno. */
static int undo_names_use_guard(const struct kept_session *s, const struct store_put_record *r, int dir,
				const char *name)
{
	int err = -ENOENT;
	for (size_t k = 0; s->entry->stores[k] && err == -ENOENT; k++) {
		const struct journal *j = &s->journals[k];
		size_t i = 0;
		while (i < j->n && (j->v[i].op != STORE_OP_GUARDED || !j->v[i].id || undo_names_compare(&j->v[i], r)))
			i++;
		int objects = i < j->n ? records_objects(s->entry->stores[k]) : -1;
		if (objects < 0)
			continue;
		if (name)
			err = undo_names_link_from(objects, j->v[i].id, r, dir, name);
		else
			err = unlinkat(objects, j->v[i].id, 0) ? -errno : 0;
		close(objects);
	}
	return err;
}

static int undo_names_link_somehow(struct undo_names *u, const struct undo_item *item, int dir, const char *name)
{
	const struct store_records *k = item->k;
	int err =
		item->act == UNDO_LINK && item->from ? undo_names_link_from_path(item->from, k->r, dir, name) : -ENOENT;
	for (size_t i = undo_names_first_of(u, k->r);
	     err == -ENOENT && i < u->n && !undo_names_compare(u->v[i]->r, k->r); i++)
		err = undo_names_link_from_record(u->v[i], k->r, dir, name);
	if (err == -ENOENT)
		err = undo_names_use_guard(k->session, k->r, dir, name);
	if (err == -ENOENT)
		undo_names_walk(u, k->session->entry->workspaces);
	const struct undo_sought *s = err == -ENOENT ? undo_names_seek(u, k->r->dev, k->r->ino) : NULL;
	return s && s->path ? undo_names_link_from_path(s->path, k->r, dir, name) : err;
}

int undo_names_link(struct undo_names *u, const struct undo_item *item, int dir, const char *name)
{
	int err = undo_names_link_somehow(u, item, dir, name);
	if (!err && item->k->r->op == STORE_OP_NAME)
		undo_names_use_guard(item->k->session, item->k->r, -1, NULL);
	return err;
}
