/* sql.h - a text for psql, mysql or sqlite3 into its statements.  Internal to libgate. */
#ifndef GATE_SUBJECT_CODE_SQL_H
#define GATE_SUBJECT_CODE_SQL_H

#include <stddef.h>

#pragma GCC visibility push(default)

enum sql_dialect { SQL_POSTGRES, SQL_MYSQL, SQL_SQLITE };

enum sql_kind {
	SQL_STATEMENT,
	SQL_SHELL,   /* text that the client's shell runs: \! of psql, .shell of sqlite3 */
	SQL_PROGRAM, /* text that the server's shell runs: COPY ... PROGRAM '...' */
	SQL_FILE,    /* a file whose text goes in here: \i, source, .read */
};

/* Borrowed for the length of the call; NUL-terminated. */
struct sql_part {
	enum sql_kind kind;
	const char *text;    /* without comments, blanks joined, no delimiter */
	const char *blanked; /* SQL_STATEMENT: the same with '' for every string, so that a DROP in it is no DROP */
};

/* Returns 0 to go on. */
typedef int sql_fn(const struct sql_part *part, void *data);

/* Call `each` with every part of a text, in order, an unfinished last statement too.  Known are comments (MySQL's
 * executable ones are text), strings in all their quotes, dollar quotes, DELIMITER, the client's own commands, and the
 * data after COPY ... FROM stdin; the body of DO and the string of EXECUTE or PREPARE are read as statements as well.
 * 0, what `each` ended it with, -ENOMEM. */
int sql_parts(enum sql_dialect dialect, const char *text, size_t len, sql_fn *each, void *data);

#pragma GCC visibility pop

#endif
