/* SPDX-License-Identifier: BSD-2-Clause */
/* fill.c - fills a rule's preview and when commands with the words that its match captured, and with those that choose the
 * command's target: git {at} status, kubectl {target} get pods. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "rules/rules_internal.h"
#include "rules/target.h"

enum { FILL_NAME = 64 };

static bool fill_is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("_./:=@%+,-", c);
}

void rules_put_quoted(struct strbuf *out, const char *word, size_t n)
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
		rules_put_quoted(out, word.s ? word.s : "", word.len);
	}
}

/* Return the first pattern of the rule that matches the text, or NULL. */
static const struct pattern *fill_matching_text(const struct rule *r, const char *text)
{
	struct matcher *m = matcher_new();
	const struct pattern *found = NULL;
	for (size_t i = 0; m && !found && i < r->nmatch; i++)
		if (pattern_match(&r->match[i], text, strlen(text), m) == RULE_HIT)
			found = &r->match[i];
	matcher_free(m);
	return found;
}

/* Return the first pattern of the rule that matches the subject, or NULL: as typed, else as its canonical subject.  *text becomes
 * the text that it matches. */
static const struct pattern *fill_matching(const struct rule *r, const char *typed, const struct canonical *c,
					   const char **text)
{
	const struct pattern *found = fill_matching_text(r, *text = typed);
	for (size_t i = 0; i < c->n && !found; i++)
		for (size_t order = 0; order < CANONICAL_AS_TYPED && !found; order++)
			if (c->readings[i].texts[order])
				found = fill_matching_text(r, *text = c->readings[i].texts[order]);
	return found;
}

/* Append a part of the command.  Returns 0, -EINVAL or -ENOMEM. */
static int fill_put_part(struct strbuf *out, const struct rule *r, const struct subject *s, const char *name)
{
	cleanup_strbuf struct strbuf words = {0};
	const struct grammar *g = rule_grammar(r, s->program);
	int err = g && !s->plain ? canonical_put_part(&words, g, s->text, name) : -EINVAL;
	if (!err && words.len && !fill_put_words(out, words.s, words.s + words.len))
		err = -EINVAL;
	return err;
}

static bool fill_has_group(const struct rule *r, const char *name)
{
	for (size_t i = 0; i < r->nmatch; i++)
		if (pattern_has_group(&r->match[i], name))
			return true;
	return false;
}

/* {program} and {here} name no target. */
static bool fill_is_place(const char *name)
{
	return !strcmp(name, "program") || !strcmp(name, "here");
}

/* Return the length of a {NAME} at p that stands for words of the command, or 0. */
static size_t fill_placeholder(const struct rule *r, const char *p, char name[FILL_NAME])
{
	size_t n = strcspn(p + 1, "} \t{");
	if (p[1 + n] != '}' || !n || n >= FILL_NAME)
		return 0;
	memcpy(name, p + 1, n);
	name[n] = '\0';
	bool known = fill_has_group(r, name) || target_is_placeholder(name) || fill_is_place(name) ||
		     !strcmp(name, "globals");
	return known ? n + 2 : 0;
}

bool rule_names_target(const struct rule *r, const char *command)
{
	char name[FILL_NAME];
	for (; *command; command++)
		if (*command == '{' && fill_placeholder(r, command, name) && !fill_is_place(name))
			return true;
	return false;
}

/* The words of a command, each ended by a NUL, and their addresses. */
struct fill_words {
	struct strbuf bytes;
	const char **v;
	size_t n;
};

static void fill_words_free(struct fill_words *w)
{
	strbuf_free(&w->bytes);
	free(w->v);
}

/* Read the words of a subject.  Returns 0, -EINVAL or -ENOMEM. */
static int fill_read_words(const char *s, struct fill_words *w)
{
	const char *end = s + strlen(s);
	for (; s < end; w->n++) {
		s += strspn(s, " ");
		if (!fill_read_word(&s, end, &w->bytes))
			return -EINVAL;
		strbuf_putc(&w->bytes, '\0');
	}
	w->v = w->bytes.err ? NULL : calloc(w->n + 1, sizeof *w->v);
	const char *at = w->bytes.s;
	for (size_t i = 0; w->v && i < w->n; i++, at += strlen(at) + 1)
		w->v[i] = at;
	return w->v ? 0 : -ENOMEM;
}

/* Append what chooses the target of the command. */
static int fill_put_target(struct strbuf *out, const struct subject *s, const char *name)
{
	const struct target_tool *tool = target_tool(s->program);
	struct fill_words words = {0};
	if (!tool || s->content != SUBJECT_COMMAND)
		return -EINVAL;
	int err = fill_read_words(s->text, &words);
	if (!err)
		err = target_put(tool, name, words.v, words.n, out);
	fill_words_free(&words);
	return err;
}

/* A command being filled in, and what its rule matched. */
struct filling {
	const struct rule *r;
	const struct subject *s;
	struct canonical canonical;
	const struct pattern *found; /* NULL: not looked for yet */
	const char *text;            /* that it matched */
};

/* Append what the group captured.  Returns 0, -EINVAL or -ENOMEM. */
static int fill_put_group(struct strbuf *out, struct filling *f, const char *name)
{
	size_t from, to;
	if (!f->found) {
		int err = f->s->plain ? -EINVAL : rule_canonical(f->r, f->s, &f->canonical);
		if (err)
			return err;
		f->found = fill_matching(f->r, f->s->text, &f->canonical, &f->text);
	}
	if (!f->found)
		return -EINVAL;
	return pattern_group(f->found, f->text, name, &from, &to) &&
			       !fill_put_words(out, f->text + from, f->text + to) ?
		       -EINVAL :
		       0;
}

/* Append the program's name, or the directory of the rule's file. */
static void fill_put_place(const struct rule *r, const struct subject *s, const char *name, struct strbuf *out)
{
	const char *slash = r->file ? strrchr(r->file, '/') : NULL;
	if (!strcmp(name, "program"))
		rules_put_quoted(out, s->program, strlen(s->program));
	else if (slash)
		rules_put_quoted(out, r->file, (size_t)(slash - r->file));
	else
		strbuf_putc(out, '.');
}

/* Append what {NAME} stands for.  Returns 0, -EINVAL or -ENOMEM. */
static int fill_put(struct strbuf *out, struct filling *f, const char *name)
{
	if (fill_has_group(f->r, name))
		return fill_put_group(out, f, name);
	if (fill_is_place(name))
		fill_put_place(f->r, f->s, name, out);
	else if (!strcmp(name, "globals") || !target_tool(f->s->program))
		return fill_put_part(out, f->r, f->s, name);
	else
		return fill_put_target(out, f->s, name);
	return 0;
}

int rule_fill(const struct rule *r, const char *command, const struct subject *s, char **filled)
{
	cleanup_strbuf struct strbuf out = {0};
	struct filling f = {.r = r, .s = s};
	char name[FILL_NAME];
	int err = 0;
	*filled = NULL;
	for (size_t n; !err && *command; command += n ? n : 1) {
		n = *command == '{' ? fill_placeholder(r, command, name) : 0;
		if (n)
			err = fill_put(&out, &f, name);
		else
			strbuf_putc(&out, *command);
	}
	canonical_free(&f.canonical);
	if (err)
		return err;
	*filled = strbuf_take(&out);
	return *filled ? 0 : -ENOMEM;
}
