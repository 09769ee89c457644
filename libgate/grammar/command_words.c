/* SPDX-License-Identifier: BSD-2-Clause */
/* command_words.c - splits a subject's text into words and writes words as such a text. */
#include "grammar/command_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Copy one word from *at to `to` without its quotes.  Only a whole word is quoted, and a quote in it is '\''.  A word ends at a
 * space alone, so there are never more words than spaces + 1.  Returns the end of the copy. */
static char *command_words_copy(const char **at, char *to)
{
	const char *s = *at;
	bool quoted = *s == '\'';
	for (s += quoted; *s && (quoted || *s != ' '); s++) {
		if (quoted && *s == '\'' && strncmp(s, "'\\''", 4)) {
			quoted = false;
			continue;
		}
		*to++ = *s;
		s += quoted && *s == '\'' ? 3 : 0;
	}
	*at = s;
	*to++ = '\0';
	return to;
}

int command_words_split(const char *text, struct command_words *out)
{
	size_t len = strlen(text), most = 1;
	for (const char *c = text; *c; c++)
		most += *c == ' ';
	out->bytes = malloc(len + most + 1);
	out->v = calloc(most, sizeof *out->v);
	if (!out->bytes || !out->v)
		return -ENOMEM;
	char *to = out->bytes;
	for (const char *at = text; *at;) {
		if (*at == ' ') {
			at++;
			continue;
		}
		out->v[out->n++] = to;
		to = command_words_copy(&at, to);
	}
	return 0;
}

void command_words_free(struct command_words *w)
{
	free(w->bytes);
	free(w->v);
	*w = (struct command_words){0};
}

/* Could the dash at s[i] begin an option?  `data` is where the data begins. */
static bool command_words_is_dash(const char *s, size_t n, size_t i, size_t data)
{
	return s[i] == '-' && i >= data && (i == data || s[i - 1] == ' ' || (i + 1 < n && s[i + 1] == '-'));
}

void command_words_put(struct strbuf *out, const char *s, size_t n, size_t data)
{
	bool quoted = !n;
	for (size_t i = 0; i < n; i++)
		quoted |= s[i] == ' ' || s[i] == '\'' || s[i] == '"';
	if (quoted)
		strbuf_putc(out, '\'');
	for (size_t i = 0; i < n; i++) {
		if (command_words_is_dash(s, n, i, data))
			strbuf_puts(out, "\\x2D");
		else if (s[i] == '\'')
			strbuf_puts(out, "'\\''");
		else
			strbuf_putc(out, s[i]);
	}
	if (quoted)
		strbuf_putc(out, '\'');
}
