/* SPDX-License-Identifier: BSD-2-Clause */
/* lint_instead.c - tries what a rule recommends on every rule: a way out that asks again is none.  See lint.h. */
#include "lint/lint.h"

#include <errno.h>

struct lint_advice {
	struct lint *l;
	const struct rule *rule;
};

static int lint_instead_found(const struct rule *r, const struct subject *s, int how, void *data)
{
	const struct lint_advice *a = data;
	struct source src = {.name = a->rule->file, .text = ""};
	if ((r->action == GATE_ACTION_ASK && r->severity > GATE_SEVERITY_NOTICE) || r->action == GATE_ACTION_DENY)
		diag_at(&a->l->d, DIAG_ERROR, &src, a->rule->line, 0, "%s %s the instead of %s: %s", r->id,
			r->action == GATE_ACTION_ASK ? "asks about" : "refuses", a->rule->id, a->rule->instead);
	return 0;
}

int lint_instead(struct lint *l, const struct rule *r)
{
	struct lint_advice a = {.l = l, .rule = r};
	struct subjects subjects = {0};
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = r->instead};
	int err = r->instead ? ruleset_subjects(&l->rules, &ev, &subjects) : 0;
	if (!err && subjects.n)
		err = ruleset_match(&l->rules, GATE_EVENT_EXEC, &subjects, lint_instead_found, &a);
	subjects_free(&subjects);
	return err == -E2BIG ? 0 : err;
}
