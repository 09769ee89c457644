/* SPDX-License-Identifier: BSD-2-Clause */
/* oneliner_string.c - reads the string literals of the languages in which one-liners are written. */
#include "subject/code/oneliner_internal.h"

#include <string.h>

/* The delimiters and escapes of a literal. */
struct literal {
	size_t open; /* bytes before its first character */
	char close[4];
	char nested; /* an opening bracket that nests, or NUL */
	bool raw;    /* backslashes are literal ... */
	bool single; /* ... or literal except before \ and the delimiter */
	bool commands;
};

static bool oneliner_string_is(const struct scan *s, enum oneliner_language a, enum oneliner_language b)
{
	return s->language == a || s->language == b;
}

/* q(...), qq{...}, qx'...' of Perl and %q(...), %x{...} of Ruby. */
static bool oneliner_string_generic_literal(const struct scan *s, struct literal *l)
{
	static const char opening[] = "([{<", closing[] = ")]}>", delimiters[] = "([{</|!'\"";
	const char *p = s->at;
	char kind = 'Q';
	if (s->torn)
		return false;
	if (s->language == ONELINER_PERL && *p == 'q') {
		kind = 'q';
		if (p[1] == 'q' || p[1] == 'x')
			kind = *++p == 'x' ? 'x' : 'Q';
	} else if (s->language == ONELINER_RUBY && *p == '%') {
		if (p[1] && strchr("qQxw", p[1]))
			kind = *++p;
		else if (!p[1] || !strchr("([{", p[1]))
			return false;
	} else {
		return false;
	}
	p++;
	if (!*p || !strchr(delimiters, *p))
		return false;
	const char *bracket = strchr(opening, *p);
	*l = (struct literal){.open = (size_t)(p + 1 - s->at), .single = kind == 'q', .commands = kind == 'x'};
	l->close[0] = bracket ? closing[bracket - opening] : *p;
	l->nested = bracket ? *p : '\0';
	return true;
}

/* A quote, possibly after Python's prefix letters. */
static bool oneliner_string_quoted_literal(const struct scan *s, struct literal *l)
{
	const char *p = s->at;
	bool raw = false;
	if (s->language == ONELINER_PYTHON)
		for (; *p && p < s->at + 2 && strchr("rRbBfFuU", *p); p++)
			raw |= *p == 'r' || *p == 'R';
	bool tick = *p == '`' && !oneliner_string_is(s, ONELINER_PYTHON, ONELINER_AWK);
	if (*p != '"' && !tick && !(*p == '\'' && s->language != ONELINER_AWK))
		return false;
	bool triple = s->language == ONELINER_PYTHON && p[1] == *p && p[2] == *p;
	*l = (struct literal){.open = (size_t)(p - s->at) + (triple ? 3 : 1),
			      .close = {*p},
			      .raw = raw,
			      .single = *p == '\'' && !oneliner_string_is(s, ONELINER_PYTHON, ONELINER_NODE),
			      .commands = tick && s->language != ONELINER_NODE};
	if (triple)
		l->close[1] = l->close[2] = *p;
	return true;
}

static unsigned oneliner_string_digits(const char **p, unsigned base, size_t max)
{
	static const char known[] = "0123456789abcdef";
	unsigned v = 0;
	for (; max && **p; max--, ++*p) {
		const char *d = strchr(known, **p >= 'A' && **p <= 'F' ? **p | 0x20 : **p);
		if (!d || (unsigned)(d - known) >= base)
			break;
		v = v * base + (unsigned)(d - known);
	}
	return v;
}

/* Read the escape after a backslash. */
static const char *oneliner_string_escape(const char *p, struct strbuf *out)
{
	static const char letters[] = "abefnrtv", meanings[] = "\a\b\033\f\n\r\t\v";
	const char *letter = strchr(letters, *p);
	unsigned v = (unsigned char)*p;
	if (*p >= '0' && *p <= '7') {
		v = oneliner_string_digits(&p, 8, 3) & 0xff;
	} else if (*p == 'x') {
		p++;
		v = oneliner_string_digits(&p, 16, 2);
	} else {
		p++;
		v = letter ? (unsigned char)meanings[letter - letters] : v;
		if (v == '\n' && !letter) /* a continued line */
			return p;
	}
	if (v)
		strbuf_putc(out, (char)v);
	return p;
}

bool oneliner_string(struct scan *s, struct strbuf *out, bool *commands)
{
	cleanup_strbuf struct strbuf text = {0};
	struct literal l;
	if (!oneliner_string_generic_literal(s, &l) && !oneliner_string_quoted_literal(s, &l))
		return false;
	size_t close = strlen(l.close), depth = 1;
	const char *p = s->at + l.open;
	for (;;) {
		if (!*p) {
			s->torn |= l.nested != '\0';
			return false;
		}
		if (!strncmp(p, l.close, close) && !--depth)
			break;
		depth += l.nested && *p == l.nested;
		if (*p == '\\' && p[1] && !l.raw && (!l.single || p[1] == '\\' || p[1] == l.close[0]))
			p = oneliner_string_escape(p + 1, &text);
		else
			strbuf_putc(&text, *p++);
	}
	s->at = p + close;
	if (out && text.len)
		strbuf_put(out, text.s, text.len);
	if (out && text.err)
		out->err = text.err;
	if (commands)
		*commands = l.commands;
	return true;
}

void oneliner_skip(struct scan *s)
{
	for (;;) {
		s->at += strspn(s->at, " \t\r\n");
		/* not in $#list, s#a#b# or \// */
		bool apart = s->at == s->begin || strchr(" \t\r\n;,(){}", s->at[-1]);
		bool slashes = oneliner_string_is(s, ONELINER_NODE, ONELINER_PHP) && apart;
		if ((*s->at == '#' && s->language != ONELINER_NODE && apart) || (slashes && !strncmp(s->at, "//", 2))) {
			s->at += strcspn(s->at, "\n");
		} else if (slashes && !strncmp(s->at, "/*", 2)) {
			const char *end = strstr(s->at + 2, "*/");
			s->at = end ? end + 2 : s->at + strlen(s->at);
		} else {
			return;
		}
	}
}
