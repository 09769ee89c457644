/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_objects.c - DROP, TRUNCATE, ALTER and the statements about rights, settings and the server. */
#include "effects/sql_objects.h"

#include <string.h>

/* The kinds of objects in DROP and ALTER by their first keyword; `of` is the word of effect_object_kinds. */
static const struct kind {
	const char *words; /* in order; each may follow the one before */
	const char *of;
} kinds[] = {
	{"table", "table"},
	{"foreign table", "table"},
	{"database", "database"},
	{"schema", "schema"},
	{"keyspace", "schema"},
	{"tablespace", "tablespace"},
	{"owned", "owned"},
	{"materialized view", "view"},
	{"view", "view"},
	{"index", "index"},
	{"unique index", "index"},
	{"function", "function"},
	{"aggregate", "function"},
	{"procedure", "procedure"},
	{"routine", "procedure"},
	{"trigger", "trigger"},
	{"event trigger", "trigger"},
	{"sequence", "sequence"},
	{"type", "type"},
	{"domain", "type"},
	{"user mapping", "user"},
	{"user", "user"},
	{"role", "role"},
	{"group", "role"},
	{"extension", "extension"},
	{"policy", "policy"},
	{"rule", "rule"},
	{"event", "event"},
	{"server", "server"},
	{"publication", "publication"},
	{"subscription", "subscription"},
};

/* The number of the words of a kind at i, or 0. */
static size_t sql_objects_words(const struct sql_tokens *t, size_t i, const char *words)
{
	const char *second = strchr(words, ' ');
	char first[16] = "";
	memcpy(first, words, second ? (size_t)(second - words) : strlen(words));
	return !sql_is(t, i, first) ? 0 : !second ? 1 : sql_is(t, i + 1, second + 1) ? 2 : 0;
}

/* The kind of object at *i, moved behind its words and IF EXISTS; NULL if it is none of them. */
static const char *sql_objects_kind(const struct sql_tokens *t, size_t *i)
{
	size_t n = 0;
	while (sql_is_one(t, *i, "temporary temp global local online offline"))
		++*i;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		if (!(n = sql_objects_words(t, *i, kinds[k].words)))
			continue;
		*i += n;
		*i += sql_is(t, *i, "concurrently");
		*i += sql_is(t, *i, "if") && sql_is(t, *i + 1, "exists") ? 2 : 0;
		return kinds[k].of;
	}
	return NULL;
}

static void sql_objects_add(const struct sql_tokens *t, size_t i, enum effect_kind kind, const char *of,
			    struct effects *out)
{
	cleanup_strbuf struct strbuf name = {0};
	sql_take_name(t, &i, &name);
	effect_add(out, kind, of, name.s ? name.s : "", name.len, EFFECT_ALL_ROWS);
}

/* An effect for each name of a list. */
static void sql_objects_add_list(const struct sql_tokens *t, size_t i, enum effect_kind kind, const char *of,
				 struct effects *out)
{
	cleanup_strbuf struct strbuf name = {0};
	do {
		name.len = 0;
		i += sql_is(t, i, "only");
		sql_take_name(t, &i, &name);
		effect_add(out, kind, of, name.len ? name.s : "", name.len, EFFECT_ALL_ROWS);
		i += sql_is_sign(t, i, "*");
	} while (sql_is_sign(t, i++, ",") && out->n < EFFECTS_MAX);
}

static void sql_objects_drop(const struct sql_tokens *t, size_t i, struct effects *out)
{
	const char *of = sql_objects_kind(t, &i);
	if (of && !strcmp(of, "owned"))
		effect_add(out, EFFECT_DROP, of, "", 0, EFFECT_ALL_ROWS);
	else if (of)
		sql_objects_add_list(t, i, EFFECT_DROP, of, out);
	else if (sql_is_name(t, i))
		effect_add(out, EFFECT_DROP, "other", "", 0, EFFECT_ALL_ROWS);
}

static void sql_objects_truncate(const struct sql_tokens *t, size_t i, struct effects *out)
{
	i += sql_is(t, i, "table");
	i += sql_is(t, i, "if") && sql_is(t, i + 1, "exists") ? 2 : 0;
	if (sql_is_name(t, i))
		sql_objects_add_list(t, i, EFFECT_TRUNCATE, "table", out);
}

/* The part of an ALTER TABLE that takes data away: DROP [COLUMN] name, DROP or TRUNCATE PARTITION, DELETE WHERE. */
static void sql_objects_alter_action(const struct sql_tokens *t, size_t i, const struct strbuf *table,
				     struct effects *out)
{
	cleanup_strbuf struct strbuf name = {0};
	const char *of = "column";
	bool drops = sql_is(t, i, "drop"), empties = sql_is(t, i, "truncate") && sql_is(t, i + 1, "partition");
	if (sql_is(t, i, "delete") && sql_is(t, i + 1, "where"))
		effect_add(out, EFFECT_DELETE, "table", table->s, table->len, EFFECT_SOME_ROWS);
	if (!drops && !empties)
		return;
	i++;
	if (sql_is_one(t, i, "default not identity expression"))
		return; /* of a column, which stays */
	if (sql_is_one(t, i, "constraint primary foreign check index key"))
		of = "constraint";
	else if (sql_is_one(t, i, "partition subpartition"))
		of = "partition";
	i += sql_is_one(t, i, "column constraint partition subpartition index key");
	i += sql_is(t, i, "if") && sql_is(t, i + 1, "exists") ? 2 : 0;
	strbuf_put(&name, table->s ? table->s : "", table->len);
	strbuf_putc(&name, '.');
	sql_take_name(t, &i, &name);
	effect_add(out, empties ? EFFECT_TRUNCATE : EFFECT_DROP, of, name.s ? name.s : "", name.len, EFFECT_ALL_ROWS);
}

static void sql_objects_alter(const struct sql_tokens *t, size_t i, struct effects *out)
{
	cleanup_strbuf struct strbuf table = {0};
	if (sql_is(t, i, "system")) {
		effect_add(out, EFFECT_CONFIG, "setting", "", 0, EFFECT_ALL_ROWS);
		return;
	}
	const char *of = sql_objects_kind(t, &i);
	i += sql_is(t, i, "only");
	sql_take_name(t, &i, &table);
	effect_add(out, EFFECT_ALTER, of ? of : "other", table.s ? table.s : "", table.len, EFFECT_ALL_ROWS);
	for (; of && !strcmp(of, "table") && i < t->n && out->n < EFFECTS_MAX; i++)
		sql_objects_alter_action(t, i, &table, out);
}

/* GRANT and REVOKE: the object after ON, or the role. */
static void sql_objects_rights(const struct sql_tokens *t, size_t i, enum effect_kind kind, struct effects *out)
{
	const char *of = "role";
	size_t on = i;
	while (on < t->n && !sql_is_one(t, on, "on to from"))
		on++;
	if (sql_is(t, on, "on")) {
		i = on + 1;
		of = sql_objects_kind(t, &i);
		of = of ? of : "table";
	}
	sql_objects_add(t, i, kind, of, out);
}

/* The other statements, by their first words. */
static const struct other {
	const char *first, *second; /* second: one of these follows; NULL: any or nothing */
	enum effect_kind kind;
	const char *of;
} others[] = {
	{"set", "global persist persist_only session_replication_role password", EFFECT_CONFIG, "setting"},
	{"reset", "master slave replica binary persist", EFFECT_FLUSH, "log"},
	{"purge", "binary master", EFFECT_FLUSH, "log"},
	{"flush",
	 "tables logs privileges hosts status user_resources binary engine error general slow relay local "
	 "no_write_to_binlog",
	 EFFECT_CONFIG, "server"},
	{"shutdown", NULL, EFFECT_SHUTDOWN, "server"},
	{"kill", NULL, EFFECT_SHUTDOWN, "session"},
	{"load", "data xml", EFFECT_KIND_COUNT, ""}, /* no effect: rows come in */
	{"load", NULL, EFFECT_EVAL, "library"},
	{"install", "plugin component soname", EFFECT_EVAL, "library"},
	{"uninstall", "plugin component soname", EFFECT_DROP, "library"},
	{"stop", "slave replica group_replication", EFFECT_CONFIG, "server"},
	{"change", "master replication", EFFECT_CONFIG, "server"},
	{"reassign", "owned", EFFECT_ALTER, "owned"},
	{"restore", "database", EFFECT_DROP, "database"},
};

static void sql_objects_other(const struct sql_tokens *t, size_t i, struct effects *out)
{
	for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
		const struct other *o = &others[k];
		if (!sql_is(t, i, o->first) || (o->second && !sql_is_one(t, i + 1, o->second)))
			continue;
		if (o->kind != EFFECT_KIND_COUNT)
			effect_add(out, o->kind, o->of, "", 0, EFFECT_ALL_ROWS);
		return;
	}
}

/* COPY ... PROGRAM runs a command beside the server. */
static void sql_objects_copy(const struct sql_tokens *t, size_t i, struct effects *out)
{
	for (; i + 1 < t->n; i++)
		if (sql_is(t, i, "program") && t->v[i + 1].kind == SQL_TOKEN_STRING)
			effect_add(out, EFFECT_EVAL, "program", "", 0, EFFECT_ALL_ROWS);
}

/* The body of a DO is read as statements of its own, if it is PL/pgSQL. */
static void sql_objects_do(const struct sql_tokens *t, size_t i, struct effects *out)
{
	for (; i + 1 < t->n; i++)
		if (sql_is(t, i, "language") && !sql_is(t, i + 1, "plpgsql"))
			effect_add(out, EFFECT_UNKNOWN, "", "", 0, EFFECT_ALL_ROWS);
}

void sql_objects(const struct sql_tokens *t, size_t i, struct effects *out)
{
	if (sql_is(t, i, "drop"))
		sql_objects_drop(t, i + 1, out);
	else if (sql_is(t, i, "truncate"))
		sql_objects_truncate(t, i + 1, out);
	else if (sql_is(t, i, "alter"))
		sql_objects_alter(t, i + 1, out);
	else if (sql_is(t, i, "grant"))
		sql_objects_rights(t, i + 1, EFFECT_GRANT, out);
	else if (sql_is(t, i, "revoke"))
		sql_objects_rights(t, i + 1, EFFECT_REVOKE, out);
	else if (sql_is(t, i, "copy"))
		sql_objects_copy(t, i + 1, out);
	else if (sql_is(t, i, "do") && t->engine == EFFECT_POSTGRESQL)
		sql_objects_do(t, i + 1, out);
	else
		sql_objects_other(t, i, out);
}

static const struct function {
	const char *name;
	enum effect_kind kind;
	const char *of;
} functions[] = {
	{"lo_unlink", EFFECT_DELETE, "large-object"},
	{"pg_drop_replication_slot", EFFECT_DROP, "slot"},
	{"pg_replication_origin_drop", EFFECT_DROP, "slot"},
	{"pg_terminate_backend", EFFECT_SHUTDOWN, "session"},
	{"dblink_exec", EFFECT_UNKNOWN, ""},
	{"query_to_xml", EFFECT_UNKNOWN, ""},
	{"load_extension", EFFECT_EVAL, "library"},
	{"sys_exec", EFFECT_EVAL, "program"},
	{"sys_eval", EFFECT_EVAL, "program"},
};

void sql_function(const struct sql_tokens *t, size_t i, struct effects *out)
{
	if (!sql_is_sign(t, i + 1, "("))
		return;
	for (size_t k = 0; k < sizeof functions / sizeof *functions; k++)
		if (sql_is(t, i, functions[k].name))
			effect_add(out, functions[k].kind, functions[k].of, "", 0, EFFECT_SOME_ROWS);
}
