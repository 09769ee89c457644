/* sql_internal.h - what the reader of SQL statements and the reader of client commands share.  Private to sql*.c. */
#ifndef GATE_SUBJECT_CODE_SQL_INTERNAL_H
#define GATE_SUBJECT_CODE_SQL_INTERNAL_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "subject/code/sql.h"

enum { SQL_DEPTH_MAX = 8, SQL_DELIMITER_MAX = 16 };

struct sql {
	enum sql_dialect dialect;
	const char *s;
	size_t len, pos;
	sql_fn *each;
	void *data;
	unsigned depth;  /* bodies within strings */
	bool block;      /* the body of a DO: BEGIN, THEN, ELSE and LOOP part statements as well */
	bool executable; /* inside a comment that MySQL executes */
	char delimiter[SQL_DELIMITER_MAX];
	struct strbuf text, blanked; /* of the open statement */
	struct strbuf string;        /* its first string, without its quotes */
	bool has_string;
};

/* The statement is complete: tell it, and what its strings run.  sql.c. */
int sql_end_statement(struct sql *q);

/* Is a command of the client at pos (`start`: the first thing of a line)?  Then it is taken: *r is what became of it.
 * sql_client.c. */
bool sql_client_command(struct sql *q, bool start, int *r);

/* Tell a part that is no statement, of n bytes, its blanks and quotes cut off. */
int sql_tell(struct sql *q, enum sql_kind kind, const char *s, size_t n);

static inline char sql_peek(const struct sql *q, size_t ahead)
{
	return ahead < q->len - q->pos ? q->s[q->pos + ahead] : '\0';
}

static inline bool sql_in_word(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c & 0x80;
}

#endif
