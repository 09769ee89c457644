/* SPDX-License-Identifier: BSD-2-Clause */
/* tty_ask.c - draws one question on /dev/tty and reads keys until it is answered, closed or timed out. */
#include "front/tty_ask.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "front/prompt.h"
#include "front/redraw.h"
#include "term/keys.h"
#include "term/pty.h"
#include "util/loop.h"

enum { GUARD_MS = 200 };

struct asking {
	const struct gate_question *q;
	struct gate_answer *answer;
	struct tty tty;
	struct dialog dialog;
	struct keys keys;
	uint64_t opened, guard; /* until when keys are dropped */
	struct layout drawn;    /* the lines on the terminal; the cursor is in the last one */
	bool colour, utf8, dirty, done;
	bool lines, asked,
		previewed;   /* lines: on a terminal that can't be drawn on, where nothing is wiped or drawn twice */
	struct strbuf typed; /* the beginning of a line */
	struct tty_talk *talk;
};

/* Write all of it; the terminal's descriptor is non-blocking. */
static void tty_ask_put(struct asking *a, const struct strbuf *b)
{
	for (size_t done = 0; done < b->len;) {
		ssize_t n = write(a->tty.fd, b->s + done, b->len - done);
		struct pollfd p = {.fd = a->tty.fd, .events = POLLOUT};
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR && (errno != EAGAIN || poll(&p, 1, 1000) <= 0))
			return; /* the terminal is gone: the next read reports it */
	}
}

static void tty_ask_wipe(struct asking *a, struct strbuf *out)
{
	if (a->drawn.n > 1)
		strbuf_printf(out, "\x1b[%dA", a->drawn.n - 1);
	strbuf_puts(out, a->drawn.n ? "\r\x1b[J" : "\r");
	layout_free(&a->drawn);
}

/* Append the lines of a panel that is not on the terminal yet, or what changed in one that is and has as many lines. */
static void tty_ask_put_lines(struct asking *a, const struct layout *l, struct strbuf *out)
{
	if (a->drawn.n != l->n || a->drawn.cols != l->cols) {
		tty_ask_wipe(a, out);
		for (int i = 0; i < l->n; i++)
			strbuf_printf(out, "%s%s", i ? "\r\n" : "", l->v[i]);
		return;
	}
	for (int i = 0; i < l->n; i++) {
		int up = l->n - 1 - i;
		if (!strcmp(a->drawn.v[i], l->v[i]))
			continue;
		strbuf_puts(out, "\r");
		if (up)
			strbuf_printf(out, "\x1b[%dA", up);
		redraw_line(a->drawn.v[i], l->v[i], out);
		if (up)
			strbuf_printf(out, "\x1b[%dB", up);
	}
}

static unsigned tty_ask_left_ms(const struct asking *a)
{
	uint64_t spent = loop_now() - a->opened;
	return a->q->timeout_ms > spent ? (unsigned)(a->q->timeout_ms - spent) : 0;
}

static struct prompt tty_ask_prompt(struct asking *a)
{
	tty_measure(&a->tty);
	return (struct prompt){.q = a->q,
			       .dialog = &a->dialog,
			       .nth = 1,
			       .of = 1,
			       .left_ms = tty_ask_left_ms(a),
			       .cols = a->tty.size.ws_col,
			       .rows = a->tty.size.ws_row,
			       .colour = a->colour,
			       .utf8 = a->utf8,
			       .preview = a->talk->preview ? PREVIEW_DONE : PREVIEW_NONE,
			       .preview_text = a->talk->preview,
			       .later = a->talk->later,
			       .check = a->talk->check};
}

enum tty_ask_part { TTY_ASK_QUESTION, TTY_ASK_PREVIEW, TTY_ASK_AGAIN };

/* Print the question in plain lines, the preview that has come, or the last line again. */
static void tty_ask_say(struct asking *a, enum tty_ask_part part)
{
	cleanup_strbuf struct strbuf out = {0};
	struct prompt p = tty_ask_prompt(a);
	struct layout l = {0};
	if (part == TTY_ASK_PREVIEW) {
		strbuf_puts(&out, "\n");
		prompt_lines_preview(&p, &l);
	} else if (part == TTY_ASK_AGAIN)
		prompt_lines_ask(&p, &out);
	else
		prompt_lines(&p, a->dialog.page, &l);
	for (int i = 0; i < l.n; i++)
		strbuf_printf(&out, "%s%s", i ? "\n" : "", l.v[i]);
	layout_free(&l);
	a->asked = true;
	a->previewed = a->talk->preview != NULL;
	tty_ask_put(a, &out);
}

static void tty_ask_draw(struct asking *a)
{
	cleanup_strbuf struct strbuf out = {0};
	struct layout l;
	int row, col;
	struct prompt p = tty_ask_prompt(a);
	a->dirty = false;
	if (a->lines) {
		tty_ask_say(a, a->asked ? TTY_ASK_PREVIEW : TTY_ASK_QUESTION);
		return;
	}
	if (!prompt_layout(&p, &l, &row, &col)) {
		tty_ask_put_lines(a, &l, &out);
		layout_free(&a->drawn);
		a->drawn = l;
	} else {
		layout_free(&l);
	}
	tty_ask_put(a, &out);
}

static void tty_ask_guard(struct asking *a)
{
	a->guard = loop_now() + GUARD_MS;
}

/* Handle a line.  The terminal has echoed it. */
static void tty_ask_line(struct asking *a, const char *line)
{
	cleanup_strbuf struct strbuf out = {0};
	size_t n = strlen(line);
	bool cancelled = n && (line[n - 1] == 3 || line[n - 1] == 4), early = loop_now() < a->guard;
	enum dialog_result r = early ? DIALOG_CHANGED : dialog_line(&a->dialog, a->q, line, a->answer);
	a->done = r == DIALOG_ANSWERED;
	a->talk->dismissed = a->done && cancelled;
	strbuf_puts(&out, cancelled ? "\n" : "");
	if (early)
		strbuf_puts(&out, "gate: this was typed before the question could be read\n");
	else if (!a->done && a->dialog.wrong)
		strbuf_puts(&out, "gate: this is not one of the answers\n");
	tty_ask_put(a, &out);
	if (!a->done)
		tty_ask_say(a, early || !a->dialog.page ? TTY_ASK_AGAIN : TTY_ASK_QUESTION);
}

static void tty_ask_bytes(struct asking *a, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && !a->done; i++) {
		if (!dialog_line_byte(&a->typed, bytes[i]))
			continue;
		cleanup_strbuf struct strbuf line = a->typed;
		a->typed = (struct strbuf){0};
		tty_ask_line(a, line.s ? line.s : "");
	}
}

static void tty_ask_key(const struct key *k, void *data)
{
	struct asking *a = data;
	if (a->done)
		return;
	if (loop_now() < a->guard) {
		tty_ask_guard(a); /* typed before the question could be read */
		return;
	}
	enum dialog_result r = dialog_key(&a->dialog, a->q, k, a->answer);
	if (r == DIALOG_SAME && k->origin != KEY_SINGLE)
		tty_ask_guard(a); /* the last byte of a paste may come alone */
	a->done = r == DIALOG_ANSWERED;
	a->talk->dismissed = a->done && (k->type == KEY_ESCAPE || k->type == KEY_CANCEL || k->type == KEY_EOF);
	a->dirty = a->dirty || r == DIALOG_CHANGED || dialog_redraws(k);
	if (dialog_redraws(k))
		a->drawn.cols = 0;
}

static void tty_ask_lose(struct asking *a)
{
	a->done = a->talk->dismissed = a->talk->lost = true;
}

/* Wait once: for keys, a lone Escape, the next second of the clock, news or a signal.  Anything but GATE_SUCCESS ends
 * the question without an answer. */
static int tty_ask_step(struct asking *a, int signals)
{
	struct pollfd p[] = {{.fd = a->tty.fd, .events = POLLIN},
			     {.fd = signals, .events = POLLIN},
			     {.fd = a->talk->news ? a->talk->fd : -1, .events = POLLIN}};
	char buf[1024];
	int n = poll(p, 3, keys_waiting(&a->keys) ? KEYS_ESCAPE_MS : 1000);
	if (a->q->timeout_ms && !tty_ask_left_ms(a))
		return GATE_TIMEOUT;
	if (n < 0)
		return errno == EINTR ? GATE_SUCCESS : GATE_CONV_ERR;
	if (!n && keys_waiting(&a->keys))
		keys_timeout(&a->keys, tty_ask_key, a);
	else if (!n)
		a->dirty = a->q->timeout_ms && !a->lines;
	if (p[2].revents) {
		enum tty_news news = a->talk->news(a->talk->data);
		a->done = a->talk->over = news == TTY_OVER;
		a->dirty = a->dirty || (news == TTY_CHANGED && !(a->lines && (a->previewed || !a->talk->preview)));
	}
	if (p[1].revents)
		tty_ask_lose(a); /* the answer is no; the signal is delivered when it is unblocked */
	if (p[0].revents) {
		ssize_t got = read(a->tty.fd, buf, sizeof buf);
		if (got > 0 && a->lines)
			tty_ask_bytes(a, buf, (size_t)got);
		else if (got > 0)
			keys_feed(&a->keys, buf, (size_t)got, tty_ask_key, a);
		else if (got == 0 || errno != EAGAIN)
			tty_ask_lose(a);
	}
	return GATE_SUCCESS;
}

static int tty_ask_converse(struct asking *a, int signals)
{
	int ret = GATE_SUCCESS;
	if (tty_raw(&a->tty) || (a->lines && tty_lines(&a->tty)))
		return GATE_CONV_ERR;
	tcflush(a->tty.fd, TCIFLUSH);
	tty_ask_draw(a);
	while (ret == GATE_SUCCESS && !a->done) {
		ret = tty_ask_step(a, signals);
		if (a->dirty)
			tty_ask_draw(a);
	}
	cleanup_strbuf struct strbuf out = {0};
	if (!a->lines)
		tty_ask_wipe(a, &out);
	else if (ret != GATE_SUCCESS || a->talk->over || a->talk->lost)
		strbuf_puts(&out, "\ngate: the question is closed\n");
	tty_ask_put(a, &out);
	strbuf_free(&a->typed);
	return ret;
}

int tty_ask(const struct gate_question *question, struct gate_answer *answer, void *data)
{
	struct asking a = {.q = question, .answer = answer, .opened = loop_now(), .talk = data};
	sigset_t set, old;
	*answer = (struct gate_answer){0};
	tty_ask_guard(&a);
	if (tty_open(&a.tty))
		return GATE_NO_AGENT;
	if (!tty_foreground(&a.tty)) {
		tty_close(&a.tty);
		return GATE_NO_AGENT;
	}
	a.utf8 = prompt_locale();
	a.colour = prompt_colour();
	a.lines = prompt_is_lines();
	sigemptyset(&set);
	for (const int *s = (const int[]){SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0}; *s; s++)
		sigaddset(&set, *s);
	int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	int ret = GATE_CONV_ERR;
	if (signals >= 0 && !pthread_sigmask(SIG_BLOCK, &set, &old)) {
		ret = tty_ask_converse(&a, signals);
		tty_close(&a.tty);
		pthread_sigmask(SIG_SETMASK, &old, NULL);
	}
	if (signals >= 0)
		close(signals);
	tty_close(&a.tty);
	snprintf(answer->by, sizeof answer->by, "terminal");
	answer->ms = (unsigned)(loop_now() - a.opened);
	return ret;
}
