/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_creates.c - reads the statements that make a table, a database or another object. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "effects/effects_internal.h"
#include "effects/sql_tokens.h"

/* A table that is a window on others is not among them. */
static const struct made {
	const char *word, *of;
} sql_creates_kinds[] = {{"table", "table"},       {"database", "database"}, {"schema", "schema"}, {"view", "view"},
			 {"sequence", "sequence"}, {"type", "type"},         {"role", "role"},     {"user", "user"}};

/* The words by which a table keeps its rows in others, or elsewhere. */
static bool sql_creates_is_window(const struct sql_tokens *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (sql_is_one(t, i, "foreign") && sql_is_one(t, i + 1, "table server"))
			return true;
		else if (sql_is_one(t, i, "merge mrg_myisam mrg_merge federated connect spider connection"))
			return true;
	return false;
}

static bool sql_creates_until_commit(const struct sql_tokens *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (sql_is(t, i, "on") && sql_is(t, i + 1, "commit") && sql_is(t, i + 2, "drop"))
			return true;
	return false;
}

static bool sql_creates_read(const struct sql_tokens *t, struct effect *made, bool *temporary)
{
	cleanup_strbuf struct strbuf name = {0};
	size_t i = 1;
	*temporary = false;
	for (; sql_is_one(t, i, "temporary temp global local unlogged materialized recursive"); i++)
		*temporary |= sql_is_one(t, i, "temporary temp");
	const char *of = NULL;
	for (size_t k = 0; k < sizeof sql_creates_kinds / sizeof *sql_creates_kinds; k++)
		if (sql_is(t, i, sql_creates_kinds[k].word))
			of = sql_creates_kinds[k].of;
	i++;
	if (!of || sql_is(t, i, "if") || sql_is_one(t, i, "mapping authorization") || !sql_take_name(t, &i, &name) ||
	    name.err)
		return false;
	*made = (struct effect){.of = of, .object = name.s};
	name = (struct strbuf){0};
	return true;
}

bool effect_creates(enum effect_engine engine, const char *statement, struct effect *made, bool *temporary)
{
	struct sql_tokens t;
	if (strncasecmp(statement, "create", strlen("create"))) /* most statements */
		return false;
	bool is = !sql_tokens_read(&t, engine, statement) && sql_is(&t, 0, "create") && !sql_creates_is_window(&t) &&
		  !sql_creates_until_commit(&t) && sql_creates_read(&t, made, temporary);
	free(t.v);
	return is;
}
