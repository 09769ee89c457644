/* SPDX-License-Identifier: BSD-2-Clause */
/* count_message.h - messages of PostgreSQL's protocol 3 for a count, out and in.  Private to count*.c. */
#ifndef GATESH_RELAY_COUNT_MESSAGE_H
#define GATESH_RELAY_COUNT_MESSAGE_H

#include "relay/count.h"

enum { COUNT_MESSAGE_HEAD = 5 };

/* The number of four bytes, in network byte order. */
uint32_t count_message_number(const char *at);

/* Column `k` of a row: its text, up to where the message was kept; NULL: there is none, or it is NULL. */
const char *count_message_column(const struct strbuf *m, unsigned k, size_t *n);

/* Append a message: its head, then the caller its content, then its length.  Returns where it begins. */
size_t count_message_begin(struct strbuf *out, char type);
void count_message_end(struct strbuf *out, size_t at);

#endif
