/* subject.c - the subjects of an exec event: under which names, with which words, it is judged. */
#include "subject/subject.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "subject/content_subjects.h"
#include "base/escape.h"
#include "subject/wrappers/wrapper.h"
#include "subject/shell/shell_var_table.h"
#include "base/strbuf.h"

const char *subject_program(const char *word)
{
	const char *slash = strrchr(word, '/');
	const char *name = slash && slash[1] ? slash + 1 : word;
	return *name == '-' && name[1] ? name + 1 : name; /* a login shell */
}

/* One word as a person would have to write it. */
static void put_word(struct strbuf *out, const char *word)
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

static char *shown(const struct strbuf *raw)
{
	cleanup_strbuf struct strbuf out = {0};
	escape_put(&out, raw->s, raw->len);
	return strbuf_take(&out);
}

void subject_put_words(struct strbuf *out, const char *const *words, size_t n)
{
	put_word(out, subject_program(n ? words[0] : ""));
	for (size_t i = 1; i < n; i++) {
		strbuf_putc(out, ' ');
		put_word(out, words[i]);
	}
}

static int render(struct subject *s, const char *const *words, size_t n)
{
	cleanup_strbuf struct strbuf raw = {0};
	const char *name = subject_program(n ? words[0] : "");
	subject_put_words(&raw, words, n);
	if (raw.err)
		return raw.err;
	*s = (struct subject){.program = strdup(name), .text = shown(&raw)};
	if (!s->program || !s->text)
		return -ENOMEM;
	if (!strpbrk(raw.s, "\t\n\r\v\f"))
		return 0;
	for (char *c = raw.s; (c = strpbrk(c, "\t\n\r\v\f"));)
		*c = ' ';
	s->plain = shown(&raw);
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
	s->text = as_is.err ? NULL : shown(&as_is);
	s->plain = plain && !seen.err ? shown(&seen) : NULL;
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
	int r = render(&s, words, n);
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

/* Where the program's own arguments begin in argv: after the script's path, when the kernel put an interpreter before
 * it (`#!`), else after argv[0]. */
static size_t arguments(const struct gate_event *e)
{
	for (size_t i = 1; i < e->argc && i <= 2; i++) /* an interpreter takes one option at most there */
		if (e->exe && !strcmp(e->argv[i], e->exe))
			return i + 1;
	return e->argc ? 1 : 0;
}

/* argv under the name of the file that was executed. */
static int add_executed(const struct gate_event *e, struct peel *peel)
{
	size_t from = arguments(e), n = e->argc - from + 1;
	/* #!/usr/bin/env python3: the interpreter comes by with the script as an exec of its own */
	if (peel->live && from > 1 && !strcmp(subject_program(e->argv[0]), "env") &&
	    peel_interpreter(subject_program(e->argv[1])))
		return 0;
	const char **words = calloc(n, sizeof *words);
	if (!words)
		return -ENOMEM;
	words[0] = e->exe;
	for (size_t i = 1; i < n; i++)
		words[i] = e->argv[from + i - 1];
	int r = peel_command(peel, words, n);
	free(words);
	return r;
}

int subjects_of_exec(const struct gate_event *e, struct subjects *out)
{
	return subjects_with_content(e, NULL, out);
}

int subjects_with_content(const struct gate_event *e, const struct subject_wish *wish, struct subjects *out)
{
	unsigned budget = CONTENT_FILES_MAX;
	struct shell_vars vars = {0};
	struct peel peel = {.out = out, .live = e->pid != 0, .vars = e->pid ? NULL : &vars, .event = e, .wish = wish,
			    .budget = &budget};
	int r = 0;
	if (e->shell_text)
		r = peel_text(&peel, e->shell_text);
	else if (e->exe)
		r = add_executed(e, &peel);
	if (!r && !e->shell_text && (e->argc || !e->exe))
		r = peel_command(&peel, e->argv, e->argc);
	shell_vars_free(&vars);
	return r;
}
