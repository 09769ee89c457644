/* SPDX-License-Identifier: BSD-2-Clause */
/* audit.c - a decision is one whole line of valid JSON, whatever the command's bytes are, without members that do not
 * apply. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "audit/audit_write.h"
#include "engine/engine.h"
#include "engine/handle.h"
#include "support/fixture.h"

static struct fixture fx;
static struct audit audit;
static gate_handle_t *handle;
static char contents[1 << 20];

static int setup(void **state)
{
	fixture_open(&fx);
	fixture_write(fx.lib, "agent",
		      "exec required gate_permit\nstatement required gate_permit\nrequest required gate_permit\n");
	setenv("XDG_STATE_HOME", fx.dir, 1);
	assert_int_equal(gate_start_with("agent", &fx.dirs, NULL, &handle), 0);
	assert_int_equal(audit_start(&audit), 0);
	return 0;
}

static int teardown(void **state)
{
	audit_end(&audit);
	unlink(audit.path);
	gate_end(handle, GATE_SUCCESS);
	fixture_close(&fx);
	return 0;
}

/* Judge the words and write it down; audit_write()'s result. */
static int record(const char *const *words, size_t n, const char *cwd)
{
	struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				.type = GATE_EVENT_EXEC,
				.argv = words,
				.argc = n,
				.cwd = cwd,
				.pid = 7,
				.uid = 1000};
	int ret = gate_check(handle, &ev, 0);
	struct decision d = {.handle = handle, .event = &ev, .ret = ret};
	return audit_write(&audit, &d);
}

static const char *log_text(void)
{
	int fd = open(audit.path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, contents, sizeof contents - 1);
	assert_true(n >= 0 && !close(fd));
	contents[n] = '\0';
	return contents;
}

/* The log's only line, as an object. */
static json_t *only_line(void)
{
	const char *text = log_text(), *end = strchr(text, '\n');
	assert_non_null(end);
	assert_string_equal(end, "\n");
	json_t *o = json_loads(text, 0, NULL);
	assert_non_null(o);
	return o;
}

static const char *word(const json_t *o, const char *key, size_t i)
{
	return json_string_value(json_array_get(json_object_get(o, key), i));
}

static void whole_line_of_its_members(void **state)
{
	const char *const words[] = {"git", "status"};
	struct stat st;
	assert_int_equal(record(words, 2, "/tmp"), 0);
	json_t *o = only_line();
	assert_int_equal(json_integer_value(json_object_get(o, "v")), 1);
	assert_string_equal(json_string_value(json_object_get(o, "event")), "exec");
	assert_string_equal(json_string_value(json_object_get(o, "verdict")), "allow");
	assert_string_equal(json_string_value(json_object_get(o, "ret")), "success");
	assert_string_equal(json_string_value(json_object_get(o, "cwd")), "/tmp");
	assert_int_equal(json_integer_value(json_object_get(o, "pid")), 7);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(o, "principal"), "uid")), 1000);
	assert_string_equal(word(o, "argv", 1), "status");
	assert_string_equal(word(o, "grantors", 0), "gate_permit");
	json_decref(o);
	assert_int_equal(stat(audit.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void what_does_not_apply_is_left_out(void **state)
{
	static const char *const absent[] = {"id",     "rules", "severity", "by",       "text",   "ms",
					     "reason", "exe",   "cwd",      "ancestry", "session"};
	assert_int_equal(record(NULL, 0, NULL), 0);
	json_t *o = only_line();
	for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
		if (json_object_get(o, absent[i]))
			fail_msg("there is a %s: %s", absent[i], contents);
	assert_int_equal(json_array_size(json_object_get(o, "argv")), 0);
	assert_null(json_object_get(json_object_get(o, "principal"), "agent"));
	json_decref(o);
}

static void any_bytes(void **state)
{
	const char *const words[] = {"git", "a\nb\t\"c\"\\", "\x1b[2J", "\xff\xfe", "caf\xc3\xa9", ""};
	assert_int_equal(record(words, 6, "/\xff"), 0);
	json_t *o = only_line(); /* a newline in a word is none of the log */
	assert_string_equal(word(o, "argv", 1), words[1]);
	assert_string_equal(word(o, "argv", 2), words[2]);
	assert_string_equal(word(o, "argv", 3), "\\xFF\\xFE");
	assert_string_equal(word(o, "argv", 4), words[4]);
	assert_string_equal(word(o, "argv", 5), "");
	assert_string_equal(json_string_value(json_object_get(o, "cwd")), "/\\xFF");
	json_decref(o);
	assert_null(strchr(contents, '\x1b'));
}

static void a_large_one_is_whole_too(void **state)
{
	static char big[300 << 10];
	const char *const words[] = {"git", big};
	memset(big, 'x', sizeof big - 1);
	assert_int_equal(record(words, 2, "/"), 0);
	json_t *o = only_line();
	assert_int_equal(strlen(word(o, "argv", 1)), sizeof big - 1);
	json_decref(o);
}

static void record_event(const struct gate_event *ev)
{
	struct decision d = {.handle = handle, .event = ev, .ret = gate_check(handle, ev, 0)};
	assert_int_equal(audit_write(&audit, &d), 0);
}

static void what_was_said(void **state)
{
	struct gate_event ev = {.struct_size = sizeof ev, .type = GATE_EVENT_STATEMENT};
	ev.engine = "mysql";
	ev.database = "shop";
	ev.text = "DELETE FROM a\xff; and more";
	ev.text_len = strlen("DELETE FROM a\xff");
	ev.rows = 7;
	ev.text_flags = GATE_TEXT_ROWS | GATE_TEXT_PART;
	record_event(&ev);
	json_t *o = only_line();
	assert_string_equal(json_string_value(json_object_get(o, "event")), "statement");
	assert_string_equal(json_string_value(json_object_get(o, "engine")), "mysql");
	assert_string_equal(json_string_value(json_object_get(o, "database")), "shop");
	assert_string_equal(json_string_value(json_object_get(o, "said")), "DELETE FROM a\\xFF");
	assert_true(json_is_true(json_object_get(o, "part")));
	assert_int_equal(json_integer_value(json_object_get(o, "rows")), 7);
	assert_null(json_object_get(o, "address"));
	json_decref(o);
}

/* It may hold credentials. */
static void the_body_of_a_request_that_no_rule_matches_is_left_out(void **state)
{
	struct gate_event ev = {.struct_size = sizeof ev, .type = GATE_EVENT_REQUEST};
	ev.method = "POST";
	ev.target = "/login";
	ev.text = "password=secret";
	ev.text_len = strlen(ev.text);
	record_event(&ev);
	json_t *o = only_line();
	assert_string_equal(json_string_value(json_object_get(o, "method")), "POST");
	assert_string_equal(word(o, "subjects", 0), "POST /login");
	assert_null(json_object_get(o, "said"));
	assert_null(strstr(contents, "secret"));
	json_decref(o);
}

/* It stands behind the operation's name. */
static void nor_is_the_body_behind_an_operation(void **state)
{
	struct gate_event ev = {.struct_size = sizeof ev, .type = GATE_EVENT_REQUEST};
	ev.method = "POST";
	ev.target = "/";
	ev.text = "secretsmanager:PutSecretValue {\"SecretString\": \"password\"}";
	ev.text_len = strlen(ev.text);
	ev.text_flags = GATE_TEXT_OPERATIONS;
	record_event(&ev);
	json_t *o = only_line();
	assert_string_equal(json_string_value(json_object_get(o, "said")), "secretsmanager:PutSecretValue");
	assert_null(strstr(contents, "password"));
	json_decref(o);
}

static void a_full_disk_is_an_error_and_heals(void **state)
{
	const char *const words[] = {"git", "status"};
	struct rlimit old, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_IGN);
	small = (struct rlimit){.rlim_cur = 40, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int first = record(words, 2, "/"), second = record(words, 2, "/");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(first, -ENOSPC); /* a part of it */
	assert_int_equal(second, -EFBIG); /* nothing */
	assert_int_equal(record(words, 2, "/"), 0);
	const char *whole = strchr(log_text(), '\n'); /* behind the torn line */
	assert_non_null(whole);
	json_t *o = json_loads(whole + 1, 0, NULL);
	assert_non_null(o);
	json_decref(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole_line_of_its_members, setup, teardown),
		cmocka_unit_test_setup_teardown(what_does_not_apply_is_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(any_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(a_large_one_is_whole_too, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_said, setup, teardown),
		cmocka_unit_test_setup_teardown(the_body_of_a_request_that_no_rule_matches_is_left_out, setup,
						teardown),
		cmocka_unit_test_setup_teardown(nor_is_the_body_behind_an_operation, setup, teardown),
		cmocka_unit_test_setup_teardown(a_full_disk_is_an_error_and_heals, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
