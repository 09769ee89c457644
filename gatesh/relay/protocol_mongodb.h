/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_mongodb.h - the sections of an OP_MSG.  Private to protocol_mongodb*.c. */
#ifndef GATESH_RELAY_PROTOCOL_MONGODB_H
#define GATESH_RELAY_PROTOCOL_MONGODB_H

#include "relay/protocol.h"

enum {
	MONGODB_HEAD = 16,
	MONGODB_BODY = 20,        /* the head and the flags; the sections follow */
	MONGODB_VALUE_MAX = 1024, /* bytes of a string that are shown */
	MONGODB_DEPTH_MAX = 64,   /* documents in documents */
};

/* A section.  Kind 0: the command, a document.  Kind 1: documents, which are the command's member `name`. */
struct mongodb_section {
	unsigned kind;
	bool whole; /* all of it is here */
	struct protocol_text name, content;
};

/* The number of four bytes, the lowest first. */
uint32_t mongodb_number(const void *at);

/* The section at *at of the message; moves *at behind it.  false: there is none. */
bool mongodb_section(struct protocol_text message, size_t *at, struct mongodb_section *s);

#endif
