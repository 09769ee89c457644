/* control.h - the control column of a service line: what to do with each return.  Internal to libgate. */
#ifndef GATE_POLICY_CONTROL_H
#define GATE_POLICY_CONTROL_H

#include "base/diag.h"
#include "policy/policy.h"

/* A line being parsed. */
struct location {
	struct diag *d;
	const struct source *src;
	unsigned line;
};

/* Parse `text`, `required` or `[success=ok default=bad]`, which stands at byte column `col` of the place, into the
 * table. 0, or -EINVAL with the problem told. */
int control_parse(const struct location *at, const char *text, unsigned col, unsigned char table[GATE_RET_COUNT]);

/* "ok", "done", ... */
const char *control_action_name(enum control_action action);

/* The words that may stand in the column besides `[...]`, NULL-terminated. */
extern const char *const control_words[];

#endif
