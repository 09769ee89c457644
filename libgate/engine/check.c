/* SPDX-License-Identifier: BSD-2-Clause */
/* check.c - gate_check(): runs one event through every stack of the service, then the verdict lines. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/handle.h"

/* Discard the last check and make room in the trace for every line that this one can run. */
static int check_begin(gate_handle_t *h, enum gate_event_type event, unsigned flags)
{
	struct check *c = &h->check;
	size_t room = 0;
	match_reset(c);
	free(h->items[GATE_ITEM_REASON]);
	h->items[GATE_ITEM_REASON] = NULL;
	*c = (struct check){.trace = c->trace, .room = c->room, .matched = -1, .flags = flags, .running = true};
	for (size_t i = 0; i < h->policy->nstacks; i++)
		room += stack_runs(h->policy->stacks[i], event) + stack_runs(h->policy->stacks[i], GATE_EVENT_VERDICT);
	if (room <= c->room)
		return 0;
	struct gate_trace *trace = reallocarray(c->trace, room, sizeof *trace);
	if (!trace)
		return -ENOMEM;
	c->trace = trace;
	c->room = room;
	return 0;
}

/* The event must pass every stack that has a line for it. */
static int check_decide(gate_handle_t *h, const struct gate_event *ev)
{
	const struct policy *p = h->policy;
	int ret = GATE_IGNORE;
	for (size_t i = 0; i < p->nstacks; i++) {
		if (!stack_runs(p->stacks[i], ev->type))
			continue;
		ret = stack_dispatch(p->stacks[i], ev->type, h, ev);
		if (ret != GATE_SUCCESS)
			break;
	}
	if (ret == GATE_IGNORE && !h->check.ntrace)
		gate_set_reason(h, "service %s has no line for %s", p->service, gate_event_name(ev->type));
	return ret == GATE_IGNORE ? GATE_DENY : ret;
}

/* Set a reason for the refusal if no module gave one. */
static void check_explain(gate_handle_t *h, int ret)
{
	const struct check *c = &h->check;
	const struct gate_trace *t = c->trace;
	size_t i = 0;
	if (h->items[GATE_ITEM_REASON])
		return;
	if (ret < GATE_SERVICE_ERR && c->nfindings) {
		gate_set_reason(h, "%s: %s", c->findings->rule, c->findings->reason);
		return;
	}
	while (i < c->ntrace && t[i].ret != ret)
		i++;
	if (i < c->ntrace)
		gate_set_reason(h, "%s returned %s (%s:%u)", t[i].module, gate_strret(ret), t[i].file, t[i].line);
	else
		gate_set_reason(h, "no line of service %s allows it", h->policy->service);
}

/* A refusal has a reason and no grantor; an allowed event has a grantor and no reason. */
static void check_settle(gate_handle_t *h, int ret)
{
	struct check *c = &h->check;
	if (ret == GATE_SUCCESS) {
		gate_set_item(h, GATE_ITEM_REASON, NULL);
		return;
	}
	for (size_t i = 0; i < c->ntrace; i++)
		c->trace[i].grantor = false;
	check_explain(h, ret);
}

/* Copy the event into this engine's version of the struct.  Returns NULL, or why the event can't be judged. */
static const char *check_take_event(const struct gate_event *event, struct gate_event *copy)
{
	int err = event ? versions_event(event, copy) : -EINVAL;
	if (err == -E2BIG)
		return "the event has fields that this version does not know";
	return err || (unsigned)copy->type >= GATE_EVENT_VERDICT ? "not an event" : NULL;
}

static int check_fail(gate_handle_t *h, int err, const char *fault)
{
	gate_set_reason(h, "%s", err ? "out of memory" : fault);
	h->check.running = false;
	return h->check.verdict = err ? GATE_SYSTEM_ERR : GATE_ABORT;
}

/* It is decided: run the verdict lines.  Returns `ret`. */
static int check_end(gate_handle_t *h, const struct gate_event *ev, int ret)
{
	struct check *c = &h->check;
	check_settle(h, ret);
	c->verdict = ret;
	c->in_verdict = true;
	for (size_t i = 0; i < h->policy->nstacks && !(c->flags & GATE_CHECK_DRY_RUN); i++)
		stack_dispatch(h->policy->stacks[i], GATE_EVENT_VERDICT, h, ev);
	c->in_verdict = c->running = false;
	return ret;
}

int gate_check(gate_handle_t *h, const struct gate_event *event, unsigned flags)
{
	struct gate_event ev;
	const char *fault = check_take_event(event, &ev);
	int err = check_begin(h, fault ? GATE_EVENT_VERDICT : ev.type, flags);
	if (err || fault)
		return check_fail(h, err, fault);
	return check_end(h, &ev, check_decide(h, &ev));
}

int gate_check_finding(gate_handle_t *h, const struct gate_event *event, const struct gate_finding *f,
		       unsigned timeout_ms, unsigned flags)
{
	struct check *c = &h->check;
	struct gate_event ev;
	const char *fault = check_take_event(event, &ev);
	int err = check_begin(h, GATE_EVENT_VERDICT, flags);
	if (!err && !fault && !(c->findings = malloc(sizeof *c->findings)))
		err = -ENOMEM;
	if (err || fault)
		return check_fail(h, err, fault);
	*c->findings = *f;
	c->nfindings = 1;
	return check_end(h, &ev,
			 gate_ask(h, &ev, timeout_ms,
				  GATE_QUESTION_NO_SESSION | GATE_QUESTION_DESKTOP | GATE_QUESTION_DESKTOP_YES));
}

int gate_verdict(const gate_handle_t *h)
{
	return h->check.verdict;
}

const struct gate_trace *gate_trace(const gate_handle_t *h, size_t *n)
{
	*n = h->check.ntrace;
	return h->check.trace;
}
