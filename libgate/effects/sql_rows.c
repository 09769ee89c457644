/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_rows.c - DELETE, UPDATE and MERGE: of which table, and under which condition. */
#include "effects/sql_rows.h"

#include "effects/sql_condition.h"

/* The position of the next of the words outside of parentheses, from i on; the end of the enclosing parenthesis or of the
 * statement if none comes. */
static size_t sql_rows_find(const struct sql_tokens *t, size_t i, const char *words, bool *found)
{
	size_t depth = 0;
	*found = false;
	for (; i < t->n; i++) {
		if (sql_is_sign(t, i, ";") || (!depth && sql_is_sign(t, i, ")")))
			return i;
		if (!depth && sql_is_one(t, i, words)) {
			*found = true;
			return i;
		}
		depth += sql_is_sign(t, i, "(");
		depth -= sql_is_sign(t, i, ")");
	}
	return i;
}

/* The condition of a statement whose table list or SET begins at i. */
static enum effect_condition sql_rows_condition(const struct sql_tokens *t, size_t i)
{
	bool where, limit;
	size_t from = sql_rows_find(t, i, "where limit", &where);
	where = where && sql_is(t, from, "where");
	sql_rows_find(t, i, "limit fetch", &limit);
	if (where && sql_is(t, from + 1, "current") && sql_is(t, from + 2, "of"))
		return EFFECT_SOME_ROWS;
	if (limit)
		return EFFECT_SOME_ROWS;
	if (!where)
		return EFFECT_ALL_ROWS;
	bool more;
	size_t to = sql_rows_find(t, from + 1, "returning order option settings", &more);
	return sql_condition(t, from + 1, to);
}

static void sql_rows_add(const struct sql_tokens *t, size_t i, enum effect_kind kind, size_t from, struct effects *out)
{
	cleanup_strbuf struct strbuf name = {0};
	i += sql_is(t, i, "only");
	if (!sql_take_name(t, &i, &name))
		return;
	effect_add(out, kind, "table", name.s ? name.s : "", name.len, sql_rows_condition(t, from));
}

/* DELETE [LOW_PRIORITY ...] [name, ...] FROM name; without FROM where the dialect lets it be left out. */
static void sql_rows_delete(const struct sql_tokens *t, size_t i, bool first, struct effects *out)
{
	size_t from = i + 1;
	while (sql_is_one(t, from, "low_priority quick ignore"))
		from++;
	size_t at = from;
	while (!sql_is(t, at, "from") &&
	       (sql_is_name(t, at) || sql_is_sign(t, at, ",") || sql_is_sign(t, at, ".") || sql_is_sign(t, at, "*")) &&
	       !sql_is(t, at, "where"))
		at++;
	if (sql_is(t, at, "from"))
		sql_rows_add(t, at + 1, EFFECT_DELETE, at + 1, out);
	else if (first && at > from && (at == t->n || sql_is(t, at, "where")))
		sql_rows_add(t, from, EFFECT_DELETE, from, out);
}

/* UPDATE [LOW_PRIORITY | OR IGNORE ...] name ... SET */
static void sql_rows_update(const struct sql_tokens *t, size_t i, struct effects *out)
{
	size_t name = i + 1;
	bool set;
	while (sql_is_one(t, name, "low_priority ignore"))
		name++;
	if (sql_is(t, name, "or"))
		name += 2;
	size_t at = sql_rows_find(t, name + 1, "set where", &set);
	if (set && sql_is(t, at, "set"))
		sql_rows_add(t, name, EFFECT_UPDATE, at, out);
}

/* MERGE INTO name USING ... ON condition WHEN ... THEN DELETE */
static void sql_rows_merge(const struct sql_tokens *t, size_t i, struct effects *out)
{
	cleanup_strbuf struct strbuf name = {0};
	bool found;
	i += 1 + sql_is(t, i + 1, "into");
	i += sql_is(t, i, "only");
	if (!sql_take_name(t, &i, &name))
		return;
	size_t on = sql_rows_find(t, i, "on", &found);
	size_t when = sql_rows_find(t, on, "when", &found);
	enum effect_condition condition = sql_condition(t, on + 1, when);
	for (i = when; i < t->n; i++) {
		if (!sql_is(t, i, "then") || !sql_is_one(t, i + 1, "delete update"))
			continue;
		enum effect_kind kind = sql_is(t, i + 1, "delete") ? EFFECT_DELETE : EFFECT_UPDATE;
		effect_add(out, kind, "table", name.s ? name.s : "", name.len,
			   condition == EFFECT_TRIVIAL ? condition : EFFECT_SOME_ROWS); /* a join is its usual form */
	}
}

void sql_rows(const struct sql_tokens *t, size_t i, bool first, struct effects *out)
{
	if (sql_is(t, i, "delete"))
		sql_rows_delete(t, i, first, out);
	else if (sql_is(t, i, "update"))
		sql_rows_update(t, i, out);
	else if (sql_is(t, i, "merge"))
		sql_rows_merge(t, i, out);
}
