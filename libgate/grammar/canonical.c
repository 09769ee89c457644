/* SPDX-License-Identifier: BSD-2-Clause */
/* canonical.c - writes what a command means as the texts that rules are matched against. */
#include "grammar/canonical.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "grammar/command_words.h"
#include "grammar/reading.h"

/* Append an option with its value.  `spelled` writes its canonical name, otherwise the typed one. */
static void canonical_put_option(struct strbuf *out, const struct piece *p, bool spelled)
{
	cleanup_strbuf struct strbuf word = {0};
	if (spelled && p->option)
		strbuf_puts(&word, p->option->name);
	else if (p->letter)
		strbuf_printf(&word, "-%c", p->letter);
	else
		strbuf_put(&word, p->typed, p->ntyped);
	bool is_short = word.len == 2 && word.s[0] == '-', plus = word.len == 1;
	strbuf_putc(out, ' ');
	if (!p->value || word.err) {
		strbuf_puts(out, word.s ? word.s : "");
		return;
	}
	if (is_short || p->apart) { /* a short option and its value are two words */
		strbuf_puts(out, word.s);
		strbuf_putc(out, ' ');
		command_words_put(out, p->value, strlen(p->value), 0);
		return;
	}
	if (!plus)
		strbuf_putc(&word, '=');
	size_t name = word.len;
	strbuf_puts(&word, p->value);
	if (word.s)
		command_words_put(out, word.s, word.len, name);
}

static void canonical_put_piece(struct strbuf *out, const struct piece *p, bool spelled)
{
	if (p->kind == PIECE_OPTION) {
		if (!p->gone)
			canonical_put_option(out, p, spelled);
		return;
	}
	strbuf_putc(out, ' ');
	if (p->kind == PIECE_OPERAND)
		command_words_put(out, p->typed, p->ntyped, 0);
	else if (p->kind == PIECE_VERB && spelled)
		command_words_put(out, p->name, strlen(p->name), 0);
	else
		strbuf_put(out, p->typed, p->ntyped);
}

/* --- order ---------------------------------------------------------------------------------------------------------- */

static int canonical_by_name(const void *a, const void *b)
{
	const struct piece *const *x = a, *const *y = b;
	const char *p = (*x)->option ? (*x)->option->name : (*x)->typed,
		   *q = (*y)->option ? (*y)->option->name : (*y)->typed;
	int order = strcmp(p, q);
	return order ? order : *x < *y ? -1 : *x > *y; /* uses of one option stay in their order */
}

/* Append the options in effect, sorted: the global ones before the verb, or the others. */
static void canonical_put_options(struct strbuf *out, const struct reading *r, bool global)
{
	const struct piece **v = calloc(r->n + 1, sizeof *v);
	size_t n = 0;
	if (!v) {
		out->err = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].kind == PIECE_OPTION && !r->v[i].gone && r->v[i].global == global)
			v[n++] = &r->v[i];
	if (n > 1)
		qsort(v, n, sizeof *v, canonical_by_name);
	for (size_t i = 0; i < n; i++)
		canonical_put_piece(out, v[i], true);
	free(v);
}

/* Append the pieces of one kind in [from, to). */
static void canonical_put_kind(struct strbuf *out, const struct reading *r, enum piece_kind kind, size_t from,
			       size_t to)
{
	for (size_t i = from; i < to; i++)
		if (r->v[i].kind == kind || (kind == PIECE_OPERAND && r->v[i].kind == PIECE_DASHES && i + 1 < r->n))
			canonical_put_piece(out, &r->v[i], true);
}

static void canonical_put_ordered(struct strbuf *out, const struct reading *r, bool options_last)
{
	size_t dashes = 0; /* where `--` is; no option stands behind it */
	while (dashes < r->n && r->v[dashes].kind != PIECE_DASHES && !r->v[dashes].data)
		dashes++;
	canonical_put_options(out, r, true);
	canonical_put_kind(out, r, PIECE_VERB, 0, r->n);
	if (options_last)
		canonical_put_kind(out, r, PIECE_OPERAND, 0, dashes);
	canonical_put_options(out, r, false);
	canonical_put_kind(out, r, PIECE_OPERAND, options_last ? dashes : 0, r->n);
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

static char *canonical_text(const char *program, const struct reading *r, enum canonical_order order)
{
	cleanup_strbuf struct strbuf out = {0};
	command_words_put(&out, program, strlen(program), 0);
	if (order == CANONICAL_AS_TYPED)
		for (size_t i = 0; i < r->n; i++)
			canonical_put_piece(&out, &r->v[i], false);
	else
		canonical_put_ordered(&out, r, order == CANONICAL_OPTIONS_LAST);
	return strbuf_take(&out);
}

/* Drop a text that an earlier one equals. */
static void canonical_drop_same(struct canonical_reading *c, size_t order)
{
	for (size_t i = 0; i < order && c->texts[order]; i++)
		if (c->texts[i] && !strcmp(c->texts[i], c->texts[order])) {
			free(c->texts[order]);
			c->texts[order] = NULL;
		}
}

static int canonical_add(struct canonical *out, const char *program, const struct reading *r)
{
	struct canonical_reading *c = &out->readings[out->n++];
	for (size_t order = 0; order < CANONICAL_ORDERS; order++) {
		c->texts[order] = canonical_text(program, r, (enum canonical_order)order);
		if (!c->texts[order])
			return -ENOMEM;
		canonical_drop_same(c, order);
	}
	return 0;
}

int canonical_make(const struct grammar *g, const char *text, struct canonical *out)
{
	struct command_words words = {0};
	bool again = true;
	int err = command_words_split(text, &words);
	for (int i = 0; !err && words.n && again && i < 2; i++) {
		struct reading r = {0};
		err = reading_of(g, words.v, words.n, i, &r);
		if (!err)
			err = canonical_add(out, words.v[0], &r);
		again = r.guessed;
		reading_free(&r);
	}
	command_words_free(&words);
	return err;
}

void canonical_free(struct canonical *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t order = 0; order < CANONICAL_ORDERS; order++)
			free(c->readings[i].texts[order]);
	*c = (struct canonical){0};
}

/* --- parts ---------------------------------------------------------------------------------------------------------- */

/* Is the option one of the grammar's global ones? */
static bool canonical_is_global(const struct grammar *g, const struct piece *p)
{
	const struct grammar_verb *all = &g->verbs[0];
	return p->option && all->noptions && p->option >= all->options && p->option < all->options + all->noptions;
}

static bool canonical_is_part(const struct grammar *g, const struct piece *p, const char *what)
{
	if (!strcmp(what, "globals"))
		return canonical_is_global(g, p);
	if (!strcmp(what, "operands"))
		return p->kind == PIECE_OPERAND;
	return p->option && !strcmp(p->option->name, what);
}

int canonical_put_part(struct strbuf *out, const struct grammar *g, const char *text, const char *what)
{
	struct command_words words = {0};
	struct reading r = {0};
	if (*what != '-' && strcmp(what, "globals") && strcmp(what, "operands"))
		return -EINVAL;
	int err = command_words_split(text, &words);
	if (!err)
		err = reading_of(g, words.v, words.n, false, &r);
	if (!err && r.guessed)
		err = -EINVAL;
	for (size_t i = 0; !err && i < r.n; i++)
		if (canonical_is_part(g, &r.v[i], what))
			canonical_put_piece(out, &r.v[i], true);
	reading_free(&r);
	command_words_free(&words);
	return err ? err : out->err;
}
