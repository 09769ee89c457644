/* SPDX-License-Identifier: BSD-2-Clause */
/* job_end.c - ends a job: log, kept things, refusal.  See job_end.h. */
#include "ask/job_end.h"

#include <stdio.h>
#include <string.h>

#include "ask/job_debug.h"
#include "ask/job_keep.h"
#include "ask/refusal_text.h"

/* Nothing is allowed unless it is logged, except by on-fault: allow. */
static void job_end_log(struct job *j, struct decision *d)
{
	d->preview = j->w->never_ask;
	int err = audit_write(j->w->audit, d);
	if (!err)
		return;
	char text[128];
	snprintf(text, sizeof text, "gate: the audit log cannot be written: %s", strerror(-err));
	j->w->tell(GATE_STYLE_ERROR, text, j->w->data);
	if (j->ret == GATE_SUCCESS && !j->w->on_fault_allow) {
		j->ret = GATE_SYSTEM_ERR;
		gate_set_item(j->handle, GATE_ITEM_REASON, text + strlen("gate: "));
	}
}

static void job_end_decision(struct job *j)
{
	struct decision d = {.handle = j->handle,
			     .event = &j->event,
			     .name = j->own_name,
			     .ret = j->ret,
			     .id = j->asker.id,
			     .late = j->asker.late,
			     .paused = j->paused};
	if (j->ret >= GATE_SERVICE_ERR && j->w->on_fault_allow) {
		j->ret = GATE_SUCCESS;
		d.allowed_on_fault = true;
	}
	if (!j->asker.late || gate_answer(j->handle)) /* its refusal is in the log already */
		job_end_log(j, &d);
}

static void job_end_line(struct job *j)
{
	if (j->asker.late)
		return; /* the process has its line */
	if (j->asker.come_back && j->ret == GATE_TIMEOUT)
		refusal_come_back(j->handle, &j->event, j->line, sizeof j->line);
	else if (j->ret == GATE_DENY && *j->frozen)
		refusal_frozen(&j->event, j->line, sizeof j->line);
	else if (j->ret != GATE_SUCCESS)
		refusal_line(j->handle, &j->event, j->ret, j->line, sizeof j->line);
}

void job_end(struct job *j)
{
	job_end_decision(j);
	if (j->asker.late)
		j->ret = GATE_TIMEOUT;
	job_keep_settle(j);
	j->event.keeps = NULL;
	job_debug_decision(j);
	job_end_line(j);
}

void job_record(struct workers *w, const struct gate_event *ev, unsigned flags)
{
	struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .tell = w->tell, .data = w->data};
	struct job j = {.w = w, .event = *ev, .ret = GATE_SYSTEM_ERR};
	if (gate_dup(w->base, &conv, &j.handle)) {
		w->tell(GATE_STYLE_ERROR, "gate: a connection is not in the audit log: out of memory", w->data);
		return;
	}
	job_debug_event(&j, "report");
	gate_check(j.handle, ev, GATE_CHECK_NO_ASK); /* for the rules and the verdict in the log */
	j.ret = flags & JOB_REFUSED ? GATE_DENY : GATE_SUCCESS;
	struct decision d = {.handle = j.handle, .event = ev, .ret = j.ret, .inherited = flags & JOB_INHERITED};
	job_end_log(&j, &d);
	gate_end(j.handle, j.ret);
}
