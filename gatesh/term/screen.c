/* SPDX-License-Identifier: BSD-2-Clause */
/* screen.c - feeds the program's output to libvterm and tracks which rows are known. */
#include "term/screen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "term/skip_scrolled.h"

static int screen_on_prop(VTermProp prop, VTermValue *val, void *user)
{
	struct screen *s = user;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		s->hidden = !val->boolean;
	else if (prop == VTERM_PROP_ALTSCREEN)
		s->alternate = val->boolean;
	else if (prop == VTERM_PROP_REVERSE)
		s->reversed = val->boolean;
	return 1;
}

static int screen_on_move(VTermPos pos, VTermPos old, int visible, void *user)
{
	struct screen *s = user;
	s->moved = true;
	s->wrap_pending = false;
	return 1;
}

/* A line scrolled off the top of the main screen, so the unknown rows moved up. */
static int screen_on_scroll(int cols, const VTermScreenCell *cells, void *user)
{
	struct screen *s = user;
	if (s->unknown > 0)
		s->unknown--;
	return 1;
}

int screen_init(struct screen *s, int rows, int cols)
{
	static const VTermScreenCallbacks callbacks = {
		.movecursor = screen_on_move, .settermprop = screen_on_prop, .sb_pushline = screen_on_scroll};
	*s = (struct screen){.rows = rows, .cols = cols, .unknown = rows};
	term_scan_reset(&s->scan);
	s->vt = vterm_new(rows, cols);
	if (!s->vt || overdrawn_init(&s->over, rows, cols)) {
		screen_free(s);
		return -ENOMEM;
	}
	vterm_set_utf8(s->vt, 1);
	s->state = vterm_obtain_state(s->vt);
	s->cells = vterm_obtain_screen(s->vt);
	vterm_screen_set_callbacks(s->cells, &callbacks, s);
	vterm_screen_enable_altscreen(s->cells, 1);
	vterm_screen_set_damage_merge(s->cells, VTERM_DAMAGE_SCREEN);
	vterm_screen_reset(s->cells, 1);
	return 0;
}

void screen_free(struct screen *s)
{
	if (s->vt)
		vterm_free(s->vt);
	term_scan_free(&s->scan);
	strbuf_free(&s->backlog);
	strbuf_free(&s->filtered);
	strbuf_free(&s->stand_in);
	overdrawn_free(&s->over);
	*s = (struct screen){0};
}

void screen_start_at(struct screen *s, int row, int col)
{
	char move[32];
	int n = snprintf(move, sizeof move, "\x1b[%d;%dH", row + 1, col + 1);
	vterm_input_write(s->vt, move, (size_t)n);
	s->unknown = row < s->rows ? row : s->rows;
	if (col > 0)
		s->unknown++; /* this row holds text from before the session */
	s->cursor_known = true;
	s->cursor_pending = false;
}

void screen_put(struct screen *s, const char *bytes, size_t n)
{
	strbuf_put(&s->backlog, bytes, n);
	if (s->backlog.len > SCREEN_BACKLOG)
		screen_sync(s);
}

/* Feed filtered bytes.  If a character at the right edge does not move the cursor, a wrap is pending until the cursor
 * moves.  libvterm knows that but does not expose it. */
static void screen_feed(struct screen *s)
{
	const char *bytes = s->filtered.s;
	size_t n = s->filtered.len, last = s->scan.last_at == SCAN_NONE ? n : s->scan.last_at, end = last;
	while (end < n && (end == last || ((unsigned char)bytes[end] & 0xc0) == 0x80))
		end++;
	vterm_input_write(s->vt, bytes, last);
	s->moved = false;
	vterm_input_write(s->vt, bytes + last, end - last);
	if (last < n && !s->moved && s->scan.last_wraps) {
		VTermPos pos;
		vterm_state_get_cursorpos(s->state, &pos);
		s->wrap_pending = pos.col >= s->cols - 2;
	}
	vterm_input_write(s->vt, bytes + end, n - end);
	s->wrap_pending = s->wrap_pending && !s->scan.placed_since;
	vterm_screen_flush_damage(s->cells);
}

/* Filter bytes without those drawn over since.  Returns the number of bytes consumed, 0 for none. */
static size_t screen_leave_out_overdrawn(struct screen *s, const char *bytes, size_t n)
{
	const struct term_scan *scan = &s->scan;
	if (!s->over.pieces || scan->insert || scan->now.origin || scan->doubled)
		return 0;
	if (scan->now.charsets[0] != 'B' || scan->now.shift)
		return 0;
	size_t done = overdrawn_find(&s->over, bytes, n, &s->stand_in, &s->scan.cleared);
	term_scan_feed(&s->scan, s->stand_in.s, s->stand_in.len, &s->filtered);
	s->stand_in.len = 0;
	return done;
}

/* Filter some pending bytes, without those that scrolled away or were drawn over.  Returns the number consumed. */
static size_t screen_filter(struct screen *s, const char *bytes, size_t n)
{
	const struct term_scan *scan = &s->scan;
	struct scrolled run = {.end = 1};
	bool can_leave_out =
		!scan->broken && !scan->margins && scan->top <= 1 && (!scan->bottom || scan->bottom >= s->rows);
	if (scan->state == SCAN_GROUND && can_leave_out && (run.end = screen_leave_out_overdrawn(s, bytes, n)))
		return run.end;
	run.end = 1;
	if (scan->state == SCAN_GROUND && can_leave_out) {
		scrolled_find(bytes, n, s->rows, &run);
		run.end = run.end ? run.end : 1;
	} else if (scan->state == SCAN_GROUND) { /* up to the next sequence, which could change that */
		const char *sequence = memchr(bytes, 0x1b, n);
		run.end = sequence ? (size_t)(sequence - bytes) + 1 : n;
	}
	if (run.to) {
		term_scan_feed(&s->scan, bytes, run.from, &s->filtered);
		scrolled_stand_in(bytes, &run, &s->stand_in);
		term_scan_feed(&s->scan, s->stand_in.s, s->stand_in.len, &s->filtered);
		s->stand_in.len = 0;
	}
	term_scan_feed(&s->scan, bytes + run.to, run.end - run.to, &s->filtered);
	return run.end;
}

void screen_sync(struct screen *s)
{
	if (!s->backlog.len)
		return;
	bool alternate = s->alternate;
	s->scan.last_at = SCAN_NONE;
	s->filtered.len = 0;
	for (size_t done = 0; done < s->backlog.len;)
		done += screen_filter(s, s->backlog.s + done, s->backlog.len - done);
	s->backlog.len = 0;
	if (s->filtered.len)
		screen_feed(s);
	if (s->scan.cleared && !alternate && !s->alternate)
		s->unknown = 0;
	s->cursor_known = s->cursor_known || s->scan.placed;
	s->scan.cleared = false;
}

bool screen_knows(const struct screen *s, int first)
{
	return s->alternate || (s->cursor_known && first >= s->unknown);
}

bool screen_between(const struct screen *s)
{
	return s->scan.state == SCAN_GROUND;
}

void screen_resize(struct screen *s, int rows, int cols)
{
	screen_sync(s);
	if (s->unknown && rows < s->rows)
		s->unknown = s->unknown < rows ? s->unknown : rows;
	else if (s->unknown && rows > s->rows)
		s->unknown += rows - s->rows; /* a terminal may pull lines back from its history */
	s->rows = rows;
	s->cols = cols;
	overdrawn_free(&s->over);
	overdrawn_init(&s->over, rows, cols); /* without it, every byte is read */
	vterm_set_size(s->vt, rows, cols);
	s->wrap_pending = false;
}
