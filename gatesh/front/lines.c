/* SPDX-License-Identifier: BSD-2-Clause */
/* lines.c - prints questions and notices between the program's lines, and reads the answers. */
#include "front/lines.h"

#include <stdio.h>
#include <string.h>

#include "front/prompt.h"

static struct prompt lines_prompt(struct lines *l)
{
	struct question *q = l->shown;
	return (struct prompt){
		.q = q->q,
		.dialog = &l->dialog,
		.preview = q->preview == PREVIEW_DONE ? PREVIEW_DONE : PREVIEW_NONE,
		.preview_text = q->preview_text,
		.nth = l->answered + 1,
		.of = l->answered + l->questions->n,
		.askers = question_waiting(q),
		.later = question_note(q),
		.left_ms = question_left(q),
		.cols = l->relay->screen.cols,
		.rows = l->relay->screen.rows,
	};
}

/* Write to the terminal, and to the model so that it knows the cursor's column. */
static void lines_put(struct lines *l, const struct strbuf *b)
{
	if (!b->len)
		return;
	relay_draw(l->relay, b);
	screen_put(&l->relay->screen, b->s, b->len);
}

/* Begin a line of gatesh's own, unless the cursor is at the beginning of one. */
static void lines_begin(struct lines *l, struct strbuf *out)
{
	VTermPos at;
	screen_sync(&l->relay->screen);
	vterm_state_get_cursorpos(l->relay->screen.state, &at);
	if (at.col)
		strbuf_puts(out, "\r\n");
}

/* Append whole lines; the last one, too, if `end`. */
static void lines_append(const struct layout *from, bool end, struct strbuf *out)
{
	for (int i = 0; i < from->n; i++)
		strbuf_printf(out, "%s%s", from->v[i], end || i < from->n - 1 ? "\r\n" : "");
}

static void lines_say(struct lines *l, const char *text)
{
	cleanup_strbuf struct strbuf out = {0};
	lines_begin(l, &out);
	strbuf_printf(&out, "%s\r\n", text);
	lines_put(l, &out);
}

enum lines_part { LINES_QUESTION, LINES_EVERYTHING, LINES_PREVIEW };

/* Print the question, everything about it, or the preview that has come. */
static void lines_ask(struct lines *l, enum lines_part part)
{
	cleanup_strbuf struct strbuf out = {0};
	struct prompt p = lines_prompt(l);
	struct layout question;
	lines_begin(l, &out);
	if (!(part == LINES_PREVIEW ? prompt_lines_preview(&p, &question) :
				      prompt_lines(&p, part == LINES_EVERYTHING, &question)))
		lines_append(&question, false, &out);
	layout_free(&question);
	l->previewed = p.preview == PREVIEW_DONE;
	lines_put(l, &out);
}

/* Print the last line of the question again. */
static void lines_ask_again(struct lines *l)
{
	cleanup_strbuf struct strbuf out = {0};
	struct prompt p = lines_prompt(l);
	prompt_lines_ask(&p, &out);
	lines_put(l, &out);
}

static void lines_guard(struct lines *l)
{
	l->guarding = true;
	timer_set(l->loop, &l->guard, LINES_GUARD_MS);
}

static void lines_guard_over(struct timer *t)
{
	struct lines *l = t->data;
	l->guarding = !relay_drawn(l->relay);
	if (l->guarding)
		lines_guard(l);
}

/* Take the terminal from the program, if it does not have it any more, and ask the first question. */
static void lines_show(struct lines *l)
{
	if (!l->shown) {
		l->answered = 0;
		lines_guard(l); /* relay_hold() hands over what was typed to the program */
		relay_hold(l->relay);
		tty_lines(l->relay->tty);
	}
	l->shown = l->questions->first;
	l->dialog = (struct dialog){0};
	l->typed.len = 0;
	lines_guard(l);
	lines_ask(l, LINES_QUESTION);
}

static void lines_print_notices(struct lines *l)
{
	cleanup_strbuf struct strbuf out = {0};
	struct layout texts = {.cols = l->relay->screen.cols, .plain = true};
	size_t amount = notices_lines(l->notices, &texts);
	if (!texts.err) {
		lines_begin(l, &out);
		lines_append(&texts, true, &out);
		lines_put(l, &out);
		notices_seen(l->notices, amount);
	}
	layout_free(&texts);
}

void lines_close(struct lines *l)
{
	timer_clear(l->loop, &l->guard);
	timer_clear(l->loop, &l->retry);
	strbuf_free(&l->typed);
	if (!l->shown)
		return;
	l->shown = NULL;
	if (l->relay->interactive) {
		tcflush(l->relay->tty->fd, TCIFLUSH); /* half a line was meant for gatesh */
		tty_raw(l->relay->tty);
	}
	relay_release(l->relay);
}

void lines_update(struct lines *l)
{
	struct question *first = l->questions->first;
	if (first && first == l->shown) {
		if (first->preview == PREVIEW_DONE && !l->previewed)
			lines_ask(l, LINES_PREVIEW);
		return;
	}
	l->answered += l->shown != NULL;
	if (l->shown && !l->own_answer && !l->relay->outer_gone)
		lines_say(l, "gate: the question is closed");
	if (!first) {
		lines_close(l);
		if (notices_waiting(l->notices) && !l->relay->outer_gone)
			lines_print_notices(l);
	} else if (l->relay->outer_gone) {
		return;
	} else if (!l->shown && relay_go_interactive(l->relay)) {
		timer_set(l->loop, &l->retry, LINES_WAIT_MS); /* in the background: wait for the foreground */
	} else {
		lines_show(l);
	}
}

static void lines_answered(struct lines *l, const char *line)
{
	struct gate_answer a = {.choice = GATE_ANSWER_NO};
	enum dialog_result r = dialog_line(&l->dialog, l->shown->q, line, &a);
	if (r == DIALOG_ANSWERED) {
		snprintf(a.by, sizeof a.by, "terminal");
		l->own_answer = true;
		question_finish(l->shown, GATE_SUCCESS, &a); /* leads to lines_update() */
		l->own_answer = false;
	} else if (l->dialog.page) {
		lines_ask(l, LINES_EVERYTHING);
	} else {
		if (l->dialog.wrong)
			lines_say(l, "gate: this is not one of the answers");
		lines_ask_again(l);
	}
}

/* A line came from the terminal, which has echoed it. */
static void lines_came(struct lines *l)
{
	cleanup_strbuf struct strbuf line = l->typed;
	static const struct strbuf end = {.s = (char *)"\r\n", .len = 2};
	l->typed = (struct strbuf){0};
	if (line.s && line.len && (line.s[line.len - 1] == 3 || line.s[line.len - 1] == 4))
		lines_put(l, &end);
	else
		screen_put(&l->relay->screen, end.s, end.len);
	if (l->guarding) {
		lines_guard(l);
		lines_say(l, "gate: this was typed before the question could be read");
		lines_ask_again(l);
	} else {
		lines_answered(l, line.s ? line.s : "");
	}
}

static void lines_keys(void *data, const char *bytes, size_t n)
{
	struct lines *l = data;
	struct question *q = l->shown;
	for (size_t i = 0; q && i < n && l->shown == q; i++)
		if (dialog_line_byte(&l->typed, bytes[i]))
			lines_came(l);
}

/* A closed terminal window counts as no. */
static void lines_terminal_closed(void *data)
{
	struct lines *l = data;
	struct gate_answer a = {.choice = GATE_ANSWER_NO, .by = "terminal, closed"};
	while (l->questions->first)
		question_finish(l->questions->first, GATE_SUCCESS, &a);
}

static void lines_retry(struct timer *t)
{
	lines_update(t->data);
}

void lines_init(struct lines *l, struct loop *loop, struct relay *r, struct questions *qs, struct notices *n)
{
	*l = (struct lines){.loop = loop, .relay = r, .questions = qs, .notices = n};
	prompt_locale();
	l->guard = (struct timer){.expired = lines_guard_over, .data = l};
	l->retry = (struct timer){.expired = lines_retry, .data = l};
	r->keys = lines_keys;
	r->closed = lines_terminal_closed;
	r->data = l;
}
