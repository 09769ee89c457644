/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_count.c - can the server itself tell how many rows a DELETE or an UPDATE takes: by executing it and rolling back, or by its
 * plan alone?  And by which columns does the statement choose one row? */
#include <stdlib.h>
#include <string.h>

#include "effects/effects_internal.h"
#include "effects/sql_tokens.h"

/* Keywords before a parenthesis, and functions of which nothing is left after a rollback. */
static const char sql_count_harmless[] =
	"in exists values any all some and or not where set using on from as over filter when then else case select distinct "
	"returning between like ilike array row varchar char character numeric decimal cast coalesce nullif greatest least abs "
	"round floor ceil ceiling mod now age date_trunc date_part extract to_char to_date to_timestamp to_number make_interval "
	"make_date lower upper length char_length trim btrim ltrim rtrim substr substring left right replace concat concat_ws "
	"position strpos lpad rpad split_part md5 count sum min max avg unnest jsonb_build_object jsonb_set date time datetime "
	"strftime julianday date_sub date_add datediff unix_timestamp from_unixtime ifnull curdate current_timestamp "
	"current_date interval timestamp timestamptz";

/* Does something act beyond the transaction: a function that nobody here knows, a default, which may draw from a sequence, a
 * variable? */
static bool sql_count_reaches(const struct sql_tokens *t)
{
	for (size_t i = 0; i < t->n; i++) {
		bool qualified = i && sql_is_sign(t, i - 1, ".");
		bool name = t->v[i].kind == SQL_TOKEN_WORD || t->v[i].kind == SQL_TOKEN_QUOTED;
		if (name && sql_is_sign(t, i + 1, "(") && (qualified || !sql_is_one(t, i, sql_count_harmless)))
			return true;
		if (sql_is_one(t, i, "default insert merge into") || sql_is_sign(t, i, ":="))
			return true;
	}
	return false;
}

/* Is it one statement, with one DELETE or UPDATE in it? */
static bool sql_count_is_one(const struct sql_tokens *t, const char *statement, struct effect *only)
{
	struct effects e = {0};
	bool one = sql_is_one(t, 0, "delete update with") && !effects_of_sql(t->engine, statement, &e) && e.n == 1 &&
		   (e.v[0].kind == EFFECT_DELETE || e.v[0].kind == EFFECT_UPDATE) && *e.v[0].object;
	for (size_t i = 0; one && i + 1 < t->n; i++)
		one = !sql_is_sign(t, i, ";") && !(sql_is(t, i, "current") && sql_is(t, i + 1, "of"));
	if (one) {
		*only = e.v[0];
		e.n = 0;
	}
	effects_free(&e);
	return one;
}

enum effect_count effect_count(enum effect_engine engine, const char *statement, struct effect *only)
{
	struct sql_tokens t;
	enum effect_count way = EFFECT_COUNT_NONE;
	if (!sql_tokens_read(&t, engine, statement) && sql_count_is_one(&t, statement, only))
		way = sql_count_reaches(&t) ? EFFECT_COUNT_ESTIMATE : EFFECT_COUNT_TRY;
	free(t.v);
	return way;
}

bool effect_may_return(enum effect_engine engine, const char *statement)
{
	struct sql_tokens t;
	bool may = !sql_tokens_read(&t, engine, statement) && sql_is_one(&t, 0, "delete update");
	size_t from = may && sql_is(&t, 0, "delete") ? 2 : 1;
	for (size_t i = from; may && i < t.n; i++)
		may = !sql_is_one(&t, i, from == 2 ? "using returning limit" : "from returning limit");
	free(t.v);
	return may;
}

/* --- one row by its key ------------------------------------------------------------------------------------------- */

/* Skip the name, the alias and, of an UPDATE, what is set.  Returns the position behind WHERE, or t->n if there is none, or if another
 * table could decide. */
static size_t sql_count_where(const struct sql_tokens *t)
{
	cleanup_strbuf struct strbuf name = {0};
	size_t i = 1 + sql_is(t, 1, "from"), depth = 0;
	i += sql_is(t, i, "only");
	if (!sql_take_name(t, &i, &name))
		return t->n;
	i += sql_is(t, i, "as");
	i += !sql_is_one(t, i, "set where using") && sql_is_name(t, i);
	if (sql_is(t, 0, "delete") ? !sql_is(t, i, "where") : !sql_is(t, i, "set"))
		return t->n;
	for (; i < t->n && !(!depth && sql_is(t, i, "where")); i++) {
		if (!depth && sql_is_one(t, i, "from"))
			return t->n;
		depth += sql_is_sign(t, i, "(");
		depth -= sql_is_sign(t, i, ")");
	}
	return i < t->n ? i + 1 : i;
}

/* `t.id = $1`, `"id" = 5::bigint`: the column's token, if tokens [from, to) are such a comparison; else t->n. */
static size_t sql_count_key(const struct sql_tokens *t, size_t from, size_t to)
{
	size_t i = from;
	while (i + 2 < to && sql_is_name(t, i) && sql_is_sign(t, i + 1, "."))
		i += 2;
	if (i + 2 >= to || !sql_is_name(t, i) || !sql_is_sign(t, i + 1, "="))
		return t->n;
	enum sql_token_kind kind = t->v[i + 2].kind;
	if (kind != SQL_TOKEN_NUMBER && kind != SQL_TOKEN_STRING && kind != SQL_TOKEN_PARAM)
		return t->n;
	bool cast = i + 5 == to && sql_is_sign(t, i + 3, "::") && t->v[i + 4].kind == SQL_TOKEN_WORD;
	return i + 3 == to || cast ? i : t->n;
}

static void sql_count_put_keys(const struct sql_tokens *t, size_t from, struct strbuf *out)
{
	for (size_t end; from < t->n; from = end + 1) {
		for (end = from; end < t->n && !sql_is_one(t, end, "and returning order limit"); end++)
			;
		size_t key = sql_count_key(t, from, end);
		if (key < t->n && sql_take_name(t, &key, out))
			strbuf_putc(out, '\n');
		if (!sql_is(t, end, "and"))
			return;
	}
}

void effect_put_keys(enum effect_engine engine, const char *statement, struct strbuf *out)
{
	struct sql_tokens t;
	bool read = !sql_tokens_read(&t, engine, statement) && sql_is_one(&t, 0, "delete update");
	size_t where = read ? sql_count_where(&t) : t.n;
	for (size_t i = where; i < t.n; i++)
		if (sql_is_one(&t, i, "or between xor") || sql_is_sign(&t, i, "(") || sql_is_sign(&t, i, "||"))
			where = t.n;
	sql_count_put_keys(&t, where, out);
	free(t.v);
}
