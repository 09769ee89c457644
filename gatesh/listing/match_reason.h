/* SPDX-License-Identifier: BSD-2-Clause */
/* match_reason.h - finds out why a rule matches a subject, or which step of the match failed. */
#ifndef GATESH_LISTING_MATCH_REASON_H
#define GATESH_LISTING_MATCH_REASON_H

#include <stdbool.h>

#include "rules/ruleset.h"

enum why {
	WHY_PROGRAM, /* another program */
	WHY_KEYWORD, /* the subject has no word of `keyword` */
	WHY_MATCH,   /* no pattern matched */
	WHY_UNLESS,  /* `pattern` excepts it */
	WHY_LIMIT,   /* `pattern` exceeded a match limit, which counts as a match */
	WHY_HIT,     /* matched, by `pattern` unless it is NULL */
};

struct reason {
	enum why why;
	const struct any_of *keyword;
	const struct pattern *pattern;
	const char *text; /* that `pattern` matched: reason_text(), or one of the canonical texts */
	size_t from, to;  /* ... these bytes of it */
};

/* `c` is the subject's canonical form by the grammar of its program; empty if it has none.  The result borrows its texts. */
struct reason reason_of(const struct rule *r, const struct subject *s, const struct canonical *c);

static inline bool reason_is_match(const struct reason *r)
{
	return r->why >= WHY_LIMIT;
}

/* The text that patterns are matched against. */
const char *reason_text(const struct subject *s);

/* The name of the deciding field: "program", "keyword", ... */
const char *reason_name(enum why why);

#endif
