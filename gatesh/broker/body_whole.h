/* SPDX-License-Identifier: BSD-2-Clause */
/* body_whole.h - takes a request's body as a whole, where its hash or its parts have to be signed before the first byte goes on. */
#ifndef GATESH_BROKER_BODY_WHOLE_H
#define GATESH_BROKER_BODY_WHOLE_H

#include "broker/body.h"

enum { BODY_WHOLE_MAX = 64 << 20 }; /* the AWS command line sends parts of 8 MiB */

/* Append the body: early[0..n), which came with the head, then what the client on `fd` sends.  `waits`: it waits for a 100 Continue.
 * Returns NULL, or what is wrong (static storage); "" if the client has gone. */
const char *body_whole(int fd, const struct request_head *h, const char *early, size_t n, bool waits,
		       struct strbuf *out);

#endif
