/* SPDX-License-Identifier: BSD-2-Clause */
/* text_diff.c - compares two texts line by line, by their longest common subsequence.  See text_diff.h. */
#include "adopt/text_diff.h"

#include <stdlib.h>
#include <string.h>

#include "util/out.h"

enum { AROUND = 2, CELLS_MAX = 4 << 20 };

struct line {
	const char *s;
	size_t n;
};

/* The lines of a text, in a new array. */
static struct line *text_diff_lines(const char *s, size_t len, size_t *n)
{
	size_t count = 0;
	for (size_t i = 0; i < len; i++)
		count += s[i] == '\n';
	struct line *v = calloc(count + 2, sizeof *v);
	*n = 0;
	for (size_t at = 0; v && at < len; (*n)++) {
		const char *end = memchr(s + at, '\n', len - at);
		v[*n] = (struct line){s + at, end ? (size_t)(end - s) - at : len - at};
		at += v[*n].n + 1;
	}
	return v;
}

static int text_diff_same(const struct line *a, const struct line *b)
{
	return a->n == b->n && !memcmp(a->s, b->s, a->n);
}

static void text_diff_put(char mark, const struct line *l, FILE *out)
{
	char *copy = strndup(l->s, l->n);
	const char *colour = out_colour(out) ? mark == '+' ? SGR_GREEN : mark == '-' ? SGR_RED : NULL : NULL;
	if (colour)
		fprintf(out, "\033[%sm", colour);
	fprintf(out, "  %c ", mark);
	for (char *s = copy; s && *s;) { /* tabs as they are */
		size_t n = strcspn(s, "\t");
		char kept = s[n];
		s[n] = '\0';
		out_text(out, s);
		if (kept)
			fputs("    ", out);
		s += n + !!kept;
	}
	fputs(colour ? "\033[0m\n" : "\n", out);
	free(copy);
}

/* The table of the lengths of common subsequences of a[i..] and b[j..]; NULL if it would be too large. */
static unsigned *text_diff_table(const struct line *a, size_t n, const struct line *b, size_t m)
{
	if ((n + 1) * (m + 1) > CELLS_MAX)
		return NULL;
	unsigned *t = calloc((n + 1) * (m + 1), sizeof *t);
	for (size_t i = n; t && i--;)
		for (size_t j = m; j--;) {
			unsigned *cell = &t[i * (m + 1) + j];
			if (text_diff_same(&a[i], &b[j]))
				*cell = cell[m + 2] + 1;
			else
				*cell = cell[m + 1] > cell[1] ? cell[m + 1] : cell[1];
		}
	return t;
}

/* Print the middle, where the texts differ. */
static void text_diff_middle(const struct line *a, size_t n, const struct line *b, size_t m, FILE *out)
{
	unsigned *t = text_diff_table(a, n, b, m);
	size_t i = 0, j = 0, quiet = 0;
	while (i < n || j < m) {
		if (t && i < n && j < m && text_diff_same(&a[i], &b[j])) {
			size_t run = 0;
			while (i + run < n && j + run < m && text_diff_same(&a[i + run], &b[j + run]))
				run++;
			if (quiet < AROUND || run - quiet <= AROUND)
				text_diff_put(' ', &a[i], out);
			else if (quiet == AROUND)
				fputs("    ...\n", out);
			quiet = run > 1 ? quiet + 1 : 0;
			i++, j++;
			continue;
		}
		quiet = 0;
		if (i < n && (j >= m || !t || t[(i + 1) * (m + 1) + j] >= t[i * (m + 1) + j + 1]))
			text_diff_put('-', &a[i++], out);
		else
			text_diff_put('+', &b[j++], out);
	}
	free(t);
}

void text_diff(const char *before, size_t before_len, const char *after, size_t after_len, FILE *out)
{
	size_t n, m, head = 0, tail = 0;
	struct line *a = text_diff_lines(before, before_len, &n), *b = text_diff_lines(after, after_len, &m);
	if (!a || !b)
		n = m = 0;
	while (head < n && head < m && text_diff_same(&a[head], &b[head]))
		head++;
	while (tail < n - head && tail < m - head && text_diff_same(&a[n - 1 - tail], &b[m - 1 - tail]))
		tail++;
	for (size_t i = head > AROUND ? head - AROUND : 0; i < head; i++)
		text_diff_put(' ', &a[i], out);
	text_diff_middle(a + head, n - head - tail, b + head, m - head - tail, out);
	for (size_t i = n - tail; i < n && i < n - tail + AROUND; i++)
		text_diff_put(' ', &a[i], out);
	free(a);
	free(b);
}
