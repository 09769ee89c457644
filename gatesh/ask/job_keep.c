/* SPDX-License-Identifier: BSD-2-Clause */
/* job_keep.c - runs, shows and settles the keeps of a job. */
#include "ask/job_keep.h"

#include <stdio.h>
#include <string.h>

#include "engine/engine.h"

bool job_keep_is_due(const struct job *j)
{
	size_t n;
	gate_keeps(j->handle, &n);
	return n && !j->kept.done && j->w->probes && j->event.type == GATE_EVENT_EXEC;
}

void job_keep(struct job *j)
{
	size_t n;
	const struct gate_keep *v = gate_keeps(j->handle, &n);
	if (!job_keep_is_due(j))
		return;
	const struct keep_asker a = {.probes = j->w->probes,
				     .session = gate_get_item(j->handle, GATE_ITEM_SESSION_ID),
				     .cwd = j->event.cwd,
				     .environment = &j->environment,
				     .settings = j->settings,
				     .limits = &j->w->keep};
	if (a.session)
		keep_run(&j->kept, &a, v, n);
}

/* Does the rule of a finding ask unless it is kept? */
static bool job_keep_is_enough(const struct job *j, const char *rule)
{
	size_t n;
	const struct gate_keep *v = gate_keeps(j->handle, &n);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(v[i].rule, rule))
			return v[i].unless_kept;
	return false;
}

bool job_keep_may_pass(const struct job *j, const struct gate_question *q)
{
	bool may = j->w->keep.pass;
	for (size_t i = 0; may && i < q->nfindings; i++)
		may = job_keep_is_enough(j, q->findings[i].rule);
	return may;
}

bool job_keep_suffices(const struct job *j, const struct gate_question *q)
{
	return j->kept.kept && !j->kept.failed && job_keep_may_pass(j, q);
}

/* Nobody looks at a question that is not asked, so the person is told. */
static void job_keep_tell(struct job *j)
{
	char text[1024];
	for (size_t i = 0; i < j->kept.n; i++) {
		const struct keep_entry *e = &j->kept.v[i];
		snprintf(text, sizeof text, "gate: %s: kept: %s; gatesh undo remote %s brings it back",
			 keep_text(e, "rule"), keep_text(e, "kept"), e->id);
		j->w->tell(GATE_STYLE_INFO, text, j->w->data);
	}
	if (!j->kept.failed)
		return;
	const char *line = strstr(j->kept.text, "keeps: nothing: ");
	snprintf(text, sizeof text, "gate: %s: this can't be brought back: %.*s", j->kept.failed_rule,
		 line ? (int)strcspn(line + 16, "\n") : 0, line ? line + 16 : "");
	j->w->tell(GATE_STYLE_ERROR, text, j->w->data);
}

void job_keep_settle(struct job *j)
{
	if (j->ret == GATE_SUCCESS && j->kept.done) {
		job_keep_tell(j);
		if (keep_run_commit(&j->kept))
			j->w->tell(GATE_STYLE_ERROR, "gate: what was kept can't be recorded, so undo does not have it",
				   j->w->data);
	}
	keep_run_end(&j->kept);
}
