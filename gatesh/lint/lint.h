/* SPDX-License-Identifier: BSD-2-Clause */
/* lint.h - the state, the messages and the checks of gatesh lint. */
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
	struct ruleset installed;                /* loaded when given packs name rules or packs that are not given */
	unsigned services, confs;                /* the number checked */
	json_t *problems;                        /* --json: an array */
	bool verbose;                            /* print notes, too */
	bool strict;                             /* warnings are errors */
	bool spell;                              /* --spellings */
	unsigned spellings, misjudged;           /* the number tried, and those with another verdict */
	const char *everyday[LINT_EVERYDAY_MAX]; /* --everyday */
	size_t neveryday;
};

/* The diag.emit of a struct lint (`data`): prints the problem, or collects it. */
void lint_emit(enum diag_level level, const char *text, void *data);

/* Print something worth knowing that is not wrong; only with --verbose. */
void lint_note(struct lint *l, const char *file, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Warn about a pattern of the rule, or (NULL) about the rule as a whole. */
void lint_warn(struct lint *l, const struct rule *r, const struct pattern *at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Warn about rules that ask about or refuse an everyday command.  The file has one shell text per line.  0, or a
 * negative errno if it can't be read.  lint_everyday.c. */
int lint_everyday(struct lint *l, const char *path);

/* Note the alternatives of `match` that no hit needs.  0 or -ENOMEM.  lint_alternatives.c. */
int lint_alternatives(struct lint *l, const struct rule *r);

/* Warn about patterns that exceed a match limit on near misses of the rule's hits.  0 or -ENOMEM.  lint_near.c. */
int lint_near(struct lint *l, const struct rule *r);

/* Spell each hit and miss of a rule on a program with a `command` stanza in other ways, and warn about those that get another
 * verdict.  0 or -ENOMEM.  lint_spellings.c. */
int lint_spellings(struct lint *l);

/* Note the programs of rules that have no `command` stanza.  lint_spellings.c. */
void lint_note_programs(struct lint *l);

/* Refuse a preview or probe that does not name the target of the command, where the tool has options that choose one.
 * lint_target.c. */
void lint_target(struct lint *l, const struct rule *r);

/* Refuse an `instead` that a rule asks about or denies itself.  0 or a negative errno.  lint_instead.c. */
int lint_instead(struct lint *l, const struct rule *r);

/* Check what no single line of a pack shows: each rule's hits and misses, alone and against the other rules, the
 * prefilter, previews.  0 or a negative errno (-EINVAL: already reported).  lint_rules.c. */
int lint_rules(struct lint *l);

#endif
