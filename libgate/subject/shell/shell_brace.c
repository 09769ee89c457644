/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_brace.c - brace expansion: {rm,-rf} and /{bin,etc} are several words. */
#include "subject/shell/shell_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORD_MAX = 4096, /* a longer word is not expanded */
	LISTS_MAX = 16,  /* in one word */
	TRIES_MAX = 4,   /* braces that don't open a list, before one that does */
};

/* Return the position after the quote, escape, substitution or byte at i. */
static size_t shell_brace_step(const char *s, size_t n, size_t i)
{
	if (s[i] == '\\')
		return i + 2 < n ? i + 2 : n;
	if (s[i] == '(') {
		size_t depth = 0;
		do
			depth += s[i] == '(' ? 1 : s[i] == ')' ? -1ul : 0;
		while (++i < n && depth);
		return i;
	}
	if (s[i] != '\'' && s[i] != '"' && s[i] != '`')
		return i + 1;
	char quote = s[i++];
	while (i < n && s[i] != quote)
		i += s[i] == '\\' && quote != '\'' && i + 1 < n ? 2 : 1;
	return i < n ? i + 1 : n;
}

/* Return the position of the closing brace of the list that `open` begins, or 0 if it is not a list: it has no comma or
 * no closing brace. */
static size_t shell_brace_list_end(const char *s, size_t n, size_t open)
{
	size_t depth = 0, commas = 0;
	for (size_t i = open; i < n; i = shell_brace_step(s, n, i)) {
		if (s[i] == '{')
			depth++;
		else if (s[i] == '}' && !--depth)
			return commas ? i : 0;
		else if (s[i] == ',' && depth == 1)
			commas++;
	}
	return 0;
}

/* Return the first brace that opens a list, or n when there is none.  ${x} doesn't count. */
static size_t shell_brace_first_list(const char *s, size_t n, size_t *end)
{
	unsigned tries = 0;
	for (size_t i = 0; i < n && tries < TRIES_MAX; i = shell_brace_step(s, n, i)) {
		if (s[i] == '$' && i + 1 < n && s[i + 1] == '{') {
			i++;
			continue;
		}
		if (s[i] == '{' && (*end = shell_brace_list_end(s, n, i)))
			return i;
		tries += s[i] == '{';
	}
	return n;
}

static int shell_brace_expand(struct shell_braces *b, const char *s, size_t n, unsigned depth)
{
	size_t end = 0, open = depth < LISTS_MAX ? shell_brace_first_list(s, n, &end) : n;
	int r = 0;
	if (open == n) {
		if (b->n < SHELL_BRACES_MAX && !(b->words[b->n++] = strndup(s, n)))
			return -ENOMEM;
		return 0;
	}
	for (size_t from = open + 1, i = from; !r && i <= end && b->n < SHELL_BRACES_MAX;) {
		size_t inner = s[i] == '{' ? shell_brace_list_end(s, n, i) : 0;
		if (i < end && s[i] != ',') {
			i = inner ? inner + 1 : shell_brace_step(s, n, i);
			continue;
		}
		cleanup_strbuf struct strbuf word = {0};
		strbuf_put(&word, s, open);
		strbuf_put(&word, s + from, i - from);
		strbuf_put(&word, s + end + 1, n - end - 1);
		r = word.err ? word.err : word.len ? shell_brace_expand(b, word.s, word.len, depth + 1) : 0;
		from = ++i;
	}
	return r;
}

int shell_expand_braces(const char *s, size_t n, struct shell_braces *out)
{
	size_t end;
	*out = (struct shell_braces){0};
	if (n > WORD_MAX || !memchr(s, '{', n) || shell_brace_first_list(s, n, &end) == n)
		return 0;
	return shell_brace_expand(out, s, n, 0);
}

void shell_braces_free(struct shell_braces *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->words[i]);
	b->n = 0;
}
