/* SPDX-License-Identifier: BSD-2-Clause */
/* match_reason.c - repeats a rule's match step by step and reports the step that decided. */
#include "cmd/match_reason.h"

/* Find the first pattern that hits, else the first that exceeded a limit; false if there is neither. */
static bool reason_first_of(const struct pattern *v, size_t n, const struct subject *s, struct reason *out, bool *limit)
{
	*limit = false;
	for (size_t i = 0; i < n; i++) {
		int how = rule_pattern_span(&v[i], s, &out->from, &out->to);
		if (how == RULE_HIT || (how == RULE_LIMIT && !*limit))
			out->pattern = &v[i];
		*limit = how == RULE_LIMIT || *limit;
		if (how == RULE_HIT) {
			*limit = false;
			return true;
		}
	}
	return *limit;
}

struct reason reason_of(const struct rule *r, const struct subject *s)
{
	struct reason out = {.why = WHY_PROGRAM}, except = {.why = WHY_UNLESS};
	bool limit = false, except_limit;
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
	out.keyword = rule_missing_keyword(r, s);
	out.why = out.keyword ? WHY_KEYWORD : WHY_MATCH;
	if (out.keyword || (r->nmatch && !reason_first_of(r->match, r->nmatch, s, &out, &limit)))
		return out;
	if (reason_first_of(r->unless, r->nunless, s, &except, &except_limit) && !except_limit)
		return except;
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
