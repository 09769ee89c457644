/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_created.c - gatesh/relay/created*.c: any statements, and any bytes as the server's answers, in pieces.  A server that says nothing
 * has created nothing. */
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "relay/created.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum protocol_kind kinds[] = {PROTOCOL_HTTP, PROTOCOL_POSTGRESQL, PROTOCOL_MYSQL};

static struct protocol_text cut(const uint8_t **at, const uint8_t *end, uint8_t by)
{
	const uint8_t *stop = memchr(*at, by, (size_t)(end - *at));
	struct protocol_text t = {(const char *)*at, (size_t)((stop ? stop : end) - *at)};
	*at = stop ? stop + 1 : end;
	return t;
}

static struct protocol_statement statement(enum protocol_kind kind, struct protocol_text t)
{
	const uint8_t *at = (const uint8_t *)t.at, *end = at + t.n;
	struct protocol_statement s = {.kind = kind, .whole = true, .text = t};
	if (kind == PROTOCOL_HTTP) {
		s.method = cut(&at, end, ' ');
		s.path = cut(&at, end, ' ');
		s.host = cut(&at, end, ' ');
	}
	return s;
}

/* The input: which protocol, the size of a piece, then statements, each with its answer behind 0xff, parted by 0xfe. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sockaddr_in server = {.sin_family = AF_INET};
	struct created_list session = {0};
	struct created k = {0};
	if (size < 2)
		return 0;
	struct protocol p = {.kind = kinds[data[0] % 3], .answers = 1, .database = "shop"};
	size_t piece = 1 + data[1], said = 0;
	created_open(&k, &session, (const struct sockaddr *)&server);
	k.answered = 1;
	for (const uint8_t *at = data + 2, *end = data + size; at < end;) {
		struct protocol_text turn = cut(&at, end, 0xfe);
		const uint8_t *reply = (const uint8_t *)turn.at, *stop = reply + turn.n;
		const struct protocol_statement s = statement(p.kind, cut(&reply, stop, 0xff));
		created_is_own(&k, &p, &s);
		p.answers++;
		created_said(&k, &p, &s);
		for (; reply < stop; said++) {
			size_t n = (size_t)(stop - reply) < piece ? (size_t)(stop - reply) : piece;
			created_heard(&k, &p, reply, n);
			reply += n;
		}
	}
	if ((!said && (session.n || k.here.n)) || session.n > CREATED_MAX)
		abort();
	created_close(&k);
	created_list_free(&session);
	return 0;
}
