/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt_facts.c - lays out what a question is about: the command, the rules, the place, the preview. */
#include "front/prompt_facts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "formats/event.h"

const char *prompt_severity_style(enum gate_severity s)
{
	static const char *const styles[] = {"36", "33", "1;31", "1;97;41"};
	return styles[s <= GATE_SEVERITY_CRITICAL ? s : GATE_SEVERITY_CRITICAL];
}

void prompt_blank(struct layout *l, enum tightness t)
{
	if (t == TIGHT_ROOMY)
		layout_add(l, NULL, "");
}

/* As prompt_labelled(), of text that is escaped already. */
static void prompt_facts_escaped(struct layout *l, const char *label, const char *style, const char *text, int max)
{
	cleanup_strbuf struct strbuf b = {0};
	bool beside = l->cols >= PROMPT_NARROW && !l->plain;
	if (beside)
		strbuf_printf(&b, "%*s%s", PROMPT_MARGIN, "", label);
	else
		strbuf_printf(&b, "%s%s%s", label, *label ? ": " : "", text);
	if (b.err)
		l->err = -ENOMEM;
	else if (beside)
		layout_text(l, b.s, PROMPT_INDENT, style, text, max);
	else
		layout_text(l, "", 1, style, b.s, max);
}

void prompt_labelled(struct layout *l, const char *label, const char *style, const char *text, int max)
{
	cleanup_strbuf struct strbuf safe = {0};
	escape_put(&safe, text, strlen(text));
	if (safe.err)
		l->err = -ENOMEM;
	else
		prompt_facts_escaped(l, label, style, safe.s ? safe.s : "", max);
}

/* Append the names of an ancestry "claude(7) > bash(8) > git(9)", without the pids. */
static void prompt_facts_names(const char *ancestry, struct strbuf *out)
{
	for (const char *s = ancestry; *s;) {
		const char *end = strstr(s, " > ");
		size_t n = end ? (size_t)(end - s) : strlen(s);
		size_t name = n;
		while (name && s[name - 1] != '(')
			name--;
		strbuf_put(out, s, name > 1 ? name - 1 : n);
		if (end)
			strbuf_puts(out, " > ");
		s = end ? end + 3 : s + n;
	}
}

void prompt_preview(const struct prompt *p, struct layout *l, int max, int each)
{
	if (p->preview == PREVIEW_RUNNING)
		prompt_labelled(l, "preview", "2", "…", 1);
	if (p->preview != PREVIEW_DONE || !p->preview_text)
		return;
	char *copy = strdup(p->preview_text), *rest = copy;
	if (!copy)
		l->err = -ENOMEM;
	for (int i = 0; copy && i < max && rest && *rest; i++)
		prompt_labelled(l, i ? "" : "preview", NULL, strsep(&rest, "\n"), each);
	free(copy);
}

/* For an act on a file: the command that acts, and the scope of one yes. */
static void prompt_facts_file(const struct prompt *p, struct layout *l, int max)
{
	const struct gate_event *ev = p->q->event;
	cleanup_strbuf struct strbuf by = {0};
	if (ev->type == GATE_EVENT_EXEC || (!event_is_of_file(ev->type) && !ev->argc))
		return;
	prompt_words(ev, &by);
	if (by.err)
		l->err = by.err;
	else
		prompt_facts_escaped(l, "by", NULL, by.s ? by.s : "(no arguments)", max);
	if (ev->unkept && !strstr(p->q->findings[0].reason, ev->unkept))
		prompt_labelled(l, "no undo", "31", ev->unkept, max);
	if (ev->once)
		prompt_labelled(l, "yes to", NULL, ev->once, max);
}

/* The variables that make the command act elsewhere than it would in the person's own shell. */
static void prompt_facts_settings(const struct gate_event *ev, struct layout *l, int max)
{
	if (ev->settings && *ev->settings)
		prompt_labelled(l, "with", "33", ev->settings, max);
}

void prompt_facts_keeps(const struct gate_event *ev, struct layout *l, int max)
{
	char *copy = ev->keeps && *ev->keeps ? strdup(ev->keeps) : NULL, *rest = copy;
	for (char *line; copy && (line = strsep(&rest, "\n"));) {
		char *text = strstr(line, ": ");
		if (!text)
			continue;
		*text = '\0';
		bool none = *line == 'l' || !strncmp(text + 2, "nothing", strlen("nothing"));
		prompt_labelled(l, line, none ? "31" : "32", text + 2, max);
	}
	free(copy);
}

/* Some of the rows that a statement would take, as lines that are escaped already. */
static void prompt_facts_sample(const struct gate_event *ev, struct layout *l, int most)
{
	char *copy = ev->sample ? strdup(ev->sample) : NULL, *rest = copy;
	for (int i = 0; copy && i < most && *rest; i++)
		prompt_labelled(l, i ? "" : "rows", NULL, strsep(&rest, "\n"), 1);
	free(copy);
}

/* The agent's own words about the tool call.  The person sees whose they are. */
static void prompt_facts_says(const struct gate_event *ev, struct layout *l, int max)
{
	if (ev->says)
		prompt_labelled(l, "agent", "3", ev->says, max);
}

/* That the agent waits no longer, so that nothing seems to happen after an answer. */
static void prompt_facts_later(const struct prompt *p, struct layout *l, int max)
{
	if (p->check)
		prompt_labelled(l, "check", "33", "nothing runs, whatever the answer", max);
	if (p->later)
		prompt_labelled(l, "later", "33", p->later, max);
}

static void prompt_facts_command(struct layout *l, const char *command, enum tightness t)
{
	static const int most[TIGHT_COUNT] = {6, 6, 3, 2, 2, 1};
	if (l->plain)
		prompt_facts_escaped(l, "command", NULL, command, most[t]);
	else
		layout_text(l, "", t < TIGHT_TINY ? PROMPT_MARGIN : 1, "1", command, most[t]);
}

/* The findings beyond the first.  That nothing comes back is said in full: a yes of before was for what does. */
static void prompt_facts_more(const struct prompt *p, struct layout *l)
{
	size_t rules = 0;
	char more[64];
	for (size_t i = 1; i < p->q->nfindings; i++) {
		const struct gate_finding *f = &p->q->findings[i];
		if (!strcmp(f->rule, "gate_keep"))
			prompt_labelled(l, "and", prompt_severity_style(f->severity), f->reason, 2);
		else
			rules++;
	}
	snprintf(more, sizeof more, "%zu more rule%s match%s", rules, rules > 1 ? "s" : "", rules > 1 ? "" : "es");
	if (rules)
		prompt_labelled(l, "and", NULL, more, 1);
}

void prompt_facts(const struct prompt *p, struct layout *l, enum tightness t)
{
	const struct gate_event *ev = p->q->event;
	const struct gate_finding *f = &p->q->findings[0];
	cleanup_strbuf struct strbuf command = {0}, from = {0};
	prompt_command(ev, &command);
	if (ev->origin && *ev->origin)
		strbuf_puts(&from, ev->origin);
	else if (ev->ancestry)
		prompt_facts_names(ev->ancestry, &from);
	if (command.err || from.err) {
		l->err = -ENOMEM;
		return;
	}
	prompt_blank(l, t);
	prompt_facts_command(l, command.s ? command.s : "(no arguments)", t);
	prompt_blank(l, t);
	if (t < TIGHT_TINY)
		prompt_labelled(l, "why", prompt_severity_style(f->severity), f->reason, t == TIGHT_LEAST ? 1 : 3);
	else if (t == TIGHT_TINY)
		prompt_labelled(l, "", prompt_severity_style(f->severity), f->reason, 1);
	if (t >= TIGHT_LEAST)
		return;
	prompt_facts_later(p, l, 2);
	prompt_facts_file(p, l, 2);
	if (ev->cwd)
		prompt_labelled(l, "in", NULL, ev->cwd, 2);
	prompt_facts_settings(ev, l, 2);
	prompt_facts_keeps(ev, l, 2);
	prompt_facts_sample(ev, l, t == TIGHT_ROOMY ? 5 : 2);
	prompt_facts_says(ev, l, 2);
	if (from.s)
		prompt_labelled(l, "from", NULL, from.s, 2);
	if (p->askers > 1) {
		char all[64];
		snprintf(all, sizeof all, "%u processes that ask the same", p->askers);
		prompt_labelled(l, "for", NULL, all, 1);
	}
	prompt_facts_more(p, l);
	prompt_preview(p, l, t == TIGHT_SHORT ? 2 : 8, 1);
	if (f->instead)
		prompt_labelled(l, "instead", "32", f->instead, 2);
}

void prompt_everything(const struct prompt *p, struct layout *l)
{
	const struct gate_event *ev = p->q->event;
	cleanup_strbuf struct strbuf command = {0};
	prompt_command(ev, &command);
	if (l->plain) {
		prompt_facts_escaped(l, "command", NULL, command.s ? command.s : "(no arguments)", 0);
	} else {
		prompt_labelled(l, "command", "1", "", 1);
		layout_text(l, "", l->cols < PROMPT_NARROW ? 1 : PROMPT_MARGIN, NULL,
			    command.s ? command.s : "(no arguments)", 0);
	}
	prompt_facts_later(p, l, 0);
	prompt_facts_file(p, l, 0);
	if (ev->exe)
		prompt_labelled(l, "program", NULL, ev->exe, 0);
	if (ev->cwd)
		prompt_labelled(l, "in", NULL, ev->cwd, 0);
	prompt_facts_settings(ev, l, 0);
	prompt_facts_keeps(ev, l, 0);
	prompt_facts_says(ev, l, 0);
	if (ev->origin && *ev->origin)
		prompt_labelled(l, "from", NULL, ev->origin, 0);
	if (ev->ancestry)
		prompt_labelled(l, ev->origin && *ev->origin ? "" : "from", NULL, ev->ancestry, 0);
	for (size_t i = 0; i < p->q->nfindings; i++) {
		const struct gate_finding *f = &p->q->findings[i];
		char at[512];
		int n = snprintf(at, sizeof at, "%s (%s), %s", f->rule, gate_severity_name(f->severity), f->file);
		if (f->line && n < (int)sizeof at) /* gatesh's own finding has none */
			snprintf(at + n, sizeof at - (size_t)n, ":%u", f->line);
		prompt_labelled(l, "rule", prompt_severity_style(f->severity), at, 0);
		prompt_labelled(l, "", NULL, f->reason, 0);
		if (f->subject)
			prompt_labelled(l, "matched", NULL, f->subject, 0);
		if (f->instead)
			prompt_labelled(l, "instead", "32", f->instead, 0);
	}
	prompt_preview(p, l, 1000, 0);
	if (dialog_offers(p->q, 's')) {
		cleanup_strbuf struct strbuf covers = {0};
		strbuf_printf(&covers, "this session: %s", p->q->covers);
		prompt_labelled(l, "s", NULL, covers.s ? covers.s : "this session", 0);
	}
}
