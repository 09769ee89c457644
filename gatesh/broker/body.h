/* SPDX-License-Identifier: BSD-2-Clause */
/* body.h - where the body of a request ends: nothing behind it goes to the server.  Pure. */
#ifndef GATESH_BROKER_BODY_H
#define GATESH_BROKER_BODY_H

#include "broker/request_head.h"

enum body_phase { BODY_DATA = 0, BODY_SIZE, BODY_SIZE_END, BODY_CHUNK_END, BODY_TRAILER, BODY_DONE, BODY_BAD };

struct body {
	enum body_phase phase;
	bool chunked;
	uint64_t left; /* bytes of the body, or of the chunk */
	unsigned digits, line;
	struct strbuf *copy; /* NULL, or gets the body without the framing of its chunks */
};

struct body body_of(const struct request_head *h);

/* How many of these bytes belong to the body.  Afterwards body_is_over() or body_is_bad() may be true. */
size_t body_take(struct body *b, const char *bytes, size_t n);
bool body_is_over(const struct body *b);
bool body_is_bad(const struct body *b);

#endif
