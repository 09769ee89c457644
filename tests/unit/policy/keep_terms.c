/* SPDX-License-Identifier: BSD-2-Clause */
/* keeping.c - what gate_keep lines say to the process that acts, and what gate_keep itself decides. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "policy/keep_terms.h"
#include "support/fixture.h"

#define RULES "unlink sufficient gate_rules\n"
#define CONFIRM "unlink requisite gate_confirm\n"
#define KEEP(args) RULES "unlink sufficient gate_keep " args "\n" CONFIRM

static struct fixture fx;

static int open_fixture(void **state)
{
	fixture_open(&fx);
	fixture_write(fx.packs, "t.rules",
		      "rule: t.secret\non: unlink\npath: /w/secret\nseverity: danger\nreason: why\n"
		      "hit: /w/secret\nmiss: /w/x\n");
	fx.dirs.user = fx.user;
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

static struct keep_terms terms(const char *system, const char *user)
{
	struct policy *p;
	fixture_forget(&fx);
	fixture_write(fx.etc, "agent", system);
	fixture_write(fx.user, "gate.d/agent", user);
	if (policy_load("agent", &fx.dirs, &fx.d, &p))
		fail_msg("%s", fx.told.s);
	struct keep_terms t = policy_keep(p, GATE_EVENT_UNLINK);
	policy_unref(p);
	return t;
}

static void test_the_strictest(void **state)
{
	struct keep_terms t = terms(KEEP(""), "exec required gate_permit\n"); /* a stack without a line abstains */
	assert_int_equal(t.word, EVENT_KEEP_KEEP);
	assert_int_equal(t.max, KEEP_MAX_DEFAULT);
	assert_int_equal(t.quota, KEEP_QUOTA_DEFAULT);
	assert_int_equal(t.age, KEEP_AGE_DEFAULT);
	assert_int_equal(t.hold, KEEP_HOLD_DEFAULT);
	assert_true(t.in_process);
	t = terms(KEEP("keep max=1M quota=1G age=2d"), KEEP("ask max=2M quota=0 age=90d"));
	assert_int_equal(t.word, EVENT_KEEP_ASK);
	assert_int_equal(t.max, 1 << 20);
	assert_int_equal(t.quota, 0);
	assert_int_equal(t.age, 2 * 86400);
	assert_int_equal(terms(KEEP("keep hold=2h"), KEEP("keep hold=90m")).hold, 2 * 3600);
	assert_int_equal(terms(KEEP("pass"), KEEP("")).word, EVENT_KEEP_KEEP);
	assert_int_equal(terms(KEEP("pass"), KEEP("pass")).word, EVENT_KEEP_PASS);
	assert_int_equal(terms(KEEP("deny"), KEEP("ask")).word, EVENT_KEEP_DENY);
}

static void test_who_decides(void **state)
{
	static const struct {
		const char *stack;
		bool in_process;
	} cases[] = {
		{KEEP(""), true},
		{"unlink sufficient gate_keep\n" CONFIRM, true},
		{RULES RULES "unlink sufficient gate_keep\n", true},
		{"unlink include files\n", true},
		{"unlink substack files\n", false},
		{RULES "unlink required gate_permit\nunlink sufficient gate_keep\n", false},
		{"unlink required gate_rules\nunlink sufficient gate_keep\n", false},
		{RULES "unlink required gate_keep\n", false},
		{RULES CONFIRM, false},
	};
	fixture_write(fx.etc, "files", KEEP(""));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (terms(cases[i].stack, "exec required gate_permit\n").in_process != cases[i].in_process)
			fail_msg("%s", cases[i].stack);
		assert_int_equal(terms(KEEP(""), cases[i].stack).in_process, cases[i].in_process);
	}
	assert_int_equal(terms(RULES CONFIRM, "").word, EVENT_KEEP_PASS);
}

/* What becomes of a file of which no rule speaks, when a yes would have been given. */
static int decide(const char *arguments, const char *path, const char *unkept)
{
	char text[256];
	gate_handle_t *h;
	struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				.type = GATE_EVENT_UNLINK,
				.exe = "/bin/rm",
				.path = path,
				.unkept = unkept};
	snprintf(text, sizeof text, RULES "unlink sufficient gate_keep %s\nunlink requisite gate_confirm\n", arguments);
	fixture_write(fx.user, "gate.d/agent", "");
	fixture_write(fx.etc, "agent", text);
	assert_int_equal(gate_start_with("agent", &fx.dirs, NULL, &h), 0);
	int ret = gate_check(h, &ev, GATE_CHECK_NO_ASK); /* what is asked is GATE_NO_AGENT */
	gate_end(h, ret);
	return ret;
}

static void test_words(void **state)
{
	assert_int_equal(decide("", "/w/x", NULL), GATE_SUCCESS);
	assert_int_equal(decide("", "/w/x", "no store"), GATE_NO_AGENT);
	assert_int_equal(decide("quota=0", "/w/x", NULL), GATE_NO_AGENT);
	assert_int_equal(decide("keep", "/w/secret", NULL), GATE_NO_AGENT);
	assert_int_equal(decide("pass", "/w/x", "no store"), GATE_SUCCESS);
	assert_int_equal(decide("pass", "/w/secret", NULL), GATE_NO_AGENT);
	assert_int_equal(decide("ask", "/w/x", NULL), GATE_NO_AGENT);
	assert_int_equal(decide("deny", "/w/x", NULL), GATE_DENY); /* though `sufficient` goes on after a deny */
}

static void test_bad_arguments(void **state)
{
	static const struct {
		const char *arguments, *why;
	} cases[] = {
		{"keep ask", "only one of keep|ask|deny|pass may be given"},
		{"max=", "argument 'max' takes a size"},
		{"max=lots", "argument 'max' takes a size"},
		{"quota=1T", "argument 'quota' takes a size"},
		{"age=3", "argument 'age' takes an age with its unit"},
		{"age=99999999999999999d", "argument 'age' takes an age with its unit"},
		{"kept", "unknown argument 'kept'"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[256];
		struct policy *p;
		snprintf(text, sizeof text, "unlink sufficient gate_keep %s\n", cases[i].arguments);
		fixture_write(fx.etc, "agent", text);
		fixture_forget(&fx);
		assert_int_equal(policy_load("agent", &fx.dirs, &fx.d, &p), -EINVAL);
		if (!strstr(fx.told.s, cases[i].why))
			fail_msg("%s: %s", cases[i].arguments, fx.told.s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_strictest),
		cmocka_unit_test(test_who_decides),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_bad_arguments),
	};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
