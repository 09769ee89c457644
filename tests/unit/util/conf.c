/* SPDX-License-Identifier: BSD-2-Clause */
/* conf.c - gate.conf(5): fields, places of errors, and a user's file that can only tighten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "util/conf.h"

static char said[4096];

static void keep(enum diag_level level, const char *text, void *data)
{
	snprintf(said + strlen(said), sizeof said - strlen(said), "%s\n", text);
}

static struct gate_conf conf;

/* Parse over what `conf` holds; the number of errors. */
static unsigned parse_n(const char *text, size_t n, enum conf_trust trust)
{
	struct diag d = {.emit = keep};
	struct source src = {.name = "gate.conf", .text = text, .len = n};
	said[0] = '\0';
	int ret = conf_parse(&conf, &src, trust, &d);
	assert_int_equal(ret != 0, d.errors > 0);
	return d.errors;
}

static unsigned parse(const char *text, enum conf_trust trust)
{
	return parse_n(text, strlen(text), trust);
}

static int fresh(void **state)
{
	conf = (struct gate_conf){.service = "agent"};
	return 0;
}

static void fields_are_read(void **state)
{
	assert_int_equal(parse("# a comment\n\non-fault: allow\nservice:\tci  \nshell: /bin/my sh\nvia: tmux\n",
			       CONF_TRUST_SYSTEM),
			 0);
	assert_true(conf.on_fault_allow);
	assert_string_equal(conf.service, "ci");
	assert_string_equal(conf.shell, "/bin/my sh");
	assert_true(conf.via_tmux);
	assert_int_equal(parse("via: overlay\n", CONF_TRUST_USER), 0);
	assert_false(conf.via_tmux);
	assert_int_equal(parse("via: popup\n", CONF_TRUST_USER), 1);
	assert_non_null(strstr(said, "gate.conf:1:6: via must be overlay or tmux, not 'popup'"));
}

static void last_line_needs_no_newline(void **state)
{
	assert_int_equal(parse("service: shell", CONF_TRUST_SYSTEM), 0);
	assert_string_equal(conf.service, "shell");
	assert_int_equal(parse("", CONF_TRUST_SYSTEM), 0);
}

static void user_only_tightens(void **state)
{
	assert_int_equal(parse("on-fault: allow\n", CONF_TRUST_USER), 1);
	assert_false(conf.on_fault_allow);
	assert_non_null(strstr(said, "gate.conf:1:11: a user's file may only tighten on-fault"));
	assert_int_equal(parse("on-fault: allow\n", CONF_TRUST_SYSTEM), 0);
	assert_int_equal(parse("on-fault: allow\n", CONF_TRUST_USER), 0);
	assert_true(conf.on_fault_allow);
	assert_int_equal(parse("on-fault: deny\n", CONF_TRUST_USER), 0);
	assert_false(conf.on_fault_allow);
}

static void errors_have_a_place(void **state)
{
	assert_int_equal(parse("service: ci\nonfault: deny\n", CONF_TRUST_SYSTEM), 1);
	assert_string_equal(said,
			    "gate.conf:2:1: unknown field 'onfault'; did you mean 'on-fault'?\n  onfault: deny\n  ^\n");
	assert_int_equal(parse("on-fault: maybe\n", CONF_TRUST_SYSTEM), 1);
	assert_string_equal(said,
			    "gate.conf:1:11: on-fault must be deny or allow, not 'maybe'\n  on-fault: maybe\n"
			    "            ^\n");
	assert_int_equal(parse("service ci\n", CONF_TRUST_SYSTEM), 1);
	assert_non_null(strstr(said, "gate.conf:1:11: expected `field: value`"));
	assert_int_equal(parse("service: ci\nservice: ci\n", CONF_TRUST_SYSTEM), 1);
	assert_non_null(strstr(said, "gate.conf:2:1: duplicate field 'service'"));
}

static void bad_values_are_refused(void **state)
{
	assert_int_equal(parse("service: ../../etc/passwd\n", CONF_TRUST_SYSTEM), 1);
	assert_int_equal(parse("service: .hidden\n", CONF_TRUST_SYSTEM), 1);
	assert_int_equal(parse("shell: bash\n", CONF_TRUST_SYSTEM), 1);
	assert_int_equal(parse("shell:\n", CONF_TRUST_SYSTEM), 1);
	assert_int_equal(parse_n("shell: /bin\0/sh\n", 16, CONF_TRUST_SYSTEM), 1);
	assert_int_equal(parse("nonsense\non-fault: x\n:\n", CONF_TRUST_SYSTEM), 3);
	assert_string_equal(conf.service, "agent");
	assert_string_equal(conf.shell, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(fields_are_read, fresh),
		cmocka_unit_test_setup(last_line_needs_no_newline, fresh),
		cmocka_unit_test_setup(user_only_tightens, fresh),
		cmocka_unit_test_setup(errors_have_a_place, fresh),
		cmocka_unit_test_setup(bad_values_are_refused, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
