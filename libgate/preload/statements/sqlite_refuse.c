/* SPDX-License-Identifier: BSD-2-Clause */
/* sqlite_refuse.c - an error of SQLite's own with Gate's reason.  No function sets a connection's message.  A virtual table does,
 * whose constructor fails: the connection gets one for a moment, and a statement that reads it. */
#include <stddef.h>

#include "preload/statements/library_call.h"
#include "preload/statements/refusal.h"
#include "preload/statements/sqlite.h"

/* The first members of struct sqlite3_module, and room for the others, which are not called: a table that can't be made. */
struct module {
	int version;
	void *create; /* NULL: the table exists by its name alone */
	int (*connect)(struct sqlite3 *db, void *data, int argc, const char *const *argv, void **table, char **error);
	void *others[24];
};

struct reason {
	const char *why;
	char *(*print)(const char *format, ...);
};

static int sqlite_refuse_connect(struct sqlite3 *db, void *data, int argc, const char *const *argv, void **table,
				 char **error)
{
	const struct reason *r = data;
	*error = r->print("%s", r->why);
	return SQLITE_AUTH;
}

static int sqlite_refuse_exec(struct sqlite3 *db, const void *function, const char *sql, char **error)
{
	sqlite_exec *exec = library_sibling(function, "sqlite3_exec");
	int err = exec ? exec(db, sql, NULL, NULL, error) : SQLITE_MISUSE;
	return err == SQLITE_OK ? SQLITE_AUTH : err;
}

int sqlite_refuse(struct sqlite3 *db, const void *function, const char *why, char **error)
{
	enum { WHY = 900 };
	char text[REFUSAL_MAX];
	int (*create)(struct sqlite3 *, const char *, const struct module *, void *) =
		library_sibling(function, "sqlite3_create_module");
	struct reason r = {text, library_sibling(function, "sqlite3_mprintf")};
	struct module m = {.connect = sqlite_refuse_connect};
	if (!create || !r.print || create(db, "gate_refused", &m, &r)) {
		/* A library without virtual tables: a table that there is not, with the reason for a name. */
		refusal_put(text, "SELECT * FROM `", why, WHY, "`");
		return sqlite_refuse_exec(db, function, text, error);
	}
	refusal_put(text, "", why, WHY, "");
	int err = sqlite_refuse_exec(db, function, "SELECT * FROM gate_refused", error);
	create(db, "gate_refused", NULL, NULL);
	return err;
}
