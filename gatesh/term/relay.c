/* SPDX-License-Identifier: BSD-2-Clause */
/* relay.c - moves bytes between the two terminals in both directions, with bounded buffers. */
#include "term/relay.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Is there room for more of the program's output? */
static bool relay_room(const struct relay *r)
{
	return r->held ? r->spool.len < RELAY_SPOOL : r->to_outer.len < RELAY_CHUNK;
}

/* Watch the directions that can go on now.  A full buffer on one side stops only reading on the other. */
static void relay_update(struct relay *r)
{
	if (!r->outer_gone)
		loop_change(r->loop, &r->outer,
			    (r->interactive && !r->to_inner.len ? EPOLLIN : 0u) | (r->to_outer.len ? EPOLLOUT : 0u));
	if (!r->inner_gone)
		loop_change(r->loop, &r->inner, (relay_room(r) ? EPOLLIN : 0u) | (r->to_inner.len ? EPOLLOUT : 0u));
}

/* Write as much as possible now.  Returns 0 or a negative errno. */
static int relay_flush(int fd, struct strbuf *b)
{
	size_t done = 0;
	int err = 0;
	while (done < b->len && !err) {
		ssize_t n = write(fd, b->s + done, b->len - done);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EINTR)
			err = -errno;
	}
	memmove(b->s, b->s + done, b->len - done);
	b->len -= done;
	return err == -EAGAIN ? 0 : err;
}

static void relay_lose_outer(struct relay *r)
{
	loop_unwatch(r->loop, &r->outer);
	r->outer_gone = true;
	r->to_outer.len = 0;
	timer_set(r->loop, &r->lost, 0); /* reported from the loop, because this may be in the middle of drawing */
}

static void relay_flush_outer(struct relay *r)
{
	if (r->outer_gone)
		r->to_outer.len = 0;
	else if (r->to_outer.len && relay_flush(r->outer.fd, &r->to_outer))
		relay_lose_outer(r);
}

/* Pass the program's output on to the person's terminal and the model. */
static void relay_pass(struct relay *r, const char *bytes, size_t n)
{
	strbuf_put(&r->to_outer, bytes, n);
	relay_flush_outer(r);
	screen_put(&r->screen, bytes, n);
	timer_set(r->loop, &r->idle, RELAY_IDLE_MS);
}

/* Read once from the inner terminal.  Returns the bytes read, 0 if there is nothing now, or a negative errno (-EIO: no
 * process has it open any more). */
static ssize_t relay_read_inner(struct relay *r)
{
	char buf[RELAY_CHUNK];
	ssize_t n = read(r->inner.fd, buf, sizeof buf);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (r->held)
		strbuf_put(&r->spool, buf, (size_t)n);
	else
		relay_pass(r, buf, (size_t)n);
	return n ? n : -EIO;
}

static void relay_inner_ready(struct watch *s, uint32_t events)
{
	struct relay *r = s->data;
	if (r->to_inner.len && relay_flush(s->fd, &r->to_inner))
		r->to_inner.len = 0; /* nobody reads it any more */
	ssize_t n = 1;
	if ((events & (EPOLLIN | EPOLLHUP)) && (s->events & EPOLLIN || events & EPOLLHUP))
		for (int i = 0; i < RELAY_TURN && n > 0 && (!i || relay_room(r)); i++)
			n = relay_read_inner(r);
	if (n < 0) {
		loop_unwatch(r->loop, s);
		r->inner_gone = true;
	}
	relay_update(r);
}

void relay_type(struct relay *r, const char *bytes, size_t n)
{
	if (r->inner_gone)
		return;
	strbuf_put(&r->to_inner, bytes, n);
	if (relay_flush(r->inner.fd, &r->to_inner))
		r->to_inner.len = 0;
	relay_update(r);
}

/* Remove the terminal's reply ESC [ ROW ; COL R from the typed bytes, one byte at a time.  Returns true if the byte is
 * held back; otherwise the bytes held back so far are appended to `out`. */
static bool relay_catch_cursor(struct relay *r, char c, struct strbuf *out)
{
	size_t n = r->ncaught;
	bool fits = n == 0 ? c == 0x1b : n == 1 ? c == '[' : isdigit((unsigned char)c) || c == ';';
	int row, col;
	r->caught[n] = c;
	r->caught[n + 1] = '\0';
	if (n > 3 && c == 'R' && sscanf(r->caught, "\x1b[%d;%dR", &row, &col) == 2 && row > 0 && col > 0) {
		if (r->screen.cursor_pending)
			screen_start_at(&r->screen, row - 1, col - 1);
		r->cursor_asked = false;
		r->ncaught = 0;
		return true;
	}
	if (fits && n < sizeof r->caught - 2) {
		r->ncaught++;
		return true;
	}
	strbuf_put(out, r->caught, n);
	r->ncaught = 0;
	return false;
}

static void relay_pass_keys(struct relay *r, const struct strbuf *b)
{
	if (b->len && r->held)
		r->keys(r->data, b->s, b->len);
	else if (b->len)
		relay_type(r, b->s, b->len);
}

static void relay_typed(struct relay *r, const char *bytes, size_t n)
{
	cleanup_strbuf struct strbuf out = {0};
	for (size_t i = 0; i < n; i++)
		if (!r->cursor_asked || !relay_catch_cursor(r, bytes[i], &out))
			strbuf_putc(&out, bytes[i]);
	relay_pass_keys(r, &out);
}

/* No reply came: the terminal does not report its cursor, and the bytes that looked like a reply were typed. */
static void relay_cursor_untold(struct timer *t)
{
	struct relay *r = t->data;
	cleanup_strbuf struct strbuf out = {0};
	strbuf_put(&out, r->caught, r->ncaught);
	r->ncaught = 0;
	r->screen.cursor_pending = false;
	relay_pass_keys(r, &out);
}

static void relay_outer_ready(struct watch *s, uint32_t events)
{
	struct relay *r = s->data;
	char buf[4096];
	relay_flush_outer(r);
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		ssize_t n = r->interactive || !(events & EPOLLIN) ? read(s->fd, buf, sizeof buf) : 0;
		if (n > 0)
			relay_typed(r, buf, (size_t)n);
		else if (n < 0 && errno == EIO && !tty_foreground(r->tty))
			r->interactive = false; /* in the background now: the keys belong to another job */
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			relay_lose_outer(r);
	}
	relay_update(r);
}

static void relay_idle(struct timer *t)
{
	struct relay *r = t->data;
	if (r->screen.cursor_pending)
		timer_set(r->loop, &r->idle, RELAY_IDLE_MS); /* the starting position must be known first */
	else if (!r->held)
		screen_sync(&r->screen);
}

static void relay_lost(struct timer *t)
{
	struct relay *r = t->data;
	r->closed(r->data);
	if (r->inner_gone)
		return;
	/* The inner terminal goes as well, so that its processes get SIGHUP, as they would without gatesh. */
	loop_unwatch(r->loop, &r->inner);
	close(r->inner.fd);
	r->inner.fd = -1;
	r->inner_gone = true;
}

int relay_init(struct relay *r, struct loop *l, struct tty *tty, int master)
{
	*r = (struct relay){.loop = l, .tty = tty};
	r->outer = (struct watch){.fd = tty->fd, .ready = relay_outer_ready, .data = r};
	r->inner = (struct watch){.fd = master, .events = EPOLLIN, .ready = relay_inner_ready, .data = r};
	r->idle = (struct timer){.expired = relay_idle, .data = r};
	r->lost = (struct timer){.expired = relay_lost, .data = r};
	r->cursor_wait = (struct timer){.expired = relay_cursor_untold, .data = r};
	int err = screen_init(&r->screen, tty->size.ws_row, tty->size.ws_col);
	if (!err)
		err = loop_watch(l, &r->outer);
	return err ? err : loop_watch(l, &r->inner);
}

int relay_go_interactive(struct relay *r)
{
	if (r->interactive)
		return 0;
	if (!tty_foreground(r->tty))
		return -EAGAIN;
	int err = tty_raw(r->tty);
	if (err)
		return err;
	r->interactive = true;
	relay_update(r);
	return 0;
}

void relay_ask_cursor(struct relay *r)
{
	static const char request[] = "\x1b[6n";
	r->cursor_asked = r->screen.cursor_pending = true;
	r->asked_at = loop_now();
	timer_set(r->loop, &r->cursor_wait, RELAY_CURSOR_MS);
	strbuf_puts(&r->to_outer, request);
	relay_flush_outer(r);
	relay_update(r);
}

void relay_suspend(struct relay *r)
{
	r->interactive = false;
	tty_cooked(r->tty);
	relay_update(r);
}

void relay_hold(struct relay *r)
{
	char buf[4096];
	ssize_t n;
	r->screen.cursor_pending = false;
	screen_sync(&r->screen);
	r->held = true;
	while (r->interactive && (n = read(r->outer.fd, buf, sizeof buf)) > 0)
		relay_typed(r, buf, (size_t)n); /* the panel's guard drops keys and passes terminal replies on */
	relay_update(r);
}

void relay_release(struct relay *r)
{
	r->held = false;
	struct strbuf spool = r->spool;
	r->spool = (struct strbuf){0};
	if (spool.len)
		relay_pass(r, spool.s, spool.len);
	strbuf_free(&spool);
	relay_update(r);
}

void relay_draw(struct relay *r, const struct strbuf *bytes)
{
	strbuf_put(&r->to_outer, bytes->s, bytes->len);
	relay_flush_outer(r);
	relay_update(r);
}

bool relay_drawn(const struct relay *r)
{
	return !r->to_outer.len;
}

void relay_resize(struct relay *r)
{
	tty_measure(r->tty);
	r->screen.cursor_pending = false;
	screen_resize(&r->screen, r->tty->size.ws_row, r->tty->size.ws_col);
	if (!r->inner_gone)
		ioctl(r->inner.fd, TIOCSWINSZ, &r->tty->size);
}

/* A short command can end before a slow terminal has replied; a shell would take the reply for typed text. */
static void relay_await_cursor(struct relay *r)
{
	struct pollfd outer = {.fd = r->outer.fd, .events = POLLIN};
	uint64_t end = r->asked_at + RELAY_REPLY_MS;
	for (uint64_t now; r->cursor_asked && r->interactive && !r->outer_gone && (now = loop_now()) < end;) {
		char byte;
		if (poll(&outer, 1, (int)(end - now)) <= 0)
			continue;
		if (read(r->outer.fd, &byte, 1) != 1)
			return;
		relay_typed(r, &byte, 1);
	}
}

void relay_hang_up(struct relay *r)
{
	if (!r->outer_gone)
		relay_lose_outer(r);
}

int relay_leave(struct relay *r)
{
	enum { SILENCE_MS = 20, GIVE_UP_MS = 2000 };
	struct pollfd inner = {.fd = r->inner.fd, .events = POLLIN};
	uint64_t end = loop_now() + GIVE_UP_MS; /* a process that stays may never be silent */
	while (!r->inner_gone && loop_now() < end && poll(&inner, 1, SILENCE_MS) > 0)
		if (relay_read_inner(r) < 0)
			r->inner_gone = true;
	struct pollfd outer = {.fd = r->outer.fd, .events = POLLOUT};
	while (!r->outer_gone && r->to_outer.len && loop_now() < end)
		if (poll(&outer, 1, 100) > 0)
			relay_flush_outer(r);
	relay_await_cursor(r);
	timer_clear(r->loop, &r->idle);
	timer_clear(r->loop, &r->cursor_wait);
	timer_clear(r->loop, &r->lost);
	loop_unwatch(r->loop, &r->outer);
	loop_unwatch(r->loop, &r->inner);
	screen_free(&r->screen);
	strbuf_free(&r->to_outer);
	strbuf_free(&r->to_inner);
	strbuf_free(&r->spool);
	r->loop = NULL;
	return r->inner.fd;
}

void relay_finish(struct relay *r)
{
	int inner = relay_leave(r);
	if (inner >= 0)
		close(inner);
}
