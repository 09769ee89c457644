/* SPDX-License-Identifier: BSD-2-Clause */
/* repaint.c - restores the terminal from the model: cells, pen, cursor and modes.  See screen.h. */
#include "term/screen.h"

#include <string.h>

/* The attributes and colours of a cell or the pen. */
struct look {
	VTermScreenCellAttrs attrs;
	VTermColor fg, bg;
};

static void repaint_put_colour(struct strbuf *out, const VTermColor *c, int base)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(c) || VTERM_COLOR_IS_DEFAULT_BG(c))
		return;
	if (VTERM_COLOR_IS_INDEXED(c) && c->indexed.idx < 8)
		strbuf_printf(out, ";%d", base + c->indexed.idx);
	else if (VTERM_COLOR_IS_INDEXED(c) && c->indexed.idx < 16)
		strbuf_printf(out, ";%d", base + 60 + c->indexed.idx - 8);
	else if (VTERM_COLOR_IS_INDEXED(c))
		strbuf_printf(out, ";%d;5;%d", base + 8, c->indexed.idx);
	else
		strbuf_printf(out, ";%d;2;%d;%d;%d", base + 8, c->rgb.red, c->rgb.green, c->rgb.blue);
}

/* Put the complete SGR for a look, starting from a reset. */
static void repaint_put_look(struct strbuf *out, const struct look *l)
{
	static const char *const underlines[] = {"", ";4", ";21", ";4:3"};
	strbuf_puts(out, "\x1b[0");
	strbuf_puts(out, l->attrs.bold ? ";1" : "");
	strbuf_puts(out, l->attrs.font & SCAN_EXTRA_DIM ? ";2" : "");
	strbuf_puts(out, l->attrs.italic ? ";3" : "");
	strbuf_puts(out, underlines[l->attrs.underline]);
	strbuf_puts(out, l->attrs.blink ? ";5" : "");
	strbuf_puts(out, l->attrs.reverse ? ";7" : "");
	strbuf_puts(out, l->attrs.font & SCAN_EXTRA_CONCEAL ? ";8" : "");
	strbuf_puts(out, l->attrs.strike ? ";9" : "");
	strbuf_puts(out, l->attrs.font & SCAN_EXTRA_OVERLINE ? ";53" : "");
	repaint_put_colour(out, &l->fg, 30);
	repaint_put_colour(out, &l->bg, 40);
	strbuf_putc(out, 'm');
}

static bool repaint_same_look(const struct look *a, const struct look *b)
{
	return a->attrs.bold == b->attrs.bold && a->attrs.underline == b->attrs.underline &&
	       a->attrs.italic == b->attrs.italic && a->attrs.blink == b->attrs.blink &&
	       a->attrs.reverse == b->attrs.reverse && a->attrs.strike == b->attrs.strike &&
	       a->attrs.font == b->attrs.font && vterm_color_is_equal(&a->fg, &b->fg) &&
	       vterm_color_is_equal(&a->bg, &b->bg);
}

static void repaint_put_utf8(struct strbuf *out, uint32_t c)
{
	if (c < 0x80) {
		strbuf_putc(out, (char)c);
	} else if (c < 0x800) {
		strbuf_printf(out, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		strbuf_printf(out, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3f)),
			      (int)(0x80 | (c & 0x3f)));
	} else {
		strbuf_printf(out, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 0x3f)),
			      (int)(0x80 | (c >> 6 & 0x3f)), (int)(0x80 | (c & 0x3f)));
	}
}

/* Get the cell at a position.  Its look is without DECSCNM, which the terminal applies itself. */
static void repaint_get_cell(const struct screen *s, int row, int col, VTermScreenCell *cell, struct look *look)
{
	vterm_screen_get_cell(s->cells, (VTermPos){.row = row, .col = col}, cell);
	*look = (struct look){cell->attrs, cell->fg, cell->bg};
	if (s->reversed)
		look->attrs.reverse = !look->attrs.reverse;
}

static void repaint_put_chars(struct strbuf *out, const VTermScreenCell *cell)
{
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
		repaint_put_utf8(out, cell->chars[i]);
}

/* How many cells from `col` on were erased and not written since, all with the same look. */
static int repaint_erased_run(const struct screen *s, int row, int col, const struct look *look)
{
	int n = 0;
	for (; col + n < s->cols; n++) {
		VTermScreenCell cell;
		struct look l;
		repaint_get_cell(s, row, col + n, &cell, &l);
		if (cell.chars[0] || !repaint_same_look(&l, look))
			break;
	}
	return n;
}

static void repaint_row(const struct screen *s, int row, struct strbuf *out)
{
	struct look now = {0};
	bool known = false; /* does the terminal's pen have the look `now`? */
	strbuf_printf(out, "\x1b[%d;1H", row + 1);
	for (int col = 0; col < s->cols;) {
		VTermScreenCell cell;
		struct look look;
		repaint_get_cell(s, row, col, &cell, &look);
		if (!known || !repaint_same_look(&look, &now))
			repaint_put_look(out, &look);
		now = look;
		known = true;
		if (cell.chars[0]) {
			repaint_put_chars(out, &cell);
			col += cell.width > 0 ? cell.width : 1;
			continue;
		}
		int n = repaint_erased_run(s, row, col, &look);
		bool bare = VTERM_COLOR_IS_DEFAULT_BG(&look.bg) && !look.attrs.reverse;
		if (bare && col + n == s->cols)
			strbuf_puts(out, "\x1b[K");
		else if (bare)
			strbuf_printf(out, "\x1b[%dX\x1b[%dC", n,
				      n); /* erased, not blanks: copied text shows the difference */
		else
			strbuf_printf(out, "%*s", n, "");
		col += n;
	}
}

void screen_repaint(struct screen *s, int first, int last, struct strbuf *out)
{
	strbuf_puts(out, "\x1b[0m\x1b[?7l");
	for (int row = first < 0 ? 0 : first; row < last && row < s->rows; row++)
		repaint_row(s, row, out);
	strbuf_puts(out, "\x1b[0m");
}

void screen_enter(struct screen *s, struct strbuf *out)
{
	const struct term_scan *m = &s->scan;
	if (m->state != SCAN_GROUND && m->state != SCAN_UTF8)
		strbuf_puts(out, "\x18"); /* CAN; screen_leave() sends the start of the sequence again */
	if (m->now.shift)
		strbuf_putc(out, 0x0f);
	if (m->now.charsets[0] != 'B')
		strbuf_puts(out, "\x1b(B");
	if (m->now.origin)
		strbuf_puts(out, "\x1b[?6l");
	if (m->insert)
		strbuf_puts(out, "\x1b[4l");
	if (m->sync)
		strbuf_puts(out, "\x1b[?2026l");
	if (m->kitty)
		strbuf_puts(out, "\x1b[>0u"); /* keys as plain bytes while the panel is shown */
	if (!m->paste)
		strbuf_puts(out, "\x1b[?2004h");
	strbuf_puts(out, "\x1b[?7l\x1b[?25l");
}

/* Read the pen, one attribute at a time. */
static struct look repaint_pen_of(const struct screen *s)
{
	struct look l = {0};
	VTermValue v;
	vterm_state_get_penattr(s->state, VTERM_ATTR_BOLD, &v);
	l.attrs.bold = v.boolean != 0;
	vterm_state_get_penattr(s->state, VTERM_ATTR_UNDERLINE, &v);
	l.attrs.underline = v.number & 3;
	vterm_state_get_penattr(s->state, VTERM_ATTR_ITALIC, &v);
	l.attrs.italic = v.boolean != 0;
	vterm_state_get_penattr(s->state, VTERM_ATTR_BLINK, &v);
	l.attrs.blink = v.boolean != 0;
	vterm_state_get_penattr(s->state, VTERM_ATTR_REVERSE, &v);
	l.attrs.reverse = v.boolean != 0;
	vterm_state_get_penattr(s->state, VTERM_ATTR_STRIKE, &v);
	l.attrs.strike = v.boolean != 0;
	l.attrs.font = s->scan.now.extra & 7;
	vterm_state_get_penattr(s->state, VTERM_ATTR_FOREGROUND, &v);
	l.fg = v.color;
	vterm_state_get_penattr(s->state, VTERM_ATTR_BACKGROUND, &v);
	l.bg = v.color;
	return l;
}

/* Move to the cursor's position.  If a wrap is pending there, write the last character again to make it pending.  If
 * that character was erased since, write a blank and erase it again. */
static void repaint_put_cursor(const struct screen *s, struct strbuf *out)
{
	VTermPos pos;
	vterm_state_get_cursorpos(s->state, &pos);
	VTermScreenCell cell;
	struct look look;
	repaint_get_cell(s, pos.row, pos.col, &cell, &look);
	int above = s->scan.now.origin && s->scan.top > 1 ? s->scan.top - 1 : 0;
	if (s->scan.now.origin)
		strbuf_puts(out, "\x1b[?6h");
	strbuf_printf(out, "\x1b[%d;%dH", pos.row + 1 - above, pos.col + 1);
	if (!s->wrap_pending)
		return;
	repaint_put_look(out, &look);
	if (cell.chars[0])
		repaint_put_chars(out, &cell);
	else
		strbuf_puts(out, " \x1b[X");
}

void screen_leave(struct screen *s, struct strbuf *out)
{
	const struct term_scan *m = &s->scan;
	if (!m->no_wrap)
		strbuf_puts(out, "\x1b[?7h");
	if (s->cursor_known || s->alternate)
		repaint_put_cursor(s, out);
	struct look pen = repaint_pen_of(s);
	repaint_put_look(out, &pen);
	if (m->insert)
		strbuf_puts(out, "\x1b[4h");
	if (m->now.charsets[0] != 'B')
		strbuf_printf(out, "\x1b(%c", m->now.charsets[0]);
	if (m->now.shift)
		strbuf_puts(out, m->now.shift == 1 ? "\x0e" : m->now.shift == 2 ? "\x1bn" : "\x1bo");
	if (!m->paste)
		strbuf_puts(out, "\x1b[?2004l");
	if (m->kitty)
		strbuf_puts(out, "\x1b[<u");
	if (!s->hidden)
		strbuf_puts(out, "\x1b[?25h");
	if (m->sync)
		strbuf_puts(out, "\x1b[?2026h");
	if (m->state != SCAN_GROUND && m->state != SCAN_UTF8)
		strbuf_put(out, m->part.s, m->part.len);
}

void screen_alternate_on(struct screen *s, struct strbuf *out)
{
	/* 1049 overwrites the program's saved cursor, so use it only if nothing else can restore the cursor. */
	strbuf_puts(out, s->cursor_known ? "\x1b[?1047h\x1b[0m\x1b[2J" : "\x1b[?1049h\x1b[0m\x1b[2J");
	if (s->cursor_known)
		screen_repaint(s, s->unknown, s->rows, out);
}

void screen_alternate_off(struct screen *s, struct strbuf *out)
{
	strbuf_puts(out, s->cursor_known ? "\x1b[?1047l" : "\x1b[?1049l");
}
