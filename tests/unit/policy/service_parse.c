/* SPDX-License-Identifier: BSD-2-Clause */
/* stack_parse.c - service files: what is read, and every way in which one is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/module.h"
#include "support/fixture.h"

static struct fixture fx;

static int open_fixture(void **state)
{
	fixture_open(&fx);
	fixture_write(fx.etc, "common", "exec optional gate_debug return=ignore\nverdict optional gate_syslog\n");
	fixture_write(fx.etc, "verdicts", "verdict optional gate_syslog\n");
	fixture_write(fx.etc, "a", "exec include b\n");
	fixture_write(fx.lib, "b", "exec required gate_permit\nexec substack a\n");
	fixture_write(fx.etc, "broken", "exec required gate_permit\n\nexec requierd gate_permit\n");
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

static int parse_as(const char *name, const char *text, size_t len, enum ruleset_trust trust, struct stack **out)
{
	struct source src = {.name = name, .text = text, .len = len};
	fixture_forget(&fx);
	return service_parse(&src, &fx.dirs, trust, &fx.d, out);
}

static struct stack *parse(const char *text)
{
	struct stack *s;
	if (parse_as("agent", text, strlen(text), TRUST_SYSTEM, &s))
		fail_msg("refused: %s", fx.told.s);
	return s;
}

static void refused(const char *text, size_t len, enum ruleset_trust trust, const char *why)
{
	struct stack *s = (struct stack *)1;
	assert_int_equal(parse_as("agent", text, len, trust, &s), -EINVAL);
	assert_null(s);
	if (!fx.told.s || !strstr(fx.told.s, why))
		fail_msg("%s\nsays: %s\nnot:  %s", text, fx.told.s ? fx.told.s : "nothing", why);
}

static void test_lines(void **state)
{
	struct stack *s =
		parse("# a comment\n"
		      "\n"
		      "exec\trequisite  gate_confirm.so\ttimeout=5m typed=critical  # why\n"
		      "exec [success=done default=ignore] gate_deny [reason=not here [ever\\]]\r\n"
		      "  verdict optional gate_syslog");
	assert_int_equal(s->n, 3);
	assert_int_equal(s->runs[GATE_EVENT_EXEC], 2);
	assert_int_equal(s->runs[GATE_EVENT_VERDICT], 1);
	assert_int_equal(s->lines[0].line, 3);
	assert_string_equal(s->lines[0].module->info->name, "gate_confirm");
	assert_int_equal(s->lines[0].argc, 2);
	assert_string_equal(s->lines[0].argv[1], "typed=critical");
	assert_null(s->lines[0].argv[2]);
	assert_string_equal(s->lines[1].control_text, "[success=done default=ignore]");
	assert_string_equal(s->lines[1].argv[0], "reason=not here [ever]");
	assert_int_equal(s->lines[2].event, GATE_EVENT_VERDICT);
	stack_free(s);
}

/* The four words, by what each return does. */
static void test_controls(void **state)
{
	static const struct {
		const char *word;
		unsigned char want[GATE_RET_COUNT];
	} table[] = {
		{"required",
		 {CONTROL_OK, CONTROL_IGNORE, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD,
		  CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD}},
		{"requisite",
		 {CONTROL_OK, CONTROL_IGNORE, CONTROL_DIE, CONTROL_DIE, CONTROL_DIE, CONTROL_DIE, CONTROL_DIE,
		  CONTROL_DIE, CONTROL_DIE, CONTROL_DIE, CONTROL_DIE, CONTROL_DIE}},
		{"sufficient",
		 {CONTROL_DONE, CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_DIE, CONTROL_DIE, CONTROL_DIE,
		  CONTROL_DIE, CONTROL_DIE, CONTROL_DIE, CONTROL_DIE, CONTROL_DIE}},
		{"optional",
		 {CONTROL_OK, CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_IGNORE,
		  CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_IGNORE, CONTROL_IGNORE}},
		{"[default=end deny=reset  timeout=done]",
		 {CONTROL_END, CONTROL_END, CONTROL_END, CONTROL_RESET, CONTROL_DONE, CONTROL_END, CONTROL_END,
		  CONTROL_END, CONTROL_END, CONTROL_END, CONTROL_END, CONTROL_END}},
		{"[success=ok]",
		 {CONTROL_OK, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD,
		  CONTROL_BAD, CONTROL_BAD, CONTROL_BAD, CONTROL_BAD}},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char text[128];
		snprintf(text, sizeof text, "exec %s gate_permit\n", table[i].word);
		struct stack *s = parse(text);
		assert_memory_equal(s->lines[0].control, table[i].want, GATE_RET_COUNT);
		stack_free(s);
	}
}

static void test_includes(void **state)
{
	struct stack *s =
		parse("exec include common\nexec substack common\nexec include verdicts\n"
		      "verdict include common\nexec required gate_permit\n");
	assert_int_equal(s->n, 4); /* an include with nothing for the event leaves nothing */
	assert_int_equal(s->nsubs, 2);
	assert_ptr_equal(s->lines[0].sub, s->lines[1].sub);
	assert_true(s->lines[0].include);
	assert_false(s->lines[1].include);
	assert_int_equal(s->runs[GATE_EVENT_EXEC], 5);
	assert_int_equal(s->runs[GATE_EVENT_VERDICT], 2);
	stack_free(s);
	s = parse("exec substack verdicts\n"); /* a line, even if an empty one: the stack does not abstain */
	assert_int_equal(s->runs[GATE_EVENT_EXEC], 1);
	stack_free(s);
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text, *why;
	} table[] = {
		{"exce required gate_permit",
		 "agent:1:1: unknown event 'exce'; did you mean 'exec'?\n"
		 "  exce required gate_permit\n  ^\n"},
		{"exec", "agent:1:5: expected a control"},
		{"exec required", "agent:1:14: expected a module"},
		{"exec include  # nothing", "agent:1:13: expected a service"},
		{"exec requred gate_permit", "agent:1:6: unknown control 'requred'; did you mean 'required'?"},
		{"exec [success=1 default=bad] gate_permit", "agent:1:15: a jump by number does not exist in gate.d"},
		{"exec [sucess=ok] gate_permit", "agent:1:7: unknown return value 'sucess'; did you mean 'success'?"},
		{"exec [success=okay] gate_permit", "agent:1:15: unknown action 'okay'; did you mean 'ok'?"},
		{"exec [success=] gate_permit", "agent:1:15: a word is missing"},
		{"exec [success] gate_permit", "agent:1:14: expected '=' and an action"},
		{"exec [success = ok] gate_permit", "agent:1:14: expected '=' and an action"},
		{"exec [] gate_permit", "agent:1:7: no value=action between the brackets"},
		{"exec [success=ok success=bad] gate_permit", "agent:1:18: given twice: 'success'"},
		{"exec [success=ok gate_permit", "agent:1:6: no ']' closes this '['"},
		{"exec [success=ok]gate_permit", "agent:1:6: ']' must be followed by a blank"},
		{"exec [success=ok\\]] gate_permit", "unknown action 'ok\\'"},
		{"exec required gate_permitt", "no module 'gate_permitt' in"},
		{"exec required gate_permitt.so", "did you mean 'gate_permit'?"},
		{"exec required permit", "agent:1:15: 'permit' is not a module's name"},
		{"exec required ./gate_permit.so", "agent:1:15: give a module's name, not a path"},
		{"exec required ../modules/gate_permit", "give a module's name, not a path"},
		{"exec required gate_permit now",
		 "agent:1:27: gate_permit: unknown argument 'now'; this module takes none"},
		{"exec required gate_confirm timout=3s",
		 "agent:1:28: gate_confirm: unknown argument 'timout=3s'; did you mean 'timeout'?"},
		{"exec required gate_confirm timeout=30",
		 "agent:1:36: gate_confirm: argument 'timeout' takes a time with its unit"},
		{"exec required gate_confirm timeout=-3s", "takes a time"},
		{"exec required gate_confirm timeout=99999999999h", "takes a time"},
		{"exec required gate_confirm timeout=2000h", "takes a time"},
		{"exec required gate_confirm timeout", "agent:1:35: gate_confirm: argument 'timeout' takes a value"},
		{"exec required gate_confirm typed=sev",
		 "agent:1:34: gate_confirm: argument 'typed' takes notice|warning|danger|critical"},
		{"exec required gate_confirm typed=", "argument 'typed' takes notice"},
		{"exec required gate_confirm timeout=1s timeout=2s",
		 "agent:1:39: gate_confirm: argument 'timeout' is given twice"},
		{"exec required gate_deny reason=", "argument 'reason' takes a text"},
		{"verdict optional gate_syslog refused=yes", "argument 'refused' takes no value"},
		{"exec required gate_exec timeout=1s", "agent:1:35: gate_exec: argument '--' is missing"},
		{"exec required gate_exec --", "agent:1:25: gate_exec: nothing follows '--'"},
		{"exec required gate_exec /bin/true", "gate_exec: unknown argument '/bin/true'"},
		{"exec required gate_exec time=1s -- /bin/true", "gate_exec: unknown argument 'time=1s'"},
		{"connect required gate_keep",
		 "agent:1:18: gate_keep does not serve connect; it serves unlink, rename, truncate, write"},
		{"exec required gate_syslog", "gate_syslog does not serve exec; it serves verdict"},
		{"exec include nothere", "agent:1:14: cannot read service 'nothere' in"},
		{"exec include ../etc/common", "agent:1:14: '../etc/common' is not a service name"},
		{"exec include .hidden", "is not a service name"},
		{"exec include common more", "agent:1:21: unexpected word after the service name"},
		{"exec include a", "include loop: a -> b -> a"},
		{"exec substack b", "include loop: b -> a -> b"},
		{"exec include broken", "/etc/broken:3:6: unknown control 'requierd'"},
		{"exec required gate_permit \\", "unknown argument '\\'"},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		refused(table[i].text, strlen(table[i].text), TRUST_SYSTEM, table[i].why);
	refused("exec req\0uired gate_permit", 26, TRUST_SYSTEM, "agent:1:9: NUL byte in the line");
}

/* Every problem is told, not the first only. */
static void test_all_problems(void **state)
{
	const char *text = "exec requird gate_permitt\nexec required gate_permit x\nnothing\n";
	refused(text, strlen(text), TRUST_SYSTEM, "agent:1:6:");
	assert_non_null(strstr(fx.told.s, "agent:1:14:"));
	assert_non_null(strstr(fx.told.s, "agent:2:27:"));
	assert_non_null(strstr(fx.told.s, "agent:3:1:"));
	assert_int_equal(fx.d.errors, 4);
}

static void test_limits(void **state)
{
	struct strbuf b = {0};
	for (int i = 0; i < 300; i++)
		strbuf_puts(&b, "exec ");
	refused(b.s, b.len, TRUST_SYSTEM, "more than 256 words");
	strbuf_free(&b);
	for (int i = 0; i < 17; i++) {
		char name[8], text[32];
		snprintf(name, sizeof name, "deep%d", i);
		snprintf(text, sizeof text, "exec include deep%d\n", i + 1);
		fixture_write(fx.etc, name, text);
	}
	refused("exec include deep0", 18, TRUST_SYSTEM, "includes nest more than 16 files deep");
	fixture_write(fx.etc, "wide0", "exec optional gate_permit\n");
	for (int i = 1; i < 5; i++) {
		char name[8], line[32];
		snprintf(name, sizeof name, "wide%d", i);
		snprintf(line, sizeof line, "exec include wide%d\n", i - 1);
		for (int j = 0; j < 10; j++)
			strbuf_puts(&b, line);
		fixture_write(fx.etc, name, b.s);
		strbuf_free(&b);
	}
	refused("exec include wide4", 18, TRUST_SYSTEM, "more than 4096 lines for exec, includes counted");
}

/* A cloned repository names no programs; what the system's own files name is the system's. */
static void test_project(void **state)
{
	const char *text = "exec required gate_exec -- /bin/true\n";
	struct stack *s;
	refused(text, strlen(text), TRUST_PROJECT,
		"agent:1:15: a project's file may not name programs to run: gate_exec");
	assert_int_equal(parse_as("agent", text, strlen(text), TRUST_USER, &s), 0);
	stack_free(s);
	fixture_write(fx.etc, "program", text);
	assert_int_equal(parse_as("agent", "exec include program", 20, TRUST_PROJECT, &s), 0);
	stack_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),    cmocka_unit_test(test_controls),     cmocka_unit_test(test_includes),
		cmocka_unit_test(test_refusals), cmocka_unit_test(test_all_problems), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_project),
	};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
