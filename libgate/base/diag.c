/* SPDX-License-Identifier: BSD-2-Clause */
/* diag.c - renders a configuration error: file:line:col, the message, the line and a caret. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/strbuf.h"

enum { SHOWN_MAX = 100 }; /* bytes of the line that are shown around the caret */

/* Find the 1-based line of `src`; *n is its length without the newline. */
static const char *diag_line_of(const struct source *src, unsigned line, size_t *n)
{
	const char *s = src->text, *end = s + src->len;
	for (unsigned i = src->skipped + 1; i < line && s; i++) {
		s = memchr(s, '\n', (size_t)(end - s));
		s = s ? s + 1 : NULL;
	}
	if (!s)
		return NULL;
	const char *nl = memchr(s, '\n', (size_t)(end - s));
	*n = (size_t)((nl ? nl : end) - s);
	return s;
}

/* Count the columns of escaped text, one per code point (wide characters count as one). */
static size_t diag_width(const char *s, size_t n)
{
	size_t w = 0;
	for (size_t i = 0; i < n; i++)
		w += ((unsigned char)s[i] >> 6) != 2;
	return w;
}

static void diag_show_line(struct strbuf *b, const char *s, size_t n, unsigned col)
{
	size_t at = col - 1 < n ? col - 1 : n, from = 0;
	if (at > SHOWN_MAX * 2 / 3)
		from = at - SHOWN_MAX * 2 / 3;
	for (int i = 0; i < 3 && from && from < n && ((unsigned char)s[from] >> 6) == 2; i++)
		from--; /* do not cut a character; do not run away over bytes that are not UTF-8 */
	size_t to = n - from > SHOWN_MAX ? from + SHOWN_MAX : n;
	strbuf_puts(b, from ? "\n  ..." : "\n  ");
	size_t start = b->len;
	escape_put(b, s + from, at - from);
	size_t pad = (b->s ? diag_width(b->s + start, b->len - start) : 0) + (from ? 3 : 0);
	escape_put(b, s + at, to - at);
	strbuf_printf(b, "%s\n  %*s^", to < n ? "..." : "", (int)pad, "");
}

void diag_at(struct diag *d, enum diag_level level, const struct source *src, unsigned line, unsigned col,
	     const char *fmt, ...)
{
	if (level == DIAG_ERROR)
		d->errors++;
	else
		d->warnings++;
	if (!d->emit)
		return;
	cleanup_strbuf struct strbuf b = {0};
	char what[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	escape_put(&b, src->name, strlen(src->name));
	if (line)
		strbuf_printf(&b, ":%u", line);
	if (line && col)
		strbuf_printf(&b, ":%u", col);
	strbuf_puts(&b, level == DIAG_WARNING ? ": warning: " : ": ");
	escape_put(&b, what, strlen(what));
	size_t n = 0;
	const char *s = line && col ? diag_line_of(src, line, &n) : NULL;
	if (s)
		diag_show_line(&b, s, n, col);
	d->at.file = src->name;
	d->at.what = what;
	d->at.line = line;
	d->at.col = col;
	if (!b.err)
		d->emit(level, b.s, d->data);
}

/* Levenshtein distance.  Both words are short: names of fields and modules. */
static unsigned diag_distance(const char *a, const char *b)
{
	enum { MAX = 48 };
	size_t la = strlen(a), lb = strlen(b);
	unsigned row[MAX + 1];
	if (la > MAX || lb > MAX)
		return MAX;
	for (unsigned j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned up = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
			if (up + 1 < best)
				best = up + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = up;
			row[j] = best;
		}
	}
	return row[lb];
}

const char *diag_nearest(const char *word, const char *const *list)
{
	unsigned best = (unsigned)strlen(word) / 3 + 1;
	const char *found = NULL;
	for (; *list; list++) {
		unsigned n = diag_distance(word, *list);
		if (n < best || (n == best && !found)) {
			best = n;
			found = *list;
		}
	}
	return found;
}
