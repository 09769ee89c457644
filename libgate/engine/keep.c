/* SPDX-License-Identifier: BSD-2-Clause */
/* keep.c - notes what the rules of a check keep before the act, for whoever runs it. */
#include <stdlib.h>

#include "engine/handle.h"
#include "rules/rule.h"

/* A finding that denies leaves nothing to be kept; one whose command can't be filled in keeps nothing, and its question says
 * nothing about a keep. */
void keep_note(struct check *c, const struct rule *r, const struct subject *s, const struct gate_finding *f)
{
	bool happens = f->action == GATE_ACTION_ASK || f->action == GATE_ACTION_LOG;
	struct gate_keep k = {.rule = r->id, .subject = f->subject, .unless_kept = r->unless_kept};
	if (!r->keep || !happens || rule_fill(r, r->keep, s, &k.keep))
		return;
	struct gate_keep *v =
		rule_fill(r, r->undo, s, &k.undo) ? NULL : reallocarray(c->keeps, c->nkeeps + 1, sizeof *v);
	if (!v) {
		free(k.keep);
		free(k.undo);
		return;
	}
	c->keeps = v;
	v[c->nkeeps++] = k;
}

void keep_forget(struct check *c)
{
	for (size_t i = 0; i < c->nkeeps; i++) {
		free(c->keeps[i].keep);
		free(c->keeps[i].undo);
	}
	free(c->keeps);
	c->keeps = NULL;
	c->nkeeps = 0;
}

const struct gate_keep *gate_keeps(const gate_handle_t *h, size_t *n)
{
	*n = h->check.nkeeps;
	return h->check.keeps;
}
