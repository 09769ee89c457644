/* SPDX-License-Identifier: BSD-2-Clause */
/* text_layout.c - wraps and cuts text by character width and styles it. */
#include "util/text_layout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Returns the number of bytes (at least 1) of the character at s, and its columns in *width. */
static size_t layout_next(const char *s, int *width)
{
	wchar_t wc;
	mbstate_t st = {0};
	size_t n = mbrtowc(&wc, s, strlen(s), &st);
	if (n == 0 || n > 4) {
		*width = 1;
		return 1;
	}
	*width = wcwidth(wc);
	if (*width < 0)
		*width = 1;
	return n;
}

int text_width(const char *text)
{
	int sum = 0, w;
	for (; *text; text += layout_next(text, &w), sum += w)
		;
	return sum;
}

size_t text_fit(const char *text, int cols)
{
	size_t len = 0;
	for (int w, sum = 0; text[len]; sum += w) {
		size_t n = layout_next(text + len, &w);
		if (sum + w > cols)
			break;
		len += n;
	}
	return len;
}

/* As text_fit(), but ends after a blank if there is one in the last third. */
static size_t layout_break_at(const char *text, int cols)
{
	size_t fit = text_fit(text, cols);
	if (!text[fit])
		return fit;
	for (size_t i = fit; i > fit * 2 / 3; i--)
		if (text[i - 1] == ' ')
			return i;
	return fit ? fit : 1;
}

void layout_take(struct layout *l, struct strbuf *line)
{
	char **v = realloc(l->v, ((size_t)l->n + 1) * sizeof *v);
	if (v)
		l->v = v;
	char *s = v ? strbuf_take(line) : NULL;
	if (s)
		l->v[l->n++] = s;
	else
		l->err = -ENOMEM;
	strbuf_free(line);
}

static void layout_put_styled(const struct layout *l, struct strbuf *b, const char *style, const char *text, size_t n)
{
	bool plain = l->plain || !style || !*style || (!l->colour && strcmp(style, "1") && strcmp(style, "7"));
	if (!plain)
		strbuf_printf(b, "\x1b[%sm", style);
	strbuf_put(b, text, n);
	if (!plain)
		strbuf_puts(b, "\x1b[0m");
}

void layout_add(struct layout *l, const char *style, const char *text)
{
	struct strbuf b = {0};
	layout_put_styled(l, &b, style, text, text_fit(text, l->cols));
	layout_take(l, &b);
}

/* Put the beginning of a text that is too long, and the size of the rest as exactly as there is room for. */
static void layout_put_cut(const struct layout *l, struct strbuf *b, const char *style, const char *text, int cols)
{
	bool wide = cols >= 32, narrow = cols < 16;
	const char *form = wide ? " … %zu bytes more" : narrow ? "…" : "…%zu more";
	char more[64];
	snprintf(more, sizeof more, form, strlen(text));
	size_t n = text_fit(text, cols - text_width(more));
	snprintf(more, sizeof more, form, strlen(text + n)); /* no more digits than before */
	layout_put_styled(l, b, style, text, n);
	layout_put_styled(l, b, "7", more, strlen(more));
}

void layout_text(struct layout *l, const char *label, int indent, const char *style, const char *text, int max)
{
	int cols = l->cols - indent - 1 > 8 ? l->cols - indent - 1 : 8;
	for (int i = 0; i == 0 || *text; i++) {
		struct strbuf b = {0};
		const char *head = i ? "" : label;
		layout_put_styled(l, &b, "2", head, text_fit(head, indent));
		strbuf_printf(&b, "%*s", indent - text_width(head) > 0 ? indent - text_width(head) : 0, "");
		size_t n = layout_break_at(text, cols);
		if (max && i == max - 1 && text[n]) {
			layout_put_cut(l, &b, style, text, cols);
			text += strlen(text);
		} else {
			layout_put_styled(l, &b, style, text, n);
			text += n;
		}
		layout_take(l, &b);
	}
}

void layout_move(struct layout *l, struct layout *from, int first, int last)
{
	for (int i = first; i < last && i < from->n; i++) {
		struct strbuf b = {.s = from->v[i], .len = strlen(from->v[i])};
		from->v[i] = NULL;
		layout_take(l, &b);
	}
}

void layout_free(struct layout *l)
{
	for (int i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	l->v = NULL;
	l->n = 0;
}
