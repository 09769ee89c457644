/* SPDX-License-Identifier: BSD-2-Clause */
/* count_keys.c - a ring of tables and their unique columns. */
#include "relay/count_keys.h"

#include <stdlib.h>
#include <string.h>

static const char *count_keys_columns(const struct count_keys *k, const char *table)
{
	for (size_t i = 0; i < COUNT_TABLES_MAX; i++)
		if (k->v[i].table && k->v[i].columns && !strcmp(k->v[i].table, table))
			return k->v[i].columns;
	return NULL;
}

void count_keys_set(struct count_keys *k, const char *table, const char *columns)
{
	if (count_keys_columns(k, table))
		return;
	struct count_keys_table *t = &k->v[k->next++ % COUNT_TABLES_MAX];
	free(t->table);
	free(t->columns);
	t->table = strdup(table);
	t->columns = strdup(columns);
}

/* Is the column of n bytes, its newline included, one of them? */
static bool count_keys_is_one(const char *columns, const char *column, size_t n)
{
	for (; *columns; columns = strchr(columns, '\n') + 1)
		if (!strncmp(columns, column, n))
			return true;
	return false;
}

bool count_keys_has(const struct count_keys *k, const char *table, const char *columns)
{
	const char *known = count_keys_columns(k, table);
	for (const char *end; known && *columns; columns = end + 1) {
		end = strchr(columns, '\n');
		if (count_keys_is_one(known, columns, (size_t)(end - columns) + 1))
			return true;
	}
	return false;
}

void count_keys_free(struct count_keys *k)
{
	for (size_t i = 0; i < COUNT_TABLES_MAX; i++) {
		free(k->v[i].table);
		free(k->v[i].columns);
	}
	*k = (struct count_keys){0};
}
