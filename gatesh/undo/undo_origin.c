/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_origin.c - follows the moves of a session back from where something was lost. */
#include "undo/undo_origin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/pathwalk.h"

static bool undo_origin_in(const struct undo_choice *c, const char *path)
{
	bool in = !c->npaths;
	for (size_t i = 0; i < c->npaths && !in; i++)
		in = store_under(path, c->paths[i]);
	return in;
}

static bool undo_origin_in_range(const struct store_move *m, const struct undo_choice *c)
{
	const struct timespec *t = &m->r->time;
	const struct kept_session *session = m->session;
	if (c->command && (m->command != c->command || strcmp(session->entry->name, c->session)))
		return false;
	return !c->since_ms || (long long)t->tv_sec * 1000 + t->tv_nsec / 1000000 >= c->since_ms;
}

/* Does this undo move what is still there back, with all that is in it, from where it has moved on to?  An exchange needs no
 * free place. */
static bool undo_origin_moves_back(const struct store_moves *all, const struct store_move *m,
				   const struct undo_choice *c)
{
	const char *below = "";
	struct stat st;
	while (m && !*below && m->r->op == STORE_OP_PLACED && undo_origin_in_range(m, c))
		m = store_moves_last(all, m->r->path, m->r, m->r, &below);
	return m && !*below && m->r->op != STORE_OP_PLACED && undo_origin_in_range(m, c) &&
	       (c->since_ms || c->command || undo_origin_in(c, m->r->path)) &&
	       (m->r->op == STORE_OP_EXCHANGED || pathwalk_stat(m->r->path, &st) == -ENOENT);
}

/* One step back from the path where it was lost at the time of `at`. */
struct step {
	const struct store_records *k;
	const struct store_put_record *at;
	const char *path; /* `owned`, or the record's */
	char *owned;
};

/* The move that brought it to the path, if it is one to take back.  Without a choice each is. */
static const struct store_move *undo_origin_move(const struct step *s, const struct undo_choice *c, const char **below)
{
	const struct store_moves *all = s->k->session->moves;
	const struct store_move *m = store_moves_last(all, s->path, s->k->r, s->at, below);
	const struct kept_session *session = m ? m->session : NULL;
	if (!m || !c)
		return m;
	if (session->entry->kind != STORE_SESSION) /* an undo moved it there */
		return NULL;
	return undo_origin_in_range(m, c) && (!m->now || undo_origin_moves_back(all, m, c)) ? m : NULL;
}

/* Returns 1 after a step, 0 if there is none, or -ENOMEM. */
static int undo_origin_step(struct step *s, const struct undo_choice *c, const struct store_move **move)
{
	const char *below;
	char *path;
	const struct store_move *m = undo_origin_move(s, c, &below);
	if (!m)
		return 0;
	if (asprintf(&path, "%s%s", m->r->path, below) < 0)
		return -ENOMEM;
	free(s->owned);
	s->path = s->owned = path;
	s->at = m->r;
	*move = m;
	return 1;
}

/* Does this further place replace the one that has been chosen? */
static bool undo_origin_is_better(const struct undo_choice *c, const char *chosen, const struct store_move *m)
{
	return !chosen || c->since_ms || c->command || m->r->op == STORE_OP_MOVED;
}

int undo_origin_find(const struct store_records *k, const struct undo_choice *c, const char **place, char **owned)
{
	struct step s = {.k = k, .at = k->r, .path = k->r->path};
	const struct store_move *m;
	int more = 1;
	*place = undo_origin_in(c, k->r->path) ? k->r->path : NULL;
	*owned = NULL;
	bool stays = k->session->entry->kind != STORE_SESSION || k->r->op == STORE_OP_MOVED ||
		     k->r->op == STORE_OP_EXCHANGED;
	while (!stays && (more = undo_origin_step(&s, c, &m)) > 0) {
		stays = !undo_origin_is_better(c, *place, m);
		if (stays || !undo_origin_in(c, s.path) || !undo_in_workspace(k->session, s.path))
			continue;
		free(*owned);
		*place = *owned = strdup(s.path);
		if (!*owned)
			more = -ENOMEM;
		if (more < 0)
			break;
	}
	free(s.owned);
	return more < 0 ? more : 0;
}

/* The first place of a record in its session: r->path or `*owned`, which the caller frees.  Returns 0 or -ENOMEM. */
static int undo_origin_first(const struct store_records *k, const char **place, char **owned)
{
	struct step s = {.k = k, .at = k->r, .path = k->r->path};
	const struct store_move *m;
	int more = 1;
	while (more > 0)
		more = undo_origin_step(&s, NULL, &m);
	*place = s.path;
	*owned = s.owned;
	return more;
}

char *undo_origin_note(const struct store_records *k, const char *secret)
{
	const char *first;
	char *owned, *note = NULL;
	if (!undo_origin_first(k, &first, &owned) && strcmp(first, k->r->path) &&
	    asprintf(&note, "%s%swas %s", secret, *secret ? "; " : "", first) < 0)
		note = NULL;
	free(owned);
	return note;
}

bool undo_origin_was_at(const struct store_records *k, const char *path, bool below)
{
	struct step s = {.k = k, .at = k->r, .path = k->r->path};
	const struct store_move *m;
	bool was = below ? store_under(s.path, path) : !strcmp(s.path, path);
	while (!was && undo_origin_step(&s, NULL, &m) > 0)
		was = below ? store_under(s.path, path) : !strcmp(s.path, path);
	free(s.owned);
	return was;
}
