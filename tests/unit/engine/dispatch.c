/* SPDX-License-Identifier: BSD-2-Clause */
/* dispatch.c - the dispatcher and gate_check(): decisions, traces, layers, verdict lines. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "policy/module.h"
#include "support/fixture.h"

static struct fixture fx;

static int open_fixture(void **state)
{
	fixture_open(&fx);
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

static void ignore_text(enum gate_style style, const char *text, void *data)
{
}

static const struct gate_conv silent = {.struct_size = sizeof(struct gate_conv), .tell = ignore_text};
static const char *const words[] = {"true", NULL};
static const struct gate_event event = {.struct_size = sizeof(struct gate_event),
					.type = GATE_EVENT_EXEC,
					.exe = "/bin/true",
					.argv = words,
					.argc = 1,
					.cwd = "/"};

static gate_handle_t *start(const char *text)
{
	gate_handle_t *h;
	fixture_write(fx.etc, "agent", text);
	assert_int_equal(gate_start_with("agent", &fx.dirs, &silent, &h), 0);
	return h;
}

/* The trace as "line module return action*". */
static const char *traced(const gate_handle_t *h, char *buf, size_t size)
{
	size_t n, len = 0;
	const struct gate_trace *t = gate_trace(h, &n);
	buf[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%u %s %s %s%s", i ? ", " : "", t[i].line, t[i].module,
					gate_strret(t[i].ret), t[i].action, t[i].grantor ? "*" : "");
	assert_true(len < size);
	return buf;
}

static void expect(const char *text, int ret, const char *trace)
{
	char buf[1024];
	gate_handle_t *h = start(text);
	int got = gate_check(h, &event, 0);
	if (got != ret || strcmp(traced(h, buf, sizeof buf), trace))
		fail_msg("%s\ngot:      %s, %s\nexpected: %s, %s", text, gate_strret(got), buf, gate_strret(ret),
			 trace);
	if (ret == GATE_SUCCESS)
		assert_null(gate_get_item(h, GATE_ITEM_REASON));
	else
		assert_non_null(gate_get_item(h, GATE_ITEM_REASON));
	gate_end(h, ret);
}

#define DEBUG(control, code) "exec " control " gate_debug return=" code "\n"

static void test_decisions(void **state)
{
	expect(DEBUG("required", "success"), GATE_SUCCESS, "1 gate_debug success ok*");
	expect(DEBUG("required", "ignore"), GATE_DENY, "1 gate_debug ignore ignore"); /* undecided denies */
	expect(DEBUG("required", "deny") DEBUG("required", "success"), GATE_DENY,
	       "1 gate_debug deny bad, 2 gate_debug success ok");
	expect(DEBUG("requisite", "timeout") DEBUG("required", "success"), GATE_TIMEOUT, "1 gate_debug timeout die");
	expect(DEBUG("sufficient", "finding") DEBUG("sufficient", "deny") DEBUG("sufficient", "success")
		       DEBUG("required", "deny"),
	       GATE_SUCCESS, "1 gate_debug finding ignore, 2 gate_debug deny ignore, 3 gate_debug success done*");
	expect(DEBUG("optional", "success") DEBUG("optional", "abort"), GATE_SUCCESS,
	       "1 gate_debug success ok*, 2 gate_debug abort ignore");
	expect(DEBUG("[default=ok]", "ignore"), GATE_DENY, "1 gate_debug ignore ok");
	expect(DEBUG("[default=bad]", "success"), GATE_DENY, "1 gate_debug success bad");
	expect("", GATE_DENY, "");
}

/* The one difference from PAM: what is broken does not let the next line decide. */
static void test_faults(void **state)
{
	static const char *const faults[] = {"service_err", "system_err",     "buf_err",
					     "conv_err",    "module_unknown", "abort"};
	for (int i = 0; i < GATE_RET_COUNT - GATE_SERVICE_ERR; i++) {
		char text[128], trace[64];
		snprintf(text, sizeof text, "exec sufficient gate_debug return=%s\nexec required gate_permit\n",
			 faults[i]);
		snprintf(trace, sizeof trace, "1 gate_debug %s die", faults[i]);
		expect(text, GATE_SERVICE_ERR + i, trace);
	}
}

static void test_reset_and_end(void **state)
{
	expect(DEBUG("required", "success") DEBUG("[default=reset]", "deny"), GATE_DENY,
	       "1 gate_debug success ok, 2 gate_debug deny reset");
	expect(DEBUG("required", "deny") DEBUG("[default=reset]", "deny") DEBUG("required", "success"), GATE_SUCCESS,
	       "1 gate_debug deny bad, 2 gate_debug deny reset, 3 gate_debug success ok*");
	/* end: stop here, without a vote */
	expect(DEBUG("required", "success") DEBUG("[deny=end]", "deny") DEBUG("required", "deny"), GATE_SUCCESS,
	       "1 gate_debug success ok*, 2 gate_debug deny end");
	expect(DEBUG("[success=end]", "success") DEBUG("required", "success"), GATE_DENY, "1 gate_debug success end");
	expect(DEBUG("required", "deny") DEBUG("[success=end]", "success"), GATE_DENY,
	       "1 gate_debug deny bad, 2 gate_debug success end");
}

static void test_substacks(void **state)
{
	fixture_write(fx.etc, "dies", DEBUG("requisite", "deny") DEBUG("required", "success"));
	fixture_write(fx.etc, "done", DEBUG("sufficient", "success") DEBUG("required", "deny"));
	fixture_write(fx.etc, "ends", DEBUG("[default=end]", "success") DEBUG("required", "deny"));
	fixture_write(fx.etc, "resets", DEBUG("required", "deny") DEBUG("[default=reset]", "success"));
	expect("exec substack dies\n" DEBUG("required", "success"), GATE_DENY,
	       "1 substack ignore enter, 1 gate_debug deny die, 2 gate_debug success ok");
	expect("exec include dies\n" DEBUG("required", "success"), GATE_DENY,
	       "1 include ignore enter, 1 gate_debug deny die");
	expect("exec substack done\n" DEBUG("required", "success"), GATE_SUCCESS,
	       "1 substack ignore enter, 1 gate_debug success done*, 2 gate_debug success ok*");
	expect("exec include done\n" DEBUG("required", "deny"), GATE_SUCCESS,
	       "1 include ignore enter, 1 gate_debug success done*");
	expect("exec substack ends\n" DEBUG("required", "success"), GATE_SUCCESS,
	       "1 substack ignore enter, 1 gate_debug success end, 2 gate_debug success ok*");
	expect("exec include ends\n" DEBUG("required", "success"), GATE_DENY,
	       "1 include ignore enter, 1 gate_debug success end");
	/* a substack's reset goes back to where the substack began, an include's to where its includer did */
	expect(DEBUG("required", "success") "exec substack resets\n", GATE_SUCCESS,
	       "1 gate_debug success ok*, 2 substack ignore enter, 1 gate_debug deny bad, 2 gate_debug success reset");
	expect(DEBUG("required", "success") "exec include resets\n", GATE_DENY,
	       "1 gate_debug success ok, 2 include ignore enter, 1 gate_debug deny bad, 2 gate_debug success reset");
}

/* Let a line's module be one of the test's own, which `own` is a copy of; it lives until gate_end(). */
static struct gate_module *replace_module(gate_handle_t *h, size_t line, struct gate_module *own)
{
	struct module *m = gate_handle_policy(h)->stacks[0]->lines[line].module;
	*own = *m->info;
	m->info = own;
	return own;
}

static int odd(gate_handle_t *h, const struct gate_event *ev, int argc, const char *const *argv)
{
	return 77;
}

/* A return outside the enumeration is bad, whatever the control says. */
static void test_odd_return(void **state)
{
	gate_handle_t *h = start(DEBUG("optional", "success") DEBUG("required", "success"));
	struct gate_module own;
	replace_module(h, 0, &own)->decide = odd;
	assert_int_equal(gate_check(h, &event, 0), GATE_ABORT);
	gate_end(h, GATE_ABORT);
}

static void test_no_event(void **state)
{
	struct gate_event connect = event;
	connect.type = GATE_EVENT_CONNECT;
	gate_handle_t *h = start(DEBUG("required", "success"));
	assert_int_equal(gate_check(h, &connect, 0), GATE_DENY);
	assert_string_equal(gate_get_item(h, GATE_ITEM_REASON), "service agent has no line for connect");
	connect.type = GATE_EVENT_VERDICT;
	assert_int_equal(gate_check(h, &connect, 0), GATE_ABORT);
	assert_int_equal(gate_check(h, NULL, 0), GATE_ABORT);
	assert_int_equal(gate_check(h, &event, 0), GATE_SUCCESS);
	gate_end(h, 0);
}

/* An event of an older caller lacks fields, one of a newer caller has some that this engine does not know. */
static void test_sizes(void **state)
{
	struct {
		struct gate_event event;
		char more[16];
	} newer = {.event = event};
	gate_handle_t *h = start(DEBUG("required", "success"));
	newer.event.struct_size = sizeof newer;
	assert_int_equal(gate_check(h, &newer.event, 0), GATE_SUCCESS);
	newer.more[15] = 1;
	assert_int_equal(gate_check(h, &newer.event, 0), GATE_ABORT);
	assert_string_equal(gate_get_item(h, GATE_ITEM_REASON), "the event has fields that this version does not know");
	newer.event.struct_size = 0;
	assert_int_equal(gate_check(h, &newer.event, 0), GATE_ABORT);
	newer.event.struct_size = sizeof event;
	assert_int_equal(gate_check(h, &newer.event, 0), GATE_SUCCESS);
	gate_end(h, 0);

	struct {
		struct gate_conv conv;
		void *more;
	} conv = {.conv = silent, .more = &conv};
	conv.conv.struct_size = sizeof conv;
	assert_int_equal(gate_start_with("agent", &fx.dirs, &conv.conv, &h), -E2BIG);
	assert_null(h);
	conv.more = NULL;
	assert_int_equal(gate_start_with("agent", &fx.dirs, &conv.conv, &h), 0);
	gate_handle_t *twin;
	conv.conv.struct_size = 8;
	assert_int_equal(gate_dup(h, &conv.conv, &twin), -EINVAL);
	assert_null(twin);
	gate_end(h, 0);
}

static int cleaned, cleaned_status;

static void clean(void *data, int status)
{
	cleaned += *(int *)data;
	cleaned_status = status;
}

/* Counts its calls in the handle's data. */
static int count_calls(gate_handle_t *h, const struct gate_event *ev, int argc, const char *const *argv)
{
	static int first = 1, second = 10;
	int *now = gate_get_data(h);
	if (gate_set_data(h, !now ? &first : &second, clean))
		return GATE_SYSTEM_ERR;
	return !now ? GATE_SUCCESS : now == &first ? GATE_IGNORE : GATE_DENY;
}

/* Data is the module's and the handle's: another handle begins without, and each pointer is cleaned up once. */
static void test_data(void **state)
{
	gate_handle_t *h = start(DEBUG("required", "success")), *twin;
	struct gate_module own;
	replace_module(h, 0, &own)->decide = count_calls;
	cleaned = 0;
	assert_null(gate_get_data(h));
	assert_int_equal(gate_set_data(h, &own, NULL), -EINVAL);
	assert_int_equal(gate_check(h, &event, 0), GATE_SUCCESS);
	assert_int_equal(gate_dup(h, NULL, &twin), 0);
	assert_int_equal(gate_check(twin, &event, 0), GATE_SUCCESS);
	assert_int_equal(cleaned, 0);
	assert_int_equal(gate_check(h, &event, 0), GATE_DENY); /* ignored alone denies */
	assert_int_equal(cleaned, 1);
	assert_int_equal(cleaned_status, GATE_SUCCESS);
	gate_end(h, GATE_DENY);
	assert_int_equal(cleaned, 11);
	assert_int_equal(cleaned_status, GATE_DENY);
	gate_end(twin, 0);
	assert_int_equal(cleaned, 12);
}

static int seen;

static int see_verdict(gate_handle_t *h, const struct gate_event *ev, int argc, const char *const *argv)
{
	seen = gate_verdict(h);
	gate_set_reason(h, "changed by a verdict line");
	return GATE_DENY;
}

static void test_verdict(void **state)
{
	static const char *const codes[] = {"success", "deny"};
	for (int i = 0; i < 2; i++) {
		char text[128];
		snprintf(text, sizeof text, "exec required gate_debug return=%s\nverdict required gate_debug\n",
			 codes[i]);
		gate_handle_t *h = start(text);
		struct gate_module own;
		replace_module(h, 1, &own)->verdict = see_verdict;
		seen = -1;
		int want = i ? GATE_DENY : GATE_SUCCESS;
		assert_int_equal(gate_check(h, &event, 0), want);
		assert_int_equal(seen, want);
		const char *reason = gate_get_item(h, GATE_ITEM_REASON);
		assert_true(!reason || !strstr(reason, "changed"));
		gate_end(h, want);
	}
}

/* The user's and the project's stacks can refuse what the system's allows, never allow what it refuses. */
static void test_layers(void **state)
{
	static const struct {
		const char *system, *user, *project;
		int want;
	} table[] = {
		{DEBUG("required", "success"), DEBUG("required", "success"), DEBUG("required", "success"),
		 GATE_SUCCESS},
		{DEBUG("required", "success"), DEBUG("required", "deny"), "", GATE_DENY},
		{DEBUG("required", "success"), "", DEBUG("required", "no_agent"), GATE_NO_AGENT},
		{DEBUG("required", "deny"), DEBUG("sufficient", "success"), DEBUG("sufficient", "success"), GATE_DENY},
		{DEBUG("required", "success"), "", "", GATE_SUCCESS},                       /* no line: they abstain */
		{DEBUG("required", "success"), DEBUG("optional", "ignore"), "", GATE_DENY}, /* undecided does not */
		{"", DEBUG("required", "success"), "", GATE_SUCCESS},
	};
	fx.dirs.user = fx.user;
	fx.dirs.project = fx.project;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		fixture_write(fx.user, "gate.d/agent", table[i].user);
		fixture_write(fx.project, "gate.d/agent", table[i].project);
		gate_handle_t *h = start(table[i].system);
		assert_int_equal(gate_handle_policy(h)->nstacks, 3);
		assert_int_equal(gate_check(h, &event, 0), table[i].want);
		gate_end(h, 0);
	}
	fx.dirs.user = fx.dirs.project = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decisions),     cmocka_unit_test(test_faults),
		cmocka_unit_test(test_reset_and_end), cmocka_unit_test(test_substacks),
		cmocka_unit_test(test_odd_return),    cmocka_unit_test(test_no_event),
		cmocka_unit_test(test_verdict),       cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_data),          cmocka_unit_test(test_layers),
	};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
