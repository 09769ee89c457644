/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_client.c - reads the client's own commands in an SQL text: psql's backslashes, mysql's words, sqlite3's dots. */
#include "subject/code/sql_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int sql_tell(struct sql *q, enum sql_kind kind, const char *s, size_t n)
{
	while (n && strchr(" \t\r", *s))
		s++, n--;
	while (n && strchr(" \t\r;", s[n - 1]))
		n--;
	if (kind == SQL_FILE && n >= 2 && (*s == '\'' || *s == '"') && s[n - 1] == *s)
		s++, n -= 2;
	if (!n)
		return 0;
	char *text = strndup(s, n);
	struct sql_part part = {kind, text, NULL};
	int r = text ? q->each(&part, q->data) : -ENOMEM;
	free(text);
	return r;
}

/* Return the length of the rest of the line from `from` on, and move q->pos to its end. */
static size_t sql_client_rest_of_line(struct sql *q, size_t from)
{
	const char *nl = memchr(q->s + from, '\n', q->len - from);
	q->pos = nl ? (size_t)(nl - q->s) : q->len;
	return q->pos - from;
}

static bool sql_client_is_word(const char *list, const char *word, size_t n)
{
	for (const char *p = list; *p;) {
		size_t len = strcspn(p, " ");
		if (len == n && !strncasecmp(p, word, n))
			return true;
		p += len + (p[len] == ' ');
	}
	return false;
}

/* DELIMITER: set what separates the next statements.  An unusable delimiter changes nothing. */
static void sql_client_set_delimiter(struct sql *q, const char *s, size_t n)
{
	while (n && strchr(" \t", *s))
		s++, n--;
	while (n && strchr(" \t\r", s[n - 1]))
		n--;
	if (!n || n >= SQL_DELIMITER_MAX || memchr(s, '\0', n))
		return;
	memcpy(q->delimiter, s, n);
	q->delimiter[n] = '\0';
}

/* Report the command after a `|` in the arguments of a client command that can write to or read from a program. */
static int sql_client_tell_pipe(struct sql *q, const char *s, size_t n)
{
	size_t i = 0;
	char quote = '\0';
	for (; i < n && strchr(" \t'\"", s[i]); i++)
		quote = s[i] == '\'' || s[i] == '"' ? s[i] : quote;
	if (i == n || s[i] != '|')
		return 0;
	const char *end = quote ? memchr(s + i, quote, n - i) : NULL;
	return sql_tell(q, SQL_SHELL, s + i + 1, end ? (size_t)(end - s) - i - 1 : n - i - 1);
}

/* \copy ... from program 'TEXT' */
static int sql_client_tell_copy(struct sql *q, const char *s, size_t n)
{
	char *line = strndup(s, n), *program = line ? strcasestr(line, "program") : NULL;
	char *open = program ? strchr(program, '\'') : NULL, *shut = open ? strrchr(open, '\'') : NULL;
	int r = !line ? -ENOMEM : shut > open ? sql_tell(q, SQL_SHELL, open + 1, (size_t)(shut - open - 1)) : 0;
	free(line);
	return r;
}

/* Take a backslash command of psql or mysql: its name and its arguments, up to the end of the line. */
static int sql_client_take_backslash(struct sql *q)
{
	size_t name = q->pos + 1, n = 0;
	bool psql = q->dialect == SQL_POSTGRES;
	while (name + n < q->len && sql_in_word(q->s[name + n]) && (psql || !n))
		n++;
	n += !n && name < q->len;
	const char *word = q->s + name;
	if (n == 1 && strchr(psql ? ";" : "gG;", *word)) {
		q->pos = name + 1;
		return sql_end_statement(q);
	}
	if (n == 1 && *word == '\\') {
		q->pos = name + 1;
		return 0;
	}
	size_t from = name + n, len = sql_client_rest_of_line(q, from);
	const char *rest = q->s + from;
	if (n == 1 && *word == '!')
		return sql_tell(q, SQL_SHELL, rest, len);
	if (sql_client_is_word(psql ? "i ir include include_relative" : ".", word, n))
		return sql_tell(q, SQL_FILE, rest, len);
	if (psql && sql_client_is_word("copy", word, n))
		return sql_client_tell_copy(q, rest, len);
	if (psql && sql_client_is_word("g gx gexec gset crosstabview watch", word, n)) {
		int r = sql_end_statement(q);
		return r ? r : sql_client_tell_pipe(q, rest, len);
	}
	if (psql && sql_client_is_word("o out w write", word, n))
		return sql_client_tell_pipe(q, rest, len);
	if (!psql && sql_client_is_word("d", word, n))
		sql_client_set_delimiter(q, rest, len);
	return 0;
}

/* sqlite3's .NAME at the beginning of a line. */
static int sql_client_take_dot(struct sql *q)
{
	size_t name = q->pos + 1, n = 0;
	while (name + n < q->len && sql_in_word(q->s[name + n]))
		n++;
	size_t len = sql_client_rest_of_line(q, name + n);
	const char *word = q->s + name, *rest = word + n;
	if (sql_client_is_word("shell system", word, n))
		return sql_tell(q, SQL_SHELL, rest, len);
	int r = sql_client_is_word("read import once output excel", word, n) ? sql_client_tell_pipe(q, rest, len) : 0;
	bool pipe = memchr(rest, '|', len) != NULL;
	return r || pipe || !sql_client_is_word("read", word, n) ? r : sql_tell(q, SQL_FILE, rest, len);
}

/* mysql's DELIMITER, SOURCE and SYSTEM at the beginning of a line. */
static bool sql_client_take_mysql_word(struct sql *q, int *r)
{
	size_t name = q->pos, n = 0;
	while (name + n < q->len && sql_in_word(q->s[name + n]))
		n++;
	const char *word = q->s + name, *rest = word + n;
	if (!sql_client_is_word("delimiter source system", word, n) || name + n == q->len || !strchr(" \t", *rest))
		return false;
	size_t len = sql_client_rest_of_line(q, name + n);
	if (n == strlen("delimiter")) {
		sql_client_set_delimiter(q, rest, len);
		return true;
	}
	*r = sql_tell(q, (*word | 0x20) == 's' && (word[1] | 0x20) == 'o' ? SQL_FILE : SQL_SHELL, rest, len);
	return true;
}

bool sql_client_command(struct sql *q, bool start, int *r)
{
	char c = q->s[q->pos];
	if (c == '\\' && q->dialect != SQL_SQLITE) {
		*r = sql_client_take_backslash(q);
		return true;
	}
	if (!start || q->blanked.len)
		return false;
	if (c == '.' && q->dialect == SQL_SQLITE) {
		*r = sql_client_take_dot(q);
		return true;
	}
	return q->dialect == SQL_MYSQL && sql_client_take_mysql_word(q, r);
}
