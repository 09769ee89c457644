/* SPDX-License-Identifier: BSD-2-Clause */
/* subject_list.c - builds subjects, the texts that rules judge, and lists of them. */
#include "subject/list/subject_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/name.h"
#include "base/strbuf.h"

/* Append one word as a person would have to write it. */
static void subject_list_put_word(struct strbuf *out, const char *word)
{
	if (*word && !strpbrk(word, " \t\n\r\v\f'\"")) {
		strbuf_puts(out, word);
		return;
	}
	strbuf_putc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			strbuf_puts(out, "'\\''");
		else
			strbuf_putc(out, *word);
	}
	strbuf_putc(out, '\'');
}

static char *subject_list_shown(const struct strbuf *raw)
{
	cleanup_strbuf struct strbuf out = {0};
	escape_put(&out, raw->s, raw->len);
	return strbuf_take(&out);
}

void subject_put_words(struct strbuf *out, const char *const *words, size_t n)
{
	subject_list_put_word(out, name_program(n ? words[0] : ""));
	for (size_t i = 1; i < n; i++) {
		strbuf_putc(out, ' ');
		subject_list_put_word(out, words[i]);
	}
}

static int subject_list_render(struct subject *s, const char *const *words, size_t n)
{
	cleanup_strbuf struct strbuf raw = {0};
	const char *name = name_program(n ? words[0] : "");
	subject_put_words(&raw, words, n);
	if (raw.err)
		return raw.err;
	*s = (struct subject){.program = strdup(name), .text = subject_list_shown(&raw)};
	if (!s->program || !s->text)
		return -ENOMEM;
	if (!strpbrk(raw.s, "\t\n\r\v\f"))
		return 0;
	for (char *c = raw.s; (c = strpbrk(c, "\t\n\r\v\f"));)
		*c = ' ';
	s->plain = subject_list_shown(&raw);
	return s->plain ? 0 : -ENOMEM;
}

int subject_of_text(struct subject *s, const char *program, const char *text, const char *plain)
{
	cleanup_strbuf struct strbuf as_is = {0};
	cleanup_strbuf struct strbuf seen = {0};
	strbuf_puts(&as_is, text);
	for (const char *p = plain; p && *p; p++)
		strbuf_putc(&seen, strchr("\t\n\r\v\f", *p) ? ' ' : *p);
	s->program = strdup(program);
	s->text = as_is.err ? NULL : subject_list_shown(&as_is);
	s->plain = plain && !seen.err ? subject_list_shown(&seen) : NULL;
	return s->program && s->text && (s->plain || !plain) ? 0 : -ENOMEM;
}

void subject_free(struct subject *s)
{
	free(s->program);
	free(s->text);
	free(s->plain);
}

int subjects_add(struct subjects *out, const char *const *words, size_t n, bool elsewhere)
{
	struct subject s = {0};
	int r = subject_list_render(&s, words, n);
	s.elsewhere = elsewhere;
	if (!r)
		return subjects_take(out, &s);
	subject_free(&s);
	return r;
}

int subjects_take(struct subjects *out, struct subject *s)
{
	bool known = false;
	for (size_t i = 0; i < out->n && !known; i++) {
		known = !strcmp(out->v[i].text, s->text) && out->v[i].content == s->content;
		out->v[i].elsewhere |= known && s->elsewhere;
	}
	if (known || out->n == SUBJECTS_MAX) {
		subject_free(s);
		return known ? 0 : -E2BIG;
	}
	if (!(out->n & (out->n - 1))) { /* full at every power of two */
		struct subject *grown = realloc(out->v, (out->n ? out->n * 2 : 1) * sizeof *grown);
		if (!grown) {
			subject_free(s);
			return -ENOMEM;
		}
		out->v = grown;
	}
	out->v[out->n++] = *s;
	return 0;
}

void subjects_free(struct subjects *s)
{
	for (size_t i = 0; i < s->n; i++)
		subject_free(&s->v[i]);
	free(s->v);
	*s = (struct subjects){0};
}
