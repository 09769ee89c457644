/* SPDX-License-Identifier: BSD-2-Clause */
/* match_canonical.c - judges a command by what it means: its `command` stanza's canonical subject, beside the text as typed. */
#include <string.h>

#include "rules/rules_internal.h"

const struct grammar *rule_grammar(const struct rule *r, const char *program)
{
	const struct grammar *g = r->commands ? grammars_find(r->commands, program) : NULL;
	return g && g->trust <= (int)r->trust ? g : NULL;
}

bool rule_reads_plainly(const struct rule *r, const char *program)
{
	return r->programs && r->nmatch && r->content == SUBJECT_COMMAND && !rule_grammar(r, program);
}

const char *const *command_environment(const struct rule *r, const char *program)
{
	const struct grammar *g = rule_grammar(r, program);
	return g ? (const char *const *)g->env : NULL;
}

int rule_canonical(const struct rule *r, const struct subject *s, struct canonical *out)
{
	const struct grammar *g = rule_is_on_exec(r) && !s->content && s->program ? rule_grammar(r, s->program) : NULL;
	if (!g && s->program && rule_reads_plainly(r, s->program))
		g = grammar_plain();
	return g ? canonical_make(g, s->plain ? s->plain : s->text, out) : 0;
}

/* Match the patterns against one text.  A limit counts only if nothing hits. */
static int match_canonical_text(const struct pattern *v, size_t n, const struct canonical_text *t, struct matcher *m)
{
	int how = RULE_MISS;
	for (size_t i = 0; i < n && how != RULE_HIT; i++) {
		int r = pattern_match_once(&v[i], t->text, t->len, t->variant, m);
		if (r != RULE_MISS)
			how = r;
	}
	return how;
}

static struct canonical_text match_canonical_text_of(const struct canonical *c, unsigned first, size_t reading,
						     size_t order)
{
	const char *text = c->readings[reading].texts[order];
	unsigned variant = first + (unsigned)(reading * CANONICAL_ORDERS + order);
	return (struct canonical_text){text, text ? strlen(text) : 0, variant};
}

size_t canonical_texts(const struct canonical *c, unsigned first, const char *typed,
		       struct canonical_text texts[CANONICAL_TEXTS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++)
		for (size_t order = 0; order < CANONICAL_AS_TYPED; order++) {
			texts[n] = match_canonical_text_of(c, first, i, order);
			n += texts[n].text && strcmp(texts[n].text, typed) != 0;
		}
	return n;
}

int canonical_match(const struct pattern *v, size_t n, const struct canonical_text *texts, size_t ntexts,
		    struct matcher *m)
{
	int how = RULE_MISS;
	for (size_t i = 0; i < ntexts && how != RULE_HIT; i++) {
		int r = match_canonical_text(v, n, &texts[i], m);
		if (r != RULE_MISS)
			how = r;
	}
	return how;
}

bool canonical_excepts(const struct pattern *v, size_t n, const struct canonical *c, unsigned first, struct matcher *m)
{
	bool any = first == MATCHER_PLAIN;
	for (size_t i = 0; n && i < c->n; i++) {
		bool excepts = false;
		for (size_t order = 0; order < CANONICAL_ORDERS && !excepts; order++) {
			struct canonical_text t = match_canonical_text_of(c, first, i, order);
			excepts = t.text && match_canonical_text(v, n, &t, m) == RULE_HIT;
		}
		if (excepts == any)
			return any;
	}
	return n && c->n && !any;
}
