/* SPDX-License-Identifier: BSD-2-Clause */
/* screen.c - a panel drawn over the program's screen leaves no trace: two terminals get the same output, one of them
 * with panels in between at random places, and neither shows nor does anything different afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/terminal.h"
#include "term/screen.h"

/* Draw a panel of `height` rows on t as the overlay does, and take it away. */
static void panel(struct screen *s, struct terminal *t, int height)
{
	struct strbuf out = {0};
	screen_sync(s);
	screen_enter(s, &out);
	bool other = !screen_knows(s, ROWS - height);
	if (other)
		screen_alternate_on(s, &out);
	for (int row = ROWS - height; row < ROWS; row++)
		strbuf_printf(&out, "\x1b[%d;1H\x1b[0;7m\x1b[2K panel %d of 30 columns, and more", row + 1, row);
	if (other)
		screen_alternate_off(s, &out);
	else
		screen_repaint(s, ROWS - height, ROWS, &out);
	screen_leave(s, &out);
	terminal_put(t, out.s, out.len);
	strbuf_free(&out);
}

/* The test itself: `n` bytes of output with a panel after byte `at`. */
static void with_panel_at(const char *bytes, size_t n, size_t at, int height)
{
	struct terminal with, without;
	struct screen s;
	struct strbuf shown = {0};
	for (size_t i = 0; i < n; i++)
		strbuf_printf(&shown, bytes[i] < 0x20 || bytes[i] == '"' || bytes[i] == '\\' ? "\\%03o" : "%c",
			      bytes[i] & 0xff);
	strbuf_printf(&shown, " (%zu bytes, panel at %zu)", n, at);
	terminal_open(&with);
	terminal_open(&without);
	assert_int_equal(screen_init(&s, ROWS, COLS), 0);
	screen_start_at(&s, 0, 0);
	terminal_put(&with, bytes, at);
	terminal_put(&without, bytes, at);
	screen_put(&s, bytes, at);
	panel(&s, &with, height);
	if (screen_between(&s))
		terminal_same(&with, &without, shown.s);
	terminal_put(&with, bytes + at, n - at);
	terminal_put(&without, bytes + at, n - at);
	terminal_same(&with, &without, shown.s);
	screen_free(&s);
	vterm_free(with.vt);
	vterm_free(without.vt);
	strbuf_free(&shown);
}

/* May a panel come before this byte?  A character that is cut, or parted from what combines with it, can't be put
 * together again. */
static bool between_characters(unsigned char c)
{
	return (c & 0xc0) != 0x80 && c != 0xcc;
}

static void everywhere(const char *bytes, size_t n, int height)
{
	for (size_t at = 0; at <= n; at++)
		if (at == n || between_characters((unsigned char)bytes[at]))
			with_panel_at(bytes, n, at, height);
}

#define EVERYWHERE(text) everywhere(text, sizeof(text) - 1, 5)

static void plain_text(void **state)
{
	EVERYWHERE("one\r\ntwo\r\n\r\nthree\tfour\r\n\r\n\r\n\r\n\r\n\r\nfive\r\nsix\r\nseven\r\neight\r\nnine");
}

static void colours_and_attributes(void **state)
{
	EVERYWHERE(
		"\n\n\n\n\n\n\n\n\x1b[1;31mred\x1b[0m \x1b[38;5;200;4mpink\x1b[48;2;1;2;3mback\x1b[K\r\n\x1b[7;9;3mx\x1b[27my\x1b[42m\x1b[K\r\n"
		"\x1b[m\x1b[93;104mbright\x1b[39mz\x1b[5mblink\x1b[0m\x1b[21mdouble");
}

static void wide_and_combining(void **state)
{
	EVERYWHERE(
		"\x1b[10;1H\xe6\x97\xa5\xe6\x9c\xac"
		"a\xcc\x81"
		"b\xf0\x9f\x9a\x80 end\x1b[11;29H\xe6\x97\xa5"
		"next");
}

static void wrap_pending(void **state)
{
	EVERYWHERE("\x1b[8;1H123456789012345678901234567890abc\r\n\x1b[12;28Hxyz\x1b[31m!\r\x1b[12;30Hq\x1b[1mr");
}

static void modes(void **state)
{
	EVERYWHERE(
		"\x1b[3;9r\x1b[?6h\x1b[2;2Hin\n\n\n\n\n\n\nside\x1b[?6l\x1b[r\x1b[5;5H\x1b[4hins\x1b[5;5Hert\x1b[4l"
		"\x1b[?7l\x1b[10;25Hno wrap at all\x1b[?7h\x1b[?25l\x1b(0lqk\x1b(B\x0e\x1b)0x\x0fy\x1b[?25h");
}

static void saved_cursor(void **state)
{
	EVERYWHERE(
		"\x1b[9;4H\x1b[31m\x1b"
		"7\x1b[2;2H\x1b[0mtop\x1b"
		"8bottom\x1b[s\x1b[1;1Hx\x1b[uy");
}

static void other_screen(void **state)
{
	EVERYWHERE("main\r\n\x1b[?1049h\x1b[H\x1b[2J\x1b[11;3Hvi\x1b[12;1H\x1b[7mstatus\x1b[0m\x1b[?1049lback");
}

static void strings(void **state)
{
	EVERYWHERE("\x1b]0;a title\x07text\x1bP1$r0m\x1b\\more\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\");
}

static void tabs_and_scrolling(void **state)
{
	EVERYWHERE(
		"\x1b[2J\x1b[H1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9\r\n10\r\n11\r\n12\x1b[4S\x1b[1;1H\x1b[2L\x1b[6;1H\x1b[1M\x1b[2T\x1bMend");
}

/* Random programs: pieces of all kinds, a panel at a random place.  The seed is in the message, so that a failure can
 * be had again. */
static void anything(void **state)
{
	static const char *const pieces[] = {
		"word",
		"a longer piece of text ",
		"\r\n",
		"\n",
		"\r",
		"\t",
		"\b",
		"\x1b[A",
		"\x1b[3B",
		"\x1b[5C",
		"\x1b[2D",
		"\x1b[H",
		"\x1b[10;20H",
		"\x1b[12;30H",
		"\x1b[J",
		"\x1b[1J",
		"\x1b[2J",
		"\x1b[K",
		"\x1b[1K",
		"\x1b[2K",
		"\x1b[3X",
		"\x1b[2P",
		"\x1b[2@",
		"\x1b[L",
		"\x1b[M",
		"\x1b[S",
		"\x1b[T",
		"\x1b[3;9r",
		"\x1b[r",
		"\x1b[4h",
		"\x1b[4l",
		"\x1b[?7l",
		"\x1b[?7h",
		"\x1b[?25l",
		"\x1b[?25h",
		"\x1b[31m",
		"\x1b[1;44m",
		"\x1b[0m",
		"\x1b[7m",
		"\x1b[38;5;99m",
		"\x1b[48;2;9;8;7m",
		"\x1b[4;3;9m",
		"\x1bM",
		"\x1b"
		"D",
		"\x1b"
		"E",
		"\x1b]2;t\x07",
		"\x1b"
		"c",
		"123456789012345678901234567890",
		"\x1b[?2004h",
		"\x1b[?2004l",
		"\x1b[2;59m",
		"\x1b[12;1H0123456789012345678901234567890",
	};
	/* No half overwritten wide characters: every terminal has its own idea of those.
	 * What a restored cursor brings back is origin mode and character sets too, on real terminals, not in libvterm:
	 * never both. */
	static const char *const saved[] = {
		"\x1b"
		"7",
		"\x1b"
		"8",
		"\x1b[s",
		"\x1b[u",
		"\x1b[?1049h",
		"\x1b[?1049l"};
	static const char *const switches[] = {"\x1b[?6h", "\x1b[?6l", "\x1b(0", "\x1b(B", "\x0e", "\x0f", "\x1b)0"};
	const char *again = getenv("SCREEN_SEED");
	unsigned seed = again ? (unsigned)strtoul(again, NULL, 10) : 1;
	for (int round = 0; round < 1500; round++, seed++) {
		struct strbuf b = {0};
		unsigned r = seed * 2654435761u;
		for (int i = 0; i < 25; i++) {
			r = r * 1664525u + 1013904223u;
			unsigned k = (r >> 8) % (sizeof pieces / sizeof *pieces + 8);
			strbuf_puts(&b, k >= 8 ? pieces[k - 8] : round % 2 ? saved[k % 6] : switches[k % 7]);
		}
		size_t at = (r >> 4) % (b.len + 1);
		while (at < b.len && !between_characters((unsigned char)b.s[at]))
			at++;
		with_panel_at(b.s, b.len, at, 1 + (int)((r >> 20) % ROWS));
		strbuf_free(&b);
	}
}

/* What libvterm does not know travels through it and comes out again. */
static void dim_and_friends(void **state)
{
	struct screen s;
	struct strbuf out = {0};
	assert_int_equal(screen_init(&s, ROWS, COLS), 0);
	screen_start_at(&s, 0, 0);
	const char text[] =
		"\x1b[2mdim\x1b[22;8mhid\x1b[28;53mover\x1b[58;2;1;2;3;1mbold\x1b[38:2::10:20:30mc\x1b[0;2m";
	screen_put(&s, text, sizeof text - 1);
	screen_sync(&s);
	screen_repaint(&s, 0, 1, &out);
	assert_non_null(strstr(out.s, "\x1b[0;2mdim"));
	assert_non_null(strstr(out.s, "\x1b[0;8mhid"));
	assert_non_null(strstr(out.s, "\x1b[0;53mover"));
	assert_non_null(strstr(out.s, "\x1b[0;1;53mbold"));
	assert_non_null(strstr(out.s, "\x1b[0;1;53;38;2;10;20;30mc"));
	out.len = 0;
	screen_leave(&s, &out);
	assert_non_null(strstr(out.s, "\x1b[0;2m"));
	strbuf_free(&out);
	screen_free(&s);
}

static void nothing_scrolls_or_saves(void **state)
{
	struct screen s;
	struct strbuf out = {0};
	assert_int_equal(screen_init(&s, ROWS, COLS), 0);
	screen_start_at(&s, 0, 0);
	for (int i = 0; i < 40; i++)
		screen_put(&s, "0123456789012345678901234567890123456789\r\n", 42);
	screen_sync(&s);
	screen_enter(&s, &out);
	screen_repaint(&s, 0, ROWS, &out);
	screen_leave(&s, &out);
	assert_null(strchr(out.s, '\n'));
	assert_null(strstr(out.s,
			   "\x1b"
			   "7"));
	assert_null(strstr(out.s, "\x1b[s"));
	assert_null(strstr(out.s, "?1049"));
	strbuf_free(&out);
	screen_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text),
		cmocka_unit_test(colours_and_attributes),
		cmocka_unit_test(wide_and_combining),
		cmocka_unit_test(wrap_pending),
		cmocka_unit_test(modes),
		cmocka_unit_test(saved_cursor),
		cmocka_unit_test(other_screen),
		cmocka_unit_test(strings),
		cmocka_unit_test(tabs_and_scrolling),
		cmocka_unit_test(anything),
		cmocka_unit_test(dim_and_friends),
		cmocka_unit_test(nothing_scrolls_or_saves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
