/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_drive.h - drives a parser of gatesh/relay as the relay does, with the client's bytes in pieces. */
#ifndef GATE_TESTS_PROTOCOL_DRIVE_H
#define GATE_TESTS_PROTOCOL_DRIVE_H

#include "relay/protocol.h"

/* The result.  All zero at first, but for `protocol.kind`, which may be set. */
struct drive {
	struct protocol protocol;
	unsigned judged, refused; /* statements; of them, those that were refused */
	bool refuses;             /* refuse every statement */
	bool ended;               /* a refusal ended the connection */
	char said[4096];          /* the statements, a line each */
	char to_server[1 << 17];  /* all that the server gets */
	size_t nserver;
	char to_client[4096];
	size_t nclient;
};

/* Send `n` bytes in pieces of `piece` bytes.  Aborts if the parser steps outside of its bytes, or makes no progress. */
void drive(struct drive *d, const void *bytes, size_t n, size_t piece);

#endif
