/* SPDX-License-Identifier: BSD-2-Clause */
/* json_scan.c - walks through a JSON text. */
#include "effects/json_scan.h"

#include <ctype.h>
#include <string.h>

static void json_scan_blanks(struct json_scan *j)
{
	while (j->pos < j->len && strchr(" \t\r\n", j->s[j->pos]) && j->s[j->pos])
		j->pos++;
}

bool json_scan_at(struct json_scan *j, char c)
{
	json_scan_blanks(j);
	return j->pos < j->len && j->s[j->pos] == c;
}

bool json_scan_open(struct json_scan *j, char c)
{
	bool is = json_scan_at(j, c);
	j->pos += is;
	return is;
}

/* The value of four hexadecimal digits at pos, or -1. */
static long json_scan_hex(const struct json_scan *j, size_t at)
{
	long code = 0;
	for (size_t i = at; i < at + 4; i++) {
		if (i >= j->len || !isxdigit((unsigned char)j->s[i]))
			return -1;
		char c = (char)tolower((unsigned char)j->s[i]);
		code = code * 16 + (isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
	}
	return code;
}

/* Read the escape behind a backslash.  A character beyond ASCII becomes '?': no name that rules speak of has one. */
static void json_scan_escape(struct json_scan *j, struct strbuf *out)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	char c = j->s[j->pos++];
	const char *known = c ? strchr(from, c) : NULL;
	long code = c == 'u' ? json_scan_hex(j, j->pos) : -1;
	if (code >= 0) {
		strbuf_putc(out, code && code < 0x80 ? (char)code : '?');
		j->pos += 4;
	} else {
		strbuf_putc(out, known ? to[known - from] : c);
	}
}

bool json_scan_string(struct json_scan *j, struct strbuf *out)
{
	out->len = 0;
	if (!json_scan_open(j, '"'))
		return false;
	while (j->pos < j->len && j->s[j->pos] != '"') {
		char c = j->s[j->pos++];
		if (c == '\\' && j->pos < j->len)
			json_scan_escape(j, out);
		else
			strbuf_putc(out, c ? c : ' ');
	}
	j->pos += j->pos < j->len;
	strbuf_put(out, "", 0);
	return true;
}

bool json_scan_key(struct json_scan *j, struct strbuf *key)
{
	json_scan_open(j, ',');
	if (json_scan_open(j, '}'))
		return false;
	return json_scan_string(j, key) && json_scan_open(j, ':') && !key->err;
}

bool json_scan_item(struct json_scan *j)
{
	json_scan_open(j, ',');
	json_scan_blanks(j);
	return !json_scan_open(j, ']') && j->pos < j->len;
}

static void json_scan_skip_string(struct json_scan *j)
{
	for (j->pos++; j->pos < j->len && j->s[j->pos] != '"'; j->pos++)
		j->pos += j->s[j->pos] == '\\';
	j->pos = j->pos < j->len ? j->pos + 1 : j->len;
}

void json_scan_skip(struct json_scan *j, size_t *from, size_t *to)
{
	size_t depth = 0;
	json_scan_blanks(j);
	*from = j->pos;
	while (j->pos < j->len) {
		char c = j->s[j->pos];
		if (!depth && j->pos > *from && strchr(",}]", c) && c)
			break;
		if (c == '"') {
			json_scan_skip_string(j);
		} else {
			depth += c == '{' || c == '[';
			depth -= depth && (c == '}' || c == ']');
			j->pos++;
		}
		if (!depth && (c == '"' || c == '}' || c == ']'))
			break;
	}
	*to = j->pos;
}

bool json_scan_is(const struct strbuf *key, const char *name)
{
	return key->len == strlen(name) && (!key->len || !memcmp(key->s, name, key->len));
}
