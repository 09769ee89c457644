/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_tokens.h - cuts one SQL statement, whose comments and strings sql.h has taken out, into tokens.  Private to
 * libgate/effects. */
#ifndef GATE_EFFECTS_SQL_TOKENS_H
#define GATE_EFFECTS_SQL_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "effects/effects.h"

enum sql_token_kind {
	SQL_TOKEN_WORD,   /* a keyword or an unquoted name */
	SQL_TOKEN_QUOTED, /* a quoted name */
	SQL_TOKEN_STRING,
	SQL_TOKEN_NUMBER,
	SQL_TOKEN_PARAM, /* $1, ?, :name, @name, %s */
	SQL_TOKEN_SIGN,  /* an operator of one or more characters, or one of ( ) , . ; */
};

struct sql_token {
	uint32_t from, len;
	enum sql_token_kind kind;
};

/* The tokens of a statement.  Free v. */
struct sql_tokens {
	const char *text; /* borrowed */
	enum effect_engine engine;
	struct sql_token *v;
	size_t n;
};

/* Returns 0 or -ENOMEM.  Free t->v in both cases. */
int sql_tokens_read(struct sql_tokens *t, enum effect_engine engine, const char *text);

/* Is token i this keyword (in lower case)?  False past the end, and for a quoted name. */
bool sql_is(const struct sql_tokens *t, size_t i, const char *word);
/* Is it one of the words, which blanks separate? */
bool sql_is_one(const struct sql_tokens *t, size_t i, const char *words);
/* Is token i this sign? */
bool sql_is_sign(const struct sql_tokens *t, size_t i, const char *sign);
/* Could it be a name? */
bool sql_is_name(const struct sql_tokens *t, size_t i);

struct strbuf;

/* Read the name at *i, with the parts before its dots, as the server knows it: "shop.users".  Moves *i behind it.  Returns
 * false if there is no name. */
bool sql_take_name(const struct sql_tokens *t, size_t *i, struct strbuf *name);

#endif
