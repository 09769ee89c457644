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
	uint64_t opened;
	struct layout drawn; /* the lines on the terminal; the cursor is in the last one */
	bool colour, utf8, dirty, done;
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

static void tty_ask_draw(struct asking *a)
{
	cleanup_strbuf struct strbuf out = {0};
	struct layout l;
	int row, col;
	tty_measure(&a->tty);
	struct prompt p = {.q = a->q,
			   .dialog = &a->dialog,
			   .nth = 1,
			   .of = 1,
			   .left_ms = tty_ask_left_ms(a),
			   .cols = a->tty.size.ws_col,
			   .rows = a->tty.size.ws_row,
			   .colour = a->colour,
			   .utf8 = a->utf8,
			   .preview = a->talk->preview ? PREVIEW_DONE : PREVIEW_NONE,
			   .preview_text = a->talk->preview};
	if (!prompt_layout(&p, &l, &row, &col)) {
		tty_ask_put_lines(a, &l, &out);
		layout_free(&a->drawn);
		a->drawn = l;
	} else {
		layout_free(&l);
	}
	tty_ask_put(a, &out);
	a->dirty = false;
}

static void tty_ask_key(const struct key *k, void *data)
{
	struct asking *a = data;
	if (a->done || loop_now() - a->opened < GUARD_MS)
		return; /* typed before the question could be read */
	enum dialog_result r = dialog_key(&a->dialog, a->q, k, a->answer);
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
		a->dirty = a->q->timeout_ms != 0;
	if (p[2].revents) {
		enum tty_news news = a->talk->news(a->talk->data);
		a->done = a->talk->over = news == TTY_OVER;
		a->dirty = a->dirty || news == TTY_CHANGED;
	}
	if (p[1].revents)
		tty_ask_lose(a); /* the answer is no; the signal is delivered when it is unblocked */
	if (p[0].revents) {
		ssize_t got = read(a->tty.fd, buf, sizeof buf);
		if (got > 0)
			keys_feed(&a->keys, buf, (size_t)got, tty_ask_key, a);
		else if (got == 0 || errno != EAGAIN)
			tty_ask_lose(a);
	}
	return GATE_SUCCESS;
}

static int tty_ask_converse(struct asking *a, int signals)
{
	int ret = GATE_SUCCESS;
	if (tty_raw(&a->tty))
		return GATE_CONV_ERR;
	tcflush(a->tty.fd, TCIFLUSH);
	tty_ask_draw(a);
	while (ret == GATE_SUCCESS && !a->done) {
		ret = tty_ask_step(a, signals);
		if (a->dirty)
			tty_ask_draw(a);
	}
	cleanup_strbuf struct strbuf out = {0};
	tty_ask_wipe(a, &out);
	tty_ask_put(a, &out);
	return ret;
}

int tty_ask(const struct gate_question *question, struct gate_answer *answer, void *data)
{
	struct asking a = {.q = question, .answer = answer, .opened = loop_now(), .talk = data};
	sigset_t set, old;
	*answer = (struct gate_answer){0};
	if (tty_open(&a.tty))
		return GATE_NO_AGENT;
	if (!tty_foreground(&a.tty)) {
		tty_close(&a.tty);
		return GATE_NO_AGENT;
	}
	a.utf8 = prompt_locale();
	a.colour = prompt_colour();
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
