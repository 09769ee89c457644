/* SPDX-License-Identifier: BSD-2-Clause */
/* match_reason.c - repeats a rule's match step by step and reports the step that decided. */
#include "listing/match_reason.h"

/* Find the first pattern that hits the text, else the first that exceeded a limit; false if there is neither. */
static bool reason_first_of(const struct pattern *v, size_t n, const char *text, struct reason *out, bool *limit)
{
	for (size_t i = 0; i < n; i++) {
		size_t from, to;
		int how = rule_pattern_span_in(&v[i], text, &from, &to);
		if (how == RULE_MISS || (how == RULE_LIMIT && *limit))
			continue;
		out->pattern = &v[i];
		*limit = how == RULE_LIMIT;
		if (how == RULE_HIT) {
			out->text = text;
			out->from = from;
			out->to = to;
			return true;
		}
	}
	return *limit;
}

/* The same for the texts of the canonical form before `orders`. */
static bool reason_canonical(const struct pattern *v, size_t n, const struct canonical *c, size_t orders,
			     struct reason *out, bool *limit)
{
	bool found = false;
	for (size_t i = 0; i < c->n; i++)
		for (size_t order = 0; order < orders && (!found || *limit); order++)
			if (c->readings[i].texts[order])
				found = reason_first_of(v, n, c->readings[i].texts[order], out, limit);
	return found;
}

/* Does the rule judge the subject as nobody's stanza reads it? */
static bool reason_is_plain(const struct rule *r, const struct subject *s)
{
	return rule_reads_plainly(r, s->program) && !grammars_find(r->commands, s->program);
}

/* The `unless` that excepts the subject. */
static struct reason reason_except(const struct rule *r, const struct subject *s, const struct canonical *c)
{
	struct reason except = {.why = WHY_UNLESS};
	bool limit = false;
	if (c->n && reason_is_plain(r, s) && reason_first_of(r->unless, r->nunless, reason_text(s), &except, &limit) &&
	    !limit)
		return except;
	if (c->n)
		reason_canonical(r->unless, r->nunless, c, CANONICAL_ORDERS, &except, &limit);
	else
		reason_first_of(r->unless, r->nunless, reason_text(s), &except, &limit);
	return except;
}

struct reason reason_of(const struct rule *r, const struct subject *s, const struct canonical *c)
{
	static const struct canonical none;
	struct reason out = {.why = WHY_PROGRAM};
	bool limit = false;
	if (!rule_has_program(r, s->program) || !rule_is_about(r, s))
		return out;
	if (s->unknown) {
		out.why = r->content_unknown ? WHY_HIT : WHY_MATCH;
		return out;
	}
	if (r->events & 1u << GATE_EVENT_STATEMENT) {
		out.why = rule_match(r, s) == RULE_MISS ? WHY_MATCH : WHY_HIT;
		return out;
	}
	c = s->content || !(rule_grammar(r, s->program) || reason_is_plain(r, s)) ? &none : c;
	out.keyword = rule_missing_keyword(r, s);
	out.why = out.keyword ? WHY_KEYWORD : WHY_MATCH;
	if (out.keyword ||
	    (r->nmatch && (!reason_first_of(r->match, r->nmatch, reason_text(s), &out, &limit) || limit) &&
	     !reason_canonical(r->match, r->nmatch, c, CANONICAL_AS_TYPED, &out, &limit) && !limit))
		return out;
	if (rule_match(r, s) == RULE_MISS)
		return reason_except(r, s, c);
	out.why = limit ? WHY_LIMIT : WHY_HIT;
	return out;
}

const char *reason_text(const struct subject *s)
{
	return s->plain ? s->plain : s->text;
}

const char *reason_name(enum why why)
{
	static const char *const names[] = {"program", "keyword", "match", "unless", "limit", "hit"};
	return names[why];
}
