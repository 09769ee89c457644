/* SPDX-License-Identifier: BSD-2-Clause */
/* match_reason.h - finds out why a rule matches a subject, or which step of the match failed. */
#ifndef GATESH_CMD_MATCH_REASON_H
#define GATESH_CMD_MATCH_REASON_H

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
	size_t from, to; /* the bytes of reason_text() that `pattern` matched */
};

struct reason reason_of(const struct rule *r, const struct subject *s);

static inline bool reason_is_match(const struct reason *r)
{
	return r->why >= WHY_LIMIT;
}

/* The text that patterns are matched against. */
const char *reason_text(const struct subject *s);

/* The name of the deciding field: "program", "keyword", ... */
const char *reason_name(enum why why);

#endif
