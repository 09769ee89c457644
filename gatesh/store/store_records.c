/* SPDX-License-Identifier: BSD-2-Clause */
/* store_records.c - loads records, drops those that are not true, and numbers the commands. */
#include "store/store_records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_index.h"
#include "store/store_internal.h"
#include "store/store_verify.h"

enum { PAUSE_SECONDS = 5 }; /* a longer pause between two acts of a process starts a new command */

int records_objects(const char *store)
{
	int dir = store_open(store);
	if (dir < 0)
		return dir;
	int objects = store_directory(dir, STORE_OBJECTS_NAME, false, NULL);
	close(dir);
	return objects;
}

static int records_add(struct kept_list *l, const struct store_records *k, size_t *room)
{
	if (l->n == *room) {
		size_t more = *room ? *room * 2 : 256;
		struct store_records *v = reallocarray(l->v, more, sizeof *v);
		if (!v)
			return -ENOMEM;
		l->v = v;
		*room = more;
	}
	l->v[l->n++] = *k;
	return 0;
}

static int records_by_id(const void *a, const void *b)
{
	const struct store_put_record *const *x = a, *const *y = b;
	int c = strcmp((*x)->id, (*y)->id);
	return c ? c : *x < *y ? -1 : *x > *y;
}

/* If two records name the same object, the later one counts: the first was a failed attempt. */
static int records_drop_attempts(struct journal *j)
{
	struct store_put_record **v = malloc((j->n + 1) * sizeof *v);
	size_t n = 0;
	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < j->n; i++)
		if (j->v[i].id)
			v[n++] = &j->v[i];
	if (n)
		qsort(v, n, sizeof *v, records_by_id);
	for (size_t i = 0; i + 1 < n; i++)
		if (!strcmp(v[i]->id, v[i + 1]->id))
			v[i]->path = NULL;
	free(v);
	return 0;
}

/* Add the records of a journal. */
static int records_add_all(struct kept_list *l, struct kept_session *s, struct journal *j, const char *store,
			   int objects, size_t *room)
{
	struct verified *v = calloc(j->n + 1, sizeof *v);
	int err = v ? journal_verify(j, s->entry, objects, v) : -ENOMEM;
	for (size_t i = 0; !err && i < j->n; i++) {
		struct store_records k = {
			.r = &j->v[i], .session = s, .store = store, .another = v[i].another, .is_true = v[i].is_true};
		err = k.r->path ? records_add(l, &k, room) : 0;
	}
	free(v);
	return err;
}

static int records_load_store(struct kept_list *l, struct kept_session *s, struct journal *j, const char *store,
			      size_t *room)
{
	int dir = store_open(store);
	int objects = dir < 0 ? dir : store_directory(dir, STORE_OBJECTS_NAME, false, NULL);
	int err = objects < 0 ? objects : journal_read(j, dir);
	if (!err)
		err = records_drop_attempts(j);
	if (!err)
		err = records_add_all(l, s, j, store, objects, room);
	if (objects >= 0)
		close(objects);
	if (dir >= 0)
		close(dir);
	return err;
}

static int records_by_time(const void *a, const void *b)
{
	const struct store_records *x = a, *y = b;
	return store_moves_order(x->r, y->r);
}

static int records_by_process(const void *a, const void *b)
{
	const struct store_records *x = *(struct store_records *const *)a, *y = *(struct store_records *const *)b;
	if (x->r->pid != y->r->pid)
		return x->r->pid < y->r->pid ? -1 : 1;
	int c = strcmp(x->r->comm, y->r->comm);
	return c ? c : x < y ? -1 : x > y;
}

static bool records_one_command(const struct store_put_record *a, const struct store_put_record *b)
{
	return a->pid == b->pid && !strcmp(a->comm, b->comm) && b->time.tv_sec - a->time.tv_sec <= PAUSE_SECONDS;
}

/* Number the commands of a session by their first acts.  Its `n` records must be in order of time. */
static int records_number_commands(struct kept_session *s, struct store_records *v, size_t n)
{
	struct store_records **p = malloc((n + 1) * sizeof *p);
	if (!p)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		p[i] = &v[i];
	if (n)
		qsort(p, n, sizeof *p, records_by_process);
	/* Identify each command by the index of its first record, then number the commands in that order. */
	for (size_t i = 0; i < n; i++)
		p[i]->command =
			i && records_one_command(p[i - 1]->r, p[i]->r) ? p[i - 1]->command : (unsigned)(p[i] - v);
	free(p);
	unsigned *number = calloc(n + 1, sizeof *number);
	if (!number)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (v[i].command == i)
			number[i] = ++s->commands;
		v[i].command = number[v[i].command];
	}
	free(number);
	return 0;
}

static int records_by_writing(const void *a, const void *b)
{
	return store_moves_order(((const struct store_moves_source *)a)->r, ((const struct store_moves_source *)b)->r);
}

/* Find the moves, and what was moved away and has moved on since: it can be moved back from there.  Then drop the records that are
 * not true. */
static int records_find_moves(struct kept_list *l)
{
	struct store_moves_source *v = malloc((l->n + 1) * sizeof *v);
	l->moves = calloc(1, sizeof *l->moves);
	for (size_t i = 0; i < l->n && v; i++)
		v[i] = (struct store_moves_source){l->v[i].r, l->v[i].session, l->v[i].command};
	if (v && l->nsessions > 1)
		qsort(v, l->n, sizeof *v, records_by_writing);
	int err = v && l->moves ? store_moves_make(l->moves, v, l->n) : -ENOMEM;
	free(v);
	size_t n = 0;
	for (size_t i = 0; i < l->n && !err; i++) {
		struct store_records *k = &l->v[i];
		const struct store_move *m = k->r->op == STORE_OP_MOVED ? store_moves_of(l->moves, k->r) : NULL;
		k->now = m ? m->now : NULL;
		k->is_true |= k->now && strcmp(k->now, k->r->path);
		if (k->is_true)
			l->v[n++] = *k;
	}
	l->n = err ? l->n : n;
	for (size_t i = 0; i < l->nsessions; i++)
		l->sessions[i].moves = l->moves;
	return err;
}

static int records_load_session(struct kept_list *l, struct kept_session *s, size_t *room,
				void (*tell)(const char *where, const char *why, void *data), void *data)
{
	size_t first = l->n;
	int err = 0;
	for (size_t i = 0; s->entry->stores[i]; i++) {
		const char *store = s->entry->stores[i];
		struct journal *j = &s->journals[i];
		int one = records_load_store(l, s, j, store, room);
		if (one == -ENOMEM)
			err = one;
		else if (one)
			tell(store, store_error(one), data);
		if (j->bad)
			tell(store, "its journal has lines that are torn or not records: left out", data);
		if (j->later)
			tell(store, "its journal has records from a later version of gate: left out", data);
	}
	if (l->n > first)
		qsort(l->v + first, l->n - first, sizeof *l->v, records_by_time);
	if (!err)
		err = records_number_commands(s, l->v + first, l->n - first);
	return err;
}

static bool records_concerned(const struct store_entry *e, const struct kept_choice *c)
{
	bool concerned = !c->npaths;
	for (char **s = e->stores; *s && !concerned; s++)
		concerned = store_index_concerns(*s, c->paths, c->npaths, !e->alive);
	return concerned;
}

static bool records_chosen(const struct store_entry *e, const struct kept_choice *c)
{
	bool found = c->all;
	if (c->session)
		found = !strncmp(e->name, c->session, strlen(c->session));
	for (char **w = e->workspaces; *w && !found && !c->session; w++)
		found = store_under(*w, c->directory) || store_under(c->directory, *w);
	return found && records_concerned(e, c);
}

/* Is a removed name of a file among the records of the chosen paths? */
static bool records_has_names(const struct kept_list *l, const struct kept_choice *c)
{
	bool has = false;
	for (size_t i = 0; i < l->n && !has; i++)
		for (size_t k = 0; k < c->npaths && !has; k++)
			has = l->v[i].r->op == STORE_OP_NAME && store_under(l->v[i].r->path, c->paths[k]);
	return has;
}

static void records_no_tell(const char *where, const char *why, void *data)
{
}

int records_load(struct kept_list *l, const struct kept_choice *choice,
		 void (*tell)(const char *where, const char *why, void *data), void *data)
{
	size_t room = 0;
	*l = (struct kept_list){0};
	if (!tell)
		tell = records_no_tell;
	l->nentries = store_list(&l->entries, tell, data);
	if (l->nentries < 0)
		return l->nentries;
	l->sessions = calloc((size_t)l->nentries + 1, sizeof *l->sessions);
	int err = l->sessions ? 0 : -ENOMEM;
	for (int i = 0; !err && i < l->nentries; i++) {
		if (!records_chosen(&l->entries[i], choice))
			continue;
		struct kept_session *s = &l->sessions[l->nsessions++];
		s->entry = &l->entries[i];
		err = records_load_session(l, s, &room, tell, data);
	}
	if (!err)
		err = records_find_moves(l);
	if (err)
		records_free(l);
	if (err || !records_has_names(l, choice))
		return err;
	struct kept_choice every = *choice;
	every.npaths = 0;
	records_free(l);
	return records_load(l, &every, tell, data);
}

void records_free(struct kept_list *l)
{
	for (size_t i = 0; i < l->nsessions; i++)
		for (size_t k = 0; k < STORE_COUNT_MAX; k++)
			journal_free(&l->sessions[i].journals[k]);
	if (l->moves)
		store_moves_free(l->moves);
	free(l->moves);
	free(l->sessions);
	free(l->v);
	store_free(l->entries, l->nentries > 0 ? l->nentries : 0);
	*l = (struct kept_list){0};
}
