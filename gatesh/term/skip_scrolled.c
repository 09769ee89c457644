/* SPDX-License-Identifier: BSD-2-Clause */
/* skip_scrolled.c - finds output that can be replaced by line feeds because all of it has scrolled away.
 *
 * The skipped part has at least one line feed per screen row, so it ends on the lowest row wherever it began, and it
 * ends at a character in the first column.  At least as many line feeds must follow, to scroll everything that was then
 * on the screen off it. */
#include "term/skip_scrolled.h"

#include <string.h>

#include "term/term_scan.h"

enum { ESC = 0x1b };

/* An offset where skipping can end (0: none), with the reader's state there. */
struct location {
	size_t at, lines, pens;
};

struct reader {
	size_t from;        /* after the first character in the first column, where no decoder holds partial input */
	size_t lines;       /* line feeds since `from` */
	size_t pens;        /* the last resetting SGR since `from`; 0: none */
	unsigned utf8_left; /* bytes that the character still needs */
	bool first_column;
	struct location safe, next; /* safe has enough lines after it; next is the candidate for it */
};

/* The length of an SGR or EL without a private marker; 0 for anything else or an incomplete one. */
static size_t scrolled_line_sequence(const char *s, const char *end)
{
	const char *p = s + 1;
	if (p == end || *p++ != '[')
		return 0;
	while (p < end && ((*p >= '0' && *p <= '9') || *p == ';' || *p == ':'))
		p++;
	return p < end && (*p == 'm' || *p == 'K') ? (size_t)(p - s) + 1 : 0;
}

bool sgr_resets(const char *s)
{
	const char *p = s + 2 + (s[2] == '0');
	return *p == 'm' || *p == ';';
}

/* Read a byte of a non-ASCII character.  Returns false if it is invalid there. */
static bool scrolled_utf8(struct reader *r, unsigned char c)
{
	bool fits = r->utf8_left ? c < 0xc0 : c >= 0xc2 && c <= 0xf4;
	r->utf8_left = r->utf8_left ? r->utf8_left - 1 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	r->first_column = false;
	return fits;
}

/* Handle an ASCII character in the first column. */
static void scrolled_line_start(struct reader *r, size_t i, size_t rows)
{
	if (!r->from) {
		r->from = i + 1;
		r->lines = r->pens = 0;
	} else if (r->lines - r->next.lines >= rows) {
		if (r->next.at)
			r->safe = r->next;
		r->next = (struct location){i, r->lines, r->pens};
	}
	r->first_column = false;
}

/* Read the control or sequence at offset i.  Returns its length, 0 if it does more than act within a line or end it. */
static size_t scrolled_control(struct reader *r, const char *bytes, size_t i, size_t n)
{
	size_t len = 1;
	if (bytes[i] == '\n')
		r->lines++;
	else if (bytes[i] == '\r')
		r->first_column = true;
	else if (bytes[i] == '\t')
		r->first_column = false;
	else if (bytes[i] != ESC)
		len = 0;
	else if ((len = scrolled_line_sequence(bytes + i, bytes + n)) && bytes[i + len - 1] == 'm' &&
		 sgr_resets(bytes + i))
		r->pens = i;
	return len;
}

void scrolled_find(const char *bytes, size_t n, int rows, struct scrolled *out)
{
	struct reader r = {0};
	size_t i = 0, len = 1;
	for (; i < n && len; i += len) {
		unsigned char c = (unsigned char)bytes[i];
		if (c >= 0x80) {
			len = scrolled_utf8(&r, c);
		} else if (r.utf8_left) {
			len = 0;
		} else if (c < 0x20 || c == 0x7f) {
			len = scrolled_control(&r, bytes, i, n);
		} else {
			if (r.first_column)
				scrolled_line_start(&r, i, (size_t)rows);
			len = term_scan_plain(bytes + i, n - i);
		}
	}
	if (r.next.at && r.lines - r.next.lines >= (size_t)rows)
		r.safe = r.next;
	*out = (struct scrolled){.end = i};
	if (r.safe.at) {
		out->from = r.from;
		out->to = r.safe.at;
		out->rows = rows;
		out->pens = r.safe.pens ? r.safe.pens : r.from;
	}
}

void scrolled_stand_in(const char *bytes, const struct scrolled *s, struct strbuf *out)
{
	const char *p = bytes + s->pens, *end = bytes + s->to;
	strbuf_putc(out, '\r');
	for (int i = 0; i < s->rows; i++)
		strbuf_putc(out, '\n');
	while (p < end && (p = memchr(p, ESC, (size_t)(end - p)))) {
		size_t len = scrolled_line_sequence(p, end);
		if (p[len - 1] == 'm')
			strbuf_put(out, p, len);
		p += len;
	}
}
