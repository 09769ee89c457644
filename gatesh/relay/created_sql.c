/* SPDX-License-Identifier: BSD-2-Clause */
/* created_sql.c - SQL: which object a statement creates, and whether all that one would do is about such objects.  A name may mean another
 * object after a rename or with another search path, so both make Gate forget. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "effects/effects.h"
#include "relay/created.h"
#include "subject/code/sql.h"

enum { DROPS_MAX = 16 };

/* A text, statement by statement. */
struct created_sql {
	struct created *k;
	const struct protocol *p;
	enum effect_engine engine;
	size_t statements, effects;
	bool foreign; /* it is about something that the session did not create */
	bool forgets; /* what it drops is no longer the session's */
	struct effect made;
	bool temporary;
	char dropped[DROPS_MAX][CREATED_NAME_MAX];
	size_t ndropped;
};

/* --- names -------------------------------------------------------------------------------------------------------- */

static bool created_sql_is_one(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return true;
	return false;
}

/* "ENGINE PLACE ": of one server. */
static void created_sql_put_server(const struct created *k, enum effect_engine engine, char out[CREATED_NAME_MAX])
{
	snprintf(out, CREATED_NAME_MAX, "%s %s ", effect_engine_names[engine], k->place);
}

/* The name of an object.  Returns false if it may mean another one than elsewhere. */
static bool created_sql_put_name(const struct created_sql *c, const char *of, const char *object,
				 char out[CREATED_NAME_MAX])
{
	static const char *const whole[] = {"database", "user", "role", NULL};
	char server[CREATED_NAME_MAX];
	bool schema = !strcmp(of, "schema");
	created_sql_put_server(c->k, c->engine, server);
	if (!*object || (c->k->moved && !schema && !strchr(object, '.') && !created_sql_is_one(of, whole)))
		return false;
	const char *user = created_sql_is_one(of, whole) ? "" : c->p->user;
	const char *database = created_sql_is_one(of, whole) ? "" : c->p->database;
	return snprintf(out, CREATED_NAME_MAX, "%s%s@%s %s %s", server, user, database, of, object) < CREATED_NAME_MAX;
}

/* Does the session own the whole database that the connection is to?  In MySQL, other databases can be reached from it. */
static bool created_sql_is_in_own(const struct created_sql *c, const struct effect *e)
{
	static const char *const inside[] = {"table",   "view",       "schema", "sequence", "type",
					     "column",  "constraint", "index",  "function", "procedure",
					     "trigger", "partition",  NULL};
	char name[CREATED_NAME_MAX];
	bool mysql = c->engine == EFFECT_MYSQL;
	if (!*c->p->database || (mysql && (c->k->moved || strchr(e->object, '.') ||
					   (e->kind != EFFECT_DROP && e->kind != EFFECT_TRUNCATE))))
		return false;
	return created_sql_is_one(e->of, inside) && created_sql_put_name(c, "database", c->p->database, name) &&
	       created_list_has(c->k->session, name);
}

/* --- what a statement would do ------------------------------------------------------------------------------------ */

/* A table that is dropped twice may be a temporary one, and then the one that it hid. */
static bool created_sql_is_first_drop(struct created_sql *c, const char *name)
{
	for (size_t i = 0; i < c->ndropped; i++)
		if (!strcmp(c->dropped[i], name))
			return false;
	if (c->ndropped == DROPS_MAX)
		return false;
	strcpy(c->dropped[c->ndropped++], name);
	return true;
}

static bool created_sql_is_about_own(struct created_sql *c, const struct effect *e)
{
	static const char *const parts[] = {"column", "constraint", "partition", NULL};
	char name[CREATED_NAME_MAX], table[CREATED_NAME_MAX];
	bool part = created_sql_is_one(e->of, parts);
	const char *dot = part ? strrchr(e->object, '.') : NULL;
	if (e->kind > EFFECT_ALTER)
		return false;
	if (snprintf(table, sizeof table, "%.*s", dot ? (int)(dot - e->object) : CREATED_NAME_MAX, e->object) >=
	    (int)sizeof table)
		return false;
	bool known = created_sql_put_name(c, part ? "table" : e->of, table, name);
	if (e->kind == EFFECT_DROP && !part && known && !created_sql_is_first_drop(c, name))
		return false;
	return created_sql_is_in_own(c, e) ||
	       (known && (created_list_has(&c->k->here, name) || created_list_has(c->k->session, name)));
}

static void created_sql_forget(struct created_sql *c, const struct effect *e)
{
	char name[CREATED_NAME_MAX];
	if (e->kind != EFFECT_DROP || !created_sql_put_name(c, e->of, e->object, name))
		return;
	created_list_forget(&c->k->here, name);
	created_list_forget(c->k->session, name);
}

static int created_sql_each(const struct sql_part *part, void *data)
{
	struct created_sql *c = data;
	struct effects e = {0};
	c->statements++;
	if (part->kind != SQL_STATEMENT || effects_of_statement(c->engine, part->blanked, &e))
		c->foreign = true;
	for (size_t i = 0; i < e.n; i++) {
		if (c->forgets)
			created_sql_forget(c, &e.v[i]);
		else
			c->foreign |= !created_sql_is_about_own(c, &e.v[i]) ||
				      (e.v[i].kind == EFFECT_TRUNCATE &&
				       effects_body_has(part->blanked, strlen(part->blanked), "cascade"));
	}
	c->effects += e.n;
	effects_free(&e);
	return 0;
}

static int created_sql_each_made(const struct sql_part *part, void *data)
{
	struct created_sql *c = data;
	free(c->made.object);
	c->made = (struct effect){0};
	if (!c->statements++ && part->kind == SQL_STATEMENT)
		effect_creates(c->engine, part->blanked, &c->made, &c->temporary);
	return 0;
}

static int created_sql_walk(struct created_sql *c, const struct protocol_statement *s, sql_fn *each)
{
	enum sql_dialect dialect = c->engine == EFFECT_MYSQL ? SQL_MYSQL : SQL_POSTGRES;
	return sql_statements(dialect, s->text.at ? s->text.at : "", s->text.n, each, c);
}

/* --- what makes names mean something else ------------------------------------------------------------------------- */

/* A word of the text; `word` is in lower case. */
static bool created_sql_has(struct protocol_text t, const char *word)
{
	size_t k = strlen(word);
	for (size_t i = 0; i + k <= t.n; i++)
		if ((t.at[i] | 0x20) == *word && !strncasecmp(t.at + i, word, k) &&
		    (!i || !(isalnum((unsigned char)t.at[i - 1]) || t.at[i - 1] == '_')) &&
		    (i + k == t.n || !(isalnum((unsigned char)t.at[i + k]) || t.at[i + k] == '_')))
			return true;
	return false;
}

static bool created_sql_moves(const struct protocol_statement *s)
{
	return !s->whole || created_sql_has(s->text, s->kind == PROTOCOL_MYSQL ? "use" : "search_path");
}

/* Could data that was there before get into an object of the session's, or under its name? */
static bool created_sql_mixes(const struct protocol_statement *s)
{
	static const char *const words[] = {"rename", "attach", "inherit", "exchange", "import", "foreign"};
	bool alters = created_sql_has(s->text, "alter");
	if (!s->whole || (alters && created_sql_has(s->text, "set") && created_sql_has(s->text, "schema")))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (created_sql_has(s->text, words[i]))
			return strcmp(words[i], "foreign") || created_sql_has(s->text, "server") ||
			       created_sql_has(s->text, "schema");
	return false;
}

static struct created_sql created_sql_begin(struct created *k, const struct protocol *p)
{
	return (struct created_sql){
		.k = k, .p = p, .engine = p->kind == PROTOCOL_MYSQL ? EFFECT_MYSQL : EFFECT_POSTGRESQL};
}

/* The server has dropped the connection's temporary tables, or the connection is another user's. */
static void created_sql_notice(struct created *k, const struct protocol *p, const struct protocol_statement *s)
{
	char server[CREATED_NAME_MAX];
	struct created_sql c = created_sql_begin(k, p);
	k->moved |= created_sql_moves(s) || p->paths;
	if (k->moved || k->resets != p->resets)
		created_list_forget_all(&k->here, "");
	k->resets = p->resets;
	if (!(k->session->n || k->here.n))
		return;
	created_sql_put_server(k, c.engine, server);
	if (created_sql_mixes(s)) {
		created_list_forget_all(&k->here, server);
		created_list_forget_all(k->session, server);
	}
	c.forgets = true;
	if (created_sql_has(s->text, "drop"))
		created_sql_walk(&c, s, created_sql_each);
}

/* May the server's next answer be taken for that to this statement? */
static bool created_sql_may_wait(struct created *k, const struct protocol *p, const struct protocol_statement *s)
{
	bool begins = created_sql_has(s->text, "begin") || created_sql_has(s->text, "transaction");
	if (p->kind == PROTOCOL_MYSQL)
		return !k->hasty && !s->prepares;
	uint32_t open = p->answers - k->answered - (s->prepares ? 0 : 1);
	k->texts += s->prepares && begins ? 0 : 1; /* drivers send BEGIN with the first statement */
	return !open && k->texts == 1 && !k->lost;
}

void created_sql_said(struct created *k, const struct protocol *p, const struct protocol_statement *s)
{
	struct created_sql c = created_sql_begin(k, p);
	created_sql_notice(k, p, s);
	k->wait = CREATED_NOTHING;
	if (!created_sql_may_wait(k, p, s) || !created_sql_has(s->text, "create"))
		return;
	int err = created_sql_walk(&c, s, created_sql_each_made);
	if (!err && c.statements == 1 && c.made.object && created_sql_put_name(&c, c.made.of, c.made.object, k->name)) {
		k->wait = CREATED_ADDS;
		k->temporary = c.temporary;
		k->succeeded = false;
	}
	k->message = p->kind == PROTOCOL_MYSQL ? (struct created_message){0} : k->message;
	free(c.made.object);
}

bool created_sql_is_own(struct created *k, const struct protocol *p, const struct protocol_statement *s)
{
	struct created_sql c = created_sql_begin(k, p);
	if (created_sql_moves(s) || created_sql_mixes(s) || k->resets != p->resets || !(k->session->n || k->here.n))
		return false;
	k->moved |= p->paths;
	return !created_sql_walk(&c, s, created_sql_each) && c.effects && !c.foreign;
}
