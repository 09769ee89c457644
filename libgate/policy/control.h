/* SPDX-License-Identifier: BSD-2-Clause */
/* control.h - the control column of a service line: the action for each return value.  Internal to libgate. */
#ifndef GATE_POLICY_CONTROL_H
#define GATE_POLICY_CONTROL_H

#include "base/diag.h"
#include "policy/policy.h"

/* The position of the line being parsed, for messages. */
struct location {
	struct diag *d;
	const struct source *src;
	unsigned line;
};

/* Parse `text`, such as `required` or `[success=ok default=bad]`, into the table.  The text begins at byte column
 * `col`.  Returns 0, or -EINVAL after reporting the problem. */
int control_parse(const struct location *at, const char *text, unsigned col, unsigned char table[GATE_RET_COUNT]);

/* Return the name of the action: "ok", "done", ... */
const char *control_action_name(enum control_action action);

/* The words that the column accepts besides `[...]`, NULL-terminated. */
extern const char *const control_words[];

#endif
