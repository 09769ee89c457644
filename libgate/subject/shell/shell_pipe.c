/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_pipe.c - determines what a command of a shell text writes into a pipe, as far as its words show. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "subject/shell/shell_internal.h"

static bool shell_pipe_is_program(const struct shell_list *l, const char *name)
{
	return l->n && !strcmp(name_program(l->words[0]), name);
}

bool shell_hands_on(const struct shell_list *l)
{
	if (shell_pipe_is_program(l, "tee"))
		return true;
	if (!shell_pipe_is_program(l, "cat"))
		return false;
	for (size_t i = 1; i < l->n; i++)
		if (l->words[i][0] != '-')
			return false;
	return true;
}

/* Append the escape after a backslash in the words of printf and echo -e. */
static const char *shell_pipe_put_escape(const char *p, struct strbuf *out)
{
	static const char letters[] = "abefnrtv", meanings[] = "\a\b\033\f\n\r\t\v";
	const char *letter = *p ? strchr(letters, *p) : NULL;
	if (*p >= '0' && *p <= '7') {
		unsigned v = 0;
		for (int i = 0; i < 4 && *p >= '0' && *p <= '7'; i++)
			v = v * 8 + (unsigned)(*p++ - '0');
		strbuf_putc(out, (char)v);
		return p;
	}
	if (!letter && *p != '\\')
		strbuf_putc(out, '\\');
	if (*p)
		strbuf_putc(out, letter ? meanings[letter - letters] : *p);
	return p + (*p != '\0');
}

static void shell_pipe_put_escaped(const char *p, struct strbuf *out)
{
	while (*p)
		if (*p == '\\')
			p = shell_pipe_put_escape(p + 1, out);
		else
			strbuf_putc(out, *p++);
}

static void shell_pipe_write_echo(const struct shell_list *l, struct strbuf *out)
{
	bool escapes = false, newline = true;
	size_t i = 1;
	for (; i < l->n && l->words[i][0] == '-' && l->words[i][1] && !l->words[i][1 + strspn(l->words[i] + 1, "neE")];
	     i++) {
		escapes |= strchr(l->words[i], 'e') != NULL;
		newline &= strchr(l->words[i], 'n') == NULL;
	}
	for (size_t first = i; i < l->n; i++) {
		if (i > first)
			strbuf_putc(out, ' ');
		if (escapes)
			shell_pipe_put_escaped(l->words[i], out);
		else
			strbuf_puts(out, l->words[i]);
	}
	if (newline)
		strbuf_putc(out, '\n');
}

/* Write the format once; *arg is the next argument.  Every conversion except %b writes its argument unchanged. */
static void shell_pipe_write_format(const struct shell_list *l, const char *p, size_t *arg, struct strbuf *out)
{
	while (*p) {
		if (*p == '\\') {
			p = shell_pipe_put_escape(p + 1, out);
		} else if (*p == '%' && p[1] != '%') {
			p += 1 + strspn(p + 1, "-+ #0123456789.*");
			const char *text = *arg < l->n ? l->words[(*arg)++] : "";
			if (*p == 'b')
				shell_pipe_put_escaped(text, out);
			else
				strbuf_puts(out, text);
			p += *p != '\0';
		} else {
			p += *p == '%';
			strbuf_putc(out, *p++);
		}
	}
}

static void shell_pipe_write_printf(const struct shell_list *l, struct strbuf *out)
{
	size_t format = 1 + (l->n > 1 && !strcmp(l->words[1], "--")), arg = format + 1, before;
	if (format >= l->n)
		return;
	do {
		before = arg;
		shell_pipe_write_format(l, l->words[format], &arg, out);
	} while (arg > before && arg < l->n);
}

/* A find without tests writes its starting points, among other paths. */
static bool shell_pipe_write_find(const struct shell_list *l, struct strbuf *out)
{
	static const char *const harmless[] = {"-print", "-print0", "-depth", "-d", "-xdev", "-mount", NULL};
	size_t roots = 1;
	char end = '\n';
	while (roots < l->n && l->words[roots][0] != '-' && !strchr("(!", l->words[roots][0]))
		roots++;
	for (size_t i = roots; i < l->n; i++) {
		const char *const *h = harmless;
		while (*h && strcmp(*h, l->words[i]))
			h++;
		if (!*h)
			return false;
		end = strcmp(*h, "-print0") ? end : '\0';
	}
	for (size_t i = 1; i < roots; i++) {
		strbuf_puts(out, l->words[i]);
		strbuf_putc(out, end);
	}
	return roots > 1;
}

void shell_writers_free(struct shell_writers *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i]);
	free(w->v);
	*w = (struct shell_writers){0};
}

/* Append a text, which is taken. */
static int shell_pipe_add_writer(struct shell_writers *w, struct strbuf *text)
{
	enum { WRITERS_MAX = 16 };
	if (w->n < WRITERS_MAX && text->len)
		return shell_list_push(&w->v, &w->n, text);
	int err = text->err;
	strbuf_free(text);
	return err;
}

/* The command reads what `w` write, and writes on: a, b become a | command, b | command. */
static int shell_pipe_extend(struct shell_writers *w, const struct shell_list *l)
{
	enum { WRITER_MAX = 2048 };
	struct strbuf command = {0};
	subject_put_words(&command, (const char *const *)l->words, l->n);
	if (!w->n || command.err)
		return shell_pipe_add_writer(w, &command);
	int r = 0;
	for (size_t i = 0; !r && i < w->n; i++) {
		struct strbuf both = {0};
		if (strlen(w->v[i]) > WRITER_MAX)
			continue;
		strbuf_printf(&both, "%s | %s", w->v[i], command.s);
		char *text = strbuf_take(&both);
		r = text ? 0 : -ENOMEM;
		if (text) {
			free(w->v[i]);
			w->v[i] = text;
		}
	}
	strbuf_free(&command);
	return r;
}

/* Append copies of from[first..]. */
static int shell_pipe_copy(struct shell_writers *to, const struct shell_writers *from, size_t first)
{
	int r = 0;
	for (size_t i = first; !r && i < from->n; i++) {
		struct strbuf text = {0};
		strbuf_puts(&text, from->v[i]);
		r = shell_pipe_add_writer(to, &text);
	}
	return r;
}

/* Let l->writers be what the command that ended writes: its pipeline, or those of the subshell or the compound command. */
static int shell_pipe_write(struct shell *sh, struct shell_list *l)
{
	if (l->n)
		return shell_pipe_extend(&l->writers, l);
	shell_writers_free(&l->writers);
	return l->subshell ? shell_pipe_copy(&l->writers, &sh->said, 0) :
			     shell_pipe_copy(&l->writers, &l->said, l->closed);
}

int shell_pipe_output(struct shell *sh, struct shell_list *l)
{
	enum shell_input_kind kind = SHELL_INPUT_UNKNOWN;
	struct strbuf out = {0};
	if (shell_pipe_is_program(l, "echo")) {
		shell_pipe_write_echo(l, &out);
		kind = SHELL_INPUT_TEXT;
	} else if (shell_pipe_is_program(l, "printf")) {
		shell_pipe_write_printf(l, &out);
		kind = SHELL_INPUT_TEXT;
	} else if (shell_pipe_is_program(l, "find") && shell_pipe_write_find(l, &out)) {
		kind = SHELL_INPUT_TEXT;
	} else if (shell_pipe_is_program(l, "cat") && l->n == 2 && !strpbrk(l->words[1], "$`*?[")) {
		strbuf_puts(&out, l->words[1]);
		kind = SHELL_INPUT_FILE;
	}
	strbuf_free(&l->text);
	l->text = out;
	l->input = kind;
	if (kind == SHELL_INPUT_UNKNOWN)
		return shell_pipe_write(sh, l);
	shell_writers_free(&l->writers);
	return 0;
}

int shell_pipe_end(struct shell *sh, struct shell_list *l)
{
	int r = l->n || l->subshell ? shell_pipe_write(sh, l) : 0;
	if (!r && (l->n || l->subshell) && !l->noutputs)
		r = shell_pipe_copy(&l->said, &l->writers, 0);
	shell_writers_free(&l->writers);
	l->input = SHELL_INPUT_INHERITED;
	return r;
}

void shell_pipe_open(struct shell_list *l)
{
	if (l->nopened < SHELL_OPENED_MAX)
		l->opened[l->nopened] = l->said.n;
	l->nopened++;
}

void shell_pipe_close(struct shell_list *l)
{
	l->nopened -= l->nopened > 0;
	l->closed = l->nopened < SHELL_OPENED_MAX ? l->opened[l->nopened] : l->said.n;
}
