/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_tokens.c - cuts one SQL statement into tokens, and reads the names among them. */
#include "effects/sql_tokens.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/strbuf.h"

static bool sql_tokens_in_word(char c)
{
	return c == '_' || isalnum((unsigned char)c) || c & 0x80;
}

static size_t sql_tokens_word(const char *s)
{
	size_t n = 0;
	while (sql_tokens_in_word(s[n]) || (n && s[n] == '$'))
		n++;
	return n;
}

/* The length of what is in quotes at s.  A doubled quote is a literal. */
static size_t sql_tokens_quoted(const char *s, char end)
{
	size_t n = 1;
	for (; s[n]; n++)
		if (s[n] == end && s[n + 1] != end)
			return n + 1;
		else if (s[n] == end)
			n++;
	return n;
}

static size_t sql_tokens_number(const char *s)
{
	size_t n = 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '.' || s[n] == '_')
		n++;
	return n;
}

/* The length of a parameter's place at s, or 0.  `::` is a cast. */
static size_t sql_tokens_param(const char *s, enum effect_engine engine)
{
	size_t n = *s == '@' && s[1] == '@' ? 2 : 1;
	if (*s == '?')
		return 1 + strspn(s + 1, "0123456789");
	if (*s == '%' && s[1] == 's' && !sql_tokens_in_word(s[2]))
		return 2;
	if (*s == '%' && s[1] == '(') { /* %(name)s */
		size_t name = sql_tokens_word(s + 2);
		return s[2 + name] == ')' ? 3 + name + (s[3 + name] == 's') : 0;
	}
	bool opens = *s == '$' || *s == '@' || (*s == ':' && s[1] != ':' && s[1] != '=');
	if (!opens || (engine == EFFECT_POSTGRESQL && *s == '@'))
		return 0;
	return sql_tokens_in_word(s[n]) ? n + sql_tokens_word(s + n) : 0;
}

static struct sql_token sql_tokens_next(const struct sql_tokens *t, uint32_t from)
{
	const char *s = t->text + from;
	size_t n = sql_tokens_param(s, t->engine);
	enum sql_token_kind kind = SQL_TOKEN_PARAM;
	if (n) {
		;
	} else if (*s == '\'') {
		kind = SQL_TOKEN_STRING;
		n = sql_tokens_quoted(s, '\'');
	} else if (*s == '"' || *s == '`' || (*s == '[' && t->engine == EFFECT_SQLITE)) {
		kind = SQL_TOKEN_QUOTED;
		n = sql_tokens_quoted(s, *s == '[' ? ']' : *s);
	} else if (isdigit((unsigned char)*s) || (*s == '.' && isdigit((unsigned char)s[1]))) {
		kind = SQL_TOKEN_NUMBER;
		n = sql_tokens_number(s);
	} else if ((*s | 0x20) == 'u' && s[1] == '&' && (s[2] == '"' || s[2] == '\'')) {
		kind = s[2] == '"' ? SQL_TOKEN_QUOTED : SQL_TOKEN_STRING;
		n = 2 + sql_tokens_quoted(s + 2, s[2]);
	} else if (sql_tokens_in_word(*s)) {
		n = sql_tokens_word(s);
		kind = SQL_TOKEN_WORD;
		if (n == 1 && s[1] == '\'' && strchr("eExXbBnN", *s)) { /* E'', X'', N'' */
			kind = SQL_TOKEN_STRING;
			n += sql_tokens_quoted(s + 1, '\'');
		}
	} else {
		kind = SQL_TOKEN_SIGN;
		n = strspn(s, "<>=!|&:");
		n = n ? n : 1;
	}
	return (struct sql_token){from, (uint32_t)n, kind};
}

int sql_tokens_read(struct sql_tokens *t, enum effect_engine engine, const char *text)
{
	*t = (struct sql_tokens){.text = text, .engine = engine};
	if (strlen(text) > UINT32_MAX)
		return -ENOMEM;
	for (uint32_t at = 0;;) {
		while (text[at] == ' ')
			at++;
		if (!text[at])
			return 0;
		if (!(t->n & (t->n - 1))) { /* full at every power of two */
			struct sql_token *grown = reallocarray(t->v, t->n ? t->n * 2 : 1, sizeof *grown);
			if (!grown)
				return -ENOMEM;
			t->v = grown;
		}
		t->v[t->n] = sql_tokens_next(t, at);
		at += t->v[t->n++].len;
	}
}

bool sql_is(const struct sql_tokens *t, size_t i, const char *word)
{
	return i < t->n && t->v[i].kind == SQL_TOKEN_WORD && strlen(word) == t->v[i].len &&
	       !strncasecmp(t->text + t->v[i].from, word, t->v[i].len);
}

bool sql_is_one(const struct sql_tokens *t, size_t i, const char *words)
{
	if (i >= t->n || t->v[i].kind != SQL_TOKEN_WORD)
		return false;
	for (const char *w = words; *w; w += strcspn(w, " "), w += *w == ' ')
		if (strcspn(w, " ") == t->v[i].len && !strncasecmp(w, t->text + t->v[i].from, t->v[i].len))
			return true;
	return false;
}

bool sql_is_sign(const struct sql_tokens *t, size_t i, const char *sign)
{
	return i < t->n && t->v[i].kind == SQL_TOKEN_SIGN && strlen(sign) == t->v[i].len &&
	       !memcmp(t->text + t->v[i].from, sign, t->v[i].len);
}

bool sql_is_name(const struct sql_tokens *t, size_t i)
{
	return i < t->n && (t->v[i].kind == SQL_TOKEN_WORD || t->v[i].kind == SQL_TOKEN_QUOTED);
}

/* Append the character of PostgreSQL's \XXXX or \+XXXXXX.  Returns its length, or 0.  Names beyond ASCII stay escaped. */
static size_t sql_tokens_put_unicode(const char *s, size_t n, struct strbuf *out)
{
	size_t mark = n > 1 && s[1] == '+' ? 2 : 1, digits = mark == 2 ? 6 : 4;
	unsigned code = 0;
	if (n < mark + digits)
		return 0;
	for (size_t i = mark; i < mark + digits; i++) {
		if (!isxdigit((unsigned char)s[i]))
			return 0;
		code = code * 16 + (unsigned)(isdigit((unsigned char)s[i]) ? s[i] - '0' : (s[i] | 0x20) - 'a' + 10);
	}
	if (!code || code > 0x7f)
		return 0;
	strbuf_putc(out, (char)code);
	return mark + digits;
}

static void sql_tokens_put_name(const struct sql_tokens *t, const struct sql_token *k, struct strbuf *out)
{
	const char *s = t->text + k->from, *end = s + k->len;
	bool quoted = k->kind == SQL_TOKEN_QUOTED, unicode = quoted && (*s | 0x20) == 'u';
	s += unicode ? 2 : 0;
	char quote = quoted ? *s == '[' ? ']' : *s : '\0';
	s += quoted;
	end -= quoted && end > s && end[-1] == quote;
	while (s < end) {
		size_t n = unicode && *s == '\\' ? sql_tokens_put_unicode(s, (size_t)(end - s), out) : 0;
		if (!n) {
			strbuf_putc(out, quoted ? *s : (char)tolower((unsigned char)*s));
			n = quoted && *s == quote ? 2 : 1;
		}
		s += n;
	}
}

bool sql_take_name(const struct sql_tokens *t, size_t *i, struct strbuf *name)
{
	size_t from = *i;
	while (sql_is_name(t, *i)) {
		sql_tokens_put_name(t, &t->v[(*i)++], name);
		if (!sql_is_sign(t, *i, ".") || !sql_is_name(t, *i + 1))
			break;
		strbuf_putc(name, '.');
		++*i;
	}
	return *i > from;
}
