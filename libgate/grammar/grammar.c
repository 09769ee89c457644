/* SPDX-License-Identifier: BSD-2-Clause */
/* grammar.c - looks names up in the grammar of a tool, and frees it. */
#include "grammar/grammar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void grammar_words_free(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}

static void grammar_verb_free(struct grammar_verb *v)
{
	for (size_t i = 0; i < v->nwords; i++)
		grammar_words_free(v->words[i]);
	for (size_t i = 0; i < v->noptions; i++)
		grammar_words_free(v->options[i].names);
	free(v->options);
}

void grammar_free(struct grammar *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->nverbs; i++)
		grammar_verb_free(&g->verbs[i]);
	free(g->verbs);
	grammar_words_free(g->names);
	grammar_words_free(g->env);
	free(g);
}

bool grammar_option_is_called(const struct grammar_option *o, const char *name, size_t n)
{
	for (char **own = o->names; *own; own++)
		if (!strncmp(*own, name, n) && !(*own)[n])
			return true;
	return false;
}

const struct grammar_option *grammar_option_of(const struct grammar_verb *v, const char *name, size_t n)
{
	for (size_t i = 0; i < v->noptions; i++)
		if (grammar_option_is_called(&v->options[i], name, n))
			return &v->options[i];
	return NULL;
}

int grammar_verb_fits(const struct grammar_verb *v, size_t place, const char *word)
{
	size_t n = strlen(word);
	int fits = 0;
	for (char **own = place < v->nwords ? v->words[place] : NULL; own && *own; own++)
		if (n && !strncmp(*own, word, n))
			fits = !(*own)[n] ? 2 : fits ? fits : 1;
	return fits;
}

static int grammar_by_name(const void *a, const void *b)
{
	return strcmp(((const struct grammar_name *)a)->name, ((const struct grammar_name *)b)->name);
}

int grammars_add(struct grammars *all, struct grammar *g)
{
	size_t n = 0;
	while (g->names && g->names[n])
		n++;
	struct grammar **v = realloc(all->v, (all->n + 1) * sizeof *v);
	all->v = v ? v : all->v;
	struct grammar_name *names = realloc(all->names, (all->nnames + n + 1) * sizeof *names);
	all->names = names ? names : all->names;
	if (!v || !names)
		return -ENOMEM;
	all->v[all->n++] = g;
	for (size_t i = 0; i < n; i++)
		all->names[all->nnames++] = (struct grammar_name){g->names[i], g};
	qsort(all->names, all->nnames, sizeof *all->names, grammar_by_name);
	return 0;
}

const struct grammar *grammars_find(const struct grammars *all, const char *program)
{
	struct grammar_name key = {.name = program}, *found = NULL;
	for (; all && !found; all = all->beside)
		if (all->nnames)
			found = bsearch(&key, all->names, all->nnames, sizeof key, grammar_by_name);
	return found ? found->grammar : NULL;
}

const struct grammar *grammar_plain(void)
{
	static struct grammar_verb any;
	static const struct grammar plain = {.plain = true, .depth = 1, .verbs = &any, .nverbs = 1};
	return &plain;
}

void grammars_free(struct grammars *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->n; i++)
		grammar_free(all->v[i]);
	free(all->v);
	free(all->names);
	free(all);
}
