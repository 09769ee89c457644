/* SPDX-License-Identifier: BSD-2-Clause */
/* rule.c - frees a rule. */
#include <stdlib.h>

#include "rules/rules_internal.h"

static void rule_words_free(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}

static void rule_patterns_free(struct pattern *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].text);
	free(v);
}

static void rule_examples_free(struct example *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].text);
	free(v);
}

static void rule_said_free(struct said_terms *s)
{
	rule_words_free(s->kinds);
	rule_words_free(s->objects);
	rule_words_free(s->databases);
	rule_words_free(s->methods);
	rule_words_free(s->operations);
	rule_words_free(s->clients);
	for (size_t i = 0; i < s->nbodies; i++)
		rule_words_free(s->bodies[i].words);
	free(s->bodies);
}

void rule_free(struct rule *r)
{
	if (!r)
		return;
	free(r->id);
	rule_words_free(r->programs);
	rule_words_free(r->paths);
	rule_words_free(r->excepts);
	rule_words_free(r->hosts);
	rule_words_free(r->sockets);
	free(r->nets);
	free(r->ports);
	rule_said_free(&r->said);
	for (size_t i = 0; i < r->nkeywords; i++)
		rule_words_free(r->keywords[i].words);
	free(r->keywords);
	rule_patterns_free(r->match, r->nmatch);
	rule_patterns_free(r->unless, r->nunless);
	free(r->reason);
	free(r->instead);
	free(r->preview);
	free(r->when);
	free(r->keep);
	free(r->undo);
	rule_examples_free(r->hits, r->nhits);
	rule_examples_free(r->misses, r->nmisses);
	free(r->adjusted);
	free(r);
}
