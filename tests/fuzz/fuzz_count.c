/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_count.c - gatesh/relay/count*.c: any answers of a server, in pieces.  Whatever it says, the statement is executed only where it has said
 * that the connection is in a transaction, and each count ends with a rollback. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "relay/count.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STATEMENT "gate_count\0delete from" /* as a Parse has it */

static bool has(const struct strbuf *out, const char *bytes, size_t n)
{
	return out->len && memmem(out->s, out->len, bytes, n);
}

/* A Bind of any bytes behind a Parse. */
static void look_for_values(const uint8_t *data, size_t size)
{
	const struct protocol_statement s = {.name = {"", 0}};
	struct protocol_text values;
	volatile char sum = 0;
	if (protocol_postgresql_values(&s, data, size, &values))
		for (size_t i = 0; i < values.n; i++)
			sum = (char)(sum + values.at[i]);
}

/* The input: the way and the state, the size of a piece, then what the server says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_strbuf struct strbuf out = {0}, client = {0};
	struct count c;
	if (size < 2)
		return 0;
	const struct count_subject s = {.way = (enum effect_count)(data[0] % 3),
					.text = {"delete from t", strlen("delete from t")},
					.returns = data[0] & 8,
					.table = "a.\"b'\\",
					.state = data[0] & 4 ? 'T' : 'I'};
	size_t piece = 1 + data[1];
	look_for_values(data + 2, size - 2);
	count_begin(&c, &s, &out);
	for (const uint8_t *at = data + 2, *end = data + size; at < end && c.phase != COUNT_DONE;) {
		size_t n = (size_t)(end - at) < piece ? (size_t)(end - at) : piece;
		long used = count_heard(&c, (const char *)at, n, &client);
		if (used < 0)
			break;
		at += used;
		out.len = 0;
		if (!count_waits(&c))
			continue;
		bool closes = c.phase == COUNT_CLOSES;
		if (count_next(&c, false, &out))
			break;
		if ((has(&out, STATEMENT, sizeof STATEMENT - 1) && (c.state != 'T' || s.way != EFFECT_COUNT_TRY)) ||
		    (c.phase == COUNT_DONE && !closes) || (c.phase == COUNT_CLOSES && !has(&out, "ROLLBACK", 8)))
			abort();
	}
	count_free(&c);
	return 0;
}
