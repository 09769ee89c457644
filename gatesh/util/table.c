/* SPDX-License-Identifier: BSD-2-Clause */
/* table.c - collects cells, measures the columns and prints the rows. */
#include "util/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "util/out.h"

void table_put(struct table *t, const char *sgr, const char *text)
{
	cleanup_strbuf struct strbuf b = {0};
	if (t->n == t->room) {
		size_t room = t->room ? t->room * 2 : 64;
		struct cell *cells = reallocarray(t->cells, room, sizeof *cells);
		if (!cells) {
			t->err = -ENOMEM;
			return;
		}
		t->cells = cells;
		t->room = room;
	}
	if (text)
		escape_put(&b, text, strlen(text));
	struct cell *c = &t->cells[t->n];
	*c = (struct cell){.text = strbuf_take(&b), .sgr = sgr};
	if (c->text)
		t->n++;
	else
		t->err = -ENOMEM;
}

void table_printf(struct table *t, const char *sgr, const char *fmt, ...)
{
	char *text;
	va_list ap;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		t->err = -ENOMEM;
		return;
	}
	table_put(t, sgr, text);
	free(text);
}

static size_t table_column_width(const struct table *t, size_t column)
{
	size_t most = 0;
	for (size_t i = column; i < t->n; i += t->columns) {
		size_t w = out_width(t->cells[i].text);
		if (w > most)
			most = w;
	}
	return most;
}

static void table_print_row(const struct table *t, size_t row, const size_t *widths, bool colour, FILE *out)
{
	const struct cell *c = &t->cells[row];
	size_t n = t->n - row < t->columns ? t->n - row : t->columns;
	while (n && !*c[n - 1].text)
		n--;
	for (size_t i = 0; i < n; i++) {
		bool sgr = colour && c[i].sgr && *c[i].text;
		fprintf(out, "%s%s%s%s%s%s", i ? "  " : "", sgr ? "\033[" : "", sgr ? c[i].sgr : "", sgr ? "m" : "",
			c[i].text, sgr ? "\033[0m" : "");
		if (i + 1 < n)
			fprintf(out, "%*s", (int)(widths[i] - out_width(c[i].text)), "");
	}
	putc('\n', out);
}

int table_print(struct table *t, FILE *out)
{
	size_t *widths = calloc(t->columns, sizeof *widths);
	int err = widths ? t->err : -ENOMEM;
	bool colour = out_colour(out);
	for (size_t i = 0; !err && i < t->columns; i++)
		widths[i] = table_column_width(t, i);
	for (size_t i = 0; !err && i < t->n; i += t->columns)
		table_print_row(t, i, widths, colour, out);
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i].text);
	free(t->cells);
	free(widths);
	*t = (struct table){.columns = t->columns};
	if (err)
		fputs("gatesh: out of memory\n", stderr);
	return err;
}
