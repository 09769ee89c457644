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
	for (size_t i = 0; i < r->nkeywords; i++)
		rule_words_free(r->keywords[i].words);
	free(r->keywords);
	rule_patterns_free(r->match, r->nmatch);
	rule_patterns_free(r->unless, r->nunless);
	free(r->reason);
	free(r->instead);
	free(r->preview);
	free(r->when);
	rule_examples_free(r->hits, r->nhits);
	rule_examples_free(r->misses, r->nmisses);
	free(r->adjusted);
	free(r);
}
