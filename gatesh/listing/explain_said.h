/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_said.h - explain's steps for a statement or a request: its effects, and what each rule lacks. */
#ifndef GATESH_LISTING_EXPLAIN_SAID_H
#define GATESH_LISTING_EXPLAIN_SAID_H

#include <jansson.h>

#include "rules/ruleset.h"

/* Print every subject with its effects and the rules on its event; those that match, and with `verbose` all.  Returns 0 or
 * a negative errno. */
int explain_said_print(const struct ruleset *rs, const struct gate_event *ev, bool verbose);

/* The same as a JSON list; NULL if memory is out. */
json_t *explain_said_json(const struct ruleset *rs, const struct gate_event *ev, bool verbose);

#endif
