/* SPDX-License-Identifier: BSD-2-Clause */
/* graphql.c - what a GraphQL request would mutate, and what a body says. */
#include <ctype.h>
#include <string.h>

#include "effects/effects_internal.h"
#include "effects/json_scan.h"

/* A query being read. */
struct query {
	const char *s;
	size_t len, pos;
	struct strbuf *out;
};

static char graphql_peek(const struct query *q)
{
	return q->pos < q->len ? q->s[q->pos] : '\0';
}

static void graphql_skip_string(struct query *q)
{
	bool block = q->len - q->pos >= 3 && !memcmp(q->s + q->pos, "\"\"\"", 3);
	const char *end = block ? memmem(q->s + q->pos + 3, q->len - q->pos - 3, "\"\"\"", 3) : NULL;
	if (block) {
		q->pos = end ? (size_t)(end - q->s) + 3 : q->len;
		return;
	}
	for (q->pos++; q->pos < q->len && q->s[q->pos] != '"'; q->pos++)
		q->pos += q->s[q->pos] == '\\';
	q->pos = q->pos < q->len ? q->pos + 1 : q->len;
}

/* Skip blanks, commas, comments and strings. */
static void graphql_skip(struct query *q)
{
	for (;;) {
		char c = graphql_peek(q);
		if (q->pos >= q->len)
			return;
		if (c == '#') {
			const char *nl = memchr(q->s + q->pos, '\n', q->len - q->pos);
			q->pos = nl ? (size_t)(nl - q->s) : q->len;
		} else if (c == '"') {
			graphql_skip_string(q);
		} else if (isspace((unsigned char)c) || c == ',' || !c || c & 0x80) {
			q->pos++;
		} else {
			return;
		}
	}
}

/* Read a name; its length, or 0. */
static size_t graphql_name(struct query *q, const char **name)
{
	graphql_skip(q);
	*name = q->s + q->pos;
	size_t from = q->pos;
	while (isalnum((unsigned char)graphql_peek(q)) || graphql_peek(q) == '_')
		q->pos++;
	return q->pos - from;
}

/* Skip from an opening parenthesis or brace to what closes it. */
static void graphql_skip_group(struct query *q)
{
	size_t depth = 0;
	do {
		graphql_skip(q);
		char c = graphql_peek(q);
		depth += c == '(' || c == '{' || c == '[';
		depth -= c == ')' || c == '}' || c == ']';
		q->pos += q->pos < q->len;
	} while (depth && q->pos < q->len);
}

/* Behind the dots of a spread: is it an inline fragment, whose fields follow in braces? */
static bool graphql_spreads(struct query *q)
{
	const char *name;
	while (graphql_peek(q) == '.')
		q->pos++;
	size_t n = graphql_name(q, &name);
	if (n == 2 && !memcmp(name, "on", 2))
		return graphql_name(q, &name);
	return !n;
}

/* The fields of a selection set whose brace is open, with those of its inline fragments. */
static void graphql_fields(struct query *q)
{
	size_t depth = 0;
	bool spread = false;
	while (graphql_skip(q), q->pos < q->len) {
		const char *name;
		size_t n = graphql_name(q, &name);
		char c = graphql_peek(q);
		if (n) {
			graphql_skip(q);
			if (graphql_peek(q) != ':') { /* an alias comes before its colon */
				strbuf_put(q->out, name, n);
				strbuf_putc(q->out, '\n');
			}
		} else if (c == '.') {
			spread = graphql_spreads(q);
		} else if (c == '@') { /* a directive's name is not a field */
			q->pos++;
			graphql_name(q, &name);
		} else if (c == '(' || (c == '{' && !spread)) {
			graphql_skip_group(q);
		} else {
			q->pos++;
			depth += c == '{';
			spread &= c != '{';
			if (c == '}' && !depth--)
				return;
		}
	}
}

/* Find the mutations, and the fragments on a type of mutations, at the top of a document. */
static void graphql_document(struct query *q)
{
	bool mutates = false;
	while (graphql_skip(q), q->pos < q->len) {
		const char *name;
		size_t n = graphql_name(q, &name);
		char c = graphql_peek(q);
		if (n) {
			mutates |= n == 8 && !memcmp(name, "mutation", 8);
			mutates |= n >= 8 && !strncasecmp(name, "mutation", 8); /* fragment x on MutationRoot */
		} else if (c == '{' && mutates) {
			q->pos++;
			graphql_fields(q);
			mutates = false;
		} else if (c == '{' || c == '(') {
			graphql_skip_group(q);
		} else {
			q->pos++;
		}
	}
}

/* Read one object of a body.  Returns whether it has a query, or the name of one that the server knows. */
static bool graphql_object(struct json_scan *j, struct strbuf *out)
{
	cleanup_strbuf struct strbuf key = {0}, text = {0}, name = {0};
	bool query = false;
	size_t from, to;
	if (!json_scan_open(j, '{'))
		return false;
	while (json_scan_key(j, &key)) {
		if (json_scan_is(&key, "query") && json_scan_string(j, &text)) {
			struct query q = {text.s, text.len, 0, out};
			graphql_document(&q);
			query = true;
		} else if (!json_scan_is(&key, "operationName") || !json_scan_string(j, &name)) {
			json_scan_skip(j, &from, &to);
		}
	}
	if (!query && name.len) { /* persisted: the name is all that is said */
		strbuf_put(out, name.s, name.len);
		strbuf_putc(out, '\n');
	}
	return query || name.len;
}

void effects_graphql_operations(const char *body, size_t len, struct strbuf *out)
{
	struct json_scan j = {body, len, 0};
	struct query q = {body, len, 0, out};
	if (!body)
		return;
	if (json_scan_open(&j, '[')) {
		while (json_scan_item(&j)) {
			size_t before = j.pos;
			graphql_object(&j, out);
			if (j.pos == before)
				return;
		}
	} else if (!graphql_object(&j, out)) {
		graphql_document(&q);
	}
}

/* The character at *i, folded; a \u escape of JSON counts as what it stands for.  Moves *i behind it. */
static char graphql_body_char(const char *body, size_t len, size_t *i)
{
	char c = body[(*i)++];
	if (c == '\\' && *i + 5 <= len && body[*i] == 'u' && body[*i + 1] == '0' && body[*i + 2] == '0' &&
	    isxdigit((unsigned char)body[*i + 3]) && isxdigit((unsigned char)body[*i + 4])) {
		char high = body[*i + 3], low = (char)tolower((unsigned char)body[*i + 4]);
		c = (char)((high - '0') * 16 + (isdigit((unsigned char)low) ? low - '0' : low - 'a' + 10));
		*i += 5;
	}
	return (char)tolower((unsigned char)c);
}

bool effects_body_has(const char *body, size_t len, const char *keyword)
{
	for (size_t from = 0; body && from < len; from++) {
		size_t i = from;
		const char *k = keyword;
		while (*k && i < len && graphql_body_char(body, len, &i) == *k)
			k++;
		if (!*k)
			return true;
	}
	return false;
}
