/* SPDX-License-Identifier: BSD-2-Clause */
/* request_head.c - what the broker takes for a request, where its body ends, and what it sends in its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "broker/body.h"
#include "broker/request_head.h"

static void heads_that_two_readers_would_read_differently_are_refused(void **state)
{
	static const struct {
		const char *head, *wrong; /* NULL: nothing */
	} rows[] = {
		{"GET /x HTTP/1.1\r\nA: b\r\n\r\n", NULL},
		{"GET /x HTTP/1.0\r\n\r\n", NULL},
		{"POST /x HTTP/1.1\r\nContent-Length: 12\r\n\r\n", NULL},
		{"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", NULL},
		{"GET  /x HTTP/1.1\r\n\r\n", "not a request"},
		{"GET /x\r\n\r\n", "not a request"},
		{"GET /x HTTP/2\r\n\r\n", "not a request"},
		{"GET /x HTTP/1.1 \r\n\r\n", "not a request"},
		{"G(T /x HTTP/1.1\r\n\r\n", "not a method"},
		{"GET /x\x01y HTTP/1.1\r\n\r\n", "a target with"},
		{"GET /x HTTP/1.1\r\nA : b\r\n\r\n", "a header line that is none"},
		{"GET /x HTTP/1.1\r\nA: b\r\n c: d\r\n\r\n", "a header line that is none"},
		{"GET /x HTTP/1.1\r\nA: b\nC: d\r\n\r\n", "a header line that is none"},
		{"GET /x HTTP/1.1\r\nno colon\r\n\r\n", "a header line that is none"},
		{"POST /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "bad Content-Length"},
		{"POST /x HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n", "bad Content-Length"},
		{"POST /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "bad Content-Length"},
		{"POST /x HTTP/1.1\r\nContent-Length:\r\n\r\n", "bad Content-Length"},
		{"POST /x HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "bad Content-Length"},
		{"POST /x HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both"},
		{"POST /x HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "a Transfer-Encoding other"},
		{"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
		 "a Transfer-Encoding other"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct request_head h;
		size_t n = strlen(rows[i].head);
		assert_int_equal(request_head_size(rows[i].head, n), n);
		assert_int_equal(request_head_size(rows[i].head, n - 1), 0);
		const char *wrong = request_head_parse(rows[i].head, n, &h);
		if (rows[i].wrong ? !wrong || strncmp(wrong, rows[i].wrong, strlen(rows[i].wrong)) : wrong != NULL)
			fail_msg("%s: %s", rows[i].head, wrong ? wrong : "taken");
	}
}

/* What goes to the server for a request to "/KEY/model" and a rest. */
static char *written(const char *secret, const char *head, size_t skip)
{
	struct secret s;
	struct request_head h;
	struct strbuf b = {0};
	size_t at;
	assert_null(secret_parse(secret, &s, &at));
	assert_null(request_head_parse(head, strlen(head), &h));
	request_head_write(&h, &s, "REAL", skip, &b);
	secret_free(&s);
	return strbuf_take(&b);
}

static void the_head_has_the_credential_and_none_of_the_clients(void **state)
{
	char *got = written("m from env:A for https://api.example/v1 env=B base=C",
			    "POST /k/m/chat?x=1 HTTP/1.1\r\nHost: 127.0.0.1:9\r\nAuthorization: Bearer sentinel\r\n"
			    "X-API-Key: sentinel\r\nCookie: a=b\r\nConnection: keep-alive\r\nUpgrade: websocket\r\n"
			    "Accept: */*\r\nContent-Length: 2\r\n\r\n",
			    4);
	assert_string_equal(got,
			    "POST /v1/chat?x=1 HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\nAccept: */*\r\n"
			    "Content-Length: 2\r\nAuthorization: Bearer REAL\r\n\r\n");
	free(got);
}

static void the_target_follows_the_secrets_path(void **state)
{
	static const struct {
		const char *url, *target, *line;
	} rows[] = {
		{"https://a.example", "/k/m", "GET / HTTP/1.1"},
		{"https://a.example/", "/k/m/", "GET / HTTP/1.1"},
		{"https://a.example", "/k/m?q", "GET /?q HTTP/1.1"},
		{"https://a.example/v1/", "/k/m", "GET /v1 HTTP/1.1"},
		{"https://a.example/v1", "/k/m/x/../y", "GET /v1/x/../y HTTP/1.1"},
		{"https://[2001:db8::1]:8443", "/k/m/x", "GET /x HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char secret[128], head[128];
		snprintf(secret, sizeof secret, "m from env:A for %s env=B base=C header=X-Key", rows[i].url);
		snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nx-key: mine\r\n\r\n", rows[i].target);
		char *got = written(secret, head, 4);
		if (strncmp(got, rows[i].line, strlen(rows[i].line)))
			fail_msg("%s%s: %s", rows[i].url, rows[i].target, got);
		assert_null(strstr(got, "mine"));
		assert_non_null(strstr(got, "X-Key: REAL\r\n"));
		free(got);
	}
}

static void basic_has_its_user(void **state)
{
	char *got = written("m from env:A for https://a.example env=B base=C basic=me", "GET /k/m HTTP/1.1\r\n\r\n", 4);
	assert_non_null(strstr(got, "Authorization: Basic bWU6UkVBTA==\r\n"));
	free(got);
}

static void a_body_ends_where_its_framing_says(void **state)
{
	static const struct {
		bool chunked;
		uint64_t length;
		const char *bytes;
		size_t taken;
		bool over, bad;
	} rows[] = {
		{false, 0, "GET /", 0, true, false},
		{false, 3, "abcGET /", 3, true, false},
		{false, 3, "ab", 2, false, false},
		{true, 0, "3\r\nabc\r\n0\r\n\r\nGET /", 13, true, false},
		{true, 0, "3;x=y\r\nabc\r\n0\r\nA: b\r\n\r\nGET", 23, true, false},
		{true, 0, "A\r\n0123456789\r\n", 15, false, false},
		{true, 0, "\r\n", 1, false, true},
		{true, 0, "xyz\r\n", 1, false, true},
		{true, 0, "3\r\nabcd", 7, false, true},
		{true, 0, "fffffffffffffffff\r\n", 16, false, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct request_head h = {.chunked = rows[i].chunked, .length = rows[i].length};
		struct body whole = body_of(&h), bytewise = whole;
		size_t n = strlen(rows[i].bytes), one = 0;
		assert_int_equal(body_take(&whole, rows[i].bytes, n), rows[i].taken);
		for (size_t at = 0; at < n; at++)
			one += body_take(&bytewise, rows[i].bytes + at, 1);
		assert_int_equal(one, rows[i].taken);
		assert_int_equal(body_is_over(&whole), rows[i].over);
		assert_int_equal(body_is_bad(&whole), rows[i].bad);
		assert_int_equal(body_is_over(&bytewise), rows[i].over);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_that_two_readers_would_read_differently_are_refused),
		cmocka_unit_test(the_head_has_the_credential_and_none_of_the_clients),
		cmocka_unit_test(the_target_follows_the_secrets_path),
		cmocka_unit_test(basic_has_its_user),
		cmocka_unit_test(a_body_ends_where_its_framing_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
