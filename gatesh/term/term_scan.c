/* SPDX-License-Identifier: BSD-2-Clause */
/* term_scan.c - parses a terminal's output stream: sequences, modes and SGR. */
#include "term/term_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CAN = 0x18, SUB = 0x1a, ESC = 0x1b, PARAMS_MAX = 32 };

void term_scan_reset(struct term_scan *s)
{
	struct strbuf part = s->part;
	*s = (struct term_scan){.part = part, .now.charsets = {'B', 'B', 'B', 'B'}};
	s->part.len = 0;
	s->saved = s->now;
}

void term_scan_free(struct term_scan *s)
{
	strbuf_free(&s->part);
}

size_t term_scan_plain(const char *bytes, size_t n)
{
	const uint64_t ones = 0x0101010101010101u;
	size_t i = 0;
	/* Eight bytes at a time: a byte that is not printable sets its top bit, and possibly those of later bytes. */
	for (uint64_t w; i + sizeof w <= n; i += sizeof w) {
		memcpy(&w, bytes + i, sizeof w);
		if ((w | (w - ones * 0x20) | (w + ones)) & ones * 0x80)
			break;
	}
	while (i < n && bytes[i] >= 0x20 && bytes[i] < 0x7f)
		i++;
	return i;
}

/* --- SGR ---------------------------------------------------------------------------------------------------------- */

/* One parameter with its colon-separated parts. */
struct param {
	int v[8];
	int n;
};

/* Parse the parameters between `s` and `end`; "" is one empty parameter.  Returns their number. */
static int term_scan_parse_params(const char *s, const char *end, struct param *out)
{
	int n = 0;
	out[0] = (struct param){.n = 1};
	for (; s < end; s++) {
		struct param *p = &out[n];
		int *v = &p->v[p->n - 1];
		if (*s >= '0' && *s <= '9')
			*v = *v < 100000 ? *v * 10 + (*s - '0') : *v;
		else if (*s == ':' && p->n < 8)
			p->n++;
		else if (*s == ';' && n + 1 < PARAMS_MAX)
			out[++n] = (struct param){.n = 1};
	}
	return n + 1;
}

/* Parse the colour that starts at p[0] (38, 48 or 58), in either notation.  Writes its values after the selector to
 * out, and the number of parameters it takes to *used.  Returns the number of values (0: not a colour). */
static int term_scan_colour(const struct param *p, int left, int *out, int *used)
{
	*used = 1;
	if (p->n > 1) {
		int skip = p->v[1] == 2 && p->n > 5; /* 38:2:COLOURSPACE:r:g:b */
		int n = p->v[1] == 5 ? 2 : 4;
		if (p->n - 1 - skip < n)
			return 0;
		out[0] = p->v[1];
		memcpy(out + 1, p->v + 2 + skip, (size_t)(n - 1) * sizeof *out);
		return n;
	}
	int n = left > 1 && p[1].v[0] == 5 ? 2 : left > 1 && p[1].v[0] == 2 ? 4 : 0;
	if (!n || left < n + 1) {
		*used = left; /* incomplete: terminals ignore the rest */
		return 0;
	}
	for (int i = 0; i < n; i++)
		out[i] = p[i + 1].v[0];
	*used = n + 1;
	return n;
}

/* Put an SGR with the attributes that libvterm 0.1 lacks removed or translated. */
static void term_scan_sgr(struct term_scan *s, const char *body, const char *end, struct strbuf *out)
{
	struct param p[PARAMS_MAX];
	int n = term_scan_parse_params(body, end, p), used;
	strbuf_puts(out, "\x1b[");
	for (int i = 0; i < n; i += used) {
		int v = p[i].v[0], c[4];
		used = 1;
		if (v == 38 || v == 48 || v == 58) {
			int k = term_scan_colour(&p[i], n - i, c, &used);
			if (k && v != 58)
				strbuf_printf(out, "%d;", v);
			for (int j = 0; j < k && v != 58; j++)
				strbuf_printf(out, "%d;", c[j]);
		} else if (v == 4 && p[i].n > 1) {
			strbuf_printf(out, "4:%d;", p[i].v[1] > 3 ? 1 : p[i].v[1]);
		} else if (v == 2 || v == 8 || v == 53) {
			s->now.extra |= v == 2 ? SCAN_EXTRA_DIM : v == 8 ? SCAN_EXTRA_CONCEAL : SCAN_EXTRA_OVERLINE;
		} else if (v == 28 || v == 55) {
			s->now.extra &= v == 28 ? ~(unsigned)SCAN_EXTRA_CONCEAL : ~(unsigned)SCAN_EXTRA_OVERLINE;
		} else if (v != 59 && (v < 10 || v > 19)) {
			if (v == 0 || v == 22)
				s->now.extra &= v ? ~(unsigned)SCAN_EXTRA_DIM : 0;
			strbuf_printf(out, "%d;", v);
		}
	}
	strbuf_printf(out, "%um", 10 + s->now.extra);
}

/* --- modes -------------------------------------------------------------------------------------------------------- */

static void term_scan_private_mode(struct term_scan *s, int mode, bool set)
{
	switch (mode) {
	case 6: s->now.origin = set; break;
	case 7: s->no_wrap = !set; break;
	case 69: s->margins = set; break;
	case 2004: s->paste = set; break;
	case 2026: s->sync = set; break;
	case 1048:
	case 1049: /* includes DECSC and DECRC */
		if (set)
			s->saved = s->now;
		else
			s->now = s->saved;
		break;
	default: break;
	}
}

static void term_scan_csi(struct term_scan *s, struct strbuf *out)
{
	const char *body = s->part.s + 2, *end = s->part.s + s->part.len - 1;
	char final = *end, lead = *body >= '<' && *body <= '?' ? *body : 0;
	char inter = end > body && end[-1] >= 0x20 && end[-1] < 0x30 ? end[-1] : 0;
	struct param p[PARAMS_MAX];
	int n = term_scan_parse_params(lead ? body + 1 : body, end, p);
	bool homed = s->homed;
	s->homed = final == 'H' && end == body;
	s->placed = s->placed || ((final == 'H' || final == 'f') && !lead);
	if (final == 'm' && !lead && !inter) {
		term_scan_sgr(s, body, end, out);
		return;
	}
	if (final == 'b' && !s->repeatable)
		return;
	if (!lead && !inter && strchr("ABCDEFGHIZ`adefu", final))
		s->placed_since = true;
	if ((final == 'h' || final == 'l') && lead == '?')
		for (int i = 0; i < n; i++)
			term_scan_private_mode(s, p[i].v[0], final == 'h');
	else if ((final == 'h' || final == 'l') && !lead && p[0].v[0] == 4)
		s->insert = final == 'h';
	else if (final == 'J' && !lead && (p[0].v[0] == 2 || (homed && !p[0].v[0])))
		s->cleared = true;
	else if (final == 'r' && !lead && !inter) {
		s->top = p[0].v[0];
		s->bottom = n > 1 ? p[1].v[0] : 0;
	} else if (final == 'u' && lead && lead != '?')
		s->kitty = true;
	else if (final == 's' && !lead && end == body)
		s->saved = s->now;
	else if (final == 'u' && !lead && end == body)
		s->now = s->saved;
	else if (final == 'p' && inter == '!') {
		bool kitty = s->kitty, paste = s->paste, broken = s->broken, doubled = s->doubled;
		term_scan_reset(s);
		s->broken = broken;
		s->doubled = doubled;
		s->kitty = kitty;
		s->paste = paste;
		strbuf_puts(out, "\x1b[!p");
		return;
	}
	strbuf_put(out, s->part.s, s->part.len);
}

static void term_scan_escape(struct term_scan *s, struct strbuf *out)
{
	const char *q = s->part.s;
	size_t n = s->part.len;
	if (n == 3 && q[1] >= '(' && q[1] <= '+')
		s->now.charsets[q[1] - '('] = q[2];
	else if (n == 2 && (q[1] == 'n' || q[1] == 'o'))
		s->now.shift = q[1] == 'n' ? 2 : 3;
	else if (n == 3 && q[1] == '#')
		s->doubled = true;
	else if (n == 2 && q[1] == '7')
		s->saved = s->now;
	else if (n == 2 && q[1] == '8')
		s->now = s->saved;
	if (n == 2 && q[1] == 'c') {
		term_scan_reset(s);
		s->cleared = true;
		strbuf_puts(out,
			    "\x1b"
			    "c");
		return;
	}
	s->homed = false;
	strbuf_put(out, q, n);
}

/* --- the stream --------------------------------------------------------------------------------------------------- */

static void term_scan_character(struct term_scan *s, size_t at)
{
	s->last_at = at;
	s->last_wraps = !s->no_wrap;
	s->placed_since = false;
}

static void term_scan_ground(struct term_scan *s, unsigned char c, struct strbuf *out)
{
	if (c == ESC) {
		s->state = SCAN_ESC;
		s->part.len = 0;
		strbuf_putc(&s->part, (char)c);
		return;
	}
	if (c >= 0xc2 && c <= 0xf4) {
		s->state = SCAN_UTF8;
		s->utf8_left = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	} else if (c >= 0x80) {
		s->broken = true;
	}
	if (c == 0x0e || c == 0x0f)
		s->now.shift = c == 0x0e;
	s->homed = false;
	if (c >= 0x20 && c != 0x7f) {
		term_scan_character(s, out->len);
		s->repeatable = c < 0x80 || (c >= 0xc3 && c <= 0xc9); /* ASCII and Latin */
	}
	strbuf_putc(out, (char)c);
}

static void term_scan_utf8(struct term_scan *s, unsigned char c, struct strbuf *out)
{
	if (c >> 6 != 2) { /* malformed: the model decides how to show it */
		s->state = SCAN_GROUND;
		s->broken = true;
		term_scan_ground(s, c, out);
		return;
	}
	if (s->last_at == SCAN_NONE)
		term_scan_character(s, out->len); /* it began in the bytes before */
	strbuf_putc(out, (char)c);
	if (!--s->utf8_left)
		s->state = SCAN_GROUND;
}

/* Read a byte after ESC: a sequence of two or three bytes, or the start of a longer kind. */
static void term_scan_after_escape(struct term_scan *s, unsigned char c, struct strbuf *out)
{
	strbuf_putc(&s->part, (char)c);
	if (s->state == SCAN_ESC && c == '[')
		s->state = SCAN_CSI;
	else if (s->state == SCAN_ESC && strchr("]PX^_", c) && c)
		s->state = SCAN_STRING;
	else if (c >= 0x20 && c < 0x30)
		s->state = SCAN_ESC_MORE;
	else {
		s->state = SCAN_GROUND;
		term_scan_escape(s, out);
	}
}

static void term_scan_in_csi(struct term_scan *s, unsigned char c, struct strbuf *out)
{
	if (c < 0x20) { /* executed within the sequence */
		strbuf_putc(out, (char)c);
		return;
	}
	strbuf_putc(&s->part, (char)c);
	if (c >= 0x40) {
		s->state = SCAN_GROUND;
		term_scan_csi(s, out);
	}
}

static void term_scan_in_string(struct term_scan *s, unsigned char c)
{
	if (s->part.len < SCAN_PART_MAX)
		strbuf_putc(&s->part, (char)c);
	if (c == 0x07 && s->part.s[1] == ']')
		s->state = SCAN_GROUND;
}

static void term_scan_step(struct term_scan *s, unsigned char c, struct strbuf *out)
{
	bool in_sequence = s->state != SCAN_GROUND && s->state != SCAN_UTF8;
	if (in_sequence && (c == CAN || c == SUB)) {
		s->state = SCAN_GROUND;
	} else if (s->state == SCAN_STRING_ESC && c == '\\') {
		s->state = SCAN_GROUND;
	} else if (s->state == SCAN_STRING && c == ESC) {
		s->state = SCAN_STRING_ESC;
		strbuf_putc(&s->part, (char)c);
	} else if (s->state == SCAN_STRING_ESC) { /* the string was cut off: this starts a new sequence */
		s->part.len = 0;
		strbuf_putc(&s->part, ESC);
		s->state = SCAN_ESC;
		term_scan_after_escape(s, c, out);
	} else if (in_sequence && c == ESC) {
		s->state = SCAN_GROUND;
		term_scan_ground(s, c, out);
	} else if (s->state == SCAN_GROUND) {
		term_scan_ground(s, c, out);
	} else if (s->state == SCAN_UTF8) {
		term_scan_utf8(s, c, out);
	} else if (s->state == SCAN_CSI) {
		term_scan_in_csi(s, c, out);
	} else if (s->state == SCAN_STRING) {
		term_scan_in_string(s, c);
	} else {
		term_scan_after_escape(s, c, out);
	}
}

void term_scan_feed(struct term_scan *s, const char *bytes, size_t n, struct strbuf *out)
{
	for (size_t i = 0; i < n; i++) {
		size_t run = s->state == SCAN_GROUND ? term_scan_plain(bytes + i, n - 1 - i) : 0;
		if (run) { /* in one piece */
			strbuf_put(out, bytes + i, run);
			term_scan_character(s, out->len - 1);
			s->repeatable = true;
			s->homed = false;
			i += run;
		}
		term_scan_step(s, (unsigned char)bytes[i], out);
	}
}
