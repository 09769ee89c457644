/* SPDX-License-Identifier: BSD-2-Clause */
/* table.h - prints a table for people: cells in row order, columns aligned, the last one ragged.  On a terminal no line
 * is longer than the terminal is wide: wide columns are wrapped within themselves, and if that would leave them too
 * narrow to read, the columns that have no room go to further lines of their row.  Nothing is ever cut.
 * Zero-initialise with `columns` set. */
#ifndef GATESH_UTIL_TABLE_H
#define GATESH_UTIL_TABLE_H

#include <stddef.h>
#include <stdio.h>

struct cell {
	char *text; /* owned, escaped */
	const char *sgr;
};

struct table {
	size_t columns;
	const size_t *least; /* NULL, or a least width for each column: rows printed one by one then align */
	struct cell *cells;
	size_t n, room;
	int err;
};

/* Append a cell with an escaped copy of `text` (NULL: empty) in the colour `sgr` (NULL: none; static storage). */
void table_put(struct table *t, const char *sgr, const char *text);
void table_printf(struct table *t, const char *sgr, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Print the table and empty it.  Returns 0, or -ENOMEM if a cell was lost, and then prints nothing. */
int table_print(struct table *t, FILE *out);

/* Print a line of text, escaped, wrapped below its first letter where a terminal is too narrow.  0 or -ENOMEM. */
int table_text(const char *text, FILE *out);

#endif
