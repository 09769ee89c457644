/* SPDX-License-Identifier: BSD-2-Clause */
/* body.c - follows a request's body by its length or its chunks (RFC 9112, 7.1). */
#include "broker/body.h"

#include <ctype.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096 };

struct body body_of(const struct request_head *h)
{
	struct body b = {.chunked = h->chunked, .left = h->chunked ? 0 : h->length};
	b.phase = h->chunked ? BODY_SIZE : h->length ? BODY_DATA : BODY_DONE;
	return b;
}

bool body_is_over(const struct body *b)
{
	return b->phase == BODY_DONE;
}

bool body_is_bad(const struct body *b)
{
	return b->phase == BODY_BAD;
}

static unsigned body_digit(char c)
{
	return isdigit((unsigned char)c) ? (unsigned)(c - '0') : (unsigned)(tolower((unsigned char)c) - 'a') + 10;
}

/* The size, then perhaps extensions, to the end of the line. */
static void body_size(struct body *b, char c)
{
	if (++b->line > LINE_MAX_BYTES) {
		b->phase = BODY_BAD;
	} else if (b->phase == BODY_SIZE && isxdigit((unsigned char)c) && b->digits < 15) {
		b->left = b->left * 16 + body_digit(c);
		b->digits++;
	} else if (!b->digits || (b->phase == BODY_SIZE && !strchr(";\r \t\n", c))) {
		b->phase = BODY_BAD;
	} else {
		b->phase = c == '\n' ? b->left ? BODY_DATA : BODY_TRAILER : BODY_SIZE_END;
		b->line = c == '\n' ? 0 : b->line;
	}
}

/* Field lines until an empty one; `line` counts the letters of one. */
static void body_trailer(struct body *b, char c)
{
	if (c == '\n' && !b->line)
		b->phase = BODY_DONE;
	else if (c != '\r' && b->line++ > LINE_MAX_BYTES)
		b->phase = BODY_BAD;
	if (c == '\n')
		b->line = 0;
}

static void body_between(struct body *b, char c)
{
	if (b->phase == BODY_SIZE || b->phase == BODY_SIZE_END)
		body_size(b, c);
	else if (b->phase == BODY_TRAILER)
		body_trailer(b, c);
	else if (c == '\n')
		*b = (struct body){.phase = BODY_SIZE, .chunked = true, .copy = b->copy};
	else if (c != '\r')
		b->phase = BODY_BAD;
}

size_t body_take(struct body *b, const char *bytes, size_t n)
{
	size_t at = 0;
	while (at < n && b->phase != BODY_DONE && b->phase != BODY_BAD) {
		if (b->phase != BODY_DATA) {
			body_between(b, bytes[at++]);
			continue;
		}
		size_t part = n - at < b->left ? n - at : (size_t)b->left;
		if (b->copy)
			strbuf_put(b->copy, bytes + at, part);
		at += part;
		b->left -= part;
		if (!b->left)
			b->phase = b->chunked ? BODY_CHUNK_END : BODY_DONE;
	}
	return at;
}
