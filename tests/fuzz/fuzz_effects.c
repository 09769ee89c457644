/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_effects.c - any bytes as a statement of each engine and as a request's body: the effects are what they are, twice. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "effects/cloud_operations.h"
#include "effects/effects.h"
#include "subject/code/sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(enum effect_engine engine, const char *statement, struct strbuf *out)
{
	struct effects e = {0};
	if (effects_of_statement(engine, statement, &e))
		abort();
	for (size_t i = 0; i < e.n; i++)
		effect_put(out, &e.v[i]);
	effects_free(&e);
}

static enum effect_engine of;

/* How its rows could be counted, and by which columns it chooses them. */
static void count(const char *statement, struct strbuf *out)
{
	struct effect only = {0};
	enum effect_count way = effect_count(of, statement, &only);
	if ((way != EFFECT_COUNT_NONE) != (only.object != NULL))
		abort();
	free(only.object);
	strbuf_printf(out, "%d", way);
	effect_put_keys(of, statement, out);
}

static int part(const struct sql_part *p, void *out)
{
	if (p->kind != SQL_STATEMENT)
		return 0;
	judge(of, p->blanked, out);
	count(p->blanked, out);
	return 0;
}

/* The text as a request's target and body. */
static void judge_call(const char *text, size_t size, struct strbuf *out)
{
	static const char *const methods[] = {"GET", "DELETE", "PUT"}, *const hosts[] = {"b.s3.eu-west-1.amazonaws.com",
											 "ec2.eu-west-1.amazonaws.com",
											 "example.com"};
	for (size_t i = 0; i < 9; i++) {
		const struct cloud_call c = {.host = hosts[i / 3],
					     .method = methods[i % 3],
					     .target = text,
					     .action = i == 3 ? text : NULL,
					     .body = text,
					     .len = size};
		cloud_operation(&c, out);
	}
}

static void judge_all(const char *text, size_t size, struct strbuf *out)
{
	for (of = EFFECT_POSTGRESQL; of <= EFFECT_SQLITE; of++) {
		judge(of, text, out);
		if (sql_statements((enum sql_dialect)of, text, size, part, out))
			abort();
	}
	judge(EFFECT_REDIS, text, out);
	judge(EFFECT_MONGODB, text, out);
	effects_graphql_operations(text, size, out);
	judge_call(text, size, out);
	strbuf_printf(out, "%d", effects_body_has(text, size, "delete"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_strbuf struct strbuf once = {0}, twice = {0};
	char *text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	judge_all(text, size, &once);
	judge_all(text, size, &twice);
	if (once.len != twice.len || memcmp(once.s, twice.s, once.len))
		abort();
	free(text);
	return 0;
}
