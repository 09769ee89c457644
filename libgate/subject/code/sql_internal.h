/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_internal.h - declarations that the readers of SQL statements and of client commands share.  Private to sql*.c. */
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
	unsigned depth;  /* nested bodies in strings */
	bool block;      /* the body of a DO: BEGIN, THEN, ELSE and LOOP also separate statements */
	bool server;     /* no client reads the text */
	bool executable; /* inside a comment that MySQL executes */
	char delimiter[SQL_DELIMITER_MAX];
	struct strbuf text, blanked; /* of the open statement */
	struct strbuf string;        /* its first string, without the quotes */
	bool has_string;
	unsigned body;                  /* how many BEGIN and CASE of a definition's body are open; sql_body.c */
	bool whole;                     /* no more bodies: one of them had no end */
	size_t held;                    /* behind the first delimiter of the body; 0: none */
	size_t held_text, held_blanked; /* what the statement had before it */
};

/* A word that is about to be added to the open statement; q->pos is behind it.  Defined in sql_body.c, as the next two. */
void sql_body_word(struct sql *q, const char *s, size_t n);

/* Is the delimiter at pos inside of a body? */
bool sql_body_holds(struct sql *q);

/* At the end of the text: if a body has no end, go back to its first delimiter, which ends the statement after all. */
bool sql_body_reopen(struct sql *q);

/* End the statement: report it, and the code in its strings.  Defined in sql.c. */
int sql_end_statement(struct sql *q);

/* If a client command is at pos, take it and set *r to its result.  `start`: nothing precedes it on its line.  Defined
 * in sql_client.c. */
bool sql_client_command(struct sql *q, bool start, int *r);

/* Report a part of n bytes that is not a statement, with blanks and quotes cut off. */
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
