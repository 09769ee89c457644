/* SPDX-License-Identifier: BSD-2-Clause */
/* git_request.c - what Gate reads from requests of git's protocol, and from answers of servers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "broker/exchange_parts.h"
#include "broker/git_push.h"
#include "broker/git_request.h"

#define ZERO "0000000000000000000000000000000000000000"
#define ONE "1111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222"

static void requests_are_known_by_method_and_target(void **state)
{
	static const struct {
		const char *line;
		enum git_kind kind;
	} rows[] = {
		{"GET /a.git/info/refs?service=git-upload-pack", GIT_FETCH},
		{"POST /a.git/git-upload-pack", GIT_FETCH},
		{"GET /a.git/info/refs?service=git-receive-pack", GIT_LIST},
		{"POST /a.git/git-receive-pack", GIT_PUSH},
		{"POST /a.git/git-receive-pack?x", GIT_PUSH},
		{"POST /a.git/git-receive-pac%6B", GIT_OTHER}, /* the server may read another path */
		{"POST /a%2egit/git-receive-pack", GIT_OTHER},
		{"POST /a.git/git-receive-pack;x", GIT_OTHER},
		{"POST /a.git/git-receive-pack/", GIT_OTHER},
		{"PUT /a.git/git-receive-pack", GIT_OTHER},
		{"POST /git-receive-pack", GIT_OTHER},
		{"GET /a.git/info/refs?service=git-upload-pack&service=git-receive-pack", GIT_OTHER},
		{"GET /a.git/info/refs", GIT_OTHER},
		{"DELETE /api/v4/projects/1", GIT_OTHER},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf head = {0};
		struct request_head h;
		strbuf_printf(&head, "%s HTTP/1.1\r\n\r\n", rows[i].line);
		assert_null(request_head_parse(head.s, head.len, &h));
		if (git_request_kind(&h) != rows[i].kind)
			fail_msg("%s: %d", rows[i].line, git_request_kind(&h));
	}
}

/* A packet with a line; a NUL in it is written as '|'. */
static void put(struct strbuf *b, const char *line)
{
	size_t at = b->len + 4, n = strlen(line);
	strbuf_printf(b, "%04zx%s", n + 4, line);
	for (size_t i = at; i < b->len; i++)
		if (b->s[i] == '|')
			b->s[i] = '\0';
}

static void operations_are_those_of_the_commands(void **state)
{
	static const struct {
		const char *lines[4], *operations;
		bool known;
	} rows[] = {
		{{ZERO " " ONE " refs/heads/a| report-status side-band-64k"},
		 "git-push refs/heads/a 111111111111\n",
		 true},
		{{ONE " " ZERO " refs/heads/a|x\n"}, "git-delete-ref refs/heads/a 111111111111\n", true},
		{{ONE " " TWO " refs/heads/a|x"},
		 "git-force-push refs/heads/a 111111111111..222222222222 (it is unknown what it loses)\n",
		 true},
		{{"shallow " ONE, ZERO " " ONE " refs/a|x", ONE " " ZERO " refs/b"},
		 "git-delete-ref refs/b 111111111111\ngit-push refs/a 111111111111\n",
		 true},
		{{NULL}, "git-list-refs\n", true},
		{{"push-cert|x", "certificate version 0.1\n"},
		 "git-force-push ? (Gate can't read what is pushed)\n",
		 false},
		{{ZERO " " ZERO " refs/a|x"}, "git-force-push ? (Gate can't read what is pushed)\n", false},
		{{ZERO " " ONE "1 refs/a|x"}, "git-force-push ? (Gate can't read what is pushed)\n", false},
		{{ZERO " " ONE " refs/a b|x"}, "git-force-push ? (Gate can't read what is pushed)\n", false},
		{{ZERO " " ONE " |x"}, "git-force-push ? (Gate can't read what is pushed)\n", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf b = {0}, out = {0};
		for (size_t k = 0; k < 4 && rows[i].lines[k]; k++)
			put(&b, rows[i].lines[k]);
		assert_int_equal(git_push_size(b.s ? b.s : "", b.len), 0);
		strbuf_puts(&b, "0000PACK");
		assert_int_equal(git_push_size(b.s, b.len), b.len - 4);
		assert_int_equal(git_push_operations(0, b.s, b.len - 4, &out), rows[i].known);
		assert_string_equal(out.s, rows[i].operations);
	}
	assert_int_equal(git_push_size("PACK", 4), SIZE_MAX);
	assert_int_equal(git_push_size("0003", 4), SIZE_MAX);
	assert_int_equal(git_push_size("ffff", 4), SIZE_MAX);
	assert_int_equal(git_push_size("00", 2), 0);
}

static void a_refusal_is_one_of_gits(void **state)
{
	cleanup_strbuf struct strbuf b = {0}, plain = {0}, banded = {0};
	put(&b, ZERO " " ONE " refs/heads/a| report-status-v2 side-band-64k object-format=sha1");
	strbuf_puts(&b, "0000");
	git_push_refuse(b.s, b.len, "gate: no", &banded);
	assert_string_equal(banded.s, "0034\001000eunpack ok\n001dng refs/heads/a gate: no\n00000000");
	b.len = 0;
	put(&b, ZERO " " ONE " refs/heads/a|report-status");
	strbuf_puts(&b, "0000");
	assert_true(git_push_can(b.s, b.len, "report-status"));
	assert_false(git_push_can(b.s, b.len, "side-band-64k"));
	git_push_refuse(b.s, b.len, "gate: no", &plain);
	assert_string_equal(plain.s, "000eunpack ok\n001dng refs/heads/a gate: no\n0000");
}

static void a_location_at_the_server_comes_back(void **state)
{
	struct secret s = {.host = (char *)"a.example", .port = (char *)"443", .path = (char *)"/v1", .tls = true};
	static const struct {
		const char *to, *becomes;
	} rows[] = {
		{"https://a.example/v1/x?y", "http://here/x?y"},
		{"https://A.example:443/v1", "http://here"},
		{"https://a.example/v2/x", NULL},
		{"https://a.example.evil/v1/x", NULL},
		{"https://a.example@evil/v1/x", NULL},
		{"https://a.example:444/v1/x", NULL},
		{"http://a.example/v1/x", NULL},
		{"https://a.example/v1x", NULL},
		{"/v1/x", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf head = {0}, got = {0}, expected = {0};
		strbuf_printf(&head, "HTTP/1.1 302 Found\r\nLocation: %s\r\nA: b\r\n\r\n", rows[i].to);
		strbuf_printf(&expected, "HTTP/1.1 302 Found\r\nLocation: %s\r\nA: b\r\n\r\n",
			      rows[i].becomes ? rows[i].becomes : rows[i].to);
		assert_int_equal(exchange_answer_status(head.s, head.len), 302);
		exchange_put_answer_head(head.s, head.len, &s, "http://here", &got);
		assert_string_equal(got.s, expected.s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_known_by_method_and_target),
		cmocka_unit_test(operations_are_those_of_the_commands),
		cmocka_unit_test(a_refusal_is_one_of_gits),
		cmocka_unit_test(a_location_at_the_server_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
