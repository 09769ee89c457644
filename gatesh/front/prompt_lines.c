/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt_lines.c - lays out a question in plain lines: no cursor addressing, no colours, nothing drawn twice. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "front/prompt_facts.h"

enum { LINES_FEW = 12 }; /* rows: below, only what the question is about and the keys */

/* "gate: danger: git.force-push, question 2 of 3" */
static void prompt_lines_head(const struct prompt *p, struct layout *l)
{
	const struct gate_finding *f = &p->q->findings[0];
	cleanup_strbuf struct strbuf b = {0};
	strbuf_printf(&b, "gate: %s: %s", gate_severity_name(f->severity), f->rule);
	if (p->of > 1)
		strbuf_printf(&b, ", question %u of %u", p->nth, p->of);
	if (b.err)
		l->err = -ENOMEM;
	else
		layout_text(l, "", 0, NULL, b.s, 0);
}

/* What can be typed, a line each. */
static void prompt_lines_answers(const struct prompt *p, struct layout *l)
{
	if (dialog_offers(p->q, 'y'))
		prompt_labelled(l, "y", NULL, "yes, once", 1);
	else if (p->q->word)
		prompt_labelled(l, p->q->word, NULL, "this word, typed, is yes, once", 0);
	if (dialog_offers(p->q, 's'))
		prompt_labelled(l, "s", NULL, "yes, for this session", 1);
	prompt_labelled(l, "n", NULL, "no", 1);
	prompt_labelled(l, "e TEXT", NULL, "no, and TEXT says why", 1);
	prompt_labelled(l, "x", NULL, "the question explained", 1);
	prompt_labelled(l, "?", NULL, "everything about this question", 1);
}

static void prompt_lines_time(const struct prompt *p, struct layout *l)
{
	char left[32];
	unsigned seconds = (p->left_ms + 999) / 1000;
	snprintf(left, sizeof left, "%u:%02u", seconds / 60, seconds % 60);
	if (p->left_ms)
		prompt_labelled(l, "time left", NULL, left, 1);
}

void prompt_lines_ask(const struct prompt *p, struct strbuf *out)
{
	cleanup_strbuf struct strbuf command = {0};
	struct layout cut = {.cols = p->cols, .plain = true};
	bool typed = !dialog_offers(p->q, 'y');
	prompt_command(p->q->event, &command);
	layout_text(&cut, "", 0, NULL, command.s ? command.s : "(no arguments)", 1);
	if (command.err || cut.err)
		out->err = -ENOMEM;
	strbuf_printf(out, "gate: allow %s? ", cut.n ? cut.v[0] : "");
	layout_free(&cut);
	if (p->dialog->mode == DIALOG_SENTENCE) {
		strbuf_puts(out, "No, because: ");
		return;
	}
	if (typed && p->q->word)
		escape_put(out, p->q->word, strlen(p->q->word));
	strbuf_printf(out, "%s%s, n, e TEXT, x or ?: ", typed ? "" : "y", dialog_offers(p->q, 's') ? ", s" : "");
}

/* Append the line that asks.  0 or -ENOMEM. */
static int prompt_lines_end(const struct prompt *p, struct layout *out)
{
	struct strbuf ask = {0};
	prompt_lines_ask(p, &ask);
	layout_take(out, &ask);
	return out->err;
}

int prompt_lines(const struct prompt *p, bool all, struct layout *out)
{
	bool few = p->rows < LINES_FEW;
	*out = (struct layout){.cols = p->cols, .plain = true};
	prompt_lines_head(p, out);
	if (all && p->dialog->explains)
		prompt_explanation(p, out);
	else if (all)
		prompt_everything(p, out);
	else
		prompt_facts(p, out, few ? TIGHT_LEAST : TIGHT_NO_BLANKS);
	if (!all && dialog_offers(p->q, 's'))
		prompt_labelled(out, "this session", NULL, p->q->covers, 0);
	if (all || !few) {
		prompt_lines_time(p, out);
		prompt_lines_answers(p, out);
	}
	return prompt_lines_end(p, out);
}

int prompt_lines_preview(const struct prompt *p, struct layout *out)
{
	*out = (struct layout){.cols = p->cols, .plain = true};
	prompt_preview(p, out, 8, 0);
	return prompt_lines_end(p, out);
}
