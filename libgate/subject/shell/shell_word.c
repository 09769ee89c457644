/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_word.c - reads one word of a shell text: quotes, escapes, expansions. */
#include "subject/shell/shell_internal.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void shell_word_put_utf8(struct strbuf *out, uint32_t c)
{
	char b[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n; i-- > 1; c >>= 6)
		b[i] = (char)(0x80 | (c & 0x3f));
	b[0] = (char)(n == 1 ? c : (0xf0u << (4 - n) & 0xff) | c);
	strbuf_put(out, b, n);
}

static int shell_word_digit_of(char c, unsigned base)
{
	static const char digits[] = "0123456789abcdef";
	const char *d = c ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;
	return d && d - digits < (long)base ? (int)(d - digits) : -1;
}

/* Read up to `max` digits at pos. */
static uint32_t shell_word_number(struct shell *sh, unsigned base, unsigned max)
{
	uint32_t v = 0;
	for (int d; max-- && (d = shell_word_digit_of(shell_peek(sh, 0), base)) >= 0; sh->pos++)
		v = v * base + (uint32_t)d;
	return v;
}

/* Read the escape after a backslash in $'...'. */
static void shell_word_ansi_escape(struct shell *sh, struct strbuf *out)
{
	static const char letters[] = "abeEfnrtv", meanings[] = "\a\b\033\033\f\n\r\t\v";
	char c = shell_peek(sh, 0);
	const char *letter = c ? strchr(letters, c) : NULL;
	uint32_t v = 0;
	if (shell_word_digit_of(c, 8) >= 0) {
		v = shell_word_number(sh, 8, 3) & 0xff;
	} else {
		sh->pos++;
		if (letter)
			v = (unsigned char)meanings[letter - letters];
		else if (c == 'x')
			v = shell_word_number(sh, 16, 2);
		else if (c == 'u' || c == 'U')
			v = shell_word_number(sh, 16, c == 'u' ? 4 : 8);
		else if (c == 'c' && !shell_end(sh))
			v = sh->s[sh->pos++] & 0x1f;
		else if (strchr("\\'\"?", c))
			v = (unsigned char)c;
		else {
			strbuf_putc(out, '\\');
			v = (unsigned char)c;
		}
		if (c == 'u' || c == 'U') {
			shell_word_put_utf8(out, v <= 0x10ffff ? v : 0xfffd);
			return;
		}
	}
	if (v) /* the shell's strings can't contain a NUL either */
		strbuf_putc(out, (char)v);
}

/* $'...' after its opening quote. */
static void shell_word_ansi_quoted(struct shell *sh, struct strbuf *out)
{
	while (!shell_end(sh)) {
		char c = sh->s[sh->pos++];
		if (c == '\'')
			return;
		if (c == '\\' && !shell_end(sh))
			shell_word_ansi_escape(sh, out);
		else
			strbuf_putc(out, c);
	}
}

/* '...' after its opening quote. */
static void shell_word_single_quoted(struct shell *sh, struct strbuf *out)
{
	const char *from = sh->s + sh->pos, *end = memchr(from, '\'', sh->len - sh->pos);
	size_t n = end ? (size_t)(end - from) : sh->len - sh->pos;
	strbuf_put(out, from, n);
	sh->pos += n + (end != NULL);
}

/* "..." after its opening quote. */
static int shell_word_double_quoted(struct shell *sh, struct strbuf *out)
{
	int r = 0;
	while (!r && !shell_end(sh)) {
		char c = shell_peek(sh, 0), next = shell_peek(sh, 1);
		if (c == '$') {
			r = shell_expand_variable(sh, out, NULL) ? 0 : shell_read_dollar(sh, out, NULL, true);
		} else if (c == '`') {
			r = shell_read_backticks(sh, out, true);
		} else if (c == '\\' && next && strchr("$`\"\\\n", next)) {
			sh->pos += 2;
			if (next != '\n')
				strbuf_putc(out, next);
		} else {
			sh->pos++;
			if (c == '"')
				return 0;
			strbuf_putc(out, c);
		}
	}
	return r;
}

int shell_read_backticks(struct shell *sh, struct strbuf *out, bool dquoted)
{
	cleanup_strbuf struct strbuf inner = {0};
	size_t from = sh->pos++;
	while (!shell_end(sh) && shell_peek(sh, 0) != '`') {
		char c = sh->s[sh->pos++], next = shell_peek(sh, 0);
		if (c == '\\' && next && strchr(dquoted ? "$`\\\"" : "$`\\", next))
			c = sh->s[sh->pos++];
		strbuf_putc(&inner, c);
	}
	sh->pos += !shell_end(sh);
	if (out)
		strbuf_put(out, sh->s + from, sh->pos - from);
	return inner.err ? inner.err : shell_read_text(sh, inner.s ? inner.s : "", inner.len);
}

/* Only the parentheses decide, not the text between them: reading that twice at every level would take forever. */
bool shell_is_arithmetic(const struct shell *sh)
{
	size_t open = 1;
	for (size_t i = sh->pos + 1; i < sh->len; i++) {
		char c = sh->s[i];
		if (c == '\\')
			i++;
		else if (c == '\'' || c == '"') {
			const char *end = memchr(sh->s + i + 1, c, sh->len - i - 1);
			if (!end)
				return false;
			i = (size_t)(end - sh->s);
		} else if (c == '(')
			open++;
		else if (c == ')' && --open == 1)
			return i + 1 < sh->len && sh->s[i + 1] == ')';
	}
	return false;
}

int shell_read_arithmetic(struct shell *sh)
{
	size_t open = 1;
	int r = 0;
	for (sh->pos++; !r && open && !shell_end(sh);) {
		char c = shell_peek(sh, 0);
		if (c == '$') {
			r = shell_read_dollar(sh, NULL, NULL, true);
		} else if (c == '`') {
			r = shell_read_backticks(sh, NULL, false);
		} else {
			open += c == '(' ? 1 : c == ')' ? -1ul : 0;
			sh->pos += c == '\\' && sh->pos + 1 < sh->len ? 2 : 1;
		}
	}
	sh->pos += shell_peek(sh, 0) == ')';
	return r;
}

/* ${...} after its opening brace. */
static int shell_word_braced(struct shell *sh, bool dquoted)
{
	cleanup_strbuf struct strbuf nowhere = {0};
	int r = 0;
	if (++sh->depth > SHELL_DEPTH_MAX)
		return -E2BIG;
	while (!r && !shell_end(sh) && shell_peek(sh, 0) != '}') {
		char c = shell_peek(sh, 0);
		if (c == '$') {
			r = shell_read_dollar(sh, NULL, NULL, dquoted);
		} else if (c == '`') {
			r = shell_read_backticks(sh, NULL, dquoted);
		} else {
			sh->pos += c == '\\' && sh->pos + 1 < sh->len ? 2 : 1;
			if (c == '"')
				r = shell_word_double_quoted(sh, &nowhere);
			else if (c == '\'' && !dquoted)
				shell_word_single_quoted(sh, &nowhere);
		}
	}
	sh->pos += !shell_end(sh);
	sh->depth--;
	return r;
}

/* Append the text that $(...) stands for, if it is known and remains one word.  `quoted`: blanks don't split it. */
static bool shell_word_put_spoken(const struct shell *sh, struct strbuf *out, bool quoted)
{
	const struct strbuf *s = &sh->spoken;
	size_t n = s->len;
	while (n && s->s[n - 1] == '\n')
		n--;
	if (!out || !n || sh->said.n || memchr(s->s, '$', n) || memchr(s->s, '`', n) ||
	    (!quoted && strcspn(s->s, " \t\n*?[~{'\"\\") < n))
		return false;
	strbuf_put(out, s->s, n);
	return true;
}

int shell_read_dollar(struct shell *sh, struct strbuf *out, bool *quoted, bool dquoted)
{
	size_t from = sh->pos++;
	char c = shell_peek(sh, 0);
	int r = 0;
	if (c == '(') {
		if (shell_peek(sh, 1) == '(' && shell_is_arithmetic(sh)) {
			sh->pos++;
			r = shell_read_arithmetic(sh);
		} else {
			sh->pos++;
			r = shell_read_commands(sh, ')');
			if (!r && shell_word_put_spoken(sh, out, dquoted))
				return out->err;
		}
	} else if (c == '{') {
		sh->pos++;
		r = shell_word_braced(sh, dquoted);
	} else if ((c == '\'' || c == '"') && !dquoted) {
		cleanup_strbuf struct strbuf text = {0};
		sh->pos++;
		if (quoted)
			*quoted = true;
		if (c == '"')
			r = shell_word_double_quoted(sh, &text);
		else
			shell_word_ansi_quoted(sh, &text);
		if (out && text.s)
			strbuf_put(out, text.s, text.len);
		return r ? r : text.err;
	}
	if (out)
		strbuf_put(out, sh->s + from, sh->pos - from);
	return r;
}

/* Read <(...), >(...) or the pattern +(...): the parenthesis is at pos; its source text is appended. */
static int shell_word_parenthesis(struct shell *sh, struct strbuf *out, bool commands)
{
	size_t from = sh->pos++;
	int r = 0;
	if (commands)
		r = shell_read_commands(sh, ')');
	else if (++sh->depth > SHELL_DEPTH_MAX)
		r = -E2BIG;
	else {
		struct shell_word part = {0};
		while (!r && !shell_end(sh) && shell_peek(sh, 0) != ')') {
			if (strchr(" \t\n;&|<>(", shell_peek(sh, 0)))
				sh->pos++;
			else
				r = shell_read_word(sh, &part);
		}
		sh->pos += !shell_end(sh);
		sh->depth--;
		strbuf_free(&part.text);
	}
	strbuf_put(out, sh->s + from, sh->pos - from);
	return r;
}

/* Does a `(` after this byte belong to the word?  In a pattern or a list it does.  Elsewhere no shell runs such a text,
 * and the author meant a word: mongosh --eval db.users.drop(). */
static bool shell_word_opens_in_word(const struct shell_word *w, char before)
{
	return strchr("?*+@!", before) || (w->argument && (before == '=' || shell_in_name(before)));
}

/* "$@" with known arguments becomes as many words as there are arguments. */
static bool shell_word_arguments(struct shell *sh, struct shell_word *w)
{
	static const char all[] = "\"$@\"";
	if (sh->len - sh->pos < sizeof all - 1 || memcmp(sh->s + sh->pos, all, sizeof all - 1))
		return false;
	sh->pos++;
	bool known = shell_expand_variable(sh, &w->text, w);
	sh->pos = known ? sh->pos + 1 : sh->pos - 1;
	return known;
}

int shell_read_word(struct shell *sh, struct shell_word *w)
{
	size_t from = sh->pos;
	int r = 0;
	while (!r && !shell_end(sh)) {
		char c = shell_peek(sh, 0), next = shell_peek(sh, 1);
		if ((c == '<' || c == '>') && next == '(') {
			strbuf_putc(&w->text, c);
			sh->pos++;
			r = shell_word_parenthesis(sh, &w->text, true);
		} else if (c == '(' && sh->pos > from && shell_word_opens_in_word(w, sh->s[sh->pos - 1])) {
			r = shell_word_parenthesis(sh, &w->text, false);
		} else if (c && strchr(" \t\n;&|()<>", c)) {
			break;
		} else if ((c == '$' && shell_expand_variable(sh, &w->text, w)) ||
			   (c == '"' && shell_word_arguments(sh, w))) {
			continue;
		} else if (c == '$') {
			r = shell_read_dollar(sh, &w->text, &w->quoted, false);
		} else if (c == '`') {
			r = shell_read_backticks(sh, &w->text, false);
		} else {
			sh->pos++;
			if (c == '\\') {
				w->quoted |= next != '\n';
				if (shell_end(sh))
					next = c; /* the last byte is literal */
				if (next && next != '\n')
					strbuf_putc(&w->text, next);
				sh->pos += !shell_end(sh);
			} else if (c == '\'') {
				w->quoted = true;
				shell_word_single_quoted(sh, &w->text);
			} else if (c == '"') {
				w->quoted = true;
				r = shell_word_double_quoted(sh, &w->text);
			} else if (c) {
				strbuf_putc(&w->text, c);
			}
		}
	}
	return r ? r : w->text.err;
}
