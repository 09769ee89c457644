/* SPDX-License-Identifier: BSD-2-Clause */
/* screen_left_out.c - a model of the screen that left out what had scrolled away or was drawn over is the one that read
 * every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/terminal.h"
#include "term/screen.h"

/* A model that left out what had scrolled away is the one that read every byte. */
static void left_out(const char *bytes, size_t n, const char *what)
{
	struct screen s;
	struct terminal every = {0}, got = {0};
	struct strbuf out = {0}, whole = {0};
	struct screen p;
	assert_int_equal(screen_init(&s, ROWS, COLS), 0);
	assert_int_equal(screen_init(&p, ROWS, COLS), 0);
	screen_start_at(&s, 5, 3);
	screen_start_at(&p, 5, 3);
	screen_put(&s, bytes, n);
	screen_sync(&s);
	p.scan.broken = p.scan.margins = true; /* nothing is left out */
	screen_put(&p, bytes, n);
	screen_sync(&p);
	every = (struct terminal){p.vt, p.cells, p.hidden};
	got = (struct terminal){s.vt, s.cells, s.hidden};
	terminal_same(&every, &got, what);
	if (s.unknown != p.unknown || s.wrap_pending != p.wrap_pending || s.alternate != p.alternate ||
	    s.cursor_known != p.cursor_known)
		fail_msg("unknown %d, %d; wrap %d, %d after:\n%s", p.unknown, s.unknown, p.wrap_pending, s.wrap_pending,
			 what);
	screen_repaint(&p, 0, ROWS, &whole);
	screen_leave(&p, &whole);
	screen_repaint(&s, 0, ROWS, &out);
	screen_leave(&s, &out);
	assert_string_equal(out.s, whole.s); /* the pen and the modes too */
	strbuf_free(&out);
	strbuf_free(&whole);
	screen_free(&s);
	screen_free(&p);
}

/* A broken character at the start, or among what could be left out, stays in the model's decoder until the next one. */
static void scrolled_away_broken(void **state)
{
	static const char *const at[][2] = {{"\xc3", "\r\n\xc3\xa9"}, {"", "\r\n\xc3"}};
	for (int i = 0; i < 2; i++) {
		struct strbuf b = {0};
		strbuf_puts(&b, at[i][0]);
		for (int line = 0; line < 5 * ROWS; line++)
			strbuf_puts(&b, line == 2 * ROWS ? at[i][1] : "\r\nx");
		strbuf_puts(&b, "\r\n\xc3\xa9\r\n");
		left_out(b.s, b.len, i ? "broken among it" : "broken at the start");
		strbuf_free(&b);
	}
}

static void scrolled_away(void **state)
{
	static const char *const pieces[] = {
		"word",
		" text",
		"\r\n",
		"\r\n",
		"\r\n",
		"\r\nline",
		"\r\nnext\x1b[K",
		"\r\n\x1b[1mbold",
		"\n",
		"\r",
		"\t",
		"\x1b[31m",
		"\x1b[0m",
		"\x1b[m",
		"\x1b[;4m",
		"\x1b[2m",
		"\x1b[44m",
		"\x1b[K",
		"\xc3\xa9",
		"\xe6\x97\xa5",
		"\xcc\x81",
		"123456789012345678901234567890",
	};
	static const char *const rare[] = {
		"\x1b[3;9r",
		"\x1b[r",
		"\x1b[1;12r",
		"\x1b[?69h\x1b[4;9s",
		"\x1b[2J",
		"\x1b[H",
		"\x1b[5A",
		"\x1b[4h",
		"\x1b[4l",
		"\x1b[?7l",
		"\x1b[?7h",
		"\x1b[20h",
		"\x1b[20l",
		"\x1b"
		"7",
		"\x1b"
		"8",
		"\x1b(0",
		"\x1b(B",
		"\x1b]0;t\x07",
		"\x1b[?1049h",
		"\x1b[?1049l",
		"\x1bM",
		"\b",
		"\xc3",
		"\xa9",
		"\xff",
		"\xe2\x82",
	};
	const char *again = getenv("SCREEN_SEED");
	unsigned seed = again ? (unsigned)strtoul(again, NULL, 10) : 1;
	for (int round = 0; round < 1000; round++, seed++) {
		struct strbuf b = {0};
		unsigned r = seed * 2654435761u, mask = r ^ r >> 7;
		for (int i = 0; i < 300; i++) {
			r = r * 1664525u + 1013904223u;
			size_t k = (r >> 18) % (sizeof pieces / sizeof *pieces);
			if ((r >> 8) % 300 < (unsigned)round % 4)
				strbuf_puts(&b, rare[(r >> 18) % (sizeof rare / sizeof *rare)]);
			else if (round % 16 > 7 && i > 150)
				strbuf_puts(&b, "\nstair"); /* the column counts on */
			else /* half of the pieces in a round: what is rare must show too */
				strbuf_puts(&b, mask >> k & 1 ? pieces[k] : "\r\nshort");
		}
		char what[32];
		snprintf(what, sizeof what, "SCREEN_SEED=%u", seed);
		left_out(b.s, b.len, what);
		strbuf_free(&b);
	}
}

/* `n` of the pieces at random, or one of the rare ones in every `rarely`th place. */
static void random_output(struct strbuf *b, unsigned seed, int n, const char *const *pieces, size_t npieces,
			  const char *const *rare, size_t nrare, unsigned rarely)
{
	unsigned r = seed * 2654435761u;
	for (int i = 0; i < n; i++) {
		r = r * 1664525u + 1013904223u;
		if (rarely && (r >> 8) % rarely == 0)
			strbuf_puts(b, rare[(r >> 18) % nrare]);
		else if ((r >> 8) % 3 == 0)
			strbuf_printf(b, "\x1b[%u;%uH", 1 + (r >> 12) % (ROWS + (r >> 28 == 0)), 1 + (r >> 20) % COLS);
		else
			strbuf_puts(b, pieces[(r >> 18) % npieces]);
	}
}

static void drawn_over(void **state)
{
	static const char *const pieces[] = {
		"word",
		" text",
		"x",
		"\x1b[K",
		"\x1b[2K",
		"\x1b[1K",
		"\x1b[3X",
		"\x1b[X",
		"\x1b[J",
		"\x1b[H\x1b[J",
		"\x1b[2J",
		"\x1b[H",
		"\x1b[31m",
		"\x1b[0m",
		"\x1b[m",
		"\x1b[;4m",
		"\x1b[2m",
		"\x1b[44m",
		"\x1b[38;2;1;2;3m",
		"\x1b[38:2::4:5:6m",
		"\xc3\xa9",
		"\xe2\x94\x80\xe2\x94\x82",
		"\r\n",
		"\r",
		"\n",
		"\x1b[A",
		"\x1b[2B",
		"\x1b[3C",
		"\x1b[2D",
		"\x1b[7G",
		"\x1b[4d",
		"\x1b[?25l",
		"\x1b[?25h",
		"\x1b[?2026h",
		"\x1b[?2026l",
		"123456789012345678901234567890",
	};
	static const char *const rare[] = {
		"\x1b[3;9r",
		"\x1b[r",
		"\x1b[1;12r",
		"\x1b[?69h\x1b[4;9s",
		"\x1b[4h",
		"\x1b[4l",
		"\x1b[?7l",
		"\x1b[?7h",
		"\x1b[20h",
		"\x1b[20l",
		"\x1b"
		"7",
		"\x1b"
		"8",
		"\x1b(0",
		"\x1b(B",
		"\x0e",
		"\x0f",
		"\x1b[?6h",
		"\x1b[?6l",
		"\x1b]0;t\x07",
		"\x1b[?1049h",
		"\x1b[?1049l",
		"\x1bM",
		"\b",
		"\t",
		"\xe6\x97\xa5",
		"\xcc\x81",
		"\xc3",
		"\xff",
		"\x1b[2P",
		"\x1b[2@",
		"\x1b[L",
		"\x1b[S",
		"\x1b[3b",
		"\x1b[;H",
		"\x1b[1:2H",
		"\x1b[?K",
		"\x1b[3J",
		"\x1b[99C",
		"\x1b[99;1H",
		"\x1b#6",
		"\x1b#5",
		"\x1b"
		"c",
		"\x1b[!p",
		"\x1b[\x18",
		"\x7f",
	};
	const char *again = getenv("SCREEN_SEED");
	unsigned seed = again ? (unsigned)strtoul(again, NULL, 10) : 1;
	for (int round = 0; round < 2000; round++, seed++) {
		static const unsigned rarely[] = {0, 100, 30, 8};
		struct strbuf b = {0};
		char what[32];
		random_output(&b, seed, 200, pieces, sizeof pieces / sizeof *pieces, rare, sizeof rare / sizeof *rare,
			      rarely[round % 4]);
		snprintf(what, sizeof what, "SCREEN_SEED=%u", seed);
		left_out(b.s, b.len, what);
		strbuf_free(&b);
	}
}

/* Of many pictures the last one is left, and one that began: what else is read is the pens. */
static void one_picture_is_left(void **state)
{
	struct overdrawn o;
	struct strbuf b = {0}, out = {0};
	bool cleared = false;
	size_t picture = 0;
	assert_int_equal(overdrawn_init(&o, ROWS, COLS), 0);
	for (int i = 0; i < 100; i++) {
		strbuf_puts(&b, i ? "" : "\x1b[H\x1b[J");
		for (int row = 0; row < ROWS; row++)
			strbuf_printf(&b, "\x1b[%d;1H\x1b[0;%dmpicture %3d, row %d\x1b[K", row + 1, 30 + i % 8, i, row);
		picture = picture ? picture : b.len;
	}
	strbuf_puts(&b, "\x1b[H");
	assert_int_equal(overdrawn_find(&o, b.s, b.len, &out, &cleared), b.len - 3);
	assert_true(cleared);
	assert_null(strstr(out.s, "picture  98"));
	assert_non_null(strstr(out.s, "picture  99, row 11"));
	assert_true(out.len < 2 * picture);
	out.len = 0;
	assert_int_equal(overdrawn_find(&o, "\x1b[Hjust once", 12, &out, &cleared), 0);
	assert_int_equal(out.len, 0);
	strbuf_free(&b);
	strbuf_free(&out);
	overdrawn_free(&o);
}

/* More pieces than are kept: several runs. */
static void many_pieces(void **state)
{
	struct strbuf b = {0};
	for (int i = 0; i < 20000; i++)
		strbuf_printf(&b, "\x1b[%d;%dH\x1b[3%dm%d", 1 + i * 7 % ROWS, 1 + i * 5 % (COLS - 6), i % 8, i);
	left_out(b.s, b.len, "20000 pieces");
	strbuf_free(&b);
}

/* Nothing, or a mark without a width, is not repeated for ever. */
static void nothing_to_repeat(void **state)
{
	static const char *const texts[] = {"\x1b[3b", "\xcc\x81\x1b[3b", "\x1b[5;5H\xe2\x83\x90\x1b[9b"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct screen s;
		assert_int_equal(screen_init(&s, ROWS, COLS), 0);
		screen_put(&s, texts[i], strlen(texts[i]));
		alarm(5);
		screen_sync(&s);
		alarm(0);
		screen_free(&s);
	}
}

/* What is taken to be one column wide is so in the model. */
static void narrow_characters(void **state)
{
	static const unsigned ranges[][2] = {
		{0xc0, 0x27f}, {0x2010, 0x2027}, {0x2190, 0x21ff}, {0x2500, 0x259f}, {0x2800, 0x28ff}};
	struct terminal t;
	VTermPos pos;
	char bytes[16];
	terminal_open(&t);
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		for (unsigned c = ranges[i][0]; c <= ranges[i][1]; c++) {
			if (c < 0x800)
				snprintf(bytes, sizeof bytes, "\x1b[H%c%c", (int)(0xc0 | c >> 6),
					 (int)(0x80 | (c & 0x3f)));
			else
				snprintf(bytes, sizeof bytes, "\x1b[H\xe2%c%c", (int)(0x80 | (c >> 6 & 0x3f)),
					 (int)(0x80 | (c & 0x3f)));
			terminal_put(&t, bytes, strlen(bytes));
			vterm_state_get_cursorpos(vterm_obtain_state(t.vt), &pos);
			if (pos.row || pos.col != 1)
				fail_msg("U+%04X moves to column %d", c, pos.col);
		}
	vterm_free(t.vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scrolled_away),     cmocka_unit_test(scrolled_away_broken),
		cmocka_unit_test(drawn_over),        cmocka_unit_test(one_picture_is_left),
		cmocka_unit_test(many_pieces),       cmocka_unit_test(narrow_characters),
		cmocka_unit_test(nothing_to_repeat),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
