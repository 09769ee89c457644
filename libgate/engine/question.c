/* SPDX-License-Identifier: BSD-2-Clause */
/* question.c - gate_ask(): puts the findings as one question to the conversation and judges the answer. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "engine/handle.h"
#include "formats/event.h"

/* Return the findings that ask in a new array, which the caller frees, and their number in *n.  NULL if there are none
 * (*n is 0) or no memory. */
static struct gate_finding *question_asking(const struct check *c, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < c->nfindings; i++)
		*n += c->findings[i].action == GATE_ACTION_ASK;
	struct gate_finding *v = *n ? calloc(*n, sizeof *v) : NULL;
	for (size_t i = 0, to = 0; v && i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACTION_ASK)
			v[to++] = c->findings[i];
	return v;
}

static const struct gate_finding *question_denied(const struct check *c)
{
	for (size_t i = 0; i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACTION_DENY)
			return &c->findings[i];
	return NULL;
}

/* Append what a yes for the session would cover: "git.force-push with exactly these arguments in /srv/repo",
 * "files.outside under /srv/data", "net.metadata: any connection to HOST:80 (tcp)" */
static void question_put_covers(struct strbuf *b, const struct gate_finding *v, size_t n, const struct gate_event *ev)
{
	for (size_t i = 0; i < n; i++)
		strbuf_printf(b, "%s%s", i ? ", " : "", v[i].rule);
	strbuf_puts(b, ev->type == GATE_EVENT_EXEC     ? " with exactly these arguments " :
		       event_has_destination(ev->type) ? ": " :
							 " ");
	grant_put_covers(b, ev);
}

/* Return the word that a person types for a typed yes: the last part of the rule's name. */
static const char *question_word_of(const struct gate_finding *worst)
{
	const char *dot = strrchr(worst->rule, '.');
	return dot && dot[1] ? dot + 1 : worst->rule;
}

/* Does the answer that was given earlier in this check also settle this question? */
static bool question_settled(const struct check *c, size_t n, unsigned flags)
{
	if (!c->answered || c->answer.choice == GATE_ANSWER_NO)
		return c->answered;
	return c->answered_findings == n && !(flags & ~c->answered_flags & GATE_QUESTION_TYPED) &&
	       (!c->answer.desktop || flags & GATE_QUESTION_DESKTOP_YES);
}

static int question_refuse(gate_handle_t *h, const struct gate_finding *worst, int ret, const char *why)
{
	gate_set_reason(h, "%s: %s; %s", worst->rule, worst->reason, why);
	return ret;
}

static int question_decline(gate_handle_t *h, const struct gate_finding *worst)
{
	const struct gate_answer *a = &h->check.answer;
	cleanup_strbuf struct strbuf why = {0};
	strbuf_printf(&why, "refused by %s%s%s", *a->by ? a->by : "a person", *a->text ? ": " : "", a->text);
	return question_refuse(h, worst, GATE_DENY, why.s ? why.s : "refused");
}

/* Turn the return code of the conversation and its answer into a gate code.  An invalid answer is a
 * fault; an unoffered "this session" counts as once. */
static int question_judge(gate_handle_t *h, const struct gate_question *q, int ret)
{
	struct check *c = &h->check;
	struct gate_answer *a = &c->answer;
	switch (ret) {
	case GATE_SUCCESS: break;
	case GATE_TIMEOUT: return question_refuse(h, q->findings, ret, "nobody answered in time");
	case GATE_NO_AGENT: return question_refuse(h, q->findings, ret, "there is nobody to ask");
	default: return question_refuse(h, q->findings, GATE_CONV_ERR, "the question could not be asked");
	}
	a->by[sizeof a->by - 1] = a->text[sizeof a->text - 1] = '\0';
	if ((unsigned)a->choice > GATE_ANSWER_SESSION || (a->choice == GATE_ANSWER_SESSION && a->desktop) ||
	    (a->choice != GATE_ANSWER_NO && a->desktop && !(q->flags & GATE_QUESTION_DESKTOP_YES)))
		return question_refuse(h, q->findings, GATE_CONV_ERR, "the answer was not one of those offered");
	c->answered = true;
	c->answered_findings = q->nfindings;
	c->answered_flags = q->flags;
	if (a->choice == GATE_ANSWER_NO)
		return question_decline(h, q->findings);
	if (a->choice == GATE_ANSWER_SESSION && !q->covers)
		a->choice = GATE_ANSWER_ONCE; /* it was not offered, so the yes counts once */
	if (q->event->type == GATE_EVENT_CONNECT && q->event->pid && grant_process(h, q->event))
		gate_tell(h, GATE_STYLE_ERROR, "gate: %s: can't remember the yes: out of memory", q->findings->rule);
	if (a->choice == GATE_ANSWER_SESSION && gate_grant(h, q->event))
		gate_tell(h, GATE_STYLE_ERROR, "gate: %s: allowed once, not for the session: out of memory",
			  q->findings->rule);
	return GATE_SUCCESS;
}

int gate_ask(gate_handle_t *h, const struct gate_event *event, unsigned timeout_ms, unsigned flags)
{
	struct check *c = &h->check;
	const struct gate_finding *deny = question_denied(c);
	size_t n;
	if (deny) {
		gate_set_reason(h, "%s: %s", deny->rule, deny->reason);
		return GATE_DENY;
	}
	struct gate_finding *v = question_asking(c, &n);
	if (!n)
		return GATE_SUCCESS;
	if (!v)
		return GATE_SYSTEM_ERR;
	if (v->severity >= GATE_SEVERITY_CRITICAL || !grant_place(event))
		flags |= GATE_QUESTION_NO_SESSION;
	if (flags & GATE_QUESTION_TYPED)
		flags &= ~(unsigned)GATE_QUESTION_DESKTOP_YES; /* a notification can't take a typed word */
	cleanup_strbuf struct strbuf covers = {0};
	if (!(flags & GATE_QUESTION_NO_SESSION))
		question_put_covers(&covers, v, n, event);
	struct gate_question q = {
		.event = event,
		.findings = v,
		.nfindings = n,
		.covers = covers.err ? NULL : covers.s,
		.word = flags & GATE_QUESTION_TYPED ? question_word_of(v) : NULL,
		.timeout_ms = timeout_ms,
		.flags = flags | (covers.err ? GATE_QUESTION_NO_SESSION : 0),
		.trace = c->trace,
		.ntrace = c->ntrace,
	};
	int ret;
	if (grant_covers_process(h, event)) {
		ret = GATE_SUCCESS;
	} else if (question_settled(c, n, flags)) {
		ret = c->answer.choice == GATE_ANSWER_NO ? question_decline(h, v) : GATE_SUCCESS;
	} else if (!h->conv.ask || c->flags & GATE_CHECK_NO_ASK || c->in_verdict) {
		ret = question_judge(h, &q, GATE_NO_AGENT);
	} else {
		c->answered = false;
		c->answer = (struct gate_answer){0};
		ret = question_judge(h, &q, h->conv.ask(&q, &c->answer, h->conv.data));
	}
	free(v);
	return ret;
}

const struct gate_answer *gate_answer(const gate_handle_t *h)
{
	return h->check.answered ? &h->check.answer : NULL;
}
