/* SPDX-License-Identifier: BSD-2-Clause */
/* overlay.c - draws the panel, feeds it the person's keys, and gives screen and keys back to the program. */
#include "front/overlay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "front/prompt.h"
#include "front/redraw.h"

bool overlay_usable(const struct overlay *o)
{
	return o->relay && !o->relay->outer_gone;
}

/* Lay out the panel's lines and the cursor's place, -1 for no cursor. */
static int overlay_lay_out(struct overlay *o, struct layout *lines, int *row, int *col)
{
	const struct screen *s = &o->relay->screen;
	struct question *q = o->shown;
	if (!q) {
		*lines = (struct layout){.cols = s->cols, .colour = o->colour};
		*row = *col = -1;
		o->noticed_amount = notices_layout(o->notices, s->rows, lines);
		return lines->err;
	}
	struct prompt p = {
		.q = q->q,
		.dialog = &o->dialog,
		.preview = q->preview,
		.preview_text = q->preview_text,
		.nth = o->answered + 1,
		.of = o->answered + o->questions->n,
		.askers = question_waiting(q),
		.later = question_note(q),
		.left_ms = question_left(q),
		.cols = s->cols,
		.rows = s->rows,
		.colour = o->colour,
		.utf8 = o->utf8,
	};
	return prompt_layout(&p, lines, row, col);
}

/* Everything has to be drawn: the terminal no longer shows the lines drawn last. */
static void overlay_forget_drawn(struct overlay *o)
{
	layout_free(&o->drawn);
	o->cursor_row = o->cursor_col = -1;
}

/* Append what changes the lines drawn last into `lines`, on the rows from `top` on. */
static void overlay_put_changes(const struct overlay *o, const struct layout *lines, int top, struct strbuf *out)
{
	int n = o->relay->screen.rows - top, cut = lines->n - n, old_cut = o->drawn.n - n;
	for (int i = 0; i < n; i++) {
		const char *old = i + old_cut >= 0 ? o->drawn.v[i + old_cut] : NULL, *new = lines->v[i + cut];
		if (old && !strcmp(old, new))
			continue;
		strbuf_printf(out, "\x1b[%d;1H", top + i + 1);
		redraw_line(old, new, out);
	}
}

/* Append the cursor's move to the field at `row`, `col` of the screen, or hide it if row is -1. */
static void overlay_put_cursor(struct overlay *o, int row, int col, struct strbuf *out)
{
	if (row >= 0 && (out->len || row != o->cursor_row || col != o->cursor_col))
		strbuf_printf(out, "\x1b[%d;%dH\x1b[?25h", row + 1, col + 1);
	else if (row < 0 && o->cursor_row >= 0)
		strbuf_puts(out, "\x1b[?25l");
	o->cursor_row = row;
	o->cursor_col = col;
}

/* Draw the panel on the lowest rows, as far as it has changed.  Restores rows that a smaller panel no longer covers. */
static void overlay_draw(struct overlay *o)
{
	struct screen *s = &o->relay->screen;
	cleanup_strbuf struct strbuf out = {0};
	struct layout lines;
	int row, col;
	int err = overlay_lay_out(o, &lines, &row, &col);
	int n = lines.n < s->rows ? lines.n : s->rows, top = s->rows - n;
	if (err) {
		layout_free(&lines);
		return; /* no memory: the question stays open for the other front ends and its timeout */
	}
	if (!o->alternate && !screen_knows(s, top)) {
		if (o->height) /* the panel has grown: on the main screen it must not be there afterwards */
			screen_repaint(s, s->rows - o->height, s->rows, &out);
		o->height = 0;
		screen_alternate_on(s, &out);
		o->alternate = true;
		overlay_forget_drawn(o);
	}
	if (n < o->height)
		screen_repaint(s, s->rows - o->height, top, &out);
	overlay_put_changes(o, &lines, top, &out);
	overlay_put_cursor(o, row >= lines.n - n ? top + row - (lines.n - n) : -1, col, &out);
	o->height = n;
	layout_free(&o->drawn);
	o->drawn = lines;
	relay_draw(o->relay, &out);
}

static void overlay_guard(struct overlay *o)
{
	o->guarding = true;
	timer_set(o->loop, &o->guard, OVERLAY_GUARD_MS);
}

/* Put the first question into the panel, or the notices when there is none.  While notices show, the program gets the
 * keys. */
static void overlay_show(struct overlay *o)
{
	cleanup_strbuf struct strbuf out = {0};
	o->shown = o->questions->first;
	o->noticed = loop_now();
	if (!o->relay->screen.scan.paste)
		strbuf_puts(&out, o->shown ? "\x1b[?2004h" : "\x1b[?2004l");
	relay_draw(o->relay, &out);
	o->dialog = (struct dialog){0};
	overlay_guard(o);
	overlay_draw(o);
	timer_set(o->loop, &o->tick, 1000);
}

static void overlay_open_panel(struct overlay *o)
{
	cleanup_strbuf struct strbuf out = {0};
	overlay_guard(o);
	o->keys = (struct keys){0};
	relay_hold(o->relay);
	screen_enter(&o->relay->screen, &out);
	relay_draw(o->relay, &out);
	o->answered = 0;
	o->waiting_since = 0;
	overlay_show(o);
}

void overlay_close(struct overlay *o)
{
	timer_clear(o->loop, &o->tick);
	timer_clear(o->loop, &o->guard);
	timer_clear(o->loop, &o->escape);
	timer_clear(o->loop, &o->retry);
	o->waiting_since = 0;
	o->shown = NULL;
	if (!o->height)
		return;
	cleanup_strbuf struct strbuf out = {0};
	struct screen *s = &o->relay->screen;
	if (o->alternate)
		screen_alternate_off(s, &out);
	else
		screen_repaint(s, s->rows - o->height, s->rows, &out);
	screen_leave(s, &out);
	o->height = 0;
	o->alternate = false;
	overlay_forget_drawn(o);
	relay_draw(o->relay, &out);
	relay_release(o->relay);
}

void overlay_update(struct overlay *o)
{
	if (!o->questions->first && !notices_waiting(o->notices)) {
		overlay_close(o);
	} else if (o->height && o->shown == o->questions->first) {
		overlay_draw(o);
	} else if (o->height) {
		o->answered += o->shown != NULL;
		overlay_show(o);
	} else if (overlay_usable(o)) {
		if (relay_go_interactive(o->relay)) {
			timer_set(o->loop, &o->retry, OVERLAY_WAIT_MS); /* in the background: wait for the foreground */
			return;
		}
		screen_sync(&o->relay->screen);
		uint64_t now = loop_now();
		if (!o->waiting_since)
			o->waiting_since = now;
		if (screen_between(&o->relay->screen) || now - o->waiting_since >= OVERLAY_WAIT_MS)
			overlay_open_panel(o);
		else
			timer_set(o->loop, &o->retry, OVERLAY_WAIT_MS / 10);
	}
}

void overlay_resize(struct overlay *o)
{
	struct screen *s = &o->relay->screen;
	relay_resize(o->relay);
	if (!o->height)
		return;
	/* The terminal has reflowed its content, the panel included: repaint everything. */
	cleanup_strbuf struct strbuf out = {0};
	strbuf_puts(&out, "\x1b[0m\x1b[2J");
	screen_repaint(s, s->unknown < s->rows ? s->unknown : s->rows, s->rows, &out);
	relay_draw(o->relay, &out);
	o->height = s->rows; /* all rows have to be restored */
	overlay_forget_drawn(o);
	overlay_draw(o);
}

static void overlay_key(const struct key *k, void *data)
{
	struct overlay *o = data;
	if (k->type == KEY_REPORT)
		relay_type(o->relay, k->text, k->len);
	if (k->type != KEY_REPORT && o->guarding)
		overlay_guard(o); /* the person is still typing to the program */
	if (k->type == KEY_REPORT || o->guarding || !o->shown)
		return;
	struct gate_answer a = {.choice = GATE_ANSWER_NO};
	enum dialog_result r = dialog_key(&o->dialog, o->shown->q, k, &a);
	if (r == DIALOG_SAME && k->origin != KEY_SINGLE)
		overlay_guard(o); /* the last byte of a paste may come alone */
	if (dialog_redraws(k))
		overlay_forget_drawn(o);
	if (r == DIALOG_ANSWERED) {
		snprintf(a.by, sizeof a.by, "terminal");
		question_finish(o->shown, GATE_SUCCESS, &a); /* leads to overlay_update() */
	} else if (r == DIALOG_CHANGED || !o->drawn.n) {
		overlay_draw(o);
	}
}

/* The notices have been on the screen for `ms`. */
static void overlay_notices_over(struct overlay *o, uint64_t ms)
{
	if (ms >= OVERLAY_SEEN_MS)
		notices_seen(o->notices, o->noticed_amount);
	o->noticed_amount = 0;
}

static void overlay_keys_came(void *data, const char *bytes, size_t n)
{
	struct overlay *o = data;
	if (!o->shown && !o->questions->first) {
		overlay_notices_over(o, o->height ? loop_now() - o->noticed : 0);
		overlay_close(o);
		relay_type(o->relay, bytes, n);
		return;
	}
	if (!relay_drawn(o->relay))
		overlay_guard(o); /* typed before the panel could be seen */
	keys_feed(&o->keys, bytes, n, overlay_key, o);
	if (o->shown && keys_waiting(&o->keys))
		timer_set(o->loop, &o->escape, KEYS_ESCAPE_MS);
	else
		timer_clear(o->loop, &o->escape);
}

/* A closed terminal window counts as no. */
static void overlay_terminal_closed(void *data)
{
	struct overlay *o = data;
	struct gate_answer a = {.choice = GATE_ANSWER_NO, .by = "terminal, closed"};
	while (o->questions->first)
		question_finish(o->questions->first, GATE_SUCCESS, &a);
}

static void overlay_escape_alone(struct timer *t)
{
	struct overlay *o = t->data;
	keys_timeout(&o->keys, overlay_key, o);
}

static void overlay_guard_over(struct timer *t)
{
	struct overlay *o = t->data;
	if (relay_drawn(o->relay))
		o->guarding = false;
	else
		overlay_guard(o);
}

static void overlay_tick(struct timer *t)
{
	struct overlay *o = t->data;
	if (o->shown && o->shown->q->timeout_ms)
		overlay_draw(o);
	timer_set(o->loop, &o->tick, 1000);
	if (!o->shown && loop_now() - o->noticed >= OVERLAY_NOTICE_MS) {
		overlay_notices_over(o, OVERLAY_NOTICE_MS);
		overlay_update(o);
	}
}

static void overlay_retry(struct timer *t)
{
	overlay_update(t->data);
}

void overlay_init(struct overlay *o, struct loop *l, struct relay *r, struct questions *qs, struct notices *n)
{
	*o = (struct overlay){.loop = l, .relay = r, .questions = qs, .notices = n};
	o->utf8 = prompt_locale();
	o->colour = prompt_colour();
	o->tick = (struct timer){.expired = overlay_tick, .data = o};
	o->guard = (struct timer){.expired = overlay_guard_over, .data = o};
	o->escape = (struct timer){.expired = overlay_escape_alone, .data = o};
	o->retry = (struct timer){.expired = overlay_retry, .data = o};
	r->keys = overlay_keys_came;
	r->closed = overlay_terminal_closed;
	r->data = o;
}
