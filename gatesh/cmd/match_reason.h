/* match_reason.h - why a rule matched a subject, or what it lacked: the steps of a match, told. */
#ifndef GATESH_CMD_MATCH_REASON_H
#define GATESH_CMD_MATCH_REASON_H

#include <stdbool.h>

#include "rules/ruleset.h"

enum why {
	WHY_PROGRAM, /* another program */
	WHY_KEYWORD, /* no word of `keyword` */
	WHY_MATCH,   /* no pattern */
	WHY_UNLESS,  /* excepted by `pattern` */
	WHY_LIMIT,   /* `pattern` ran into a limit, which counts as a match */
	WHY_HIT,     /* matched, by `pattern` when it is not NULL */
};

struct reason {
	enum why why;
	const struct any_of *keyword;
	const struct pattern *pattern;
	size_t from, to; /* what `pattern` matched of reason_text() */
};

struct reason reason_of(const struct rule *r, const struct subject *s);

static inline bool reason_is_match(const struct reason *r)
{
	return r->why >= WHY_LIMIT;
}

/* The text that patterns see. */
const char *reason_text(const struct subject *s);

/* "program", "keyword", ...: the field that decided. */
const char *reason_name(enum why why);

#endif
