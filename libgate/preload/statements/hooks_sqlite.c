/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_sqlite.c - the hooks of SQLite.  A statement is prepared first, which does nothing yet: the library itself then says whether
 * it writes, and where it ends. */
#include <stddef.h>

#include "preload/base/hooks.h"
#include "preload/base/str.h"
#include "preload/statements/library_call.h"
#include "preload/statements/sqlite.h"
#include "preload/statements/statement_ask.h"

HOOK int sqlite_hook_prepare(struct sqlite3 *db, const char *sql, int n, struct sqlite3_stmt **statement,
			     const char **tail);
HOOK int sqlite_hook_prepare_v2(struct sqlite3 *db, const char *sql, int n, struct sqlite3_stmt **statement,
				const char **tail);
HOOK int sqlite_hook_prepare_v3(struct sqlite3 *db, const char *sql, int n, unsigned flags,
				struct sqlite3_stmt **statement, const char **tail);
HOOK int sqlite_hook_prepare16(struct sqlite3 *db, const void *sql, int n, struct sqlite3_stmt **statement,
			       const void **tail);
HOOK int sqlite_hook_prepare16_v2(struct sqlite3 *db, const void *sql, int n, struct sqlite3_stmt **statement,
				  const void **tail);
HOOK int sqlite_hook_prepare16_v3(struct sqlite3 *db, const void *sql, int n, unsigned flags,
				  struct sqlite3_stmt **statement, const void **tail);
HOOK int sqlite_hook_exec(struct sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *data,
			  char **error);
HOOK int sqlite_hook_get_table(struct sqlite3 *db, const char *sql, char ***result, int *rows, int *columns,
			       char **error);

LIBRARY_HOOK(sqlite_hook_prepare, sqlite3_prepare, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(sqlite_hook_prepare_v2, sqlite3_prepare_v2, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(sqlite_hook_prepare_v3, sqlite3_prepare_v3, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(sqlite_hook_prepare16, sqlite3_prepare16, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(sqlite_hook_prepare16_v2, sqlite3_prepare16_v2, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(sqlite_hook_prepare16_v3, sqlite3_prepare16_v3, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(sqlite_hook_exec, sqlite3_exec, LIBRARY_UNVERSIONED);
LIBRARY_HOOK(sqlite_hook_get_table, sqlite3_get_table, LIBRARY_UNVERSIONED);

/* May the text be executed on the connection?  If not, `why` has the reason. */
static bool sqlite_passes(struct sqlite3 *db, const void *function, const char *text, char why[WIRE_TEXT_MAX])
{
	struct statement s = {.engine = "sqlite", .text = text, .n = text_length(text)};
	return sqlite_place_is_safe(db, function, &s.database) || statement_allowed(&s, why);
}

/* What a call has prepared: the caller gets it, or the error of a refusal. */
static int sqlite_prepared(struct sqlite3 *db, int err, struct sqlite3_stmt **statement, const void *function)
{
	if (err || !*statement || !statement_is_judged())
		return err;
	int (*reads)(struct sqlite3_stmt *) = library_sibling(function, "sqlite3_stmt_readonly");
	const char *(*text_of)(struct sqlite3_stmt *) = library_sibling(function, "sqlite3_sql");
	int (*finalize)(struct sqlite3_stmt *) = library_sibling(function, "sqlite3_finalize");
	if (!reads || !text_of || !finalize || reads(*statement))
		return err;
	char why[WIRE_TEXT_MAX];
	const char *text = text_of(*statement);
	if (!text || sqlite_passes(db, function, text, why))
		return err;
	finalize(*statement);
	*statement = NULL;
	return sqlite_refuse(db, function, why, NULL);
}

HOOK int sqlite_hook_prepare(struct sqlite3 *db, const char *sql, int n, struct sqlite3_stmt **statement,
			     const char **tail)
{
	struct library_call c = library_call("sqlite3_prepare", __builtin_return_address(0));
	sqlite_prepare_v2 *next = c.next;
	int err = next ? next(db, sql, n, statement, tail) : SQLITE_MISUSE;
	return c.inside ? err : sqlite_prepared(db, err, statement, c.next);
}

HOOK int sqlite_hook_prepare_v2(struct sqlite3 *db, const char *sql, int n, struct sqlite3_stmt **statement,
				const char **tail)
{
	struct library_call c = library_call("sqlite3_prepare_v2", __builtin_return_address(0));
	sqlite_prepare_v2 *next = c.next;
	int err = next ? next(db, sql, n, statement, tail) : SQLITE_MISUSE;
	return c.inside ? err : sqlite_prepared(db, err, statement, c.next);
}

HOOK int sqlite_hook_prepare_v3(struct sqlite3 *db, const char *sql, int n, unsigned flags,
				struct sqlite3_stmt **statement, const char **tail)
{
	struct library_call c = library_call("sqlite3_prepare_v3", __builtin_return_address(0));
	int (*next)(struct sqlite3 *, const char *, int, unsigned, struct sqlite3_stmt **, const char **) = c.next;
	int err = next ? next(db, sql, n, flags, statement, tail) : SQLITE_MISUSE;
	return c.inside ? err : sqlite_prepared(db, err, statement, c.next);
}

HOOK int sqlite_hook_prepare16(struct sqlite3 *db, const void *sql, int n, struct sqlite3_stmt **statement,
			       const void **tail)
{
	struct library_call c = library_call("sqlite3_prepare16", __builtin_return_address(0));
	int (*next)(struct sqlite3 *, const void *, int, struct sqlite3_stmt **, const void **) = c.next;
	int err = next ? next(db, sql, n, statement, tail) : SQLITE_MISUSE;
	return c.inside ? err : sqlite_prepared(db, err, statement, c.next);
}

HOOK int sqlite_hook_prepare16_v2(struct sqlite3 *db, const void *sql, int n, struct sqlite3_stmt **statement,
				  const void **tail)
{
	struct library_call c = library_call("sqlite3_prepare16_v2", __builtin_return_address(0));
	int (*next)(struct sqlite3 *, const void *, int, struct sqlite3_stmt **, const void **) = c.next;
	int err = next ? next(db, sql, n, statement, tail) : SQLITE_MISUSE;
	return c.inside ? err : sqlite_prepared(db, err, statement, c.next);
}

HOOK int sqlite_hook_prepare16_v3(struct sqlite3 *db, const void *sql, int n, unsigned flags,
				  struct sqlite3_stmt **statement, const void **tail)
{
	struct library_call c = library_call("sqlite3_prepare16_v3", __builtin_return_address(0));
	int (*next)(struct sqlite3 *, const void *, int, unsigned, struct sqlite3_stmt **, const void **) = c.next;
	int err = next ? next(db, sql, n, flags, statement, tail) : SQLITE_MISUSE;
	return c.inside ? err : sqlite_prepared(db, err, statement, c.next);
}

/* The library prepares and executes one statement after the other: the text is judged before all of them. */
HOOK int sqlite_hook_exec(struct sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *data,
			  char **error)
{
	struct library_call c = library_call("sqlite3_exec", __builtin_return_address(0));
	sqlite_exec *next = c.next;
	char why[WIRE_TEXT_MAX];
	if (next && sql && !c.inside && statement_is_judged() && !sqlite_passes(db, c.next, sql, why))
		return sqlite_refuse(db, c.next, why, error);
	return next ? next(db, sql, row, data, error) : SQLITE_MISUSE;
}

HOOK int sqlite_hook_get_table(struct sqlite3 *db, const char *sql, char ***result, int *rows, int *columns,
			       char **error)
{
	struct library_call c = library_call("sqlite3_get_table", __builtin_return_address(0));
	int (*next)(struct sqlite3 *, const char *, char ***, int *, int *, char **) = c.next;
	char why[WIRE_TEXT_MAX];
	if (next && sql && !c.inside && statement_is_judged() && !sqlite_passes(db, c.next, sql, why)) {
		*result = NULL;
		*rows = *columns = 0;
		return sqlite_refuse(db, c.next, why, error);
	}
	return next ? next(db, sql, result, rows, columns, error) : SQLITE_MISUSE;
}
