/* SPDX-License-Identifier: BSD-2-Clause */
/* companion_show.c - formats questions for the companion's prompt.  Escapes everything from outside. */
#include "companion/companion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "front/prompt_facts.h"
#include "front/question_from_json.h"
#include "util/out.h"
#include "util/text_layout.h"

enum { MARGIN = 4, INDENT = 13, SHORT_LINES = 3, PENDING_WIDTH = 60 };

static const char *show_text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static const json_t *show_worst(const struct waiting *w)
{
	return json_array_get(json_object_get(w->q, "rules"), 0);
}

static const char *show_style_of(const struct companion *c, const char *severity)
{
	if (!c->colour || !severity || !strcmp(severity, "notice"))
		return NULL;
	return !strcmp(severity, "warning") ? "33" : !strcmp(severity, "danger") ? "31" : "1;31";
}

static void show_styled(const struct companion *c, struct strbuf *b, const char *style, const char *text)
{
	if (c->colour && style)
		strbuf_printf(b, "\x1b[%sm", style);
	escape_put(b, text ? text : "", text ? strlen(text) : 0);
	if (c->colour && style)
		strbuf_puts(b, "\x1b[0m");
}

/* Append "    why      text", wrapped, in at most `max` lines (0: all); nothing if `text` is NULL. */
static void show_field(const struct companion *c, struct strbuf *b, const char *label, const char *style,
		       const char *text, int max)
{
	cleanup_strbuf struct strbuf safe = {0}, head = {0};
	struct layout l = {.cols = console_columns(c) - 1, .colour = c->colour};
	if (!text)
		return;
	escape_put(&safe, text, strlen(text));
	strbuf_printf(&head, "%*s%s", MARGIN, "", label ? label : "");
	layout_text(&l, head.s ? head.s : "", label ? INDENT : MARGIN, c->colour ? style : NULL, safe.s ? safe.s : "",
		    max);
	for (int i = 0; i < l.n; i++)
		strbuf_printf(b, "%s\n", l.v[i]);
	layout_free(&l);
}

/* Append lines that are already escaped, unwrapped. */
static void show_lines_of(const struct companion *c, struct strbuf *b, const char *label, const char *text)
{
	char *copy = text ? strdup(text) : NULL, *rest = copy;
	for (const char *line; (line = strsep(&rest, "\n")); label = "")
		show_field(c, b, label, NULL, line, 1);
	free(copy);
}

/* "[3] danger: git.force-push  1a2b3c4d.7, claude" */
static void show_head(const struct companion *c, const struct waiting *w, struct strbuf *b)
{
	const char *severity = show_text_of(show_worst(w), "severity");
	json_int_t askers = json_integer_value(json_object_get(w->q, "askers"));
	strbuf_printf(b, "[%u] ", w->number);
	show_styled(c, b, show_style_of(c, severity), severity);
	strbuf_puts(b, ": ");
	show_styled(c, b, "1", show_text_of(show_worst(w), "id"));
	strbuf_printf(b, "  (%s.%u, ", w->link->id, w->id);
	show_styled(c, b, NULL, w->link->agent);
	if (askers > 1)
		strbuf_printf(b, ", asked by %d processes", (int)askers);
	strbuf_puts(b, ")\n");
}

static void show_answers(const struct waiting *w, struct strbuf *b)
{
	const char *word = show_text_of(w->q, "word");
	strbuf_printf(b, "%*sallow %u", MARGIN, "", w->number);
	if (word) {
		strbuf_putc(b, ' ');
		escape_put(b, word, strlen(word));
	} else if (show_text_of(w->q, "covers")) {
		strbuf_printf(b, "  |  allow %u session", w->number);
	}
	strbuf_printf(b, "  |  deny %u [sentence]  |  show %u\n", w->number, w->number);
}

void show_opened(const struct companion *c, const struct waiting *w, struct strbuf *b)
{
	const json_t *rule = show_worst(w);
	show_head(c, w, b);
	show_field(c, b, NULL, "1", show_text_of(w->q, "command"), SHORT_LINES);
	show_field(c, b, "why", NULL, show_text_of(rule, "reason"), SHORT_LINES);
	show_field(c, b, "later", "33", show_text_of(w->q, "later"), SHORT_LINES);
	show_field(c, b, "yes to", NULL, show_text_of(w->q, "once"), SHORT_LINES);
	show_field(c, b, "in", NULL, show_text_of(w->q, "cwd"), 1);
	show_field(c, b, "agent", "3", show_text_of(w->q, "says"), 1);
	show_field(c, b, "from", NULL, show_text_of(w->q, "origin"), SHORT_LINES);
	show_field(c, b, "with", "33", show_text_of(w->q, "settings"), 1);
	show_field(c, b, "instead", "32", show_text_of(rule, "instead"), 1);
	show_field(c, b, "session", NULL, show_text_of(w->q, "covers"), SHORT_LINES);
	show_answers(w, b);
}

void show_closed(const struct companion *c, const struct waiting *w, const json_t *event, struct strbuf *b)
{
	const char *outcome = show_text_of(event, "outcome"), *choice = show_text_of(event, "choice");
	const char *text = show_text_of(event, "text");
	strbuf_printf(b, "[%u] ", w->number);
	if (!outcome || strcmp(outcome, "answered")) {
		strbuf_puts(b, outcome && !strcmp(outcome, "timeout") ? "refused: nobody answered in time\n" :
									"its process is gone\n");
		return;
	}
	strbuf_puts(b, !strcmp(choice ? choice : "", "once")    ? "allowed once by " :
		       !strcmp(choice ? choice : "", "session") ? "allowed for the session by " :
								  "refused by ");
	show_styled(c, b, NULL, show_text_of(event, "by"));
	if (text) {
		strbuf_puts(b, ": ");
		show_styled(c, b, NULL, text);
	}
	strbuf_putc(b, '\n');
}

static void companion_show_rule(const struct companion *c, const json_t *r, struct strbuf *b)
{
	cleanup_strbuf struct strbuf at = {0};
	const char *severity = show_text_of(r, "severity"), *file = show_text_of(r, "file");
	int line = (int)json_integer_value(json_object_get(r, "line"));
	strbuf_printf(&at, "%s (%s), %s", show_text_of(r, "id"), severity, file ? file : "?");
	if (line) /* gatesh's own finding has none */
		strbuf_printf(&at, ":%d", line);
	show_field(c, b, "rule", show_style_of(c, severity), at.s, 0);
	show_field(c, b, "", NULL, show_text_of(r, "reason"), 0);
	show_field(c, b, "instead", "32", show_text_of(r, "instead"), 0);
}

void show_question(const struct companion *c, const struct waiting *w, struct strbuf *b)
{
	size_t i;
	json_t *r;
	const json_t *left = json_object_get(w->q, "left_ms");
	char time[64];
	show_head(c, w, b);
	show_field(c, b, NULL, "1", show_text_of(w->q, "command"), 0);
	show_field(c, b, "later", "33", show_text_of(w->q, "later"), 0);
	show_field(c, b, "yes to", NULL, show_text_of(w->q, "once"), 0);
	show_field(c, b, "in", NULL, show_text_of(w->q, "cwd"), 0);
	show_field(c, b, "agent", "3", show_text_of(w->q, "says"), 0);
	show_field(c, b, "with", "33", show_text_of(w->q, "settings"), 0);
	show_field(c, b, "from", NULL, show_text_of(w->q, "origin"), 0);
	show_field(c, b, show_text_of(w->q, "origin") ? "" : "from", NULL, show_text_of(w->q, "ancestry"), 0);
	json_array_foreach(json_object_get(w->q, "rules"), i, r) companion_show_rule(c, r, b);
	show_lines_of(c, b, "kept", show_text_of(w->q, "keeps"));
	show_lines_of(c, b, "preview", show_text_of(w->q, "preview"));
	if (left) {
		uint64_t all = (uint64_t)json_integer_value(left) + w->told, now = loop_now();
		unsigned s = all > now ? (unsigned)((all - now + 999) / 1000) : 0;
		snprintf(time, sizeof time, "%u:%02u", s / 60, s % 60);
		show_field(c, b, "left", NULL, time, 1);
	}
	show_field(c, b, "session", NULL, show_text_of(w->q, "covers"), 0);
	show_answers(w, b);
}

void show_explained(const struct companion *c, const struct waiting *w, struct strbuf *b)
{
	struct json_question q;
	struct dialog none = {0};
	struct layout l = {.cols = console_columns(c) - 1, .colour = c->colour};
	if (json_question_read(&q, w->q)) {
		strbuf_puts(b, "gate: this question can't be read\n");
		return;
	}
	const char *preview = show_text_of(w->q, "preview");
	struct prompt p = {.q = &q.question,
			   .dialog = &none,
			   .preview = preview ? PREVIEW_DONE : PREVIEW_NONE,
			   .preview_text = preview,
			   .cols = l.cols};
	show_head(c, w, b);
	prompt_explanation(&p, &l);
	for (int i = 0; i < l.n; i++)
		strbuf_printf(b, "%s\n", l.v[i]);
	if (l.err)
		b->err = l.err;
	layout_free(&l);
	json_question_free(&q);
}

void show_trace(const struct companion *c, const json_t *trace, struct strbuf *b)
{
	size_t i;
	json_t *t;
	json_array_foreach(trace, i, t)
	{
		cleanup_strbuf struct strbuf line = {0};
		const char *file = show_text_of(t, "file");
		strbuf_printf(&line, "%s:%d  %s  %s  %s, %s", file ? basename(file) : "?",
			      (int)json_integer_value(json_object_get(t, "line")), show_text_of(t, "control"),
			      show_text_of(t, "module"), show_text_of(t, "ret"), show_text_of(t, "action"));
		show_field(c, b, i ? "" : "stack", NULL, line.s, 0);
	}
	show_field(c, b, i ? "" : "stack", NULL, "the next line asks you", 0);
}

void show_pending(const struct companion *c, struct strbuf *b)
{
	for (const struct waiting *w = c->questions; w; w = w->next) {
		const char *severity = show_text_of(show_worst(w), "severity");
		cleanup_strbuf struct strbuf command = {0};
		const char *text = show_text_of(w->q, "command");
		escape_put(&command, text ? text : "", text ? strlen(text) : 0);
		size_t fit = command.s ? text_fit(command.s, PENDING_WIDTH) : 0;
		strbuf_printf(b, "%-4u %s.%-4u ", w->number, w->link->id, w->id);
		show_styled(c, b, show_style_of(c, severity), severity);
		strbuf_putc(b, ' ');
		show_styled(c, b, "1", show_text_of(show_worst(w), "id"));
		strbuf_printf(b, "  %.*s%s\n", (int)fit, command.s ? command.s : "", fit < command.len ? " ..." : "");
	}
}
