/* SPDX-License-Identifier: BSD-2-Clause */
/* prepared.h - PostgreSQL's prepared statements of one connection that take rows: which rows is decided at each Bind.  The last
 * PREPARED_MAX are known.  The relay's thread.  Without memory, a statement is not known. */
#ifndef GATESH_RELAY_PREPARED_H
#define GATESH_RELAY_PREPARED_H

#include "relay/protocol.h"

enum {
	PREPARED_MAX = 16,
	PREPARED_TEXT_MAX = 4 << 10
}; /* so that a connection stays small; a longer one is not known */

/* Zero-initialise. */
struct prepared {
	struct prepared_statement {
		char *bytes; /* its name, text and types of parameters, one behind the other; owned; NULL: none */
		size_t name, text, types;
	} v[PREPARED_MAX];
	size_t next;
};

/* A Parse goes to the server; `takes`: it is a statement that takes rows. */
void prepared_said(struct prepared *p, const struct protocol_statement *s, bool takes);

/* Fill in the text and types of the statement that a Bind names.  Returns false if it is not known. */
bool prepared_find(const struct prepared *p, struct protocol_statement *s);

void prepared_free(struct prepared *p);

#endif
