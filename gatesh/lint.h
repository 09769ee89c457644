/* lint.h - what the parts of gatesh lint share. */
#ifndef GATESH_LINT_H
#define GATESH_LINT_H

#include <jansson.h>
#include <stdbool.h>

#include "diag.h"
#include "policy.h"

struct lint {
	struct diag d; /* prints, or collects into `problems` */
	struct policy_places places;
	struct ruleset rules;
	struct ruleset installed; /* loaded when given packs name rules or packs that were not given */
	unsigned services;
	json_t *problems; /* --json: an array */
	bool verbose;     /* notes, too */
};

/* Worth knowing, not wrong; only with --verbose. */
void lint_note(struct lint *l, const char *file, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Everything about the loaded rules that no single line shows: their own hits and misses, those against the other rules, the
 * prefilter, previews.  0 or a negative errno (-EINVAL: told).  lint_rules.c. */
int lint_rules(struct lint *l);

#endif
