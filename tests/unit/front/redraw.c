/* SPDX-License-Identifier: BSD-2-Clause */
/* redraw.c - a line that is changed on the terminal looks like one that is drawn from the start, and costs less. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "front/redraw.h"
#include "support/terminal.h"

/* Change `old` into `new` on a terminal and compare it with one that shows `new` alone.  Returns the bytes it took. */
static size_t change(const char *old, const char *new)
{
	struct terminal changed, fresh;
	struct strbuf b = {0};
	terminal_open(&changed);
	terminal_open(&fresh);
	terminal_put(&changed, old, strlen(old));
	terminal_put(&changed, "\r", 1);
	redraw_line(old, new, &b);
	size_t n = b.len;
	if (n)
		terminal_put(&changed, b.s, n);
	terminal_put(&fresh, new, strlen(new));
	terminal_put(&changed, "\r", 1);
	terminal_put(&fresh, "\r", 1);
	terminal_same(&changed, &fresh, new);
	vterm_free(changed.vt);
	vterm_free(fresh.vt);
	strbuf_free(&b);
	return n;
}

static void equal_lines_cost_nothing(void **state)
{
	assert_int_equal(change("   y once     4:59", "   y once     4:59"), 0);
	assert_int_equal(change("", ""), 0);
}

static void a_countdown_costs_its_digits(void **state)
{
	assert_in_range(change("   \x1b[1my\x1b[0m once   4:58", "   \x1b[1my\x1b[0m once   4:57"), 1, 20);
	assert_in_range(change("   \x1b[1my\x1b[0m once   1:00", "   \x1b[1my\x1b[0m once   0:59"), 1, 24);
}

static void every_change_is_complete(void **state)
{
	static const char *const lines[] = {
		"",
		"a",
		"abc",
		"abd",
		"\x1b[1mabc\x1b[0m",
		"\x1b[1mab\x1b[0mc",
		"\x1b[1mabc\x1b[0m and more",
		"\x1b[1;31mabc\x1b[0m and more",
		"\x1b[2m\x1b[0m   \x1b[2mabc\x1b[0m",
		"日本語",
		"日本誌",
		"日本x",
		"cafe",
		"cafe\xcc\x81",
		"caf\xc3\xa9",
		"caf\xc3\xa8 noir",
		"exactly as wide as it can be..",
		"exactly as wide as it can be.,",
		"━━ gate ━━",
		"━━ gate: ━",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
			change(lines[i], lines[k]);
}

static void an_unknown_line_is_drawn_whole(void **state)
{
	struct strbuf b = {0};
	redraw_line(NULL, "abc", &b);
	assert_string_equal(b.s, "\x1b[0m\x1b[Kabc\x1b[0m");
	strbuf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_lines_cost_nothing),
		cmocka_unit_test(a_countdown_costs_its_digits),
		cmocka_unit_test(every_change_is_complete),
		cmocka_unit_test(an_unknown_line_is_drawn_whole),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
