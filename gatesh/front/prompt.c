/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt.c - lays out a question: the short form, tightened until it fits, and the long form in pages. */
#include "front/prompt.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

enum { INDENT = 12, MARGIN = 3 };

/* How much the short form leaves out to fit: the higher, the tighter. */
enum tightness { TIGHT_ROOMY, TIGHT_NO_BLANKS, TIGHT_SHORT, TIGHT_LEAST, TIGHT_COUNT };

bool prompt_locale(void)
{
	const char *set = setlocale(LC_CTYPE, "");
	bool utf8 = set && !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (!utf8)
		setlocale(LC_CTYPE, "C.UTF-8");
	return utf8;
}

bool prompt_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	return !(no && *no) && term && strcmp(term, "dumb");
}

static const char *prompt_severity_style(enum gate_severity s)
{
	static const char *const styles[] = {"36", "33", "1;31", "1;97;41"};
	return styles[s <= GATE_SEVERITY_CRITICAL ? s : GATE_SEVERITY_CRITICAL];
}

/* "── gate: danger: git.force-push ─────────── 1 of 2 ──", in the severity's colour. */
static void prompt_rule_line(const struct prompt *p, struct layout *l)
{
	const struct gate_finding *f = &p->q->findings[0];
	cleanup_strbuf struct strbuf b = {0}, end = {0};
	const char *dash = p->utf8 ? "━" : "=";
	if (p->of > 1)
		strbuf_printf(&end, " %u of %u ", p->nth, p->of);
	strbuf_printf(&b, "%s%s gate: %s: %s ", dash, dash, gate_severity_name(f->severity), f->rule);
	if (b.err || end.err) {
		l->err = -ENOMEM;
		return;
	}
	int fill = p->cols - text_width(b.s) - (end.s ? text_width(end.s) : 0) - 2;
	for (int i = 0; i < fill; i++)
		strbuf_puts(&b, dash);
	if (end.s)
		strbuf_puts(&b, end.s);
	for (int i = 0; i < 2; i++)
		strbuf_puts(&b, dash);
	if (!b.err)
		layout_add(l, prompt_severity_style(f->severity), b.s);
}

static void prompt_blank(struct layout *l, enum tightness t)
{
	if (t == TIGHT_ROOMY)
		layout_add(l, NULL, "");
}

static void prompt_labelled(struct layout *l, const char *label, const char *style, const char *text, int max)
{
	cleanup_strbuf struct strbuf b = {0}, safe = {0};
	strbuf_printf(&b, "%*s%s", MARGIN, "", label);
	escape_put(&safe, text, strlen(text));
	if (b.err || safe.err)
		l->err = -ENOMEM;
	else
		layout_text(l, b.s, INDENT, style, safe.s ? safe.s : "", max);
}

/* Append the names of an ancestry "claude(7) > bash(8) > git(9)", without the pids. */
static void prompt_names_only(const char *ancestry, struct strbuf *out)
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

static void prompt_preview_lines(const struct prompt *p, struct layout *l, int max)
{
	if (p->preview == PREVIEW_RUNNING)
		prompt_labelled(l, "preview", "2", "…", 1);
	if (p->preview != PREVIEW_DONE || !p->preview_text)
		return;
	char *copy = strdup(p->preview_text), *rest = copy;
	if (!copy)
		l->err = -ENOMEM;
	for (int i = 0; copy && i < max && rest && *rest; i++)
		prompt_labelled(l, i ? "" : "preview", NULL, strsep(&rest, "\n"), 1);
	free(copy);
}

/* For an act on a file: the command that acts, and the scope of one yes. */
static void prompt_file_facts(const struct prompt *p, struct layout *l, int max)
{
	const struct gate_event *ev = p->q->event;
	cleanup_strbuf struct strbuf by = {0};
	if (!ev->path)
		return;
	prompt_words(ev, &by);
	if (by.err)
		l->err = by.err;
	else
		layout_text(l, "   by", INDENT, NULL, by.s ? by.s : "(no arguments)", max);
	if (ev->once)
		prompt_labelled(l, "yes to", NULL, ev->once, max);
}

/* The facts: command, reason, place. */
static void prompt_facts(const struct prompt *p, struct layout *l, enum tightness t)
{
	const struct gate_event *ev = p->q->event;
	const struct gate_finding *f = &p->q->findings[0];
	cleanup_strbuf struct strbuf command = {0}, from = {0};
	prompt_command(ev, &command);
	if (ev->ancestry)
		prompt_names_only(ev->ancestry, &from);
	if (command.err || from.err) {
		l->err = -ENOMEM;
		return;
	}
	prompt_blank(l, t);
	layout_text(l, "", MARGIN, "1", command.s ? command.s : "(no arguments)",
		    t == TIGHT_LEAST ? 2 :
		    t == TIGHT_SHORT ? 3 :
				       6);
	prompt_blank(l, t);
	prompt_labelled(l, "why", prompt_severity_style(f->severity), f->reason, t == TIGHT_LEAST ? 1 : 3);
	if (t == TIGHT_LEAST)
		return;
	prompt_file_facts(p, l, 2);
	if (ev->cwd)
		prompt_labelled(l, "in", NULL, ev->cwd, 2);
	if (from.s)
		prompt_labelled(l, "from", NULL, from.s, 2);
	if (p->askers > 1) {
		char all[64];
		snprintf(all, sizeof all, "%u processes that ask the same", p->askers);
		prompt_labelled(l, "for", NULL, all, 1);
	}
	if (p->q->nfindings > 1) {
		char more[64];
		snprintf(more, sizeof more, "%zu more rule%s match%s", p->q->nfindings - 1,
			 p->q->nfindings > 2 ? "s" : "", p->q->nfindings > 2 ? "" : "es");
		prompt_labelled(l, "and", NULL, more, 1);
	}
	prompt_preview_lines(p, l, t == TIGHT_SHORT ? 2 : 8);
	if (f->instead)
		prompt_labelled(l, "instead", "32", f->instead, 2);
}

/* The keys, as many per line as fit, then the time left. */
static void prompt_menu(const struct prompt *p, struct layout *l)
{
	static const struct {
		char key;
		const char *label;
	} items[] = {{'y', "once"}, {'s', "this session"}, {'n', "no"}, {'e', "no, and say why"}, {'?', "more"}};
	struct strbuf b = {0};
	int used = 0;
	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		const char *label = items[i].key == '?' && p->dialog->page ? "next view" : items[i].label;
		int need = text_width(label) + 2 + MARGIN;
		if (!dialog_offers(p->q, items[i].key))
			continue;
		if (used && used + need > p->cols) {
			layout_take(l, &b);
			used = 0;
		}
		used += need;
		strbuf_printf(&b, "%*s\x1b[1m%c\x1b[0m %s", MARGIN, "", items[i].key, label);
	}
	unsigned left = (p->left_ms + 999) / 1000;
	if (p->left_ms && used + MARGIN + 8 < p->cols)
		strbuf_printf(&b, "%*s%u:%02u", p->cols - used - 7, "", left / 60, left % 60);
	layout_take(l, &b);
}

/* A field to type into.  It shows the end of a text that is longer than the line. */
static void prompt_field(const struct prompt *p, struct layout *l, const char *label, int *row, int *col)
{
	cleanup_strbuf struct strbuf safe = {0};
	struct strbuf b = {0};
	escape_put(&safe, p->dialog->text, p->dialog->len);
	const char *text = safe.s ? safe.s : "";
	int room = p->cols - text_width(label) - MARGIN - 2;
	while (*text && text_width(text) > room)
		text += text_fit(text, 1) ? text_fit(text, 1) : 1;
	strbuf_printf(&b, "%*s%s %s", MARGIN, "", label, text);
	*row = l->n;
	*col = MARGIN + text_width(label) + 1 + text_width(text);
	layout_take(l, &b);
}

/* The controls: keys, or a field to type into. */
static void prompt_controls(const struct prompt *p, struct layout *l, enum tightness t, int *row, int *col)
{
	prompt_blank(l, t);
	if (p->dialog->mode == DIALOG_SENTENCE) {
		prompt_field(p, l, "no, because:", row, col);
		prompt_labelled(l, "", "2", "Enter sends it to the agent, Esc goes back", 1);
		return;
	}
	if ((p->q->flags & GATE_QUESTION_TYPED) && p->q->word) {
		cleanup_strbuf struct strbuf b = {0};
		strbuf_puts(&b, p->dialog->wrong ? "wrong word; to allow it once, type " : "to allow it once, type ");
		escape_put(&b, p->q->word, strlen(p->q->word));
		strbuf_puts(&b, ":");
		if (!b.err)
			prompt_field(p, l, b.s, row, col);
	}
	prompt_menu(p, l);
	if (dialog_offers(p->q, 's')) {
		cleanup_strbuf struct strbuf b = {0};
		strbuf_puts(&b, "this session: ");
		escape_put(&b, p->q->covers, strlen(p->q->covers));
		if (!b.err)
			layout_text(l, "", MARGIN, "2", b.s, t >= TIGHT_SHORT ? 1 : 3);
	}
}

/* The long form with all facts, before it is cut into pages. */
static void prompt_everything(const struct prompt *p, struct layout *l)
{
	const struct gate_event *ev = p->q->event;
	cleanup_strbuf struct strbuf command = {0};
	prompt_command(ev, &command);
	prompt_labelled(l, "command", "1", "", 1);
	layout_text(l, "", MARGIN, NULL, command.s ? command.s : "(no arguments)", 0);
	prompt_file_facts(p, l, 0);
	if (ev->exe)
		prompt_labelled(l, "program", NULL, ev->exe, 0);
	if (ev->cwd)
		prompt_labelled(l, "in", NULL, ev->cwd, 0);
	if (ev->ancestry)
		prompt_labelled(l, "from", NULL, ev->ancestry, 0);
	for (size_t i = 0; i < p->q->nfindings; i++) {
		const struct gate_finding *f = &p->q->findings[i];
		char at[512];
		snprintf(at, sizeof at, "%s (%s), %s:%u", f->rule, gate_severity_name(f->severity), f->file, f->line);
		prompt_labelled(l, "rule", prompt_severity_style(f->severity), at, 0);
		prompt_labelled(l, "", NULL, f->reason, 0);
		if (f->subject)
			prompt_labelled(l, "matched", NULL, f->subject, 0);
		if (f->instead)
			prompt_labelled(l, "instead", "32", f->instead, 0);
	}
	prompt_preview_lines(p, l, 1000);
}

/* One page of the long form. */
static int prompt_long_form(const struct prompt *p, struct layout *out, int *row, int *col)
{
	struct layout all = {.cols = out->cols, .colour = out->colour}, end = all;
	prompt_everything(p, &all);
	prompt_controls(p, &end, TIGHT_NO_BLANKS, row, col);
	int room = p->rows - end.n - 2;
	if (room < 1)
		room = 1;
	p->dialog->pages = (all.n + room - 1) / room;
	if (p->dialog->page > p->dialog->pages)
		p->dialog->page = p->dialog->pages;
	int first = (p->dialog->page - 1) * room;
	char head[64];
	prompt_rule_line(p, out);
	snprintf(head, sizeof head, "%*spage %d of %d", MARGIN, "", p->dialog->page, p->dialog->pages);
	layout_add(out, "2", head);
	layout_move(out, &all, first, first + room);
	if (*row >= 0)
		*row += out->n;
	layout_move(out, &end, 0, end.n);
	int err = all.err ? all.err : end.err;
	layout_free(&all);
	layout_free(&end);
	return err;
}

int prompt_layout(const struct prompt *p, struct layout *out, int *cursor_row, int *cursor_col)
{
	*out = (struct layout){.cols = p->cols, .colour = p->colour};
	*cursor_row = *cursor_col = -1;
	if (p->dialog->page) {
		int err = prompt_long_form(p, out, cursor_row, cursor_col);
		return err ? err : out->err;
	}
	for (enum tightness t = TIGHT_ROOMY; t < TIGHT_COUNT; t++) {
		layout_free(out);
		*cursor_row = *cursor_col = -1;
		prompt_rule_line(p, out);
		prompt_facts(p, out, t);
		prompt_controls(p, out, t, cursor_row, cursor_col);
		if (out->n <= p->rows)
			break;
	}
	return out->err;
}
