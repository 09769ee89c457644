/* SPDX-License-Identifier: BSD-2-Clause */
/* said.c - statements and requests through a stack: what is asked, and what an answer for the session covers. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "support/fixture.h"

static const char pack[] =
	"rule: t.delete\non: statement\neffect: delete\ncondition: none\nseverity: danger\nreason: r\n"
	"hit: mysql: DELETE FROM a\nmiss: mysql: SELECT 1\n\n"
	"rule: t.request\non: request\nmethod: DELETE\nseverity: danger\nreason: r\n"
	"hit: DELETE a/b\nmiss: GET a/b\n";
static const char stack[] =
	"statement sufficient gate_rules\nstatement sufficient gate_timestamp scope=session\nstatement requisite gate_confirm\n"
	"request sufficient gate_rules\nrequest sufficient gate_timestamp scope=session\nrequest requisite gate_confirm\n";

static struct fixture fx;
static struct {
	unsigned asked;
	char covers[256];
} talk;

static int ask(const struct gate_question *q, struct gate_answer *a, void *data)
{
	talk.asked++;
	snprintf(talk.covers, sizeof talk.covers, "%s", q->covers ? q->covers : "");
	a->choice = GATE_ANSWER_SESSION;
	return GATE_SUCCESS;
}

static const struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .ask = ask};

static int open_fixture(void **state)
{
	fixture_open(&fx);
	fixture_write(fx.packs, "t.rules", pack);
	fixture_write(fx.etc, "agent", stack);
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

static struct sockaddr_in server = {.sin_family = AF_INET};
static const char *const hosts[] = {"db.example.com", NULL};

static struct gate_event event(enum gate_event_type type, const char *text)
{
	server.sin_port = htons(5432);
	server.sin_addr.s_addr = htonl(0xc0000201);
	return (struct gate_event){.struct_size = sizeof(struct gate_event),
				   .type = type,
				   .engine = type == GATE_EVENT_STATEMENT ? "postgresql" : NULL,
				   .database = type == GATE_EVENT_STATEMENT ? "shop" : NULL,
				   .method = type == GATE_EVENT_REQUEST ? "DELETE" : NULL,
				   .target = type == GATE_EVENT_REQUEST ? "/v1/users" : NULL,
				   .text = text,
				   .text_len = text ? strlen(text) : 0,
				   .address = (const struct sockaddr *)&server,
				   .address_len = sizeof server,
				   .hosts = hosts,
				   .socket_type = SOCK_STREAM};
}

/* Check the event; was it asked about? */
static bool asks(gate_handle_t *h, const struct gate_event *ev)
{
	unsigned before = talk.asked;
	assert_int_equal(gate_check(h, ev, 0), GATE_SUCCESS);
	return talk.asked > before;
}

static void test_statement(void **state)
{
	gate_handle_t *h;
	assert_int_equal(gate_start_with("agent", &fx.dirs, &conv, &h), 0);
	struct gate_event ev = event(GATE_EVENT_STATEMENT, "SELECT 1");
	assert_false(asks(h, &ev));
	ev = event(GATE_EVENT_STATEMENT, "DELETE FROM a");
	assert_true(asks(h, &ev));
	assert_string_equal(talk.covers, "t.delete: exactly this statement to db.example.com:5432 (tcp)");
	assert_false(asks(h, &ev)); /* the session's yes */
	ev.database = "other";
	assert_true(asks(h, &ev));
	ev = event(GATE_EVENT_STATEMENT, "DELETE FROM b");
	assert_true(asks(h, &ev));
	ev = event(GATE_EVENT_STATEMENT, "DELETE FROM a");
	ev.address = NULL;
	ev.address_len = 0;
	assert_true(asks(h, &ev));
	assert_string_equal(talk.covers, "t.delete: exactly this statement");
	ev = event(GATE_EVENT_STATEMENT, "DELETE FROM c");
	ev.text_flags = GATE_TEXT_PART; /* the rest may be another one */
	assert_true(asks(h, &ev));
	assert_string_equal(talk.covers, "");
	assert_true(asks(h, &ev));
	gate_end(h, 0);
}

static void test_request(void **state)
{
	gate_handle_t *h;
	assert_int_equal(gate_start_with("agent", &fx.dirs, &conv, &h), 0);
	struct gate_event ev = event(GATE_EVENT_REQUEST, NULL);
	assert_true(asks(h, &ev));
	assert_string_equal(talk.covers, "t.request: exactly this request to db.example.com:5432 (tcp)");
	assert_string_equal(gate_subjects(h)[0], "DELETE db.example.com:5432/v1/users");
	assert_false(asks(h, &ev));
	ev.target = "/v1/orders";
	assert_true(asks(h, &ev));
	ev = event(GATE_EVENT_REQUEST, "{}");
	assert_true(asks(h, &ev));
	gate_end(h, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_statement), cmocka_unit_test(test_request)};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
