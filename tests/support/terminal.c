/* SPDX-License-Identifier: BSD-2-Clause */
/* terminal.c - a libvterm terminal for the tests of the screen's model, and the comparison of its cells.  See
 * terminal.h. */
#include "support/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int on_prop(VTermProp prop, VTermValue *val, void *user)
{
	struct terminal *t = user;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		t->hidden = !val->boolean;
	return 1;
}

void terminal_open(struct terminal *t)
{
	static const VTermScreenCallbacks callbacks = {.settermprop = on_prop};
	t->vt = vterm_new(ROWS, COLS);
	vterm_set_utf8(t->vt, 1);
	t->cells = vterm_obtain_screen(t->vt);
	vterm_screen_set_callbacks(t->cells, &callbacks, t);
	vterm_screen_enable_altscreen(t->cells, 1);
	vterm_screen_reset(t->cells, 1);
}

void terminal_put(struct terminal *t, const char *bytes, size_t n)
{
	vterm_input_write(t->vt, bytes, n);
}

static void same_cell(struct terminal *a, struct terminal *b, int row, int col, const char *what)
{
	VTermScreenCell x = {0}, y = {0};
	VTermPos pos = {.row = row, .col = col};
	vterm_screen_get_cell(a->cells, pos, &x);
	vterm_screen_get_cell(b->cells, pos, &y);
	if (x.chars[0] == (uint32_t)-1 && y.chars[0] == (uint32_t)-1)
		return; /* the right half of a wide character, with no content of its own */
	if (!VTERM_COLOR_IS_DEFAULT_BG(&x.bg) ||
	    x.attrs.reverse) { /* cells erased in a colour are restored as blanks, which look the same everywhere */
		x.chars[0] = x.chars[0] ? x.chars[0] : ' ';
		y.chars[0] = y.chars[0] ? y.chars[0] : ' ';
	}
	if (memcmp(x.chars, y.chars, sizeof x.chars) || x.width != y.width || x.attrs.bold != y.attrs.bold ||
	    x.attrs.underline != y.attrs.underline || x.attrs.italic != y.attrs.italic ||
	    x.attrs.blink != y.attrs.blink || x.attrs.reverse != y.attrs.reverse || x.attrs.strike != y.attrs.strike ||
	    !vterm_color_is_equal(&x.fg, &y.fg) || !vterm_color_is_equal(&x.bg, &y.bg))
		fail_msg("cell %d,%d differs (U+%04X and U+%04X) after:\n%s", row, col, x.chars[0], y.chars[0], what);
}

void terminal_same(struct terminal *a, struct terminal *b, const char *what)
{
	VTermPos x, y;
	for (int row = 0; row < ROWS; row++)
		for (int col = 0; col < COLS; col++)
			same_cell(a, b, row, col, what);
	vterm_state_get_cursorpos(vterm_obtain_state(a->vt), &x);
	vterm_state_get_cursorpos(vterm_obtain_state(b->vt), &y);
	if (x.row != y.row || x.col != y.col || a->hidden != b->hidden)
		fail_msg("cursor at %d,%d and %d,%d (%d %d) after:\n%s", x.row, x.col, y.row, y.col, a->hidden,
			 b->hidden, what);
}
