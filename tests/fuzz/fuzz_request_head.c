/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_request_head.c - gatesh/broker/request_head.c and body.c: what a program of the session sends to the broker. */
#include <stdlib.h>
#include <string.h>

#include "broker/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct secret s = {.host = (char *)"h", .port = (char *)"443", .path = (char *)"/v1", .tls = true};
	const char *text = (const char *)data;
	size_t head = request_head_size(text, size);
	struct request_head h;
	if (!head || request_head_parse(text, head, &h))
		return 0;
	cleanup_strbuf struct strbuf out = {0};
	request_head_write(&h, &s, "value", h.target_len ? 1 : 0, &out);
	/* The server reads one head with one credential, whatever the client wrote. */
	if (!out.err && (request_head_size(out.s, out.len) != out.len || request_head_parse(out.s, out.len, &h)))
		abort();
	struct body b = body_of(&h);
	body_take(&b, text + head, size - head);
	return 0;
}
