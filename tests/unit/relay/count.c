/* SPDX-License-Identifier: BSD-2-Clause */
/* count.c - gatesh/relay/count*.c: what a count tells the server and when; what it makes of the answers, in pieces of any size; and that the
 * statement is never executed outside of a transaction that the server has confirmed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "relay/count.h"
#include "relay/count_keys.h"
#include "relay/prepared.h"

#define READY(state) "Z\0\0\0\5" state
#define FACTS(keeps, keys, n) "D\0\0\0" n "\0\2\0\0\0\1" keeps "\0\0\0\2" keys
#define PLAIN FACTS("t", "id", "\x11")
#define PLAN                        \
	"D\0\0\0\x1d\0\1\0\0\0\x13" \
	"Delete on t (rows=0"       \
	"D\0\0\0\x20\0\1\0\0\0\x16" \
	"  ->  Seq Scan rows=70"
#define DONE          \
	"C\0\0\0\x0e" \
	"DELETE 71\0"
#define ERROR "E\0\0\0\5\0"

struct script {
	const char *bytes;
	size_t n;
};
#define SAYS(bytes)                      \
	(struct script)                  \
	{                                \
		bytes, sizeof(bytes) - 1 \
	}

static struct strbuf out, client;

/* The messages' types in what the server was told since the last time, and the texts of its queries and statements. */
static void told(const char *want)
{
	char got[4096] = "";
	for (size_t at = 0; at < out.len;) {
		const unsigned char *m = (const unsigned char *)out.s + at;
		size_t n = (size_t)m[1] << 24 | (size_t)m[2] << 16 | (size_t)m[3] << 8 | m[4], used = strlen(got);
		const char *text = m[0] == 'Q' ? (const char *)m + 5 :
				   m[0] == 'P' ? (const char *)m + 5 + sizeof "gate_count" :
						 "";
		snprintf(got + used, sizeof got - used, "%c%.*s ", m[0], (int)strcspn(text, ";"), text);
		at += n + 1;
	}
	assert_string_equal(got, want);
	out.len = 0;
}

/* Go through a count, in pieces: each script is what the server says to one step. */
static void run(struct count *c, const struct count_subject *s, const struct script *scripts, size_t n, size_t piece)
{
	count_begin(c, s, &out);
	for (size_t i = 0; i < n; i++) {
		for (size_t at = 0; at < scripts[i].n;) {
			size_t k = scripts[i].n - at < piece ? scripts[i].n - at : piece;
			assert_int_equal(count_heard(c, scripts[i].bytes + at, k, &client), k);
			at += k;
		}
		assert_true(count_waits(c));
		assert_int_equal(count_next(c, false, &out), 0);
	}
	assert_int_equal(c->phase, COUNT_DONE);
}

static const struct count_subject deletes = {
	.way = EFFECT_COUNT_TRY, .text = {"delete from t", 13}, .table = "t", .state = 'I'};

static void counts(void **state)
{
	static const struct script scripts[] = {SAYS(PLAIN READY("T")), SAYS(PLAN READY("T")),
						SAYS("A\0\0\0\x0a"
						     "abcdef"
						     "D\0\0\0\x08\0\1\0\0" DONE READY("T")),
						SAYS(READY("T") READY("I"))};
	static const size_t pieces[] = {1, 3, 7, 4096};
	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct count c;
		client.len = 0;
		run(&c, &deletes, scripts, 4, pieces[i]);
		told("QBEGIN C C PEXPLAIN (COSTS true) delete from t B E S C C Pdelete from t B E S C C S QROLLBACK ");
		assert_true(c.has_rows && c.has_plan);
		assert_int_equal(c.rows, 71);
		assert_int_equal(c.planned, 70);
		assert_string_equal(c.keys, "id\n");
		assert_int_equal(client.len, 11); /* the notification alone */
		count_free(&c);
	}
}

/* The first rows are kept, as lines that are safe to show; the server moves behind the others, and its number counts. */
static void keeps_samples(void **state)
{
#define READABLE "D\0\0\0\x16\0\3\0\0\0\1t\0\0\0\2id\0\0\0\1t"
#define BEHIND "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define NAMES "T\0\0\0\x33\0\2id\0" BEHIND "Token\0" BEHIND
#define ROW "D\0\0\0\x17\0\2\0\0\0\3\0331\xc3\0\0\0\6secret"
	static const struct script scripts[] = {SAYS(READABLE READY("T")), SAYS(PLAN READY("T")),
						SAYS(NAMES ROW ROW ROW ROW ROW ROW "s\0\0\0\4" READY("T")),
						SAYS("C\0\0\0\x0c"
						     "MOVE 66\0" READY("T")),
						SAYS(READY("T") READY("I"))};
	struct count_subject s = deletes;
	(void)state;
	s.returns = true;
	for (size_t piece = 1; piece < 64; piece += 31) {
		struct count c;
		run(&c, &s, scripts, 5, piece);
		told("QBEGIN C C PEXPLAIN (COSTS true) delete from t B E S C C Pdelete from t RETURNING * B D E S "
		     "QMOVE ALL IN gate_count C C S QROLLBACK ");
		assert_true(c.has_rows && c.rows == 71 && c.nsamples == COUNT_SAMPLES);
		assert_memory_equal(c.samples.s, "id=\\e1\\xC3 Token=(hidden)\nid=", 29);
		count_free(&c);
	}
}

/* The server answers with `scripts`, and the statement must not have been executed. */
static void only_plans(const struct count_subject *s, const struct script *scripts, size_t n, const char *want)
{
	struct count c;
	run(&c, s, scripts, n, 5);
	told(want);
	assert_false(c.has_rows);
	count_free(&c);
}

static void is_not_tried(void **state)
{
	static const struct script trigger[] = {SAYS(FACTS("f", "id", "\x11") READY("T")), SAYS(PLAN READY("T")),
						SAYS(READY("T") READY("I"))};
	static const struct script refused[] = {SAYS(ERROR READY("I")), SAYS(READY("I") READY("I"))};
	static const struct script unconfirmed[] = {SAYS(PLAIN READY("I")), SAYS(READY("I") READY("I"))};
	static const struct script broken[] = {SAYS(PLAIN READY("T")), SAYS(ERROR READY("E")),
					       SAYS(READY("E") READY("T"))};
	struct count_subject s = deletes;
	(void)state;
	only_plans(&s, trigger, 3, "QBEGIN C C PEXPLAIN (COSTS true) delete from t B E S C C S QROLLBACK ");
	only_plans(&s, refused, 2, "QBEGIN C C S QROLLBACK ");
	only_plans(&s, unconfirmed, 2, "QBEGIN C C S QROLLBACK ");
	s.state = 'T';
	only_plans(
		&s, broken, 3,
		"QSAVEPOINT gate_count C C PEXPLAIN (COSTS true) delete from t B E S C C S QROLLBACK TO SAVEPOINT gate_count ");
	s.way = EFFECT_COUNT_NONE;
	only_plans(
		&s, broken, 3,
		"QSAVEPOINT gate_count C C PEXPLAIN (COSTS true) SELECT FROM \"t\" B E S C C S QROLLBACK TO SAVEPOINT gate_count ");
}

static void is_broken(void **state)
{
	struct count c;
	(void)state;
	count_begin(&c, &deletes, &out);
	assert_int_equal(count_heard(&c, "Z\0\0\0\1", 5, &client), -EPROTO);
	count_free(&c);
	count_begin(&c, &deletes, &out);
	count_heard(&c, PLAIN READY("T"), sizeof(PLAIN READY("T")) - 1, &client);
	assert_int_equal(count_next(&c, true, &out), 0);
	assert_int_equal(count_heard(&c, READY("T") READY("T") "A", 13, &client), 12); /* the rest is the client's */
	assert_int_equal(count_next(&c, false, &out), -EPROTO);                        /* still in a transaction */
	count_free(&c);
	out.len = 0;
}

static void knows_keys(void **state)
{
	struct count_keys k = {0};
	(void)state;
	count_keys_set(&k, "here t", "id\nname\n");
	count_keys_set(&k, "here none", "");
	assert_true(count_keys_has(&k, "here t", "a\nname\n"));
	assert_false(count_keys_has(&k, "here t", "nam\nnames\n"));
	assert_false(count_keys_has(&k, "here t", ""));
	assert_false(count_keys_has(&k, "here none", "id\n"));
	assert_false(count_keys_has(&k, "there t", "id\n"));
	for (int i = 0; i < 2 * COUNT_TABLES_MAX; i++) {
		char name[32];
		snprintf(name, sizeof name, "other %d", i);
		count_keys_set(&k, name, "id\n");
	}
	assert_false(count_keys_has(&k, "here t", "name\n"));
	count_keys_free(&k);
}

static void values_are_found(void **state)
{
	const struct protocol_statement s = {.name = {"s", 1}};
	struct protocol_text values;
	(void)state;
#define BIND "\0\1\0\1\0\2\0\0\0\1x\xff\xff\xff\xff"
	static const char bind[] = "D\0\0\0\7Ss\0B\0\0\0\x18\0s\0" BIND "\0\0S\0\0\0\4";
	assert_true(protocol_postgresql_values(&s, bind, sizeof bind - 1, &values));
	assert_int_equal(values.n, sizeof BIND - 1);
	assert_memory_equal(values.at, BIND, values.n);
	for (size_t n = 0; n < 8 + 25; n++) /* cut short */
		assert_false(protocol_postgresql_values(&s, bind, n, &values));
	assert_false(protocol_postgresql_values(&s, "B\0\0\0\x0c\0t\0\0\0\0\0\0\0", 13, &values)); /* another */
	assert_false(protocol_postgresql_values(&s, "B\0\0\0\x0b\0s\0\xff\xff\0\0\0", 12, &values));
	assert_false(protocol_postgresql_values(&s, "S\0\0\0\4B", 6, &values));
}

/* A Bind is found where it is asked for, and is passed like any message where not. */
static void binds_are_found(void **state)
{
	static const char start[] = "\0\0\0\x08\0\3\0\0", message[] = "B\0\0\0\x18\0s\0" BIND "\0\0";
	struct protocol p = {0};
	struct protocol_found f;
	struct protocol_refusal r;
	(void)state;
	assert_int_equal(protocol_parse(&p, start, sizeof start - 1, PROTOCOL_EARLY, &f), PROTOCOL_PASS);
	assert_int_equal(protocol_parse(&p, message, sizeof message - 1, PROTOCOL_EARLY, &f), PROTOCOL_PASS);
	assert_true(p.unsynced);
	p.binds = true;
	assert_int_equal(protocol_parse(&p, message, 9, PROTOCOL_EARLY, &f), PROTOCOL_MORE);
	assert_int_equal(protocol_parse(&p, message, sizeof message - 1, PROTOCOL_EARLY, &f), PROTOCOL_JUDGE);
	assert_true(f.statement.binds && f.statement.name.n == 1 && *f.statement.name.at == 's');
	assert_int_equal(f.statement.values.n, sizeof BIND - 1);
	protocol_refuse(&f.statement, "gate: refused", &r);
	assert_memory_equal(r.server + 5, "gate_refused\0SELECT CAST('gate: refused'", 39);
	assert_false(r.ends);
}

static void knows_prepared(void **state)
{
	struct prepared p = {0};
	const struct protocol_statement one = {.name = {"s", 1}, .text = {"delete", 6}, .types = {"\0\0", 2}};
	struct protocol_statement other = {.name = {"", 0}}, found = {.name = {"s", 1}}, many = one;
	(void)state;
	prepared_said(&p, &one, true);
	assert_false(prepared_find(&p, &other));
	assert_true(prepared_find(&p, &found));
	assert_memory_equal(found.text.at, "delete", found.text.n);
	assert_memory_equal(found.types.at, "\0\0", found.types.n);
	prepared_said(&p, &one, false); /* prepared anew, as something that takes no rows */
	assert_false(prepared_find(&p, &found));
	prepared_said(&p, &one, true);
	for (int i = 0; i < 2 * PREPARED_MAX; i++) {
		char name[16];
		many.name = (struct protocol_text){name, (size_t)snprintf(name, sizeof name, "n%d", i)};
		prepared_said(&p, &many, true);
	}
	assert_false(prepared_find(&p, &found));
	prepared_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(counts),           cmocka_unit_test(is_not_tried),
					   cmocka_unit_test(is_broken),        cmocka_unit_test(knows_keys),
					   cmocka_unit_test(values_are_found), cmocka_unit_test(binds_are_found),
					   cmocka_unit_test(knows_prepared),   cmocka_unit_test(keeps_samples)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
