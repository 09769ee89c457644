/* SPDX-License-Identifier: BSD-2-Clause */
/* signal_aim.c - whom a signal hits, over a table; kill(-1), above all, which no test may try. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "supervise/signal_aim.h"

/* The agent leads group 100, and its tool group 200, from where 201 sends. */
static const struct signal_party agent = {100, 100}, tool = {201, 200}, beside = {101, 100}, nobody = {0, 0};

static struct signal_sent sent(int to, pid_t pid)
{
	struct signal_sent s = {.number = SIGTERM, .pid = pid};
	s.to = to;
	return s;
}

static void another_group_hits(void **state)
{
	const struct signal_sent process = sent(SIGNAL_TO_PROCESS, 100), group = sent(SIGNAL_TO_GROUP, 100),
				 all = sent(SIGNAL_TO_ALL, 0);
	assert_true(signal_aim_hits(&process, &tool, &agent));
	assert_true(signal_aim_hits(&group, &tool, &agent));
	assert_true(signal_aim_hits(&all, &tool, &agent));
}

static void others_are_free(void **state)
{
	const struct signal_sent process = sent(SIGNAL_TO_PROCESS, 202), group = sent(SIGNAL_TO_GROUP, 200),
				 none = sent(SIGNAL_TO_NOBODY, 0), all = sent(SIGNAL_TO_ALL, 0);
	assert_false(signal_aim_hits(&process, &tool, &agent));
	assert_false(signal_aim_hits(&group, &tool, &agent));
	assert_false(signal_aim_hits(&none, &tool, &agent));
	assert_false(signal_aim_hits(&all, &tool, &nobody));
}

static void ones_own_group_is_free(void **state)
{
	const struct signal_sent process = sent(SIGNAL_TO_PROCESS, 100), group = sent(SIGNAL_TO_GROUP, 100),
				 all = sent(SIGNAL_TO_ALL, 0);
	assert_false(signal_aim_hits(&process, &agent, &agent));
	assert_false(signal_aim_hits(&all, &agent, &agent));
	assert_false(signal_aim_hits(&process, &beside, &agent));
	assert_false(signal_aim_hits(&group, &beside, &agent));
	assert_false(signal_aim_hits(&all, &beside, &agent));
}

static void a_sentence_says_it(void **state)
{
	char text[128];
	struct signal_sent s = sent(SIGNAL_TO_PROCESS, 100);
	signal_aim_say(&s, "pkill", "claude, the session's first process", text, sizeof text);
	assert_string_equal(text, "pkill sends TERM to claude, the session's first process");
	s = sent(SIGNAL_TO_ALL, 0);
	signal_aim_say(&s, "bash", "claude", text, sizeof text);
	assert_string_equal(text, "bash sends TERM to every process, also to claude");
	s = sent(SIGNAL_TO_GROUP, 100);
	s.number = SIGUSR1;
	signal_aim_say(&s, "bash", "claude", text, sizeof text);
	assert_string_equal(text, "bash sends signal 10 to the process group of claude");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_group_hits),
		cmocka_unit_test(others_are_free),
		cmocka_unit_test(ones_own_group_is_free),
		cmocka_unit_test(a_sentence_says_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
