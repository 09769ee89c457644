/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_condition.c - is the WHERE of a statement true of every row, or of all but one? */
#include "effects/sql_condition.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NESTING_MAX = 64 };

/* A part of the condition: tokens [from, to). */
struct part {
	const struct sql_tokens *t;
	size_t from, to;
	unsigned depth;
};

static bool sql_condition_trivial(struct part p);

/* The position after the parenthesis that closes the one at i, or p->to. */
static size_t sql_condition_closed(const struct part *p, size_t i)
{
	size_t depth = 0;
	for (; i < p->to; i++) {
		depth += sql_is_sign(p->t, i, "(");
		depth -= sql_is_sign(p->t, i, ")");
		if (!depth)
			return i + 1;
	}
	return p->to;
}

/* Find the next of two operators outside of parentheses, from i on; p->to if there is none.  The AND of BETWEEN is not
 * one. */
static size_t sql_condition_operator(const struct part *p, size_t i, const char *word, const char *sign)
{
	bool between = false;
	while (i < p->to) {
		if (sql_is_sign(p->t, i, "(")) {
			i = sql_condition_closed(p, i);
			continue;
		}
		if (sql_is(p->t, i, word) && !between)
			return i;
		between = (between && !sql_is(p->t, i, "and")) || sql_is(p->t, i, "between");
		if (p->t->engine == EFFECT_MYSQL && sql_is_sign(p->t, i, sign))
			return i;
		i++;
	}
	return p->to;
}

/* Does a part name a column, a function, a parameter or another query? */
static bool sql_condition_varies(const struct part *p)
{
	for (size_t i = p->from; i < p->to; i++) {
		enum sql_token_kind kind = p->t->v[i].kind;
		if (kind == SQL_TOKEN_PARAM || kind == SQL_TOKEN_QUOTED)
			return true;
		if (kind == SQL_TOKEN_WORD && !sql_is_one(p->t, i, "true false null not is and or between in like"))
			return true;
	}
	return false;
}

/* A column: names with dots. */
static bool sql_condition_is_column(const struct part *p)
{
	for (size_t i = p->from; i < p->to; i++)
		if ((i - p->from) % 2 ? !sql_is_sign(p->t, i, ".") : !sql_is_name(p->t, i))
			return false;
	return p->to > p->from && !sql_is_one(p->t, p->from, "true false null");
}

static bool sql_condition_is_number(const struct part *p, double *value)
{
	bool minus = p->to == p->from + 2 && sql_is_sign(p->t, p->from, "-");
	size_t i = p->from + minus;
	if (i + 1 != p->to || p->t->v[i].kind != SQL_TOKEN_NUMBER)
		return false;
	*value = strtod(p->t->text + p->t->v[i].from, NULL) * (minus ? -1 : 1);
	return true;
}

static bool sql_condition_same(const struct part *a, const struct part *b)
{
	if (a->to - a->from != b->to - b->from)
		return false;
	for (size_t i = 0; i < a->to - a->from; i++) {
		const struct sql_token *x = &a->t->v[a->from + i], *y = &b->t->v[b->from + i];
		if (x->kind == SQL_TOKEN_PARAM || x->kind != y->kind || x->len != y->len ||
		    strncasecmp(a->t->text + x->from, b->t->text + y->from, x->len))
			return false;
	}
	return a->to > a->from;
}

/* The comparison at k, of two numbers. */
static bool sql_condition_holds(double x, char op, char second, double y)
{
	bool equal = x == y;
	switch (op) {
	case '=': return equal;
	case '!': return !equal;
	case '<': return second == '>' ? !equal : x < y || (second == '=' && equal);
	default: return x > y || (second == '=' && equal);
	}
}

/* A comparison whose operator is token k: true of every row that can be expected? */
static bool sql_condition_compares(const struct part *p, size_t k)
{
	struct part left = {p->t, p->from, k, 0}, right = {p->t, k + 1, p->to, 0};
	const char *op = p->t->text + p->t->v[k].from;
	char second = p->t->v[k].len > 1 ? op[1] : '\0';
	bool differs = *op == '!' || (*op == '<' && second == '>'), equal = *op == '=' || (second == '=' && !differs);
	double x, y;
	if (sql_condition_same(&left, &right))
		return equal;
	if (sql_condition_is_number(&left, &x) && sql_condition_is_number(&right, &y))
		return sql_condition_holds(x, *op, second, y);
	bool mirrored = sql_condition_is_column(&right);
	const struct part *column = mirrored ? &right : &left, *constant = mirrored ? &left : &right;
	if (!sql_condition_is_column(column) || sql_condition_varies(constant))
		return false;
	if (differs)
		return true;
	return *op == (mirrored ? '<' : '>') && sql_condition_is_number(constant, &y) && y <= 1;
}

/* The only comparison outside of parentheses, or p->to. */
static size_t sql_condition_comparison(const struct part *p)
{
	size_t found = p->to;
	for (size_t i = p->from; i < p->to; i++) {
		if (sql_is_sign(p->t, i, "(")) {
			i = sql_condition_closed(p, i) - 1;
			continue;
		}
		if (p->t->v[i].kind != SQL_TOKEN_SIGN || !strchr("<>=!", p->t->text[p->t->v[i].from]))
			continue;
		if (found != p->to)
			return p->to;
		found = i;
	}
	return found;
}

/* A condition without AND and OR. */
static bool sql_condition_factor(const struct part *p)
{
	const struct sql_tokens *t = p->t;
	size_t n = p->to - p->from, k = sql_condition_comparison(p);
	double value;
	if (k < p->to)
		return sql_condition_compares(p, k);
	if (n > 3 && sql_is(t, p->to - 3, "is") && sql_is(t, p->to - 2, "not") && sql_is(t, p->to - 1, "null"))
		return true;
	if (n > 1 && sql_is(t, p->to - 1, "notnull"))
		return true;
	if (n > 2 && sql_is_one(t, p->to - 2, "like ilike glob") && t->v[p->to - 1].kind == SQL_TOKEN_STRING &&
	    t->v[p->to - 1].len > 2 && !sql_is(t, p->to - 3, "not"))
		return true; /* sql.h leaves a string that is only % */
	if (sql_condition_varies(p))
		return false;
	if (n == 1 && sql_condition_is_number(p, &value))
		return value != 0;
	return !sql_is_one(t, p->from, "false null") && !(n == 2 && sql_is(t, p->from, "not"));
}

/* Is every one of the ANDed parts trivial? */
static bool sql_condition_all(struct part p)
{
	for (size_t from = p.from; from <= p.to;) {
		size_t end = sql_condition_operator(&p, from, "and", "&&");
		struct part one = {p.t, from, end, p.depth + 1};
		bool nested = sql_is_sign(p.t, from, "(") && sql_condition_closed(&one, from) == end;
		if (from == end || !(nested ? sql_condition_trivial(one) : sql_condition_factor(&one)))
			return false;
		from = end + 1;
	}
	return true;
}

/* Is any of the ORed parts trivial?  One that is nested too deeply to be read counts as trivial. */
static bool sql_condition_trivial(struct part p)
{
	while (p.to > p.from && sql_is_sign(p.t, p.from, "(") && sql_condition_closed(&p, p.from) == p.to) {
		p.from++;
		p.to -= sql_is_sign(p.t, p.to - 1, ")");
		if (++p.depth > NESTING_MAX)
			return true;
	}
	if (p.depth > NESTING_MAX)
		return true;
	for (size_t from = p.from; from < p.to;) {
		size_t end = sql_condition_operator(&p, from, "or", "||");
		struct part one = {p.t, from, end, p.depth};
		if (from < end && sql_condition_all(one))
			return true;
		from = end + 1;
	}
	return false;
}

/* Does another query, or a join, decide about this part, without a limit? */
static bool sql_condition_is_queried(const struct part *p)
{
	bool query = false, in = false;
	for (size_t i = p->from; i < p->to; i++) {
		if (in && sql_is_one(p->t, i, "limit fetch top"))
			return false; /* id IN (SELECT ... LIMIT 10) */
		in |= sql_is(p->t, i, "in");
		query |= sql_is(p->t, i, "select");
	}
	size_t k = sql_condition_comparison(p);
	struct part left = {p->t, p->from, k, 0}, right = {p->t, k + 1, p->to, 0};
	return query || (k < p->to && sql_is_sign(p->t, k, "=") && sql_condition_is_column(&left) &&
			 sql_condition_is_column(&right));
}

/* Is every one of the ANDed parts trivial or decided by a query? */
static bool sql_condition_queried(struct part p)
{
	for (size_t from = p.from; from <= p.to;) {
		size_t end = sql_condition_operator(&p, from, "and", "&&");
		struct part one = {p.t, from, end, p.depth + 1};
		if (from == end || !(sql_condition_is_queried(&one) || sql_condition_factor(&one)))
			return false;
		from = end + 1;
	}
	return true;
}

enum effect_condition sql_condition(const struct sql_tokens *t, size_t from, size_t to)
{
	struct part p = {t, from, to, 0};
	if (from >= to)
		return EFFECT_ALL_ROWS;
	return sql_condition_trivial(p) ? EFFECT_TRIVIAL :
	       sql_condition_queried(p) ? EFFECT_QUERIED_ROWS :
					  EFFECT_SOME_ROWS;
}
