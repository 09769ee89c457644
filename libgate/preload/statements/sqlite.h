/* SPDX-License-Identifier: BSD-2-Clause */
/* sqlite.h - the part of SQLite's interface that the hooks use: https://sqlite.org/c3ref.  The library keeps it compatible for
 * ever, so its header is not needed. */
#ifndef GATE_PRELOAD_STATEMENTS_SQLITE_H
#define GATE_PRELOAD_STATEMENTS_SQLITE_H

#include <stdbool.h>

#include "formats/wire.h"

struct sqlite3;
struct sqlite3_stmt;

enum { SQLITE_OK = 0, SQLITE_MISUSE = 21, SQLITE_AUTH = 23 };

typedef int sqlite_prepare_v2(struct sqlite3 *db, const char *sql, int n, struct sqlite3_stmt **statement,
			      const char **tail);
typedef int sqlite_exec(struct sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *data,
			char **error);

/* Is what happens to the connection's databases of no concern?  In memory, made by the session, temporary, or kept by the session before
 * they were opened for writing.  Otherwise *file is one that is.  `function` is any of the library's. */
bool sqlite_place_is_safe(struct sqlite3 *db, const void *function, const char **file);

/* Have the library fail, with the reason as the message of its own error: its code.  `error` as sqlite3_exec has it, or NULL. */
int sqlite_refuse(struct sqlite3 *db, const void *function, const char *why, char **error);

#endif
