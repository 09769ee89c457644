/* SPDX-License-Identifier: BSD-2-Clause */
/* sql.h - splits a text for psql, mysql or sqlite3 into its statements.  Internal to libgate. */
#ifndef GATE_SUBJECT_CODE_SQL_H
#define GATE_SUBJECT_CODE_SQL_H

#include <stddef.h>

#pragma GCC visibility push(default)

enum sql_dialect { SQL_POSTGRES, SQL_MYSQL, SQL_SQLITE };

enum sql_kind {
	SQL_STATEMENT,
	SQL_SHELL,   /* text run by the client's shell: \! in psql, .shell in sqlite3 */
	SQL_PROGRAM, /* text run by the server's shell: COPY ... PROGRAM '...' */
	SQL_FILE,    /* a file that is included here: \i, source, .read */
};

/* Borrowed for the duration of the callback; NUL-terminated. */
struct sql_part {
	enum sql_kind kind;
	const char *text;    /* without comments and delimiter, blanks joined */
	const char *blanked; /* SQL_STATEMENT: the same with '' for every string but '%', so that a DROP in it
	                        is not a DROP */
};

/* Returns 0 to go on. */
typedef int sql_fn(const struct sql_part *part, void *data);

/* Call `each` with every part of a text, in order, including an unfinished last statement.  It recognizes comments
 * (MySQL's executable ones are text), strings in all their quotes, dollar quotes, DELIMITER, the client's own commands,
 * and the data after COPY ... FROM stdin.  The body of DO and the string of EXECUTE or PREPARE are also read as
 * statements.  Returns 0, the value with which `each` ended it, or -ENOMEM. */
int sql_parts(enum sql_dialect dialect, const char *text, size_t len, sql_fn *each, void *data);

/* The same for a text that the server gets: no client reads commands, delimiters or data in it. */
int sql_statements(enum sql_dialect dialect, const char *text, size_t len, sql_fn *each, void *data);

#pragma GCC visibility pop

#endif
