/* SPDX-License-Identifier: BSD-2-Clause */
/* https_answer.c - finds where an answer ends, and puts its chunks together. */
#include "principal/https_answer.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A head's fields that say how long the body is. */
struct framing {
	bool chunked, has_length;
	size_t length;
};

static bool answer_is(const char *line, size_t n, const char *name)
{
	size_t k = strlen(name);
	return n > k && line[k] == ':' && !strncasecmp(line, name, k);
}

static bool answer_length(const char *s, size_t n, size_t *out)
{
	*out = 0;
	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]) || i > 8)
			return false;
		*out = *out * 10 + (size_t)(s[i] - '0');
	}
	return n;
}

/* Read the field lines text[0..n), each with its \r\n. */
static bool answer_framing(const char *text, size_t n, struct framing *f)
{
	for (const char *end = text + n, *next; text < end; text = next) {
		const char *stop = memmem(text, (size_t)(end - text), "\r\n", 2);
		if (!stop)
			return false;
		size_t len = (size_t)(stop - text);
		next = stop + 2;
		if (answer_is(text, len, "transfer-encoding"))
			f->chunked = true;
		if (answer_is(text, len, "content-length")) {
			if (f->has_length || !answer_length(text + 15, len - 15, &f->length))
				return false;
			f->has_length = true;
		}
	}
	return !(f->chunked && f->has_length);
}

/* The line of a chunk's size at text[at..n): its bytes in *size, and where the data begins; 0: it is not all there; SIZE_MAX: it
 * is none. */
static size_t answer_chunk(const char *text, size_t n, size_t at, size_t *size)
{
	const char *end = memmem(text + at, n - at, "\r\n", 2);
	size_t digits = at;
	*size = 0;
	if (!end)
		return n - at > 64 ? SIZE_MAX : 0;
	for (; isxdigit((unsigned char)text[digits]) && digits - at < 8; digits++) {
		int c = tolower((unsigned char)text[digits]);
		*size = *size * 16 + (size_t)(isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	if (digits == at || (text[digits] != '\r' && text[digits] != ';' && text[digits] != ' '))
		return SIZE_MAX;
	return (size_t)(end - text) + 2;
}

/* Walk the chunks of text[0..n); with `to`, move their data there.  Returns as https_answer_parse(). */
static int answer_chunks(const char *text, size_t n, char *to, size_t *len)
{
	size_t size;
	*len = 0;
	for (size_t at = 0;;) {
		size_t data = answer_chunk(text, n, at, &size);
		if (data == SIZE_MAX)
			return -1;
		if (!data)
			return 0;
		if (!size) /* then perhaps fields, which nobody needs */
			return 1;
		if (n - data < size + 2)
			return 0;
		if (memcmp(text + data + size, "\r\n", 2))
			return -1;
		if (to)
			memmove(to + *len, text + data, size);
		*len += size;
		at = data + size + 2;
	}
}

int https_answer_parse(char *text, size_t n, bool over, struct https_answer *out)
{
	char *end = memmem(text, n, "\r\n\r\n", 4), *fields = memmem(text, n, "\r\n", 2);
	struct framing f = {0};
	if (!end)
		return over ? -1 : 0;
	if (end - text < 12 || memcmp(text, "HTTP/1.", 7) || text[8] != ' ')
		return -1;
	out->status = 0;
	for (size_t i = 9; i < 12; i++) {
		if (!isdigit((unsigned char)text[i]))
			return -1;
		out->status = out->status * 10 + (unsigned)(text[i] - '0');
	}
	out->body = end + 4;
	size_t rest = n - (size_t)(out->body - text);
	if (!answer_framing(fields + 2, (size_t)(end - fields), &f))
		return -1;
	int whole = f.chunked    ? answer_chunks(out->body, rest, NULL, &out->len) :
		    f.has_length ? rest >= f.length :
				   over;
	if (out->status == 204)
		whole = 1;
	if (whole > 0 && f.chunked)
		answer_chunks(out->body, rest, out->body, &out->len);
	else if (whole > 0)
		out->len = f.has_length ? f.length : rest;
	if (out->status == 204)
		out->len = 0;
	if (whole > 0)
		out->body[out->len] = '\0';
	return !whole && over ? -1 : whole;
}
