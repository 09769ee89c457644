/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_effects.c - finds the effects of one SQL statement: its own, and those of the statements inside it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "effects/effects_internal.h"
#include "effects/sql_objects.h"
#include "effects/sql_rows.h"

/* Does the statement only define what is executed later? */
static bool sql_effects_defines(const struct sql_tokens *t)
{
	size_t i = 1;
	if (!sql_is(t, 0, "create"))
		return false;
	for (; i < t->n && i < 16; i++)
		if (sql_is_one(t, i, "function procedure trigger rule view event policy aggregate package"))
			return true;
		else if (sql_is_one(t, i, "table index database schema user role as"))
			return false;
	return false;
}

/* Skip EXPLAIN and its options.  Returns the position of the statement that it executes, or t->n if it only plans. */
static size_t sql_effects_explained(const struct sql_tokens *t)
{
	size_t i = 1;
	bool runs = sql_is(t, 0, "analyze");
	if (!sql_is_one(t, 0, "explain describe desc analyze"))
		return 0;
	if (sql_is_sign(t, i, "("))
		for (; i < t->n && !sql_is_sign(t, i, ")"); i++)
			if (sql_is_one(t, i, "analyze analyse"))
				runs = !sql_is_one(t, i + 1, "false off") &&
				       !(i + 1 < t->n && t->text[t->v[i + 1].from] == '0');
	i += sql_is_sign(t, i, ")");
	for (; sql_is_one(t, i, "analyze analyse verbose extended query plan format json"); i++)
		runs |= sql_is_one(t, i, "analyze analyse");
	return runs ? i : t->n;
}

/* Can a statement begin at i, behind what precedes it?  In a block of MariaDB, more words than these part statements. */
static bool sql_effects_may_begin(const struct sql_tokens *t, size_t i, size_t first, bool block)
{
	return i == first || sql_is_sign(t, i - 1, "(") || sql_is_sign(t, i - 1, ")") || sql_is_sign(t, i - 1, ";") ||
	       sql_is_one(t, i - 1, "as analyze analyse materialized") ||
	       (block && sql_is_one(t, i - 1, "then else do loop begin atomic repeat"));
}

/* A cheap look that most statements of a dump do not pass: what reads or inserts rows has an effect only if one of these
 * is in it. */
static bool sql_effects_is_harmless(const char *s)
{
	static const char *const plain[] = {"insert ", "select ", "values ", "replace ", "(select "};
	static const char *const inside[] = {"delete", "update",       "merge",    "lo_unlink", "pg_",
					     "dblink", "query_to_xml", "load_ext", "sys_e",     "u&"};
	bool reads = false;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		reads |= !strncasecmp(s, plain[i], strlen(plain[i]));
	for (size_t i = 0; reads && i < sizeof inside / sizeof *inside; i++)
		reads = !strcasestr(s, inside[i]);
	return reads;
}

int effects_of_sql(enum effect_engine engine, const char *statement, struct effects *out)
{
	struct sql_tokens t;
	if (sql_effects_is_harmless(statement))
		return 0;
	int err = sql_tokens_read(&t, engine, statement);
	size_t first = err ? 0 : sql_effects_explained(&t);
	bool defines = sql_effects_defines(&t),
	     block = sql_is_one(&t, 0, "begin if loop while for case repeat declare");
	for (size_t i = first; !err && i < t.n && !defines; i++) {
		if (out->n >= EFFECTS_MAX) {
			effect_add(out, EFFECT_UNKNOWN, "", "", 0, EFFECT_ALL_ROWS);
			break;
		}
		if (t.v[i].kind != SQL_TOKEN_WORD)
			continue;
		sql_function(&t, i, out);
		if (!sql_effects_may_begin(&t, i, first, block))
			continue;
		sql_rows(&t, i, i == first, out);
		if (i == first || sql_is_sign(&t, i - 1, ";") || block)
			sql_objects(&t, i, out);
	}
	free(t.v);
	return err ? err : out->err;
}
