/* SPDX-License-Identifier: BSD-2-Clause */
/* sql.c - splits SQL text into statements: handles comments, strings, identifiers and delimiters. */
#include "subject/code/sql_internal.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* Return the end of the comment at pos, or pos when there is none. */
static size_t sql_comment_end(const struct sql *q)
{
	char c = sql_peek(q, 0), next = sql_peek(q, 1);
	bool mysql = q->dialect == SQL_MYSQL;
	bool dashes = c == '-' && next == '-' && (!mysql || q->pos + 2 == q->len || strchr(" \t\n\r", sql_peek(q, 2)));
	if (dashes || (mysql && c == '#')) {
		const char *nl = memchr(q->s + q->pos, '\n', q->len - q->pos);
		return nl ? (size_t)(nl - q->s) : q->len;
	}
	if (c != '/' || next != '*')
		return q->pos;
	size_t depth = 1, i = q->pos + 2;
	for (; i + 1 < q->len && depth; i++) {
		if (q->s[i] == '*' && q->s[i + 1] == '/') {
			depth--;
			i++;
		} else if (q->dialect == SQL_POSTGRES && q->s[i] == '/' && q->s[i + 1] == '*') {
			depth++;
			i++;
		}
	}
	return depth ? q->len : i;
}

/* MySQL executes the text in a comment of this form.  Its beginning and end are skipped; the rest is read as text. */
static bool sql_take_executable(struct sql *q)
{
	if (q->dialect != SQL_MYSQL)
		return false;
	if (q->executable && sql_peek(q, 0) == '*' && sql_peek(q, 1) == '/') {
		q->executable = false;
		q->pos += 2;
		return true;
	}
	size_t mark = sql_peek(q, 2) == 'M' ? 3 : 2;
	if (sql_peek(q, 0) != '/' || sql_peek(q, 1) != '*' || sql_peek(q, mark) != '!')
		return false;
	q->pos += mark + 1;
	while (sql_peek(q, 0) >= '0' && sql_peek(q, 0) <= '9')
		q->pos++;
	q->executable = true;
	return true;
}

/* Return the position after the closing quote of the one at pos.  A doubled quote is a literal. */
static size_t sql_quote_end(const struct sql *q, char quote, bool backslashes)
{
	size_t i = q->pos + 1;
	for (; i < q->len; i++) {
		if (backslashes && q->s[i] == '\\')
			i++;
		else if (q->s[i] == quote && (i + 1 == q->len || q->s[i + 1] != quote))
			return i + 1;
		else if (q->s[i] == quote)
			i++;
	}
	return q->len;
}

/* The length of $tag$ at pos, or 0. */
static size_t sql_dollar_tag(const struct sql *q)
{
	size_t n = 1;
	if (q->dialect != SQL_POSTGRES || sql_peek(q, 0) != '$' || (q->pos && sql_in_word(q->s[q->pos - 1])) ||
	    (sql_peek(q, 1) >= '0' && sql_peek(q, 1) <= '9'))
		return 0;
	while (sql_in_word(sql_peek(q, n)))
		n++;
	return sql_peek(q, n) == '$' ? n + 1 : 0;
}

static size_t sql_dollar_end(const struct sql *q, size_t tag)
{
	const char *body = q->s + q->pos + tag;
	const char *end = memmem(body, q->len - q->pos - tag, q->s + q->pos, tag);
	return end ? (size_t)(end - q->s) + tag : q->len;
}

/* Is it what LIKE takes for every text? */
static bool sql_is_any(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != '%')
			return false;
	return n;
}

/* Take the string from pos to `end`, which has `edge` bytes of quotes on each side. */
static void sql_take_string(struct sql *q, size_t end, size_t edge)
{
	size_t from = q->pos + edge, to = end >= from + edge ? end - edge : from;
	strbuf_put(&q->text, q->s + q->pos, end - q->pos);
	strbuf_puts(&q->blanked, sql_is_any(q->s + from, to - from) ? "'%'" : "''");
	for (size_t i = from; !q->has_string && i < to && i < q->len; i++) {
		char c = q->s[i];
		i += edge == 1 && i + 1 < to && (c == '\'' || c == '\\') && q->s[i + 1] == '\'';
		strbuf_putc(&q->string, c == '\\' && q->s[i] == '\'' ? '\'' : c);
	}
	q->has_string = true;
	q->pos = end;
}

/* Take a string or quoted identifier at pos, if there is one. */
static bool sql_take_quoted(struct sql *q)
{
	char c = sql_peek(q, 0);
	size_t tag = sql_dollar_tag(q);
	bool mysql = q->dialect == SQL_MYSQL;
	bool escaped = q->dialect == SQL_POSTGRES && q->pos && (q->s[q->pos - 1] | 0x20) == 'e' &&
		       (q->pos < 2 || !sql_in_word(q->s[q->pos - 2]));
	if (tag) {
		sql_take_string(q, sql_dollar_end(q, tag), tag);
	} else if (c == '\'' || (c == '"' && mysql)) {
		sql_take_string(q, sql_quote_end(q, c, mysql || escaped), 1);
	} else if (c == '"' || (c == '`' && q->dialect != SQL_POSTGRES) || (c == '[' && q->dialect == SQL_SQLITE)) {
		size_t end = sql_quote_end(q, c == '[' ? ']' : c, false);
		strbuf_put(&q->text, q->s + q->pos, end - q->pos);
		strbuf_put(&q->blanked, q->s + q->pos, end - q->pos);
		q->pos = end;
	} else {
		return false;
	}
	return true;
}

static void sql_put_blank(struct strbuf *b)
{
	if (b->len && b->s[b->len - 1] != ' ')
		strbuf_putc(b, ' ');
}

static void sql_trim(struct strbuf *b)
{
	while (b->len && b->s[b->len - 1] == ' ')
		b->s[--b->len] = '\0';
}

static void sql_clear(struct strbuf *b)
{
	if (b->len)
		b->s[b->len = 0] = '\0';
}

static bool sql_starts(const struct sql *q, const char *word)
{
	size_t n = strlen(word);
	return q->blanked.len > n && !strncasecmp(q->blanked.s, word, n) && !sql_in_word(q->blanked.s[n]);
}

static int sql_read_all(struct sql *q);

/* Report the code in a string of the open statement: the body of DO, the statement of EXECUTE and PREPARE, the program
 * of COPY. */
static int sql_tell_string(struct sql *q)
{
	bool block = q->dialect == SQL_POSTGRES && sql_starts(q, "do");
	bool statement = (q->block && sql_starts(q, "execute")) ||
			 (q->dialect == SQL_MYSQL && sql_starts(q, "prepare")) ||
			 (q->dialect == SQL_MYSQL && sql_starts(q, "execute immediate"));
	if (!q->string.len || q->depth >= SQL_DEPTH_MAX)
		return q->string.err;
	if (q->dialect == SQL_POSTGRES && sql_starts(q, "copy") && strcasestr(q->blanked.s, " program ''"))
		return sql_tell(q, SQL_PROGRAM, q->string.s, q->string.len);
	if (!block && !statement)
		return 0;
	struct sql body = {.dialect = q->dialect,
			   .server = q->server,
			   .s = q->string.s,
			   .len = q->string.len,
			   .each = q->each,
			   .data = q->data,
			   .depth = q->depth + 1,
			   .block = block,
			   .delimiter = ";"};
	return sql_read_all(&body);
}

/* psql reads the lines after COPY ... FROM stdin as data, up to a line of \.  alone. */
static void sql_skip_copy_data(struct sql *q)
{
	static const char end[] = "\\.";
	if (q->server || q->dialect != SQL_POSTGRES || !sql_starts(q, "copy") ||
	    !strcasestr(q->blanked.s, " from stdin"))
		return;
	while (q->pos < q->len) {
		const char *line = q->s + q->pos, *nl = memchr(line, '\n', q->len - q->pos);
		size_t n = nl ? (size_t)(nl - line) : q->len - q->pos;
		q->pos += n + (nl != NULL);
		if (n >= 2 && !memcmp(line, end, 2) && (n == 2 || line[2] == '\r'))
			return;
	}
}

int sql_end_statement(struct sql *q)
{
	sql_trim(&q->text);
	sql_trim(&q->blanked);
	int r = q->text.err ? q->text.err : q->blanked.err;
	if (!r && q->blanked.len) {
		struct sql_part part = {SQL_STATEMENT, q->text.s, q->blanked.s};
		r = q->each(&part, q->data);
		if (!r)
			r = sql_tell_string(q);
		sql_skip_copy_data(q);
	}
	sql_clear(&q->text);
	sql_clear(&q->blanked);
	sql_clear(&q->string);
	q->has_string = false;
	q->body = 0;
	return r;
}

/* Take a word.  In a block, some words begin another statement. */
static int sql_take_word(struct sql *q)
{
	static const char *const parting[] = {"begin", "then", "else", "loop", "declare", NULL};
	size_t from = q->pos;
	while (q->pos < q->len && sql_in_word(q->s[q->pos]))
		q->pos++;
	size_t n = q->pos - from;
	for (const char *const *p = parting; q->block && *p; p++)
		if (strlen(*p) == n && !strncasecmp(*p, q->s + from, n))
			return sql_end_statement(q);
	sql_body_word(q, q->s + from, n);
	strbuf_put(&q->text, q->s + from, n);
	strbuf_put(&q->blanked, q->s + from, n);
	return 0;
}

static int sql_read_all(struct sql *q)
{
	int r = 0;
	bool start = true; /* nothing but blanks since the beginning of the line */
	while (!r && q->pos < q->len) {
		char c = q->s[q->pos];
		size_t delimiter = strlen(q->delimiter);
		if (sql_take_executable(q))
			continue;
		size_t end = sql_comment_end(q);
		bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\0';
		if (blank || end > q->pos) {
			sql_put_blank(&q->text);
			sql_put_blank(&q->blanked);
			start |= c == '\n';
			q->pos = blank ? q->pos + 1 : end;
			continue;
		}
		if (q->len - q->pos >= delimiter && !strncasecmp(q->s + q->pos, q->delimiter, delimiter) &&
		    !sql_body_holds(q)) {
			q->pos += delimiter;
			r = sql_end_statement(q);
		} else if ((q->server || !sql_client_command(q, start, &r)) && !sql_take_quoted(q)) {
			if (sql_in_word(c)) {
				r = sql_take_word(q);
			} else {
				strbuf_putc(&q->text, c);
				strbuf_putc(&q->blanked, c);
				q->pos++;
			}
		}
		start = q->pos && q->s[q->pos - 1] == '\n';
		if (!r && q->pos >= q->len && sql_body_reopen(q))
			r = sql_end_statement(q);
	}
	if (!r)
		r = sql_end_statement(q);
	strbuf_free(&q->text);
	strbuf_free(&q->blanked);
	strbuf_free(&q->string);
	return r;
}

int sql_parts(enum sql_dialect dialect, const char *text, size_t len, sql_fn *each, void *data)
{
	struct sql q = {.dialect = dialect, .s = text, .len = len, .each = each, .data = data, .delimiter = ";"};
	return sql_read_all(&q);
}

int sql_statements(enum sql_dialect dialect, const char *text, size_t len, sql_fn *each, void *data)
{
	struct sql q = {.dialect = dialect,
			.server = true,
			.s = text,
			.len = len,
			.each = each,
			.data = data,
			.delimiter = ";"};
	return sql_read_all(&q);
}
