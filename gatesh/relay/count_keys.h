/* SPDX-License-Identifier: BSD-2-Clause */
/* count_keys.h - the columns of tables in which each value has one row, by the server's own word: a statement that gives one of them takes
 * one row, and nobody counts it again.  The relay's thread.  Without memory, nothing is known. */
#ifndef GATESH_RELAY_COUNT_KEYS_H
#define GATESH_RELAY_COUNT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum { COUNT_TABLES_MAX = 64 }; /* the oldest is forgotten, and is asked about again */

/* Zero-initialise. */
struct count_keys {
	struct count_keys_table {
		char *table, *columns; /* owned; each column before a newline */
	} v[COUNT_TABLES_MAX];
	size_t next;
};

void count_keys_set(struct count_keys *k, const char *table, const char *columns);

/* Is one of these columns, each before a newline, such a column of the table? */
bool count_keys_has(const struct count_keys *k, const char *table, const char *columns);

void count_keys_free(struct count_keys *k);

#endif
