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

static unsigned diag_least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The number of letters to change, add, leave out or swap with their neighbour.  Both words are short: names of fields and
 * modules. */
static unsigned diag_distance(const char *a, const char *b)
{
	enum { MAX = 48 };
	size_t la = strlen(a), lb = strlen(b);
	unsigned row[3][MAX + 1]; /* this one, the one before it, and the one before that */
	if (la > MAX || lb > MAX)
		return MAX;
	unsigned *cur = row[0], *last = row[1], *older = row[2];
	for (unsigned j = 0; j <= lb; j++)
		cur[j] = j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *spare = older;
		older = last;
		last = cur;
		cur = spare;
		cur[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			cur[j] = diag_least(last[j - 1] + (a[i - 1] != b[j - 1]), diag_least(last[j], cur[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				cur[j] = diag_least(cur[j], older[j - 2] + 1);
		}
	}
	return cur[lb];
}

/* How many slips a word of this length may have: of a short one, two leave nothing in common. */
static unsigned diag_slips(const char *word, const char *known)
{
	size_t n = strlen(word), k = strlen(known), shorter = n < k ? n : k;
	unsigned most = (unsigned)(n + 1) / 3;
	return most < 2 && shorter > 1 && !strncmp(word, known, shorter) ?
		       2 :
		       most; /* "okay" for "ok", "perm" for "permit" */
}

const char *diag_nearest(const char *word, const char *const *list)
{
	unsigned best = ~0U;
	const char *found = NULL;
	for (; *list; list++) {
		unsigned n = diag_distance(word, *list);
		if (n <= diag_slips(word, *list) && n < best) {
			best = n;
			found = *list;
		}
	}
	return found;
}
