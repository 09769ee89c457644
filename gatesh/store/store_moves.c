/* SPDX-License-Identifier: BSD-2-Clause */
/* store_moves.c - collects the records of moves, and finds out which of the renames happened. */
#include "store/store_moves.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/pathwalk.h"

/* The moves, sorted by their old paths as well, then by time. */
struct search {
	struct store_moves *m;
	struct store_move **by_old;
};

int store_moves_order(const struct store_put_record *a, const struct store_put_record *b)
{
	if (a->time.tv_sec != b->time.tv_sec)
		return a->time.tv_sec < b->time.tv_sec ? -1 : 1;
	if (a->time.tv_nsec != b->time.tv_nsec)
		return a->time.tv_nsec < b->time.tv_nsec ? -1 : 1;
	return a < b ? -1 : a > b; /* records of one journal are in order of writing */
}

static int moves_by_old(const void *a, const void *b)
{
	const struct store_put_record *x = (*(struct store_move *const *)a)->r,
				      *y = (*(struct store_move *const *)b)->r;
	int c = strcmp(x->path, y->path);
	return c ? c : store_moves_order(x, y);
}

static int moves_by_new(const void *a, const void *b)
{
	const struct store_put_record *x = ((const struct store_move *)a)->r, *y = ((const struct store_move *)b)->r;
	int c = strcmp(x->other, y->other);
	return c ? c : store_moves_order(x, y);
}

static bool moves_is_move(const struct store_put_record *r)
{
	return (r->op == STORE_OP_MOVED || r->op == STORE_OP_PLACED || r->op == STORE_OP_EXCHANGED) && r->path &&
	       r->other;
}

static bool moves_same_file(const struct store_put_record *a, const struct store_put_record *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

static bool moves_is_at(const char *path, const struct store_put_record *r)
{
	struct stat st;
	return !pathwalk_stat(path, &st) && st.st_dev == r->dev && st.st_ino == r->ino;
}

/* Compare the text of n bytes with a path. */
static int moves_compare(const char *text, size_t n, const char *path)
{
	int c = strncmp(text, path, n);
	return c ? c : path[n] ? -1 : 0;
}

/* The first move to the new path of n bytes; where it would be if there is none. */
static size_t moves_first_to(const struct store_moves *m, const char *path, size_t n)
{
	size_t low = 0, high = m->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (moves_compare(path, n, m->v[mid].r->other) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The same of the old path. */
static size_t moves_first_from(const struct search *s, const char *path)
{
	size_t low = 0, high = s->m->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (strcmp(path, s->by_old[mid]->r->path) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Did the file come back to its old path between the move `r` and `until`, if that is set? */
static bool moves_came_back(const struct store_moves *m, const struct store_put_record *r,
			    const struct store_put_record *until)
{
	bool back = false;
	for (size_t i = moves_first_to(m, r->path, strlen(r->path));
	     i < m->n && !back && !strcmp(m->v[i].r->other, r->path); i++)
		back = moves_same_file(m->v[i].r, r) && store_moves_order(r, m->v[i].r) < 0 &&
		       (!until || store_moves_order(m->v[i].r, until) < 0);
	return back;
}

static bool moves_leaves(const struct store_put_record *r)
{
	return r->op == STORE_OP_UNLINKED || r->op == STORE_OP_COPIED_AWAY || r->op == STORE_OP_DIRECTORY ||
	       moves_is_move(r);
}

/* A later record about the same file, at the new path of a move, shows that it happened; a loss at the old path that it
 * failed, as between file systems, where mv(1) copies and removes, or a further move from there: mv(1) tries the directory's
 * own name first, then one in it. */
static void moves_look_at(struct search *s, const struct store_put_record *r)
{
	struct store_moves *m = s->m;
	for (size_t i = moves_first_to(m, r->path, strlen(r->path)); i < m->n && !strcmp(m->v[i].r->other, r->path);
	     i++)
		m->v[i].seen |= moves_same_file(m->v[i].r, r) && store_moves_order(m->v[i].r, r) < 0;
	for (size_t i = moves_leaves(r) ? moves_first_from(s, r->path) : m->n;
	     i < m->n && !strcmp(s->by_old[i]->r->path, r->path); i++) {
		const struct store_put_record *move = s->by_old[i]->r;
		s->by_old[i]->failed |=
			moves_same_file(move, r) && store_moves_order(move, r) < 0 && !moves_came_back(m, move, r);
	}
}

/* The next move of the same file from the path, or NULL. */
static const struct store_put_record *moves_next(const struct search *s, const struct store_put_record *r)
{
	for (size_t i = moves_first_from(s, r->other); i < s->m->n && !strcmp(s->by_old[i]->r->path, r->other); i++)
		if (moves_same_file(s->by_old[i]->r, r) && store_moves_order(r, s->by_old[i]->r) < 0)
			return s->by_old[i]->r;
	return NULL;
}

/* Where the file of a move is now: it may have moved on from there. */
static const char *moves_follow(const struct search *s, const struct store_put_record *r)
{
	for (const struct store_put_record *next; (next = moves_next(s, r));)
		r = next;
	return moves_is_at(r->other, r) ? r->other : NULL;
}

static void moves_sort_by_old(struct search *s)
{
	for (size_t i = 0; i < s->m->n; i++)
		s->by_old[i] = &s->m->v[i];
	if (s->m->n)
		qsort(s->by_old, s->m->n, sizeof(struct store_move *), moves_by_old);
}

/* Drop the moves that did not happen. */
static void moves_check(struct search *s)
{
	struct store_moves *m = s->m;
	for (size_t i = 0; i < m->n; i++) {
		struct store_move *one = &m->v[i];
		one->now = moves_follow(s, one->r);
		one->seen |= one->now != NULL;
		one->failed |= !one->seen && !moves_came_back(m, one->r, NULL) && moves_is_at(one->r->path, one->r);
	}
	size_t left = 0;
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].seen || !m->v[i].failed)
			m->v[left++] = m->v[i];
	m->n = left;
}

int store_moves_make(struct store_moves *m, const struct store_moves_source *v, size_t n)
{
	*m = (struct store_moves){0};
	for (size_t i = 0; i < n; i++)
		m->n += moves_is_move(v[i].r);
	if (!m->n)
		return 0;
	m->v = calloc(m->n, sizeof *m->v);
	struct search s = {.m = m, .by_old = calloc(m->n, sizeof *s.by_old)};
	int err = m->v && s.by_old ? 0 : -ENOMEM;
	for (size_t i = 0, at = 0; i < n && !err; i++)
		if (moves_is_move(v[i].r))
			m->v[at++] = (struct store_move){.r = v[i].r, .session = v[i].session, .command = v[i].command};
	if (!err)
		qsort(m->v, m->n, sizeof *m->v, moves_by_new);
	if (!err)
		moves_sort_by_old(&s);
	for (size_t i = 0; i < n && !err; i++)
		if (v[i].r->path)
			moves_look_at(&s, v[i].r);
	if (!err)
		moves_check(&s);
	m->by_from = s.by_old;
	if (!err)
		moves_sort_by_old(&s);
	return err;
}

void store_moves_free(struct store_moves *m)
{
	free(m->v);
	free(m->by_from);
	*m = (struct store_moves){0};
}

const struct store_move *store_moves_of(const struct store_moves *m, const struct store_put_record *r)
{
	size_t i = moves_is_move(r) ? moves_first_to(m, r->other, strlen(r->other)) : m->n;
	while (i < m->n && m->v[i].r != r)
		i++;
	return i < m->n ? &m->v[i] : NULL;
}

/* Are the two records the halves of one exchange?  They happened at once, so neither moved what the other one did. */
static bool moves_are_halves(const struct store_put_record *a, const struct store_put_record *b)
{
	return a->op == STORE_OP_EXCHANGED && b->op == STORE_OP_EXCHANGED && !moves_same_file(a, b) &&
	       !strcmp(a->path, b->other) && !strcmp(a->other, b->path);
}

/* The last move before `before` to the path of n bytes.  `file`: of that file, else of a directory. */
static const struct store_move *moves_last_to(const struct store_moves *m, const char *path, size_t n,
					      const struct store_put_record *file,
					      const struct store_put_record *before)
{
	const struct store_move *last = NULL;
	for (size_t i = moves_first_to(m, path, n); i < m->n && !moves_compare(path, n, m->v[i].r->other); i++)
		if ((file ? moves_same_file(m->v[i].r, file) : S_ISDIR(m->v[i].r->mode)) &&
		    store_moves_order(m->v[i].r, before) < 0 && !moves_are_halves(m->v[i].r, before))
			last = &m->v[i];
	return last;
}

const struct store_move *store_moves_last(const struct store_moves *m, const char *path,
					  const struct store_put_record *file, const struct store_put_record *before,
					  const char **below)
{
	size_t len = m->n ? strlen(path) : 0;
	const struct store_move *last = NULL;
	for (size_t n = len; n; n--) {
		if (path[n] && path[n] != '/')
			continue;
		const struct store_move *one = moves_last_to(m, path, n, path[n] ? NULL : file, before);
		if (!one || (last && store_moves_order(one->r, last->r) < 0))
			continue;
		last = one;
		*below = path + n;
	}
	return last;
}

/* The first move after `after` from the path of n bytes.  `file`: of that file, else of a directory. */
static const struct store_move *moves_first_away(const struct store_moves *m, const char *path, size_t n,
						 const struct store_put_record *file,
						 const struct store_put_record *after)
{
	const struct store_move *first = NULL;
	size_t low = 0, high = m->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (moves_compare(path, n, m->by_from[mid]->r->path) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low; i < m->n && !first && !moves_compare(path, n, m->by_from[i]->r->path); i++) {
		const struct store_put_record *r = m->by_from[i]->r;
		if ((file ? moves_same_file(r, file) : S_ISDIR(r->mode)) && store_moves_order(after, r) < 0)
			first = m->by_from[i];
	}
	return first;
}

/* The first move after `after` of what is at the path, or of a directory above it.  *below is the rest of `path`. */
static const struct store_move *moves_first_of(const struct store_moves *m, const char *path,
					       const struct store_put_record *file,
					       const struct store_put_record *after, const char **below)
{
	const struct store_move *first = NULL;
	for (size_t n = strlen(path); n; n--) {
		if (path[n] && path[n] != '/')
			continue;
		const struct store_move *one = moves_first_away(m, path, n, path[n] ? NULL : file, after);
		if (!one || (first && store_moves_order(first->r, one->r) < 0))
			continue;
		first = one;
		*below = path + n;
	}
	return first;
}

char *store_moves_forward(const struct store_moves *m, const struct store_put_record *r, const struct store_move **last)
{
	const struct store_put_record *after = r;
	const char *below;
	char *path = NULL, *next;
	*last = NULL;
	for (const struct store_move *one; m->n && (one = moves_first_of(m, path ? path : r->path, r, after, &below)) &&
					   one->r->op == STORE_OP_PLACED;) {
		if (asprintf(&next, "%s%s", one->r->other, below) < 0)
			next = NULL;
		free(path);
		path = next;
		if (!path)
			break;
		after = one->r;
		*last = one;
	}
	return path;
}
