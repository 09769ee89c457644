/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt_explain.c - explains a question in sentences: what the rules say of the command, where it acts, what is lost and what
 * comes back.  Every sentence is of a rule, of the grammar, of the preview or of what Gate keeps. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "formats/event.h"
#include "front/prompt_facts.h"

/* Add a sentence, with the SGR `style` or NULL.  Escapes it. */
static void prompt_explain_say(struct layout *l, const char *style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void prompt_explain_say(struct layout *l, const char *style, const char *fmt, ...)
{
	cleanup_strbuf struct strbuf safe = {0};
	char *text = NULL;
	va_list ap;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n >= 0) {
		escape_put(&safe, text, (size_t)n);
		free(text);
	}
	if (n < 0 || safe.err)
		l->err = -ENOMEM;
	else
		layout_text(l, "", l->cols < PROMPT_NARROW || l->plain ? 1 : PROMPT_MARGIN, style, safe.s ? safe.s : "",
			    0);
}

static void prompt_explain_rules(const struct gate_question *q, struct layout *l)
{
	for (size_t i = 0; i < q->nfindings; i++) {
		const struct gate_finding *f = &q->findings[i];
		prompt_explain_say(l, prompt_severity_style(f->severity), "The rule %s (%s) asks. Its reason: %s.",
				   f->rule, gate_severity_name(f->severity), f->reason);
		if (f->subject)
			prompt_explain_say(l, NULL, "It reads the command as: %s", f->subject);
	}
}

static void prompt_explain_place(const struct gate_event *ev, struct layout *l)
{
	if (ev->cwd)
		prompt_explain_say(l, NULL, "It acts in %s.", ev->cwd);
	if (ev->settings && *ev->settings)
		prompt_explain_say(l, "33", "It does not act where the same command in your own shell would: %s.",
				   ev->settings);
	if (ev->origin && *ev->origin)
		prompt_explain_say(l, NULL, "It came about like this: %s", ev->origin);
}

static void prompt_explain_loss(const struct prompt *p, struct layout *l)
{
	if (p->preview == PREVIEW_RUNNING)
		prompt_explain_say(l, NULL, "The preview of what it would do is not there yet.");
	else if (p->preview == PREVIEW_DONE && p->preview_text)
		prompt_explain_say(l, NULL, "The preview of what it would do:");
	else
		prompt_explain_say(l, NULL, "No preview says how much it would do.");
	if (p->preview == PREVIEW_DONE)
		prompt_preview(p, l, 1000, 0);
}

/* No sentence promises more than undo can do. */
static void prompt_explain_undo(const struct gate_event *ev, struct layout *l)
{
	if (event_is_of_file(ev->type) && ev->type == GATE_EVENT_READ)
		prompt_explain_say(l, NULL,
				   "It reads, and loses nothing. It can't be undone that somebody knows the content.");
	else if (event_is_of_file(ev->type) && ev->unkept)
		prompt_explain_say(l, "31", "Undo does not bring the file back: %s.", ev->unkept);
	else if (event_is_of_file(ev->type))
		prompt_explain_say(l, "32", "Gate keeps the file first, so that gatesh undo can bring it back.");
	else if (ev->keeps && *ev->keeps)
		prompt_explain_say(l, NULL, "Before it asked, Gate looked what it can keep:");
	else if (ev->type == GATE_EVENT_EXEC)
		prompt_explain_say(l, "31",
				   "Gate keeps files that it removes or overwrites in a workspace. Nothing brings "
				   "back what it changes elsewhere: on a server, a device or another machine.");
	else
		prompt_explain_say(l, "31", "gatesh undo does not bring back what it changes at the other end.");
	prompt_facts_keeps(ev, l, 0);
}

static void prompt_explain_answers(const struct gate_question *q, struct layout *l)
{
	const struct gate_event *ev = q->event;
	if (ev->once)
		prompt_explain_say(l, NULL, "A yes is to %s.", ev->once);
	else
		prompt_explain_say(l, NULL, "A yes is for this once.");
	if (dialog_offers(q, 's'))
		prompt_explain_say(l, NULL, "A yes for this session is to %s.", q->covers);
	for (size_t i = 0; i < q->nfindings; i++)
		if (q->findings[i].instead)
			prompt_explain_say(l, "32", "Instead: %s", q->findings[i].instead);
}

void prompt_explanation(const struct prompt *p, struct layout *l)
{
	prompt_explain_rules(p->q, l);
	prompt_explain_place(p->q->event, l);
	prompt_explain_loss(p, l);
	prompt_explain_undo(p->q->event, l);
	prompt_explain_answers(p->q, l);
}
