/* SPDX-License-Identifier: BSD-2-Clause */
/* statement_ask.h - asks the session about a statement that a hook has got: the event `statement`. */
#ifndef GATE_PRELOAD_STATEMENTS_STATEMENT_ASK_H
#define GATE_PRELOAD_STATEMENTS_STATEMENT_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/wire.h"

struct statement {
	const char *engine;   /* "sqlite", "postgresql", "mysql" */
	const char *database; /* its name or file; NULL: unknown */
	const char *text;     /* `n` bytes, not terminated */
	size_t n;
	const void *address; /* of the server, address_len bytes; 0: no connection */
	unsigned address_len;
	const char *place; /* the name that the program gave for the address, or a unix socket's path; NULL: none */
};

/* Does a rule of this session speak of statements, and can this process ask?  A look at two words. */
bool statement_is_judged(void);

/* Ask, unless the text has no effect and the service judges by effects.  Returns true if the statement goes ahead; false, with the session's line in `why`. */
bool statement_allowed(const struct statement *s, char why[WIRE_TEXT_MAX]);

#endif
