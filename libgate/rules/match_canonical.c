/* SPDX-License-Identifier: BSD-2-Clause */
/* match_canonical.c - judges a command by what it means: its `command` stanza's canonical subject, beside the text as typed. */
#include <string.h>

#include "rules/rules_internal.h"

const struct grammar *rule_grammar(const struct rule *r, const char *program)
{
	const struct grammar *g = r->commands ? grammars_find(r->commands, program) : NULL;
	return g && g->trust <= (int)r->trust ? g : NULL;
}

const char *const *command_environment(const struct rule *r, const char *program)
{
	const struct grammar *g = rule_grammar(r, program);
	return g ? (const char *const *)g->env : NULL;
}

int rule_canonical(const struct rule *r, const struct subject *s, struct canonical *out)
{
	const struct grammar *g = rule_is_on_exec(r) && !s->content && s->program ? rule_grammar(r, s->program) : NULL;
	return g ? canonical_make(g, s->plain ? s->plain : s->text, out) : 0;
}

/* Match the patterns against one text.  A limit counts only if nothing hits. */
static int match_canonical_text(const struct pattern *v, size_t n, const char *text, unsigned variant,
				struct matcher *m)
{
	size_t len = strlen(text);
	int how = RULE_MISS;
	for (size_t i = 0; i < n && how != RULE_HIT; i++) {
		int r = pattern_match_once(&v[i], text, len, variant, m);
		if (r != RULE_MISS)
			how = r;
	}
	return how;
}

/* The number of a text among those of a subject; 0 is the typed one. */
static unsigned match_canonical_variant(size_t reading, size_t order)
{
	return 1 + (unsigned)(reading * CANONICAL_ORDERS + order);
}

int canonical_match(const struct pattern *v, size_t n, const struct canonical *c, const char *typed, struct matcher *m)
{
	int how = RULE_MISS;
	for (size_t i = 0; i < c->n; i++)
		for (size_t order = 0; order < CANONICAL_AS_TYPED && how != RULE_HIT; order++) {
			const char *text = c->readings[i].texts[order];
			if (!text || !strcmp(text, typed))
				continue;
			int r = match_canonical_text(v, n, text, match_canonical_variant(i, order), m);
			if (r != RULE_MISS)
				how = r;
		}
	return how;
}

bool canonical_excepts(const struct pattern *v, size_t n, const struct canonical *c, struct matcher *m)
{
	for (size_t i = 0; n && i < c->n; i++) {
		bool excepts = false;
		for (size_t order = 0; order < CANONICAL_ORDERS && !excepts; order++) {
			const char *text = c->readings[i].texts[order];
			excepts = text &&
				  match_canonical_text(v, n, text, match_canonical_variant(i, order), m) == RULE_HIT;
		}
		if (!excepts)
			return false;
	}
	return n && c->n;
}
