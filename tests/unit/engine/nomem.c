/* SPDX-License-Identifier: BSD-2-Clause */
/* nomem.c - every allocation of loading and checking fails once: nothing crashes, and nothing is allowed for it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "support/fixture.h"

enum { RUNS_MAX = 100000 };

/* In place of libc's: after `countdown` more allocations one fails. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static long countdown = -1; /* -1: none is to fail */

static bool fails(void)
{
	if (countdown < 0 || countdown--)
		return false;
	errno = ENOMEM;
	return true;
}

__attribute__((visibility("default"))) void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

__attribute__((visibility("default"))) void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

static struct fixture fx;

static void ignore_text(enum gate_style style, const char *text, void *data)
{
}

static int ask(const struct gate_question *q, struct gate_answer *a, void *data)
{
	enum gate_choice *choice = data;
	a->choice = *choice;
	return GATE_SUCCESS;
}

static enum gate_choice choice;
static const struct gate_conv conv = {
	.struct_size = sizeof(struct gate_conv), .ask = ask, .tell = ignore_text, .data = &choice};
static const char *const words[] = {"tool", "drop", "a b", NULL};
static const struct gate_event event = {
	.struct_size = sizeof(struct gate_event), .exe = "/bin/tool", .argv = words, .argc = 3, .cwd = "/srv"};

static int open_fixture(void **state)
{
	fixture_open(&fx);
	fixture_write(fx.packs, "t.rules",
		      "rule: t.drop\non: exec\nprogram: tool\nkeyword: drop\nmatch: \\bdrop\\b\n"
		      "severity: danger\nreason: why\nhit: tool drop\nmiss: tool list\n");
	fixture_write(fx.etc, "common", "exec optional gate_debug return=finding\n");
	fixture_write(fx.etc, "agent",
		      "exec include common\nexec sufficient gate_rules\nexec sufficient gate_timestamp\n"
		      "exec requisite gate_confirm\nverdict optional gate_debug\n");
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

/* Fail the nth allocation of one check, for every n there is; what the check says then, when it says no. */
static void check_all(enum gate_choice answer, int want)
{
	gate_handle_t *h;
	long n = 0;
	bool all = false;
	choice = answer;
	for (; !all && n < RUNS_MAX; n++) {
		assert_int_equal(gate_start_with("agent", &fx.dirs, &conv, &h), 0);
		countdown = n;
		int ret = gate_check(h, &event, 0);
		all = countdown >= 0; /* it never came to the nth */
		countdown = -1;
		if (all)
			assert_int_equal(ret, want);
		else if (want != GATE_SUCCESS)
			assert_int_not_equal(ret, GATE_SUCCESS);
		gate_end(h, ret);
	}
	assert_true(all);
	print_message("%ld allocations of a check\n", n - 1);
	assert_true(n > 10);
}

static void test_refused(void **state)
{
	check_all(GATE_ANSWER_NO, GATE_DENY);
}

static void test_allowed(void **state)
{
	check_all(GATE_ANSWER_SESSION, GATE_SUCCESS);
}

/* A policy is loaded whole or not at all. */
static void test_loading(void **state)
{
	gate_handle_t *h;
	long n = 0;
	int err = -ENOMEM;
	choice = GATE_ANSWER_NO;
	for (; err && n < RUNS_MAX; n++) {
		countdown = n;
		err = gate_start_with("agent", &fx.dirs, &conv, &h);
		bool failed = countdown < 0;
		countdown = -1;
		if (err) {
			assert_null(h);
			continue;
		}
		assert_int_equal(gate_check(h, &event, 0), GATE_DENY); /* what failed, if anything, was a message */
		gate_end(h, 0);
		err = failed ? -EAGAIN : 0;
	}
	assert_int_equal(err, 0);
	print_message("%ld allocations of a start\n", n - 1);
	assert_true(n > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_loading),
	};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
