/* SPDX-License-Identifier: BSD-2-Clause */
/* fill.c - fills a rule's preview and when commands with the words that its match captured: git {at} status. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "rules/rules_internal.h"

static bool fill_is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("_./:=@%+,-", c);
}

static void fill_put_quoted(struct strbuf *out, const char *word, size_t n)
{
	bool plain = n > 0;
	for (size_t i = 0; i < n; i++)
		plain &= fill_is_plain(word[i]);
	if (!plain)
		strbuf_putc(out, '\'');
	for (size_t i = 0; i < n; i++)
		if (word[i] == '\'')
			strbuf_puts(out, "'\\''");
		else
			strbuf_putc(out, word[i]);
	if (!plain)
		strbuf_putc(out, '\'');
}

/* Read one word of a subject at *at as the program receives it.  Returns false if the word is cut off, or if it has a
 * backslash, which could be a literal one or begin an escape. */
static bool fill_read_word(const char **at, const char *end, struct strbuf *word)
{
	bool quoted = false;
	const char *p = *at;
	for (; p < end && (quoted || *p != ' '); p++) {
		if (*p == '\'')
			quoted = !quoted;
		else if (*p == '\\' && !quoted && p + 1 < end && p[1] == '\'')
			strbuf_putc(word, *++p);
		else if (*p == '\\')
			return false;
		else
			strbuf_putc(word, *p);
	}
	*at = p;
	return !quoted;
}

/* Append the words of s, each quoted for a shell.  Returns false if a word can't be read. */
static bool fill_put_words(struct strbuf *out, const char *s, const char *end)
{
	for (bool first = true;; first = false) {
		cleanup_strbuf struct strbuf word = {0};
		while (s < end && *s == ' ')
			s++;
		if (s == end)
			return true;
		if (!fill_read_word(&s, end, &word) || word.err)
			return false;
		if (!first)
			strbuf_putc(out, ' ');
		fill_put_quoted(out, word.s ? word.s : "", word.len);
	}
}

/* Return the first pattern of the rule that matches the subject, or NULL. */
static const struct pattern *fill_matching(const struct rule *r, const char *text)
{
	struct matcher *m = matcher_new();
	const struct pattern *found = NULL;
	for (size_t i = 0; m && !found && i < r->nmatch; i++)
		if (pattern_match(&r->match[i], text, strlen(text), m) == RULE_HIT)
			found = &r->match[i];
	matcher_free(m);
	return found;
}

/* Return the length of a {NAME} at p whose NAME is a group in one of the rule's patterns, or 0. */
static size_t fill_placeholder(const struct rule *r, const char *p, char *name, size_t size)
{
	size_t n = strcspn(p + 1, "} \t{");
	if (p[1 + n] != '}' || !n || n >= size)
		return 0;
	memcpy(name, p + 1, n);
	name[n] = '\0';
	for (size_t i = 0; i < r->nmatch; i++)
		if (pattern_has_group(&r->match[i], name))
			return n + 2;
	return 0;
}

int rule_fill(const struct rule *r, const char *command, const struct subject *s, char **filled)
{
	cleanup_strbuf struct strbuf out = {0};
	const struct pattern *found = NULL;
	char name[64];
	*filled = NULL;
	for (size_t n; *command; command += n ? n : 1) {
		size_t from, to;
		n = *command == '{' ? fill_placeholder(r, command, name, sizeof name) : 0;
		if (!n) {
			strbuf_putc(&out, *command);
			continue;
		}
		if (!found && (s->plain || !(found = fill_matching(r, s->text))))
			return -EINVAL;
		if (pattern_group(found, s->text, name, &from, &to) &&
		    !fill_put_words(&out, s->text + from, s->text + to))
			return -EINVAL;
	}
	*filled = strbuf_take(&out);
	return *filled ? 0 : -ENOMEM;
}
