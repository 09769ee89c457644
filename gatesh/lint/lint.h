/* lint.h - what the parts of gatesh lint share. */
#ifndef GATESH_LINT_LINT_H
#define GATESH_LINT_LINT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/diag.h"
#include "policy/policy.h"

enum { LINT_EVERYDAY_MAX = 16 };

struct lint {
	struct diag d; /* prints, or collects into `problems` */
	struct policy_places places;
	struct ruleset rules;
	struct ruleset installed;                /* loaded when given packs name rules or packs that were not given */
	unsigned services, confs;                /* how many there were */
	json_t *problems;                        /* --json: an array */
	bool verbose;                            /* notes, too */
	bool strict;                             /* warnings are errors */
	const char *everyday[LINT_EVERYDAY_MAX]; /* --everyday */
	size_t neveryday;
};

/* diag.emit of a lint (`data`): prints the problem, or collects it. */
void lint_emit(enum diag_level level, const char *text, void *data);

/* Worth knowing, not wrong; only with --verbose. */
void lint_note(struct lint *l, const char *file, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* A warning at a pattern of the rule, or (NULL) at the rule as a whole. */
void lint_warn(struct lint *l, const struct rule *r, const struct pattern *at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Would a rule ask about a command of every day?  From a file of one shell text a line.  0, or a negative errno: it
 * can't be read.  lint_everyday.c. */
int lint_everyday(struct lint *l, const char *path);

/* Alternatives of `match` that no hit needs, as notes.  0 or -ENOMEM.  lint_alternatives.c. */
int lint_alternatives(struct lint *l, const struct rule *r);

/* Patterns that run into a match limit on near misses of the rule's hits.  0 or -ENOMEM.  lint_near.c. */
int lint_near(struct lint *l, const struct rule *r);

/* Everything about the loaded rules that no single line shows: their own hits and misses, those against the other
 * rules, the prefilter, previews.  0 or a negative errno (-EINVAL: told).  lint_rules.c. */
int lint_rules(struct lint *l);

#endif
