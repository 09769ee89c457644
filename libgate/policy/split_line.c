/* SPDX-License-Identifier: BSD-2-Clause */
/* split_line.c - splits a line of a service file into words. */
#include "policy/split_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool split_line_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Return the length of the word at s: up to a blank, or [...] with its brackets.  Sets *wrong when it is malformed. */
static size_t split_line_word_length(const char *s, size_t len, const char **wrong)
{
	size_t n = 0;
	if (*s != '[') {
		while (n < len && !split_line_is_blank(s[n]))
			n++;
		return n;
	}
	while (++n < len && s[n] != ']')
		if (s[n] == '\\' && n + 1 < len && s[n + 1] == ']')
			n++;
	if (n >= len)
		*wrong = "no ']' closes this '['";
	else if (n + 1 < len && !split_line_is_blank(s[n + 1]))
		*wrong = "']' must be followed by a blank";
	return n + 1;
}

/* Append a word of n raw bytes. */
static int split_line_add(struct line_words *w, const char *s, size_t n, unsigned col)
{
	struct word *v = reallocarray(w->v, w->n + 2, sizeof *v);
	if (!v)
		return -ENOMEM;
	w->v = v;
	struct word *new = &v[w->n];
	*new = (struct word){.raw = strndup(s, n), .text = malloc(n + 1), .col = col};
	v[++w->n] = (struct word){0};
	if (!new->raw || !new->text)
		return -ENOMEM;
	bool group = n && *s == '[';
	char *to = new->text;
	for (size_t i = group; i + group < n; i++) {
		if (group && s[i] == '\\' && s[i + 1] == ']')
			i++;
		*to++ = s[i];
	}
	*to = '\0';
	return 0;
}

/* Append the end of the line as an extra word that is not counted. */
static int split_line_add_end(struct line_words *w, size_t len)
{
	int err = split_line_add(w, "", 0, (unsigned)len + 1);
	if (!err)
		w->n--;
	return err;
}

int split_line(const struct location *at, const char *text, size_t len, struct line_words *out)
{
	const char *wrong = memchr(text, '\0', len) ? "NUL byte in the line" : NULL;
	size_t i = wrong ? strnlen(text, len) : 0, end = 0;
	int err = 0;
	for (; !wrong && !err && i < len; i = end) {
		while (i < len && split_line_is_blank(text[i]))
			i++;
		if (i == len || text[i] == '#')
			break;
		size_t n = split_line_word_length(text + i, len - i, &wrong);
		if (!wrong && out->n == WORDS_MAX)
			wrong = "more than 256 words";
		if (wrong)
			break;
		err = split_line_add(out, text + i, n, (unsigned)i + 1);
		end = i + n;
	}
	if (!wrong)
		return err ? err : split_line_add_end(out, end);
	diag_at(at->d, DIAG_ERROR, at->src, at->line, (unsigned)i + 1, "%s", wrong);
	return -EINVAL;
}

void split_line_free(struct line_words *w)
{
	for (size_t i = 0; w->v && i <= w->n; i++) {
		free(w->v[i].text);
		free(w->v[i].raw);
	}
	free(w->v);
	*w = (struct line_words){0};
}
