/* SPDX-License-Identifier: BSD-2-Clause */
/* wire.c - the session's side of the wire: what is a message, and what is none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gate.h>

#include "formats/wire.h"

/* An EVENT message with room to be spoilt. */
struct message {
	struct wire_head head;
	struct wire_event event;
	char strings[64];
} __attribute__((packed));

#define STRINGS "/bin/x\0/home\0a\0\0\xff b\0"

static struct message whole(void)
{
	struct message m = {
		.head = {WIRE_MAGIC, WIRE_VERSION, WIRE_EVENT, sizeof m.head + sizeof m.event + sizeof STRINGS - 1},
		.event = {.event = GATE_EVENT_EXEC,
			  .argc = 3,
			  .exe_len = 7,
			  .cwd_len = 6,
			  .argv_len = sizeof STRINGS - 1 - 13},
	};
	memcpy(m.strings, STRINGS, sizeof STRINGS - 1);
	return m;
}

/* Decoded from memory of exactly that length, so that the sanitizer sees what is read behind it. */
static int decode(const struct message *m, size_t len, struct gate_event *ev)
{
	void *copy = malloc(len ? len : 1);
	memcpy(copy, m, len);
	int err = wire_decode_event(copy, len, ev);
	if (err)
		free(copy);
	return err;
}

static int refused(const struct message *m)
{
	struct gate_event ev;
	return decode(m, m->head.length < sizeof *m ? m->head.length : sizeof *m, &ev);
}

static void a_whole_event(void **state)
{
	struct message m = whole();
	struct gate_event ev;
	assert_int_equal(wire_expect(&m, sizeof m.head), m.head.length);
	assert_int_equal(wire_decode_event(&m, m.head.length, &ev), 0);
	assert_int_equal(ev.type, GATE_EVENT_EXEC);
	assert_string_equal(ev.exe, "/bin/x");
	assert_string_equal(ev.cwd, "/home");
	assert_int_equal(ev.argc, 3);
	assert_string_equal(ev.argv[0], "a");
	assert_string_equal(ev.argv[1], "");
	assert_string_equal(ev.argv[2], "\xff b");
	assert_null(ev.argv[3]);
	assert_int_equal(ev.pid, 0);
	free((void *)ev.argv);
}

static void an_empty_event(void **state)
{
	struct message m = whole();
	struct gate_event ev;
	m.event = (struct wire_event){.event = GATE_EVENT_EXEC};
	m.head.length = sizeof m.head + sizeof m.event;
	assert_int_equal(wire_decode_event(&m, m.head.length, &ev), 0);
	assert_null(ev.exe);
	assert_null(ev.cwd);
	assert_int_equal(ev.argc, 0);
	assert_null(ev.argv[0]);
	free((void *)ev.argv);
}

static void heads(void **state)
{
	struct message m = whole();
	assert_int_equal(wire_expect(&m, sizeof m.head - 1), -EBADMSG);
	m.head.magic++;
	assert_int_equal(wire_expect(&m, sizeof m), -EBADMSG);
	m = whole(), m.head.version++;
	assert_int_equal(wire_expect(&m, sizeof m), -EPROTO);
	assert_int_equal(refused(&m), -EPROTO);
	m = whole(), m.head.type = 9;
	assert_int_equal(wire_expect(&m, sizeof m), -EBADMSG);
	m = whole(), m.head.type = 0;
	assert_int_equal(wire_expect(&m, sizeof m), -EBADMSG);
	m = whole(), m.head.length = sizeof m.head - 1;
	assert_int_equal(wire_expect(&m, sizeof m), -EBADMSG);
	m = whole(), m.head.length = WIRE_MESSAGE_MAX + 1;
	assert_int_equal(wire_expect(&m, sizeof m), -EMSGSIZE);
	m = whole(), m.head.type = WIRE_ANSWER;
	assert_int_equal(refused(&m), -EBADMSG);
}

static void bodies(void **state)
{
	struct message m;
#define REFUSES(change) (m = whole(), change, assert_int_equal(refused(&m), -EBADMSG))
	REFUSES(m.event.argc = 2); /* bytes left over */
	REFUSES(m.event.argc = 4); /* a word too few */
	REFUSES(m.event.argc = UINT32_MAX);
	REFUSES(m.event.exe_len = 8); /* a NUL inside */
	REFUSES(m.event.exe_len = 6); /* no NUL */
	REFUSES(m.event.exe_len = UINT32_MAX);
	REFUSES(m.event.cwd_len = UINT32_MAX);
	REFUSES(m.event.argv_len++);
	REFUSES(m.event.argv_len = UINT32_MAX);
	REFUSES(m.event.event = GATE_EVENT_VERDICT);
	REFUSES(m.event.event = UINT32_MAX);
	REFUSES(m.strings[sizeof STRINGS - 2] = 'x'); /* the last word does not end */
#undef REFUSES
}

static void every_truncation(void **state)
{
	struct message m = whole();
	struct gate_event ev;
	for (size_t n = 0; n < m.head.length; n++)
		assert_int_equal(decode(&m, n, &ev), -EBADMSG);
	struct message shorter = m;
	for (shorter.head.length = sizeof m.head; shorter.head.length < m.head.length; shorter.head.length++)
		assert_int_equal(refused(&shorter), -EBADMSG);
}

static size_t encode(void *buf, int ret, const char *text, const char *covers)
{
	return wire_encode_answer(buf, &(struct wire_verdict){ret, text, covers, GATE_SEVERITY_DANGER});
}

static void answers(void **state)
{
	char buf[WIRE_ANSWER_MAX], *text = malloc(2 * WIRE_TEXT_MAX);
	struct wire_answer *a = (struct wire_answer *)(buf + sizeof(struct wire_head));
	size_t fixed = sizeof(struct wire_head) + sizeof *a;
	assert_int_equal(encode(buf, GATE_SUCCESS, NULL, NULL), fixed);
	assert_int_equal(a->text_len, 0);
	assert_int_equal(a->covers_len, 0);
	assert_int_equal(encode(buf, GATE_DENY, "no", "/srv"), fixed + 3 + 5);
	assert_int_equal(wire_expect(buf, sizeof buf), fixed + 3 + 5);
	assert_int_equal(a->ret, GATE_DENY);
	assert_int_equal(a->severity, GATE_SEVERITY_DANGER);
	assert_string_equal(buf + fixed, "no");
	assert_string_equal(buf + fixed + a->text_len, "/srv");
	memset(text, 'x', 2 * WIRE_TEXT_MAX - 1);
	text[2 * WIRE_TEXT_MAX - 1] = '\0';
	assert_int_equal(encode(buf, GATE_DENY, text, NULL), fixed + WIRE_TEXT_MAX);
	assert_int_equal(strlen(buf + fixed), WIRE_TEXT_MAX - 1);
	assert_int_equal(encode(buf, GATE_SUCCESS, NULL, text), fixed); /* a part of it would be another directory */
	text[WIRE_COVERS_MAX - 1] = '\0';
	assert_int_equal(encode(buf, GATE_SUCCESS, text, text), fixed + 2 * WIRE_COVERS_MAX);
	free(text);
}

/* A statement: its text has any bytes, and its words say to what. */
static struct message statement(void)
{
#define SAID "drop\0 x"
#define TO "sqlite\0/srv/a.db"
	struct message m = {
		.head = {WIRE_MAGIC, WIRE_VERSION, WIRE_EVENT,
			 sizeof m.head + sizeof m.event + sizeof SAID - 1 + sizeof TO},
		.event = {.event = GATE_EVENT_STATEMENT, .argc = 2, .text_len = sizeof SAID - 1, .argv_len = sizeof TO},
	};
	memcpy(m.strings, SAID TO, sizeof SAID - 1 + sizeof TO);
	return m;
}

static void statements(void **state)
{
	struct message m = statement();
	struct gate_event ev;
	m.event.flags = WIRE_PART;
	assert_int_equal(wire_decode_event(&m, m.head.length, &ev), 0);
	assert_int_equal(ev.text_len, sizeof SAID - 1);
	assert_memory_equal(ev.text, SAID, ev.text_len);
	assert_int_equal(ev.text_flags, GATE_TEXT_PART);
	assert_string_equal(ev.engine, "sqlite");
	assert_string_equal(ev.database, "/srv/a.db");
	assert_null(ev.hosts);
	wire_free_event(&ev);
#define REFUSES_IT(change) (m = statement(), change, assert_int_equal(refused(&m), -EBADMSG))
	REFUSES_IT(m.event.text_len = UINT32_MAX);
	REFUSES_IT(m.event.text_len++);
	REFUSES_IT(m.event.argc = 1);
	REFUSES_IT(m.event.event = GATE_EVENT_REQUEST);
	REFUSES_IT(m.event.event = GATE_EVENT_EXEC);
	REFUSES_IT(m.strings[sizeof SAID - 1] = '\0'); /* a word too many, and no address */
	m = whole(), m.event.flags = WIRE_PART;
	assert_int_equal(refused(&m), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_event), cmocka_unit_test(an_empty_event),   cmocka_unit_test(heads),
		cmocka_unit_test(bodies),        cmocka_unit_test(every_truncation), cmocka_unit_test(answers),
		cmocka_unit_test(statements),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
