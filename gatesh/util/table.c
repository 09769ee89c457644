/* SPDX-License-Identifier: BSD-2-Clause */
/* table.c - collects cells, fits the columns to the terminal and prints the rows. */
#include "util/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "util/out.h"
#include "util/text_layout.h"

enum {
	GAP = 2,          /* blanks between columns */
	INDENT = 4,       /* of the further lines of a row */
	READABLE = 20,    /* no column is wrapped to less */
	COMFORTABLE = 30, /* nor to less than this, if it would take more than three lines */
	NARROWEST = 12,
};

/* Where a column is printed. */
struct column {
	size_t width;
	size_t line; /* of its row; 0: the first */
};

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
	size_t most = t->least ? t->least[column] : 0;
	for (size_t i = column; i < t->n; i += t->columns) {
		size_t w = out_width(t->cells[i].text);
		if (w > most)
			most = w;
	}
	return most;
}

/* Wrap the widest columns so that a row fits into `cols`.  Returns false if they would become unreadable. */
static bool table_shrink(struct column *c, size_t n, size_t cols)
{
	size_t cap = cols, sum = SIZE_MAX;
	for (; sum > cols && cap >= READABLE; cap--) {
		sum = GAP * (n - 1);
		for (size_t i = 0; i < n; i++)
			sum += c[i].width < cap ? c[i].width : cap;
	}
	cap++;
	bool fits = sum <= cols;
	for (size_t i = 0; i < n; i++)
		fits = fits && (cap >= COMFORTABLE || c[i].width <= 3 * cap);
	for (size_t i = 0; fits && i < n; i++)
		if (c[i].width > cap)
			c[i].width = i + 1 < n ? cap : cap + cols - sum;
	return fits;
}

/* Spread the columns over as many lines as they need. */
static void table_fold(struct column *c, size_t n, size_t cols)
{
	size_t at = 0, line = 0;
	for (size_t i = 0; i < n; i++) {
		if (i && at + GAP + c[i].width > cols) {
			line++;
			at = INDENT;
		} else if (i) {
			at += GAP;
		}
		c[i].line = line;
		c[i].width = c[i].width < cols - at ? c[i].width : cols - at;
		at += c[i].width;
	}
}

static void table_measure(const struct table *t, struct column *c, size_t cols)
{
	size_t n = 0, sum = 0;
	for (size_t i = 0; i < t->columns; i++) {
		c[i].width = table_column_width(t, i);
		if (c[i].width)
			n = i + 1;
	}
	for (size_t i = 0; i < n; i++)
		sum += c[i].width + (i ? GAP : 0);
	if (cols && cols < NARROWEST)
		cols = NARROWEST;
	if (cols && sum > cols && !table_shrink(c, n, cols))
		table_fold(c, n, cols);
}

/* Returns the position behind the last `c` between `least` and `most`, 0 if there is none. */
static size_t table_behind(const char *text, char c, size_t least, size_t most)
{
	while (most > least && text[most - 1] != c)
		most--;
	return most > least ? most : 0;
}

/* The bytes of `text` that go on one line: all, or up to a blank, else up to a slash, else as many as fit. */
static size_t table_break(const char *text, size_t cols)
{
	size_t fit = text_fit(text, (int)cols);
	if (!text[fit] || text[fit] == ' ')
		return fit;
	size_t at = table_behind(text, ' ', fit / 4, fit);
	if (!at)
		at = table_behind(text, '/', fit / 2, fit);
	return at ? at : fit ? fit : 1;
}

/* The columns of the first n bytes. */
static size_t table_width(const char *text, size_t n)
{
	return out_width(text) - out_width(text + n);
}

/* Print one line of a cell and move *rest on.  The next lines begin below the first one's first letter. */
static void table_print_part(const struct cell *c, const char **rest, size_t width, bool colour, bool pad, FILE *out)
{
	size_t lead = strspn(c->text, " "), used = 0;
	if (*rest != c->text && lead < width / 2)
		used = lead;
	size_t n = table_break(*rest, width - used), shown = n;
	while (shown && (*rest)[shown - 1] == ' ' && (*rest)[n])
		shown--;
	colour = colour && c->sgr && shown;
	fprintf(out, "%*s%s%s%s%.*s%s", (int)used, "", colour ? "\033[" : "", colour ? c->sgr : "", colour ? "m" : "",
		(int)shown, *rest, colour ? "\033[0m" : "");
	for (used += table_width(*rest, shown); pad && used < width; used++)
		putc(' ', out);
	*rest += n;
	*rest += **rest ? strspn(*rest, " ") : 0;
}

/* Print the cells of the columns first to last - 1, which share a line, as many times as the longest needs. */
static void table_print_line(const struct cell *cells, const struct column *c, size_t first, size_t last,
			     const char **rest, bool colour, FILE *out)
{
	for (bool begun = false;; begun = true) {
		size_t end = last;
		while (end > first && !*rest[end - 1])
			end--;
		if (end == first && (begun || first))
			return;
		if (c[first].line)
			fprintf(out, "%*s", INDENT, "");
		for (size_t i = first; i < end; i++) {
			if (i > first)
				fprintf(out, "%*s", GAP, "");
			table_print_part(&cells[i], &rest[i], c[i].width, colour, i + 1 < end, out);
		}
		putc('\n', out);
	}
}

static void table_print_row(const struct table *t, size_t row, const struct column *c, const char **rest, bool colour,
			    FILE *out)
{
	size_t n = t->n - row < t->columns ? t->n - row : t->columns;
	for (size_t i = 0; i < n; i++)
		rest[i] = t->cells[row + i].text;
	for (size_t first = 0, last; first < n; first = last) {
		for (last = first + 1; last < n && c[last].line == c[first].line;)
			last++;
		table_print_line(&t->cells[row], c, first, last, rest, colour, out);
	}
}

int table_text(const char *text, FILE *out)
{
	struct table t = {.columns = 1};
	table_put(&t, NULL, text);
	return table_print(&t, out);
}

int table_print(struct table *t, FILE *out)
{
	struct column *c = calloc(t->columns, sizeof *c);
	const char **rest = calloc(t->columns, sizeof *rest);
	int err = c && rest ? t->err : -ENOMEM;
	bool colour = out_colour(out);
	if (!err)
		table_measure(t, c, out_columns(out));
	for (size_t i = 0; !err && i < t->n; i += t->columns)
		table_print_row(t, i, c, rest, colour, out);
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i].text);
	free(t->cells);
	free(c);
	free(rest);
	*t = (struct table){.columns = t->columns, .least = t->least};
	if (err)
		fputs("gatesh: out of memory\n", stderr);
	return err;
}
