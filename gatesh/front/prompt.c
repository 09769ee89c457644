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
#include "front/prompt_facts.h"
#include "term/term_type.h"

bool prompt_locale(void)
{
	const char *set = setlocale(LC_CTYPE, "");
	bool utf8 = set && !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (!utf8)
		setlocale(LC_CTYPE, "C.UTF-8");
	return utf8;
}

bool prompt_is_lines(void)
{
	return !term_type_draws(getenv("TERM"));
}

bool prompt_colour(void)
{
	const char *no = getenv("NO_COLOR");
	return !(no && *no) && !prompt_is_lines();
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

static const struct prompt_item {
	char key;
	const char *label, *brief;
} prompt_items[] = {{'y', "once", "once"},           {'s', "this session", "session"}, {'n', "no", "no"},
		    {'e', "no, and say why", "why"}, {'x', "explain", "explain"},      {'?', "more", "more"}};

enum {
	PROMPT_ITEMS = sizeof prompt_items / sizeof *prompt_items,
	PROMPT_MENU = 21, /* the menu's least columns */
	PROMPT_TIME = 8,  /* columns of the time left */
};

static bool prompt_shows_item(const struct prompt *p, const struct prompt_item *item)
{
	return dialog_offers(p->q, item->key) && (item->key != 's' || !p->dialog->scope_hidden);
}

/* Where there is little room, `x` works without being shown: `?` has the same facts. */
static bool prompt_shows_brief(const struct prompt *p, const struct prompt_item *item)
{
	return item->key != 'x' && prompt_shows_item(p, item);
}

/* Append the time left, if there is room behind `used` columns, and take the line. */
static void prompt_take_menu_line(const struct prompt *p, struct layout *l, struct strbuf *b, int used)
{
	unsigned left = (p->left_ms + 999) / 1000;
	if (p->left_ms && used + PROMPT_MARGIN + PROMPT_TIME < p->cols)
		strbuf_printf(b, "%*s%u:%02u", p->cols - used - 7, "", left / 60, left % 60);
	layout_take(l, b);
}

/* The keys, as many per line as fit, then the time left. */
static void prompt_menu(const struct prompt *p, struct layout *l)
{
	struct strbuf b = {0};
	int used = 0;
	for (const struct prompt_item *i = prompt_items; i < prompt_items + PROMPT_ITEMS; i++) {
		bool turns = p->dialog->page && i->key == (p->dialog->explains ? 'x' : '?');
		const char *label = turns ? "next view" : i->label;
		int need = text_width(label) + 2 + PROMPT_MARGIN;
		int room = p->cols - (p->left_ms && i->key == '?' ? PROMPT_MARGIN + PROMPT_TIME : 0);
		if (!prompt_shows_item(p, i))
			continue;
		if (used && used + need > room) {
			layout_take(l, &b);
			used = 0;
		}
		used += need;
		strbuf_printf(&b, "%*s\x1b[1m%c\x1b[0m %s", PROMPT_MARGIN, "", i->key, label);
	}
	prompt_take_menu_line(p, l, &b, used);
}

/* The keys on one line, with short labels if they fit, else with the one that explains the others. */
static void prompt_brief_menu(const struct prompt *p, struct layout *l)
{
	struct strbuf b = {0};
	int all = 0, used = 0;
	for (int i = 0; i < PROMPT_ITEMS; i++)
		if (prompt_shows_brief(p, &prompt_items[i]))
			all += 4 + (int)strlen(prompt_items[i].brief);
	bool labels = all <= p->cols;
	for (int i = 0; i < PROMPT_ITEMS; i++) {
		const struct prompt_item *item = &prompt_items[i];
		bool labelled = labels || item->key == '?';
		if (!prompt_shows_brief(p, item))
			continue;
		strbuf_printf(&b, "%s\x1b[1m%c\x1b[0m%s%s", labels ? "  " : " ", item->key, labelled ? " " : "",
			      labelled ? item->brief : "");
		used += labels + 2 + (labelled ? 1 + (int)strlen(item->brief) : 0);
	}
	prompt_take_menu_line(p, l, &b, used);
}

/* A field to type into.  It shows the end of a text that is longer than the line.  A label that leaves no room for it
 * has lines of its own. */
static void prompt_field(const struct prompt *p, struct layout *l, const char *label, int *row, int *col)
{
	cleanup_strbuf struct strbuf safe = {0};
	struct strbuf b = {0};
	int margin = PROMPT_MARGIN;
	if (text_width(label) + PROMPT_MARGIN + 10 > p->cols) {
		layout_text(l, "", 1, NULL, label, 2);
		label = ">";
		margin = 1;
	}
	escape_put(&safe, p->dialog->text, p->dialog->len);
	const char *text = safe.s ? safe.s : "";
	int room = p->cols - text_width(label) - margin - 2;
	while (*text && text_width(text) > room)
		text += text_fit(text, 1) ? text_fit(text, 1) : 1;
	strbuf_printf(&b, "%*s%s %s", margin, "", label, text);
	*row = l->n;
	*col = margin + text_width(label) + 1 + text_width(text);
	layout_take(l, &b);
}

/* The question's word, and a field for it. */
static void prompt_word_field(const struct prompt *p, struct layout *l, enum tightness t, int *row, int *col)
{
	cleanup_strbuf struct strbuf b = {0};
	strbuf_puts(&b, p->dialog->wrong ? "wrong word; " : "");
	strbuf_puts(&b, t < TIGHT_TINY ? "to allow it once, type " : "for once type ");
	escape_put(&b, p->q->word, strlen(p->q->word));
	strbuf_puts(&b, ":");
	if (!b.err)
		prompt_field(p, l, b.s, row, col);
}

/* The controls: keys, or a field to type into. */
static void prompt_controls(const struct prompt *p, struct layout *l, enum tightness t, int *row, int *col)
{
	prompt_blank(l, t);
	if (p->dialog->mode == DIALOG_SENTENCE) {
		prompt_field(p, l, "no, because:", row, col);
		if (t < TIGHT_TINY)
			prompt_labelled(l, "", "2", "Enter sends it to the agent, Esc goes back", 1);
		return;
	}
	if ((p->q->flags & GATE_QUESTION_TYPED) && p->q->word)
		prompt_word_field(p, l, t, row, col);
	if (t >= TIGHT_TINY) {
		prompt_brief_menu(p, l);
		return;
	}
	prompt_menu(p, l);
	if (dialog_offers(p->q, 's')) {
		cleanup_strbuf struct strbuf b = {0};
		strbuf_puts(&b, "this session: ");
		escape_put(&b, p->q->covers, strlen(p->q->covers));
		if (!b.err)
			layout_text(l, "", PROMPT_MARGIN, "2", b.s, t >= TIGHT_SHORT ? 1 : 3);
	}
}

/* The page's number, and the command beside it: it stays in view while its pages are turned. */
static void prompt_page_line(const struct prompt *p, struct layout *l)
{
	cleanup_strbuf struct strbuf command = {0};
	char label[64];
	const struct dialog *d = p->dialog;
	bool narrow = p->cols < PROMPT_NARROW;
	int margin = narrow ? 1 : PROMPT_MARGIN;
	snprintf(label, sizeof label, narrow ? "%*s%d/%d" : "%*spage %d of %d", margin, "", d->page, d->pages);
	prompt_command(p->q->event, &command);
	if (command.err)
		l->err = -ENOMEM;
	else
		layout_text(l, label, text_width(label) + margin, "1", command.s ? command.s : "(no arguments)", 1);
}

/* The page p->dialog->page of the long form, as tight as `t`.  A yes for the session is for the page that shows its
 * scope, unless every page does. */
static int prompt_page(const struct prompt *p, enum tightness t, struct layout *out, int *row, int *col)
{
	struct layout all = {.cols = out->cols, .colour = out->colour}, end = all;
	struct dialog *d = p->dialog;
	int head = t < TIGHT_BARE ? 2 : 1, room = 0;
	(d->explains ? prompt_explanation : prompt_everything)(p, &all);
	for (int pass = 0; pass < 2; pass++) { /* the menu depends on the page, and the number of pages on the menu */
		layout_free(&end);
		*row = *col = -1;
		prompt_controls(p, &end, t, row, col);
		room = p->rows - end.n - head > 1 ? p->rows - end.n - head : 1;
		d->pages = (all.n + room - 1) / room;
		d->page = d->page > d->pages ? d->pages : d->page;
		d->scope_hidden = t >= TIGHT_TINY && d->page < d->pages;
	}
	if (t < TIGHT_BARE)
		prompt_rule_line(p, out);
	prompt_page_line(p, out);
	layout_move(out, &all, (d->page - 1) * room, d->page * room);
	if (*row >= 0)
		*row += out->n;
	layout_move(out, &end, 0, end.n);
	int err = all.err ? all.err : end.err;
	layout_free(&all);
	layout_free(&end);
	return err;
}

/* The short form. */
static int prompt_short_form(const struct prompt *p, enum tightness t, struct layout *out, int *row, int *col)
{
	p->dialog->scope_hidden = t >= TIGHT_TINY;
	if (t < TIGHT_BARE)
		prompt_rule_line(p, out);
	prompt_facts(p, out, t);
	prompt_controls(p, out, t, row, col);
	return 0;
}

int prompt_layout(const struct prompt *p, struct layout *out, int *cursor_row, int *cursor_col)
{
	int err = 0;
	bool paged = p->dialog->page;
	*out = (struct layout){.cols = p->cols, .colour = p->colour};
	enum tightness first = p->cols < PROMPT_MENU ? TIGHT_TINY : paged ? TIGHT_LEAST : TIGHT_ROOMY;
	for (enum tightness t = first; t < TIGHT_COUNT && !err; t++) {
		layout_free(out);
		*cursor_row = *cursor_col = -1;
		err = (paged ? prompt_page : prompt_short_form)(p, t, out, cursor_row, cursor_col);
		if (out->n <= p->rows)
			break;
	}
	/* Without the command in view nothing can be allowed. */
	p->dialog->cramped = out->n > p->rows;
	if (p->dialog->cramped) {
		layout_free(out);
		*cursor_row = *cursor_col = -1;
		layout_add(out, "1", "n no, or enlarge this window");
	}
	return err ? err : out->err;
}
