/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol.c - the parsers of gatesh/relay: what they find, whatever the pieces; that they pass everything else byte for byte; and
 * what stands in place of a refused statement. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/protocol_drive.h"

static struct drive d;

/* The client's bytes say `said`, and the server gets them as they are, in pieces of any size. */
static void says(enum protocol_kind server, const char *bytes, size_t n, enum protocol_kind kind, const char *said)
{
	static const size_t pieces[] = {1, 2, 7, 1 << 16};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		memset(&d, 0, sizeof d);
		d.protocol.kind = server;
		drive(&d, bytes, n, pieces[i]);
		assert_string_equal(d.said, said);
		assert_int_equal(d.protocol.kind, kind);
		assert_int_equal(d.nserver, n);
		assert_memory_equal(d.to_server, bytes, n);
	}
}

#define SAYS(bytes, kind, said) says(PROTOCOL_UNKNOWN, bytes, sizeof(bytes) - 1, kind, said)

/* Refused: what the server gets in place of it, and what the client gets. */
static void refuses(enum protocol_kind server, const char *bytes, size_t n, const char *want, size_t nwant,
		    const char *client)
{
	memset(&d, 0, sizeof d);
	d.protocol.kind = server;
	d.refuses = true;
	drive(&d, bytes, n, 5);
	assert_int_equal(d.nserver, nwant);
	assert_memory_equal(d.to_server, want, nwant);
	d.to_client[d.nclient] = '\0';
	assert_string_equal(d.to_client, client);
}

#define REFUSES(bytes, server, client) \
	refuses(PROTOCOL_UNKNOWN, bytes, sizeof(bytes) - 1, server, sizeof(server) - 1, client)

/* --- PostgreSQL --------------------------------------------------------------------------------------------------- */

#define PG_START "\0\0\0\x1f\0\3\0\0user\0me\0database\0shop\0\0"
#define PG_SSL "\0\0\0\x08\x04\xd2\x16\x2f"
#define PG_GSS "\0\0\0\x08\x04\xd2\x16\x30"
#define PG_PASSWORD "p\0\0\0\x07hi\0"

static void postgresql_is_found(void **state)
{
	SAYS(PG_START PG_PASSWORD "Q\0\0\0\x0dselect 1\0X\0\0\0\x04", PROTOCOL_POSTGRESQL, "select 1\n");
	assert_string_equal(d.protocol.database, "shop");
	assert_string_equal(d.protocol.user, "me");
	/* Parse, Bind, Execute, Sync, pipelined with another. */
	SAYS(PG_START "P\0\0\0\x12s1\0select 2\0\0\0B\0\0\0\x06xxD\0\0\0\x04S\0\0\0\x04Q\0\0\0\x06v\0",
	     PROTOCOL_POSTGRESQL, "prepare select 2\nv\n");
	/* COPY's data passes, whatever is in it. */
	SAYS(PG_START
	     "Q\0\0\0\x06v\0d\0\0\0\x0fQ\0\0\0\x06"
	     "drop\0\0c\0\0\0\x04Q\0\0\0\x06w\0",
	     PROTOCOL_POSTGRESQL, "v\nw\n");
	SAYS("\0\0\0\x08\0\3\0\0Q\0\0\0\x06v\0", PROTOCOL_POSTGRESQL, "v\n");
	/* The server refused TLS, so the client starts in the clear; the server took TLS. */
	SAYS(PG_SSL PG_START "Q\0\0\0\x06v\0", PROTOCOL_POSTGRESQL, "v\n");
	SAYS(PG_SSL "\x16\x03\x01 Q\0\0\0\x06v\0", PROTOCOL_FOREIGN, "");
	/* A request to cancel is a connection of its own. */
	SAYS("\0\0\0\x10\x04\xd2\x16\x2e"
	     "12345678",
	     PROTOCOL_FOREIGN, "");
	SAYS("\0\0\0\x08\0\2\0\0Q\0\0\0\x06v\0", PROTOCOL_FOREIGN, "");
}

static void postgresql_is_refused(void **state)
{
	REFUSES(PG_START
		"Q\0\0\0\x0a"
		"drop\0\0Q\0\0\0\x06v\0",
		PG_START
		"Q\0\0\0\x81"
		"DO $gate$BEGIN RAISE EXCEPTION USING MESSAGE = 'gate: refused: t.rule: it isn''t "
		"\"kept\" (//1)', ERRCODE = '42501'; END$gate$\0"
		"Q\0\0\0\x81"
		"DO $gate$BEGIN RAISE EXCEPTION USING MESSAGE = 'gate: refused: t.rule: it isn''t "
		"\"kept\" (//1)', ERRCODE = '42501'; END$gate$\0",
		"");
	/* The name of the prepared statement stays, so that what the client has pipelined behind it means it. */
	REFUSES(PG_START "P\0\0\0\x14s1\0drop a\0\0\1\0\0\0\x17S\0\0\0\x04",
		PG_START
		"P\0\0\0\x59"
		"s1\0SELECT CAST('gate: refused: t.rule: it isn''t \"kept\" (//1)' AS pg_catalog.int4)"
		"\0\0\0S\0\0\0\x04",
		"");
	REFUSES(PG_GSS PG_START, PG_START, "N"); /* the server never hears of GSS */
}

static void postgresql_is_cut(void **state)
{
	static char big[200000];
	memcpy(big,
	       PG_START
	       "Q\0\1\x86\xa0"
	       "delete from t where a in (",
	       sizeof PG_START - 1 + 31);
	memset(big + sizeof PG_START - 1 + 31, '1', sizeof big - sizeof PG_START + 1 - 31);
	memset(&d, 0, sizeof d);
	drive(&d, big, sizeof PG_START - 1 + 100001, 4096);
	assert_int_equal(d.judged, 1);
	assert_int_equal(d.nserver, sizeof PG_START - 1 + 100001);
	assert_non_null(strstr(d.said, "11 ...\n"));
}

/* --- HTTP --------------------------------------------------------------------------------------------------------- */

#define GET "GET /a?b HTTP/1.1\r\nHost: h.test:8080\r\nAccept: */*\r\n\r\n"

static void http_is_found(void **state)
{
	/* The longest method that counts, whose blank comes in a piece of its own. */
	SAYS("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF /x HTTP/1.1\r\nHost: h\r\n\r\n", PROTOCOL_HTTP,
	     "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF h/x\n");
	SAYS(GET GET, PROTOCOL_HTTP, "GET h.test:8080/a?b\nGET h.test:8080/a?b\n");
	SAYS("DELETE /v1/users HTTP/1.1\r\nhost: h\r\n\r\n", PROTOCOL_HTTP, "DELETE h/v1/users\n");
	SAYS("POST /q HTTP/1.1\r\nHost:h\r\nContent-Length: 5\r\n\r\nhello" GET, PROTOCOL_HTTP,
	     "POST h/q hello\nGET h.test:8080/a?b\n");
	SAYS("POST /q HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: t\r\n\r\n" GET,
	     PROTOCOL_HTTP, "POST h/q hello\nGET h.test:8080/a?b\n");
	/* To a proxy; a tunnel through it. */
	SAYS("PUT http://o.test/x HTTP/1.0\nHost: proxy\n\n", PROTOCOL_HTTP, "PUT o.test/x\n");
	SAYS("CONNECT o.test:443 HTTP/1.1\r\n\r\n\x16\x03\x01 DELETE / HTTP/1.1\r\n\r\n", PROTOCOL_FOREIGN,
	     "CONNECT o.test:443\n");
	/* A web socket. */
	SAYS("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n\x81\x80" GET, PROTOCOL_FOREIGN, "GET h/ws\n");
	/* HTTP/2 passes. */
	SAYS("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", PROTOCOL_FOREIGN, "");
	SAYS("EHLO me\r\nDATA\r\n", PROTOCOL_FOREIGN, "");
}

static void http_body_may_wait(void **state)
{
	static const char head[] = "POST /q HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
	static const char slow[] = "POST /q HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc";
	struct protocol_found f;
	memset(&d, 0, sizeof d);
	drive(&d, head, sizeof head - 1, 9);
	assert_string_equal(d.said, "POST h/q ...\n");
	struct protocol p = {0};
	assert_int_equal(protocol_parse(&p, slow, sizeof slow - 1, PROTOCOL_EARLY, &f), PROTOCOL_MORE);
	assert_int_equal(protocol_parse(&p, slow, sizeof slow - 1, PROTOCOL_SILENT, &f), PROTOCOL_JUDGE);
	assert_int_equal(f.n, sizeof slow - 1 + 6);
	assert_false(f.statement.whole);
}

static void http_is_refused(void **state)
{
	REFUSES("DELETE /x HTTP/1.1\r\nHost: h\r\n\r\n" GET, "",
		"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 45\r\n"
		"Connection: close\r\n\r\ngate: refused: t.rule: it isn't \"kept\" (\\$1)\n");
	REFUSES("POST /x HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", "",
		"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 61\r\nConnection: close\r\n\r\n"
		"{\"error\": \"gate: refused: t.rule: it isn't \\\"kept\\\" (\\\\$1)\"}\n");
}

static void http_streams(void **state)
{
	size_t n = 0, big = 1 << 17;
	char *bytes = malloc(big), *want = malloc(big);
	assert_true(bytes && want);
	n = (size_t)sprintf(bytes, "PUT /f HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n", big - 200);
	memset(bytes + n, 'z', big - 200);
	n += big - 200;
	memset(&d, 0, sizeof d);
	drive(&d, bytes, n, 3000);
	assert_int_equal(d.judged, 1);
	assert_int_equal(d.nserver, n);
	assert_memory_equal(d.to_server, bytes, n);
	free(bytes);
	free(want);
}

/* --- RESP --------------------------------------------------------------------------------------------------------- */

static void resp_is_found(void **state)
{
	SAYS("*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nDEL\r\n$6\r\nuser 1\r\n", PROTOCOL_RESP, "PING\nDEL \"user 1\"\n");
	SAYS("PING\r\nFLUSHALL ASYNC\r\n", PROTOCOL_RESP, "PING\nFLUSHALL ASYNC\n");
	SAYS("*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n*1\r\n$7\r\nFLUSHDB\r\n", PROTOCOL_RESP, "SELECT 3\nFLUSHDB\n");
	assert_string_equal(d.protocol.database, "3");
	SAYS("*1\r\n$7\r\nf\"\\\n\0g'\r\n", PROTOCOL_RESP, "\"f\\\"\\\\\\x0a\\x00g'\"\n");
	SAYS("*x\r\n", PROTOCOL_FOREIGN, "");
	SAYS("get key\r\n", PROTOCOL_FOREIGN, "");
}

static void resp_is_refused(void **state)
{
	REFUSES("*1\r\n$4\r\nPING\r\n", "*1\r\n$44\r\ngate: refused: t.rule: it isn t \"kept\" (\\$1)\r\n", "");
}

static void resp_is_cut(void **state)
{
	size_t n, value = 90000;
	char *bytes = malloc(2 * value);
	assert_non_null(bytes);
	n = (size_t)sprintf(bytes, "*4\r\n$4\r\nMSET\r\n$1\r\nk\r\n$%zu\r\n", value);
	memset(bytes + n, 'z', value);
	n += value;
	n += (size_t)sprintf(bytes + n, "\r\n$1\r\nj\r\n*1\r\n$4\r\nPING\r\n");
	memset(&d, 0, sizeof d);
	drive(&d, bytes, n, 1000);
	assert_int_equal(d.judged, 2);
	assert_int_equal(d.nserver, n);
	assert_non_null(strstr(d.said, " ...\nPING\n"));
	free(bytes);
}

/* --- MongoDB ------------------------------------------------------------------------------------------------------ */

static void mongodb_is_found(void **state)
{
	SAYS(":\000\000\000\001\000\000\000\000\000\000\000\324\007\000\000\000\000\000\000admin.$cmd\000\000\000\000\000\377\377\377\377\023\000\000\000\020isMaster\000\001\000\000\000\000i\000\000\000\007\000\000\000\000\000\000\000\335\007\000\000\000\000\000\000\000/\000\000\000\002delete\000\006\000\000\000users\000\010ordered\000\001\002$db\000\005\000\000\000shop\000\000\001$\000\000\000deletes\000\030\000\000\000\003q\000\005\000\000\000\000\020limit\000\000\000\000\000\000",
	     PROTOCOL_MONGODB,
	     "{\"delete\":\"users\",\"ordered\":true,\"$db\":\"shop\",\"deletes\":[{\"q\":{},\"limit\":0}]}\n");
	assert_string_equal(d.protocol.database, "shop");
	SAYS("\213\000\000\000\007\000\000\000\000\000\000\000\335\007\000\000\000\000\000\000\000v\000\000\000\002insert\000\002\000\000\000t\000\004documents\000J\000\000\000\0030\000B\000\000\000\007_id\000xxxxxxxxxxxx\001f\000\000\000\000\000\000\000\370?\012n\000\004a\000\033\000\000\000\0200\000\001\000\000\000\0021\000\004\000\000\000\"\033\\\000\0102\000\001\000\000\000\002$db\000\005\000\000\000shop\000\000",
	     PROTOCOL_MONGODB,
	     "{\"insert\":\"t\",\"documents\":[{\"_id\":{\"$oid\":\"787878787878787878787878\"},\"f\":1.5,\"n\":null,"
	     "\"a\":[1,\"\\u0022\\u001b\\u005c\",true]}],\"$db\":\"shop\"}\n");
	SAYS("/\000\000\000\007\000\000\000\000\000\000\000\334\007\000\000\000\000\000\000\000\032\000\000\000\020ping\000\001\000\000\000\002$db\000\002\000\000\000a\000\000",
	     PROTOCOL_FOREIGN, ""); /* compressed */
}

static void mongodb_is_refused(void **state)
{
	REFUSES("8\000\000\000\007\000\000\000\000\000\000\000\335\007\000\000\000\000\000\000\000#\000\000\000\002drop\000\006\000\000\000users\000\002$db\000\005\000\000\000shop\000\000",
		"[\000\000\000\007\000\000\000\000\000\000\000\335\007\000\000\000\000\000\000\000F\000\000\000\020gate: refused: t.rule: it isn t \"kept\" (\\$1)\000\001\000\000\000\002$db\000\006\000\000\000admin\000\000",
		"");
}

/* --- MySQL -------------------------------------------------------------------------------------------------------- */

#define MY_LOGIN(caps)            \
	"\x34\0\0\1" caps         \
	"\0\0\0\1\x21"            \
	"12345678901234567890123" \
	"me\0\4abcdshop\0plugin\0"
#define MY_CAPS "\x8d\x80\0\0"

static void mysql_says(const char *bytes, size_t n, enum protocol_kind kind, const char *said)
{
	says(PROTOCOL_MYSQL, bytes, n, kind, said);
}

#define MY_SAYS(bytes, kind, said) mysql_says(bytes, sizeof(bytes) - 1, kind, said)

static void mysql_is_found(void **state)
{
	MY_SAYS(MY_LOGIN(MY_CAPS) "\x09\0\0\0\3select 1" "\1\0\0\0\1", PROTOCOL_MYSQL, "select 1\n");
	assert_string_equal(d.protocol.database, "shop");
	assert_string_equal(d.protocol.user, "me");
	MY_SAYS(MY_LOGIN(MY_CAPS) "\2\0\0\0\2t\6\0\0\0\x16" "drop " "\3\0\0\2\3zz", PROTOCOL_MYSQL, "prepare drop \n");
	assert_string_equal(d.protocol.database, "t");
	/* TLS, and compression that the server never offered. */
	MY_SAYS("\x20\0\0\1\x8d\x88\0\0\0\0\0\1\x21"
		"12345678901234567890123\x16\3\1",
		PROTOCOL_FOREIGN, "");
	MY_SAYS(MY_LOGIN("\xad\x80\0\0") "\x09\0\0\0\3select 1", PROTOCOL_FOREIGN, "");
}

static void mysql_is_refused(void **state)
{
	static const char query[] = MY_LOGIN(MY_CAPS) "\5\0\0\0\3drop", prepare[] = MY_LOGIN(MY_CAPS) "\5\0\0\0\x16" "drop";
	static const char signalled[] = MY_LOGIN(MY_CAPS) "\x5a\0\0\0\3SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = "
		"'gate: refused: t.rule: it isn\"t \"kept\" (/$1)'";
	static const char unknown[] =
		MY_LOGIN(MY_CAPS) "\x36\0\0\0\x16SELECT `gate: refused: t.rule: it isn\"t \"kept\" (/$1)`";
	refuses(PROTOCOL_MYSQL, query, sizeof query - 1, signalled, sizeof signalled - 1, "");
	refuses(PROTOCOL_MYSQL, prepare, sizeof prepare - 1, unknown, sizeof unknown - 1, "");
}

static void mysql_greets(void **state)
{
	char greeting[] =
		"\x4a\0\0\0\x0a"
		"8.0.1\0"
		"1234"
		"12345678\0"
		"\xff\xff\x21\2\0\xff\xdf\x15"
		"0123456789"
		"123456789012\0mysql_native_password\0";
	struct protocol p = {0};
	greeting[0] = (char)(sizeof greeting - 1 - 4);
	assert_false(protocol_greeting(&p, greeting, 20, false));
	assert_true(protocol_greeting(&p, greeting, sizeof greeting - 1, false));
	assert_int_equal(p.kind, PROTOCOL_MYSQL);
	assert_memory_equal(greeting + 24, "\xdf\xff\x21\2\0\xff\xd3", 7);
	p = (struct protocol){0};
	assert_true(protocol_greeting(&p, (char[]){"220 mail\r\n"}, 10, false));
	assert_int_equal(p.kind, PROTOCOL_FOREIGN);
}

static void reasons_are_shortened(void **state)
{
	char out[64];
	protocol_shorten(out, sizeof out, "gate: refused: delete from t: sql.x (danger): rows");
	assert_string_equal(out, "gate: refused: delete from t: sql.x (danger): rows");
	protocol_shorten(
		out, sizeof out,
		"gate: refused: delete from a_table_of_a_long_name where x: sql.x (danger): deletes rows. Ask.");
	assert_string_equal(out, "gate: refused: sql.x (danger): deletes rows. Ask.");
	protocol_shorten(out, sizeof out,
			 "gate: refused: out of memory, and of so many other things that it is cut here");
	assert_int_equal(strlen(out), sizeof out - 1);
}

/* The bytes that other protocols begin with do not wait for more; those that a known one may begin with do. */
static void foreign_bytes_pass_at_once(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum protocol_step step;
	} cases[] = {
		{"Hi", 2, PROTOCOL_PASS},
		{"data", 4, PROTOCOL_PASS},
		{"\0\0\0\0", 4, PROTOCOL_PASS},
		/* Kafka: a length, the number 3 for metadata, version 0, a number, a name with its length. */
		{"\0\0\0\x0e\0\3\0\0\0\0\0\1\0\4test", 18, PROTOCOL_PASS},
		{"\0\0\0\x0e\0\3\0\0", 8, PROTOCOL_MORE},
		{"\0\0\0", 3, PROTOCOL_MORE},
		{"flush", 5, PROTOCOL_MORE},
		{"DELE", 4, PROTOCOL_MORE},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct protocol p = {0};
		struct protocol_found f;
		assert_int_equal(protocol_parse(&p, cases[i].bytes, cases[i].n, PROTOCOL_EARLY, &f), cases[i].step);
		assert_int_equal(p.kind, cases[i].step == PROTOCOL_PASS ? PROTOCOL_FOREIGN : PROTOCOL_UNKNOWN);
	}
	struct protocol p = {.kind = PROTOCOL_HTTP}; /* in a tunnel */
	struct protocol_found f;
	assert_int_equal(protocol_parse(&p, "DELE", 4, PROTOCOL_EARLY, &f), PROTOCOL_MORE);
	assert_int_equal(protocol_parse(&p, "DELE", 4, PROTOCOL_SILENT, &f), PROTOCOL_PASS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(postgresql_is_found),
		cmocka_unit_test(postgresql_is_refused),
		cmocka_unit_test(postgresql_is_cut),
		cmocka_unit_test(http_is_found),
		cmocka_unit_test(http_body_may_wait),
		cmocka_unit_test(http_is_refused),
		cmocka_unit_test(http_streams),
		cmocka_unit_test(resp_is_found),
		cmocka_unit_test(resp_is_refused),
		cmocka_unit_test(resp_is_cut),
		cmocka_unit_test(mongodb_is_found),
		cmocka_unit_test(mongodb_is_refused),
		cmocka_unit_test(mysql_is_found),
		cmocka_unit_test(mysql_is_refused),
		cmocka_unit_test(mysql_greets),
		cmocka_unit_test(reasons_are_shortened),
		cmocka_unit_test(foreign_bytes_pass_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
