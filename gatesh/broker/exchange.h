/* SPDX-License-Identifier: BSD-2-Clause */
/* exchange.h - one request and its answer, from the client's connection to the server's and back. */
#ifndef GATESH_BROKER_EXCHANGE_H
#define GATESH_BROKER_EXCHANGE_H

#include "broker/broker.h"

/* Serve the client on `fd`, which the caller closes, with one request.  In a thread of its own; blocks as long as the two
 * sides take. */
void exchange_run(struct broker *b, int fd);

#endif
