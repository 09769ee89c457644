/* SPDX-License-Identifier: BSD-2-Clause */
/* jsonc.c - editing JSON with comments as text: nothing but the item changes, and what was put in comes out again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "adopt/hook_entries.h"
#include "adopt/jsonc_edit.h"

static struct jsonc of(const char *text)
{
	return (struct jsonc){text, strlen(text)};
}

/* Append 1 to the array a.b of the text. */
static void append(const char *text, const char *expected)
{
	const char *path[] = {"a", "b", NULL};
	cleanup_strbuf struct strbuf out = {0};
	json_t *one = json_integer(1);
	assert_int_equal(jsonc_append(of(text), path, one, &out), 0);
	json_decref(one);
	assert_string_equal(out.s, expected);
}

static void an_item_looks_like_its_neighbours(void **state)
{
	append("{}", "{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}");
	append("{\"a\":{\"b\":[7]}}", "{\"a\":{\"b\":[7,1]}}");
	append("{\"a\": {\"b\": [7]}}", "{\"a\": {\"b\": [7, 1]}}");
	append("{\"c\":0}", "{\"c\":0,\"a\":{\"b\":[1]}}");
	append("{\n\t\"c\": 0\n}\n", "{\n\t\"c\": 0,\n\t\"a\": {\n\t\t\"b\": [\n\t\t\t1\n\t\t]\n\t}\n}\n");
	append("{\n    \"c\": 0, // zero\n}\n",
	       "{\n    \"c\": 0, // zero\n    \"a\": {\n        \"b\": [\n            1\n        ]\n    },\n}\n");
	append("{\r\n  \"a\": {\r\n    \"b\": [\r\n      7 /* x */ // y\r\n    ]\r\n  }\r\n}",
	       "{\r\n  \"a\": {\r\n    \"b\": [\r\n      7, /* x */ // y\r\n      1\r\n    ]\r\n  }\r\n}");
	append("// \"a\": {\n{ \"a\": { \"b\": [\n  // none yet\n] } }",
	       "// \"a\": {\n{ \"a\": { \"b\": [\n  1\n  // none yet\n] } }");
}

/* Cut item `index` out of the root. */
static void cut(const char *text, size_t index, const char *expected)
{
	struct jsonc_item root;
	size_t bad;
	cleanup_strbuf struct strbuf out = {0};
	assert_int_equal(jsonc_root(of(text), &root, &bad), 0);
	assert_int_equal(jsonc_cut(of(text), root.value, index, &out), 0);
	assert_string_equal(out.s, expected);
}

static void a_cut_leaves_no_comma_and_no_line(void **state)
{
	cut("[1, 2, 3]", 0, "[2, 3]");
	cut("[1, 2, 3]", 1, "[1, 3]");
	cut("[1, 2, 3]", 2, "[1, 2]");
	cut("[ 1 ]", 0, "[]");
	cut("[\n  1, // one\n  2 // two\n]", 1, "[\n  1 // one\n   // two\n]");
	cut("[\n  1, // one\n  2,\n]", 1, "[\n  1, // one\n]");
	cut("[\n  1, // one\n  2 ]", 1, "[\n  1 // one\n   ]");
	cut("[ /* why */ 1 ]", 0, "[ /* why */  ]");
}

static void what_is_no_json_is_refused(void **state)
{
	static const char *const bad[] = {"",     "{",         "{\"a\"}", "{\"a\":}", "[1 2]", "[1,,2]", "{} {}",
					  "\"\\", "{\"a\":1]", "/* {}",   "[,]",      "{a:1}", "nul[",   "\"\n\""};
	struct jsonc_item root;
	size_t at;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_not_equal(jsonc_root(of(bad[i]), &root, &at), 0);
	char deep[2 * JSONC_DEPTH_MAX + 4];
	memset(deep, '[', sizeof deep);
	assert_int_not_equal(jsonc_root((struct jsonc){deep, sizeof deep}, &root, &at), 0);
}

static const char *const settings[] = {
	"{\"a\":1}",
	"{\"a\": 1}",
	"{\n  \"a\": 1\n}\n",
	"{\n\t\"a\": 1, // one\n}",
	"\xef\xbb\xbf{\r\n  \"hooks\": {\r\n    \"Stop\": []\r\n  }\r\n}\r\n",
	"{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\"hooks\": [{\"command\": \"mine\"}]}, // mine\n    ],\n  },\n}\n",
	"{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":\"not gatesh hook claude-x\"}]}]}}",
};

static void what_was_put_in_comes_out_again(void **state)
{
	const struct agent *a = agent_find("claude");
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		cleanup_strbuf struct strbuf with = {0}, without = {0};
		bool same;
		const char *s = settings[i];
		assert_int_equal(hook_entries_add(a, "'/o p/gatesh' hook claude", s, strlen(s), &with), 0);
		assert_int_equal(hook_entries_count(a, "'/o p/gatesh' hook claude", with.s, with.len, &same), 4);
		assert_true(same);
		assert_int_equal(hook_entries_count(a, "gatesh hook claude", with.s, with.len, &same), 4);
		assert_false(same);
		assert_int_equal(hook_entries_remove(a, with.s, with.len, &without), 4);
		assert_string_equal(without.s, s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_item_looks_like_its_neighbours),
		cmocka_unit_test(a_cut_leaves_no_comma_and_no_line),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(what_was_put_in_comes_out_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
