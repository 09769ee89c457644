/* SPDX-License-Identifier: BSD-2-Clause */
/* kernel_support.c - the line about what an older kernel lacks, for every choice of parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "util/kernel_support.h"

/* clang-format off */
#define KILLABLE "WAIT_KILLABLE_RECV (Linux 5.19): a signal interrupts a call that Gate looks at, and the call is made again"
#define SCOPES "Landlock's scopes (Linux 6.12): a session can signal your other processes, and reach their abstract sockets"
/* clang-format on */

static void one_line_says_what_is_missing(void **state)
{
	static const char *const lines[] = {
		"gate: this kernel lacks " KILLABLE "; and " SCOPES "; gatesh doctor says more",
		"gate: this kernel lacks " SCOPES "; gatesh doctor says more",
		"gate: this kernel lacks " KILLABLE "; gatesh doctor says more",
	};
	for (unsigned i = 0; i < 3; i++) {
		const struct kernel_support s = {.has = {[KERNEL_WAIT_KILLABLE] = i & 1, [KERNEL_SCOPES] = i >> 1 & 1}};
		cleanup_strbuf struct strbuf b = {0};
		kernel_support_say(&s, &b);
		assert_string_equal(b.s, lines[i]);
	}
}

static void a_recent_kernel_says_nothing(void **state)
{
	const struct kernel_support s = {.has = {true, true}};
	cleanup_strbuf struct strbuf b = {0};
	kernel_support_say(&s, &b);
	assert_int_equal(b.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_says_what_is_missing),
		cmocka_unit_test(a_recent_kernel_says_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
