/* SPDX-License-Identifier: BSD-2-Clause */
/* effects.h - what a statement would do: a pure function of its text and the server's kind.  Internal to Gate.
 *
 * SQL is read by its tokens, which every dialect shares; a parser of one dialect can take the place of
 * effects_of_sql() for it.  A statement that the tokens do not explain has no effect, except where something in it
 * destroys: then it is EFFECT_UNKNOWN. */
#ifndef GATE_EFFECTS_EFFECTS_H
#define GATE_EFFECTS_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

enum effect_kind {
	EFFECT_DROP = 0,
	EFFECT_TRUNCATE,
	EFFECT_DELETE,
	EFFECT_UPDATE,
	EFFECT_ALTER,
	EFFECT_GRANT,
	EFFECT_REVOKE,
	EFFECT_FLUSH,    /* everything in a database, cache or server goes */
	EFFECT_CONFIG,   /* the server's settings */
	EFFECT_SHUTDOWN, /* the server or a session of it ends */
	EFFECT_EVAL,     /* code runs inside the server, or a program beside it */
	EFFECT_UNKNOWN,
	EFFECT_KIND_COUNT
};

/* Which rows a delete or an update is about.  TRIVIAL is true of all rows, or of all but one: `true`, `1=1`, `id > 0`,
 * `id IS NOT NULL`, `id <> 5`.  QUERIED leaves it to another query or table, nobody knows how many: `a = (SELECT ...)`,
 * `a.id = b.id`. */
enum effect_condition {
	EFFECT_ALL_ROWS = 0,
	EFFECT_TRIVIAL,
	EFFECT_SOME_ROWS,
	EFFECT_QUERIED_ROWS,
	EFFECT_CONDITION_COUNT
};

enum effect_engine {
	EFFECT_POSTGRESQL = 0,
	EFFECT_MYSQL,
	EFFECT_SQLITE,
	EFFECT_REDIS,
	EFFECT_MONGODB,
	EFFECT_ENGINE_COUNT
};

struct effect {
	enum effect_kind kind;
	enum effect_condition condition; /* EFFECT_ALL_ROWS but for delete and update */
	const char *
		of; /* "table", "column", "view", "key", ...: the kind of the object; "" if unknown.  Static storage. */
	char *object; /* "shop.users", unquoted, folded where the engine folds; "" if unknown.  Owned. */
};

/* Owned list; zero-initialize. */
struct effects {
	struct effect *v;
	size_t n;
	int err; /* 0 or -ENOMEM */
};

/* The words of gate.rules(5), in the order of the enumerations; NULL-terminated.  Conditions: "none", "trivial", "any",
 * "query". */
extern const char *const effect_kind_names[EFFECT_KIND_COUNT + 1];
extern const char *const effect_condition_names[EFFECT_CONDITION_COUNT + 1];
extern const char *const effect_engine_names[EFFECT_ENGINE_COUNT + 1];
/* Every word of `of`. */
extern const char *const effect_object_kinds[];

/* Return the engine of a name, or -1. */
int effect_engine_of(const char *name);

/* Append the effects of one statement: of SQL as sql.h gives it (`blanked`), of a Redis or MongoDB command as gate.h
 * describes its text.  Returns 0 or -ENOMEM.  Call effects_free() in all cases. */
int effects_of_statement(enum effect_engine engine, const char *statement, struct effects *out);
void effects_free(struct effects *e);

/* Has every Redis command with this first word no effect, whatever follows? */
bool effects_redis_is_harmless(const char *word, size_t n);

/* Does one SQL statement make an object whose name was free, or else fail: CREATE without OR REPLACE and without IF NOT EXISTS?  Then
 * made->of and made->object are set; free the object.  False too for a table that shows the rows of others, and for one that its
 * transaction's end drops. */
bool effect_creates(enum effect_engine engine, const char *statement, struct effect *made, bool *temporary);

/* How a server can tell the number of rows that one SQL statement would delete or change. */
enum effect_count {
	EFFECT_COUNT_NONE = 0, /* it is about no rows, or about those of several tables, or of a cursor */
	EFFECT_COUNT_ESTIMATE, /* by its plan alone: a rollback might not undo all that it does */
	EFFECT_COUNT_TRY,      /* by executing it and rolling back */
};

/* Which way is there for the statement?  Unless it is NONE, *only is its one effect; free the object.  What the table does by itself
 * (triggers, rules, another server behind it) is not in the text. */
enum effect_count effect_count(enum effect_engine engine, const char *statement, struct effect *only);

/* May RETURNING * stand behind a statement of which effect_count() is TRY, and does it name columns of that table alone? */
bool effect_may_return(enum effect_engine engine, const char *statement);

struct strbuf;

/* Append the columns, each followed by a newline, that each row that a DELETE or UPDATE takes has one given value in: "id\n" for
 * WHERE id = 5 AND a > b.  Nothing if the statement is not of one table. */
void effect_put_keys(enum effect_engine engine, const char *statement, struct strbuf *out);

/* Append EFFECT_UNKNOWN: the statement, or its end, was not seen. */
void effects_add_unknown(struct effects *e);

/* Append "delete table users (no condition)". */
void effect_put(struct strbuf *b, const struct effect *e);

/* Append the names of the fields that a GraphQL body would mutate, each followed by a newline: "deleteUser\n".  The body
 * is JSON with a `query`, or a list of such, or the query itself.  Nothing if it is not GraphQL. */
void effects_graphql_operations(const char *body, size_t len, struct strbuf *out);

/* Does a text have the keyword, which is in lower case?  ASCII case is folded, and \u escapes of JSON are read. */
bool effects_body_has(const char *body, size_t len, const char *keyword);

#pragma GCC visibility pop

#endif
