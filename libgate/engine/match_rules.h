/* SPDX-License-Identifier: BSD-2-Clause */
/* match_rules.h - finds the rules that match an event, and the findings that they become.  Internal to libgate/engine. */
#ifndef GATE_ENGINE_MATCH_RULES_H
#define GATE_ENGINE_MATCH_RULES_H

#include "engine/handle.h"

/* The data of the match_found() callbacks. */
struct matching {
	gate_handle_t *h;
	const struct gate_event *ev;
};

/* Match the event, whose subjects are known, against all rules.  Returns 0 or a negative errno.  Defined in
 * match_rules.c. */
int match_rules(struct matching *m);

/* The callbacks: of ruleset_match() and ruleset_match_said(); of ruleset_match_file() and ruleset_match_connect(), where
 * there is only one subject.  They add a finding.  Defined in match.c. */
int match_found(const struct rule *r, const struct subject *s, int how, void *data);
int match_found_one(const struct rule *r, void *data);

#endif
