/* SPDX-License-Identifier: BSD-2-Clause */
/* said_event.c - makes the events of a statement and of a request. */
#include "ask/said_event.h"

struct gate_event said_statement(const char *engine, const char *text, size_t len)
{
	return (struct gate_event){.struct_size = sizeof(struct gate_event),
				   .type = GATE_EVENT_STATEMENT,
				   .engine = engine,
				   .text = text,
				   .text_len = len,
				   .socket_type = SOCK_STREAM};
}

struct gate_event said_request(const char *method, const char *target, const char *body, size_t len)
{
	return (struct gate_event){.struct_size = sizeof(struct gate_event),
				   .type = GATE_EVENT_REQUEST,
				   .method = method,
				   .target = target,
				   .text = body,
				   .text_len = len,
				   .socket_type = SOCK_STREAM};
}
