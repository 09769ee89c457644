/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_pipe.c - determines what a command of a shell text writes into a pipe, as far as its words show. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "subject/shell/shell_internal.h"

bool shell_hands_on(const struct shell_list *l)
{
	if (shell_is_program(l, "tee"))
		return true;
	if (!shell_is_program(l, "cat"))
		return false;
	for (size_t i = 1; i < l->n; i++)
		if (l->words[i][0] != '-')
			return false;
	return true;
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

/* Append the text that a command, a subshell or a compound command writes, as far as it is known.  Returns whether that is
 * all. */
static bool shell_pipe_text(struct shell *sh, struct shell_list *l, struct strbuf *out)
{
	if (l->n)
		return shell_output_of(l, out);
	const struct strbuf *from = l->subshell ? &sh->spoken : &l->spoken;
	size_t first = l->subshell || l->spoken_closed > from->len ? 0 : l->spoken_closed;
	if (from->len > first)
		strbuf_put(out, from->s + first, from->len - first);
	return out->len && !(l->subshell ? sh->said.n : l->said.n - l->closed);
}

int shell_pipe_output(struct shell *sh, struct shell_list *l)
{
	enum shell_input_kind kind = SHELL_INPUT_UNKNOWN;
	struct strbuf out = {0};
	if (shell_pipe_text(sh, l, &out)) {
		kind = SHELL_INPUT_TEXT;
	} else if (shell_is_program(l, "cat") && l->n == 2 && !strpbrk(l->words[1], "$`*?[")) {
		strbuf_puts(&out, l->words[1]);
		kind = SHELL_INPUT_FILE;
	}
	if (!l->n && !l->subshell && l->spoken_closed < l->spoken.len)
		l->spoken.len = l->spoken_closed; /* it goes into the pipe */
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
	struct strbuf out = {0};
	bool writes = (l->n || l->subshell) && !l->noutputs, known = writes && shell_pipe_text(sh, l, &out);
	int r = writes && !known ? shell_pipe_write(sh, l) : 0;
	if (out.len)
		strbuf_put(&l->spoken, out.s, out.len);
	if (!l->n && l->noutputs && l->spoken_closed < l->spoken.len)
		l->spoken.len = l->spoken_closed; /* it goes into a file */
	if (!r && writes && !known && !shell_is_silent(l))
		r = shell_pipe_copy(&l->said, &l->writers, 0);
	shell_writers_free(&l->writers);
	strbuf_free(&out);
	l->input = SHELL_INPUT_INHERITED;
	return r ? r : l->spoken.err;
}

void shell_pipe_open(struct shell_list *l)
{
	if (l->nopened < SHELL_OPENED_MAX) {
		l->opened[l->nopened] = l->said.n;
		l->spoken_opened[l->nopened] = l->spoken.len;
	}
	l->nopened++;
}

void shell_pipe_close(struct shell_list *l)
{
	l->nopened -= l->nopened > 0;
	l->closed = l->nopened < SHELL_OPENED_MAX ? l->opened[l->nopened] : l->said.n;
	l->spoken_closed = l->nopened < SHELL_OPENED_MAX ? l->spoken_opened[l->nopened] : l->spoken.len;
}
