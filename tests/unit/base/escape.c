/* SPDX-License-Identifier: BSD-2-Clause */
/* escape.c - what is shown to a person can't move a cursor, hide or reorder text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/escape.h"

static void shows(const char *in, size_t n, const char *out)
{
	cleanup_strbuf struct strbuf b = {0};
	escape_put(&b, in, n);
	assert_string_equal(b.s, out);
}

#define SHOWS(in, out) shows(in, sizeof(in) - 1, out)

static void controls_are_visible(void **state)
{
	SHOWS("a\x1b[2Jb", "a\\e[2Jb");
	SHOWS("a\nb\tc\r\x07\x7f", "a\\nb\\tc\\r\\x07\\x7F");
	SHOWS("nul\0here", "nul\\x00here");
	SHOWS("\xc2\x9b"
	      "31m",
	      "\\x9B31m"); /* C1 CSI */
}

static void bidi_and_invisible_are_visible(void **state)
{
	SHOWS("rm \xe2\x80\xae"
	      "fdp.txt",
	      "rm \\u{202E}fdp.txt");
	SHOWS("a\xe2\x80\x8b"
	      "b",
	      "a\\u{200B}b");
	SHOWS("a\xf3\xa0\x81\x81"
	      "b",
	      "a\\u{E0041}b");
}

static void invalid_utf8_is_hex(void **state)
{
	SHOWS("\xff\xfe", "\\xFF\\xFE");
	SHOWS("\xc0\xaf", "\\xC0\\xAF");          /* overlong slash */
	SHOWS("\xed\xa0\x80", "\\xED\\xA0\\x80"); /* surrogate */
	SHOWS("\xe2\x82", "\\xE2\\x82");          /* cut short */
}

static void text_stays(void **state)
{
	SHOWS("caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80",
	      "caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x80");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(controls_are_visible),
		cmocka_unit_test(bidi_and_invisible_are_visible),
		cmocka_unit_test(invalid_utf8_is_hex),
		cmocka_unit_test(text_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
