/* SPDX-License-Identifier: BSD-2-Clause */
/* said_event.h - makes the events of what a process says over a connection: a statement, a request.  See the members in
 * gate.h.  All strings are borrowed, as those of any event. */
#ifndef GATESH_ASK_SAID_EVENT_H
#define GATESH_ASK_SAID_EVENT_H

#include <gate.h>

/* A statement of `len` bytes to a database of this engine: "postgresql", "mysql", "sqlite", "redis", "mongodb".  The caller
 * adds what it knows: the process (pid, uid, start_time, exe, argv, argc, cwd, ancestry), the connection (address,
 * address_len, hosts, socket_type; path for a unix socket), database, rows, text_flags. */
struct gate_event said_statement(const char *engine, const char *text, size_t len);

/* A request: its method and target as sent, and `len` bytes of its body; NULL: it has none.  The caller adds the process and
 * the connection; `hosts` has the names looked up and the one that the request gives. */
struct gate_event said_request(const char *method, const char *target, const char *body, size_t len);

#endif
