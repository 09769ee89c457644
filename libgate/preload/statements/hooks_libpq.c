/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_libpq.c - the hooks of PostgreSQL's library, for connections that the session's relay does not see: over TLS, over a unix
 * socket, to a server that is not turned to it.  A refused statement is replaced by one that the server refuses, as in
 * gatesh/relay/protocol_postgresql.c: a block that raises the reason; where a statement is only parsed, a constant of the wrong
 * type.  SQLSTATE 42501 is insufficient_privilege. */
#include <stddef.h>

#include "preload/base/hooks.h"
#include "preload/base/str.h"
#include "preload/statements/library_call.h"
#include "preload/statements/refusal.h"
#include "preload/statements/server_place.h"
#include "preload/statements/statement_ask.h"

enum { WHY = 500 };
typedef unsigned oid;

HOOK void *libpq_hook_exec(void *conn, const char *sql);
HOOK void *libpq_hook_exec_params(void *conn, const char *sql, int n, const oid *types, const char *const *values,
				  const int *lengths, const int *formats, int format);
HOOK void *libpq_hook_prepare(void *conn, const char *name, const char *sql, int n, const oid *types);
HOOK int libpq_hook_send_query(void *conn, const char *sql);
HOOK int libpq_hook_send_query_params(void *conn, const char *sql, int n, const oid *types, const char *const *values,
				      const int *lengths, const int *formats, int format);
HOOK int libpq_hook_send_prepare(void *conn, const char *name, const char *sql, int n, const oid *types);

LIBRARY_HOOK(libpq_hook_exec, PQexec, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(libpq_hook_exec_params, PQexecParams, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(libpq_hook_prepare, PQprepare, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(libpq_hook_send_query, PQsendQuery, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(libpq_hook_send_query_params, PQsendQueryParams, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(libpq_hook_send_prepare, PQsendPrepare, LIBRARY_UNVERSIONED);

/* A function of the library that tells something about a connection; `none` where it has no such function. */
static const char *libpq_text(const void *function, const char *name, void *conn)
{
	const char *(*f)(void *) = library_sibling(function, name);
	return f ? f(conn) : NULL;
}

static int libpq_number(const void *function, const char *name, void *conn, int none)
{
	int (*f)(void *) = library_sibling(function, name);
	return f ? f(conn) : none;
}

/* May the statement be sent?  If not, `why` has the reason. */
static bool libpq_passes(void *conn, const struct library_call *c, const char *sql, char why[WIRE_TEXT_MAX])
{
	struct server_place place;
	if (!conn || !sql || c->inside || !statement_is_judged())
		return true;
	bool hidden = libpq_number(c->next, "PQsslInUse", conn, 0) || libpq_number(c->next, "PQgssEncInUse", conn, 0);
	if (server_place_is_relayed(&place, libpq_number(c->next, "PQsocket", conn, -1), hidden))
		return true;
	struct statement s = {.engine = "postgresql",
			      .database = libpq_text(c->next, "PQdb", conn),
			      .text = sql,
			      .n = text_length(sql)};
	server_place_put(&place, libpq_text(c->next, "PQhost", conn), &s);
	return statement_allowed(&s, why);
}

/* The text to send in place of `sql`: itself, or a refusal in `out`. */
static const char *libpq_judged(void *conn, const struct library_call *c, const char *sql, bool parsed,
				char out[REFUSAL_MAX])
{
	char why[WIRE_TEXT_MAX];
	if (libpq_passes(conn, c, sql, why))
		return sql;
	if (parsed)
		refusal_put(out, "SELECT CAST('", why, WHY, "' AS pg_catalog.int4)");
	else
		refusal_put(out, "DO $gate$BEGIN RAISE EXCEPTION USING MESSAGE = '", why, WHY,
			    "', ERRCODE = '42501'; END$gate$");
	return out;
}

void *libpq_hook_exec(void *conn, const char *sql)
{
	char refusal[REFUSAL_MAX];
	struct library_call c = library_call("PQexec", __builtin_return_address(0));
	void *(*next)(void *, const char *) = c.next;
	return next ? next(conn, libpq_judged(conn, &c, sql, false, refusal)) : NULL;
}

void *libpq_hook_exec_params(void *conn, const char *sql, int n, const oid *types, const char *const *values,
			     const int *lengths, const int *formats, int format)
{
	char refusal[REFUSAL_MAX];
	struct library_call c = library_call("PQexecParams", __builtin_return_address(0));
	void *(*next)(void *, const char *, int, const oid *, const char *const *, const int *, const int *, int) =
		c.next;
	return next ? next(conn, libpq_judged(conn, &c, sql, true, refusal), n, types, values, lengths, formats,
			   format) :
		      NULL;
}

void *libpq_hook_prepare(void *conn, const char *name, const char *sql, int n, const oid *types)
{
	char refusal[REFUSAL_MAX];
	struct library_call c = library_call("PQprepare", __builtin_return_address(0));
	void *(*next)(void *, const char *, const char *, int, const oid *) = c.next;
	return next ? next(conn, name, libpq_judged(conn, &c, sql, true, refusal), n, types) : NULL;
}

int libpq_hook_send_query(void *conn, const char *sql)
{
	char refusal[REFUSAL_MAX];
	struct library_call c = library_call("PQsendQuery", __builtin_return_address(0));
	int (*next)(void *, const char *) = c.next;
	return next ? next(conn, libpq_judged(conn, &c, sql, false, refusal)) : 0;
}

int libpq_hook_send_query_params(void *conn, const char *sql, int n, const oid *types, const char *const *values,
				 const int *lengths, const int *formats, int format)
{
	char refusal[REFUSAL_MAX];
	struct library_call c = library_call("PQsendQueryParams", __builtin_return_address(0));
	int (*next)(void *, const char *, int, const oid *, const char *const *, const int *, const int *, int) =
		c.next;
	return next ? next(conn, libpq_judged(conn, &c, sql, true, refusal), n, types, values, lengths, formats,
			   format) :
		      0;
}

int libpq_hook_send_prepare(void *conn, const char *name, const char *sql, int n, const oid *types)
{
	char refusal[REFUSAL_MAX];
	struct library_call c = library_call("PQsendPrepare", __builtin_return_address(0));
	int (*next)(void *, const char *, const char *, int, const oid *) = c.next;
	return next ? next(conn, name, libpq_judged(conn, &c, sql, true, refusal), n, types) : 0;
}
