/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_body.c - the body of a procedure or trigger that is written as BEGIN ... END, and no string: its delimiters do not end the
 * statement that defines it. */
#include <string.h>
#include <strings.h>

#include "subject/code/sql_internal.h"

static bool sql_body_is(const char *s, size_t n, const char *words)
{
	for (const char *p = words; *p; p += strcspn(p, " "), p += *p == ' ')
		if (strcspn(p, " ") == n && !strncasecmp(p, s, n))
			return true;
	return false;
}

/* The word that ends at `end`; its length may be 0. */
static size_t sql_body_last(const char *s, size_t end, const char **word)
{
	size_t from;
	while (end && s[end - 1] == ' ')
		end--;
	for (from = end; from && sql_in_word(s[from - 1]);)
		from--;
	*word = s + from;
	return end - from;
}

/* Does the open statement define what is executed later, in a text that is split at its end alone?  The mysql client splits inside. */
static bool sql_body_defines(const struct sql *q)
{
	const char *s = q->blanked.len ? q->blanked.s : "";
	size_t at = 0;
	if (q->block || q->whole || strncasecmp(s, "create ", 7) || (q->dialect == SQL_MYSQL && !q->server))
		return false;
	for (int words = 0; s[at] && words < 12; words++, at += strspn(s + at, " ")) {
		size_t n = strcspn(s + at, " (");
		if (sql_body_is(s + at, n,
				q->dialect == SQL_POSTGRES ? "function procedure" : "function procedure trigger event"))
			return true;
		if (sql_body_is(s + at, n, "table view index database schema user role") || !n)
			return false;
		at += n;
	}
	return false;
}

/* The next word of the text is one of these. */
static bool sql_body_next_is(const struct sql *q, const char *words)
{
	size_t ahead = 0, n = 0;
	while (sql_peek(q, ahead) == ' ' || sql_peek(q, ahead) == '\n' || sql_peek(q, ahead) == '\t' ||
	       sql_peek(q, ahead) == '\r')
		ahead++;
	while (sql_in_word(sql_peek(q, ahead + n)))
		n++;
	return n && sql_body_is(q->s + q->pos + ahead, n, words);
}

/* BEGIN that is no name: it follows none of these, nor a sign that a name follows. */
static bool sql_body_begins(const struct sql *q)
{
	const char *word;
	size_t n = sql_body_last(q->blanked.s, q->blanked.len, &word);
	if (!n && (word == q->blanked.s || (word[-1] != ')' && word[-1] != ':')))
		return false;
	return (q->dialect != SQL_POSTGRES || sql_body_next_is(q, "atomic")) &&
	       !sql_body_is(word, n, "on of trigger function procedure event exists from into update table");
}

void sql_body_word(struct sql *q, const char *s, size_t n)
{
	if (!q->body) {
		q->body = sql_body_is(s, n, "begin") && sql_body_defines(q) && sql_body_begins(q);
		q->held = 0;
		return;
	}
	const char *before;
	size_t k = sql_body_last(q->blanked.s, q->blanked.len, &before);
	if (sql_body_is(s, n, "end"))
		q->body -= !sql_body_next_is(q, "if loop while repeat for");
	else if (sql_body_is(s, n, "begin case"))
		q->body += !sql_body_is(before, k, "end");
}

bool sql_body_holds(struct sql *q)
{
	if (!q->body)
		return false;
	if (!q->held) {
		q->held = q->pos + 1;
		q->held_text = q->text.len;
		q->held_blanked = q->blanked.len;
	}
	return true;
}

bool sql_body_reopen(struct sql *q)
{
	if (!q->body || !q->held)
		return false;
	q->pos = q->held;
	q->text.s[q->text.len = q->held_text] = '\0';
	q->blanked.s[q->blanked.len = q->held_blanked] = '\0';
	q->whole = true;
	q->body = 0;
	return true;
}
