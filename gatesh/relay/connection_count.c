/* SPDX-License-Identifier: BSD-2-Clause */
/* connection_count.c - which statements are counted, and the count's way over the connection. */
#include "relay/connection_count.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "relay/count.h"
#include "subject/code/sql.h"
#include "util/debug_log.h"

enum {
	WRONG_BY =
		10, /* a plan may be wrong by this factor before the rows of a statement that no rule speaks of go uncounted */
	WRONG_BASE = 10, /* ... and of a plan that expects none */
	PLACE_MAX = 1024,
};

/* --- the statement ------------------------------------------------------------------------------------------------ */

/* A statement, as its text tells. */
struct connection_count_text {
	size_t statements;
	enum effect_count way;
	struct effect only; /* what it takes rows of; object NULL: nothing */
	bool returns;
	struct strbuf keys;
};

/* What DROP, TRUNCATE or ALTER does to one table. */
static void connection_count_read_table(struct connection_count_text *t, const char *statement)
{
	struct effects e = {0};
	bool one = !effects_of_statement(EFFECT_POSTGRESQL, statement, &e) && e.n;
	for (size_t i = 0; i < e.n; i++) {
		bool table =
			e.v[i].kind == EFFECT_DROP || e.v[i].kind == EFFECT_TRUNCATE || e.v[i].kind == EFFECT_ALTER;
		size_t n = strlen(e.v[0].object);
		one &= table && !strcmp(e.v[0].of, "table") && n && !strncmp(e.v[i].object, e.v[0].object, n) &&
		       (!e.v[i].object[n] || (e.v[i].object[n] == '.' && strcmp(e.v[i].of, "table")));
	}
	if (one) {
		t->only = e.v[0];
		e.v[0].object = NULL;
	}
	effects_free(&e);
}

static int connection_count_each(const struct sql_part *part, void *data)
{
	struct connection_count_text *t = data;
	if (t->statements++ || part->kind != SQL_STATEMENT)
		return 0;
	t->way = effect_count(EFFECT_POSTGRESQL, part->blanked, &t->only);
	if (t->way == EFFECT_COUNT_NONE)
		connection_count_read_table(t, part->blanked);
	else
		effect_put_keys(EFFECT_POSTGRESQL, part->blanked, &t->keys);
	t->returns = t->way == EFFECT_COUNT_TRY && effect_may_return(EFFECT_POSTGRESQL, part->blanked);
	return 0;
}

/* Returns whether it is one statement that takes rows of one table.  Free with connection_count_forget(). */
static bool connection_count_read(const struct protocol_statement *s, struct connection_count_text *t)
{
	*t = (struct connection_count_text){0};
	int err = sql_statements(SQL_POSTGRES, s->text.at ? s->text.at : "", s->text.n, connection_count_each, t);
	return !err && !t->keys.err && t->statements == 1 && t->only.object;
}

static void connection_count_forget(struct connection_count_text *t)
{
	free(t->only.object);
	strbuf_free(&t->keys);
}

/* The text without its end, so that more can stand behind it; nothing if a comment could be there. */
static struct protocol_text connection_count_bare(struct protocol_text t)
{
	if (memmem(t.at, t.n, "--", 2) || memmem(t.at, t.n, "/*", 2))
		return (struct protocol_text){0};
	while (t.n && (isspace((unsigned char)t.at[t.n - 1]) || t.at[t.n - 1] == ';'))
		t.n--;
	return t;
}

/* Could it be a DELETE or an UPDATE, by its first letter? */
static bool connection_count_may_take_rows(const struct protocol_statement *s)
{
	size_t i = 0;
	while (i < s->text.n && isspace((unsigned char)s->text.at[i]))
		i++;
	return i < s->text.n && strchr("dDuUwW/-", s->text.at[i]);
}

/* The table's name among those of other servers and databases; empty if it may mean another table than on other connections. */
static void connection_count_name(const struct connection *c, const char *table, char out[PLACE_MAX])
{
	const struct protocol *p = &c->protocol;
	bool fits = snprintf(out, PLACE_MAX, "%s %s@%s %s", c->created.place, p->user, p->database, table) < PLACE_MAX;
	if (!fits || c->created.moved || p->paths)
		*out = '\0';
}

/* --- is it counted? ----------------------------------------------------------------------------------------------- */

/* The server has answered everything, and would execute the statement. */
static bool connection_count_is_idle(const struct connection *c, const struct protocol *before)
{
	const struct created *k = &c->created;
	return before->answers == k->answered && !before->unsynced && !k->lost &&
	       (k->state == 'I' || k->state == 'T') && !c->down.n && !c->down.piped && !c->down.ended;
}

/* Would a rule speak of the statement if so many rows were expected? */
static bool connection_count_is_asked(struct connection *c, const struct protocol_found *found, uint64_t rows)
{
	struct said said;
	relay_judge_read(c->relay, c->actor, &c->protocol, &found->statement, &said);
	said.event.rows = rows;
	said.event.text_flags |= GATE_TEXT_ROWS | GATE_TEXT_ESTIMATE;
	return !relay_judge_passes(c->relay, &said);
}

bool connection_count_is_due(struct connection *c, const struct protocol_found *found, const struct protocol *before,
			     bool passes)
{
	const struct protocol_statement *s = &found->statement;
	struct connection_count_text t = {0};
	char name[PLACE_MAX];
	if (c->counted.done || s->kind != PROTOCOL_POSTGRESQL || !s->whole || s->text.n > COUNT_STATEMENT_MAX ||
	    (passes && !connection_count_may_take_rows(s)) || !connection_count_is_idle(c, before))
		return false;
	bool due = connection_count_read(s, &t) && (!passes || t.way != EFFECT_COUNT_NONE);
	if (due && passes) {
		connection_count_name(c, t.only.object, name);
		due = !(*name && t.keys.s && count_keys_has(&c->relay->keys, name, t.keys.s)) &&
		      connection_count_is_asked(c, found, UINT64_MAX);
	}
	connection_count_forget(&t);
	return due;
}

/* --- over the connection ------------------------------------------------------------------------------------------ */

/* Returns false if it does not fit or could not be written; the buffer has room for one count. */
static bool connection_count_send(struct connection *c, const struct strbuf *out)
{
	return !out->err && (!out->len || flow_put(&c->instead, out->s, out->len) == out->len);
}

bool connection_count_begin(struct connection *c, const struct protocol_found *found)
{
	cleanup_strbuf struct strbuf out = {0};
	struct connection_count_text t;
	size_t behind = found->n < c->up.n ? (size_t)found->n : c->up.n;
	struct count_subject s = {
		.text = found->statement.text, .types = found->statement.types, .state = c->created.state};
	c->count = connection_count_read(&found->statement, &t) ? calloc(1, sizeof *c->count) : NULL;
	if (c->count) {
		if (found->statement.binds)
			s.values = found->statement.values;
		else if (found->statement.prepares)
			protocol_postgresql_values(&found->statement, flow_start(&c->up) + behind, c->up.n - behind,
						   &s.values);
		struct protocol_text bare = t.returns ? connection_count_bare(s.text) : (struct protocol_text){0};
		s.returns = bare.n > 0;
		s.text = s.returns ? bare : s.text;
		s.way = t.way;
		s.table = t.only.object;
		t.only.object = NULL;
		c->asked = *found;
		count_begin(c->count, &s, &out);
	}
	connection_count_forget(&t);
	timer_clear(&c->relay->loop, &c->timer);
	if (c->count && !connection_count_send(c, &out))
		connection_count_drop(c);
	return c->count != NULL;
}

void connection_count_drop(struct connection *c)
{
	if (!c->count)
		return;
	count_free(c->count);
	free(c->count);
	c->count = NULL;
}

void connection_count_clear(struct connection *c)
{
	free(c->counted.sample);
	c->counted = (struct counted){0};
}

static void connection_count_end(struct connection *c)
{
	struct count *k = c->count;
	char name[PLACE_MAX];
	connection_count_name(c, k->subject.table, name);
	if (*name && *k->keys)
		count_keys_set(&c->relay->keys, name, k->keys);
	connection_count_clear(c);
	c->counted = (struct counted){.done = true,
				      .known = k->has_rows || k->has_plan,
				      .estimate = !k->has_rows,
				      .rows = k->has_rows ? k->rows : k->planned,
				      .sample = k->samples.len ? strbuf_take(&k->samples) : NULL};
	debug_log("relay", "pid %d: %" PRIu64 " rows of %s (%s)", (int)c->actor->pid, c->counted.rows, k->subject.table,
		  !c->counted.known   ? "unknown" :
		  c->counted.estimate ? "estimated" :
					"counted");
	timer_clear(&c->relay->loop, &c->timer);
	connection_count_drop(c);
	connection_counted(c);
}

/* Is there no need for the next step?  Not if the plan is far from what a rule asks about, and no rule asks anyhow. */
static bool connection_count_is_enough(struct connection *c)
{
	const struct count *k = c->count;
	uint64_t rows =
		k->planned < UINT64_MAX / WRONG_BY - WRONG_BASE ? (k->planned + WRONG_BASE) * WRONG_BY : UINT64_MAX;
	return k->phase == COUNT_PLANS && k->has_plan && !connection_count_is_asked(c, &c->asked, rows);
}

/* The server waits for the next step. */
static void connection_count_go_on(struct connection *c)
{
	cleanup_strbuf struct strbuf out = {0};
	int err = count_next(c->count, connection_count_is_enough(c), &out);
	if (err || !connection_count_send(c, &out))
		c->over = c->resets = true;
	else if (c->count->phase == COUNT_DONE)
		connection_count_end(c);
}

void connection_count_heard(struct connection *c, size_t at)
{
	cleanup_strbuf struct strbuf rest = {0};
	size_t n = c->down.n - at;
	const char *bytes = flow_start(&c->down) + at;
	long used = count_heard(c->count, bytes, n, &rest);
	if (used >= 0)
		strbuf_put(&rest, bytes + used, n - (size_t)used);
	c->down.n = at;
	if (!c->down.n)
		flow_free(&c->down);
	if (used < 0 || rest.err || (rest.len && flow_put(&c->down, rest.s, rest.len) < rest.len))
		c->over = c->resets = true;
	else if (count_waits(c->count))
		connection_count_go_on(c);
}

void connection_count_put(const struct connection *c, struct gate_event *ev)
{
	if (!c->counted.known)
		return;
	ev->sample = c->counted.sample;
	ev->rows = c->counted.rows;
	ev->text_flags |= GATE_TEXT_ROWS | (c->counted.estimate ? GATE_TEXT_ESTIMATE : 0u);
}

void connection_count_said(struct connection *c, const struct protocol_statement *s)
{
	static const char *const words[] = {"alter", "drop"};
	struct connection_count_text t = {0};
	connection_count_clear(c);
	if (s->kind == PROTOCOL_POSTGRESQL && s->prepares) {
		bool takes = s->whole && s->text.n <= PREPARED_TEXT_MAX && connection_count_may_take_rows(s) &&
			     connection_count_read(s, &t) && t.way != EFFECT_COUNT_NONE;
		prepared_said(&c->prepared, s, takes);
		c->protocol.binds |= takes;
		connection_count_forget(&t);
	}
	for (size_t i = 0; s->kind == PROTOCOL_POSTGRESQL && i < sizeof words / sizeof *words; i++)
		if (s->text.n && memmem(s->text.at, s->text.n, words[i], strlen(words[i])))
			count_keys_free(&c->relay->keys);
}
