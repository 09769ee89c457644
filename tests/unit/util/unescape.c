/* SPDX-License-Identifier: BSD-2-Clause */
/* unescape.c - the line escapes of gatesh check --lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/unescape.h"

static void becomes(const char *in, size_t n, const char *out, size_t want)
{
	char text[64];
	size_t len = n, at = 0;
	memcpy(text, in, n);
	assert_null(unescape_line(text, &len, &at));
	assert_int_equal(len, want);
	assert_memory_equal(text, out, want);
}

#define BECOMES(in, out) becomes(in, sizeof(in) - 1, out, sizeof(out) - 1)

static void escapes_are_undone(void **state)
{
	BECOMES("", "");
	BECOMES("plain $text \"q\"", "plain $text \"q\"");
	BECOMES("a\\nb\\tc\\rd\\\\e\\0f", "a\nb\tc\rd\\e\0f");
	BECOMES("\\\\n", "\\n");
	BECOMES("\\\\\\n", "\\\n");
	BECOMES("\xff\xfe\\n", "\xff\xfe\n");
}

static void refused(const char *in, size_t where, const char *what)
{
	char text[64];
	size_t len = strlen(in), at = 99;
	memcpy(text, in, len);
	const char *why = unescape_line(text, &len, &at);
	assert_non_null(why);
	assert_string_equal(why, what);
	assert_int_equal(at, where);
}

static void bad_escapes_are_refused(void **state)
{
	refused("a\\", 1, "a backslash at the end of the line");
	refused("\\\\\\", 2, "a backslash at the end of the line");
	refused("ab\\x41", 2, "an unknown escape");
	refused("\\N", 0, "an unknown escape");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(bad_escapes_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
