/* SPDX-License-Identifier: BSD-2-Clause */
/* refusal.h - the answer that a program gets from gatesh in place of the server's. */
#ifndef GATESH_BROKER_REFUSAL_H
#define GATESH_BROKER_REFUSAL_H

#include "broker/request_head.h"

/* Append an answer with this status ("502 Bad Gateway") and reason: text, or JSON for a client that speaks JSON, in which `message`
 * and `error.message` are the reason, where the clients of APIs look for one.  `h` may be all zero. */
void refusal_write(const struct request_head *h, const char *status, const char *why, struct strbuf *out);

#endif
