/* SPDX-License-Identifier: BSD-2-Clause */
/* connection_count.h - has the server count the rows of a statement, where a rule asks for them or a question is about to name the statement.
 * Meanwhile the connection waits, as for an answer. */
#ifndef GATESH_RELAY_CONNECTION_COUNT_H
#define GATESH_RELAY_CONNECTION_COUNT_H

#include "relay/connection.h"

/* May the rows of this statement matter, and can the server tell now?  `before` is the protocol's state in front of it; `passes`: no rule
 * speaks of it as long as its rows are unknown. */
bool connection_count_is_due(struct connection *c, const struct protocol_found *found, const struct protocol *before,
			     bool passes);

/* Begin with the statement of which connection_count_is_due() was true last.  Everything in front of it has gone.  false: without memory. */
bool connection_count_begin(struct connection *c, const struct protocol_found *found);

/* The server has said this, behind `at` in `down`.  Once the count is over, connection_counted() goes on with the statement. */
void connection_count_heard(struct connection *c, size_t at);

/* Give the event the rows of the statement.  It borrows. */
void connection_count_put(const struct connection *c, struct gate_event *ev);

/* The statement goes to the server: tables may have other columns afterwards. */
void connection_count_said(struct connection *c, const struct protocol_statement *s);

void connection_count_drop(struct connection *c);

/* The statement that was counted is gone. */
void connection_count_clear(struct connection *c);

#endif
