/* SPDX-License-Identifier: BSD-2-Clause */
/* skip_overdrawn.c - drops pieces of terminal output whose cells were all written again later.
 *
 * A run starts with the cursor at a known position and holds only output that is understood here.  Every piece of it
 * writes a range of cells, counted line by line from the top.  A piece whose cells were all written again has no effect
 * left.  The others are written out in order, each at its position and with its pen. */
#include "term/skip_overdrawn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "term/skip_scrolled.h"
#include "term/term_scan.h"

enum { ESC = 0x1b, PIECES_MAX = 8192 };

/* A piece of output: text or an erasing sequence. */
struct piece {
	size_t at, len;   /* its bytes */
	size_t pens;      /* offset of the last resetting SGR before it; 0: none */
	int row, col;     /* the cursor position before it */
	int first, cells; /* the cells it wrote */
};

struct reader {
	const char *bytes, *end;
	struct strbuf *out;
	size_t pens;
	size_t cut, cut_pens, cut_out; /* the last absolute position, with `pens` and the length of `out` there */
	int row, col;
	bool edge; /* a character was written in the last column, so a wrap is pending */
	bool cleared;
};

/* A control sequence: its first two parameters (0 if absent), private marker, final byte and length. */
struct csi {
	int n, v[2];
	char lead, final;
	size_t len;
};

int overdrawn_init(struct overdrawn *o, int rows, int cols)
{
	*o = (struct overdrawn){.rows = rows, .cols = cols};
	o->owner = calloc((size_t)rows * (size_t)cols, sizeof *o->owner);
	o->pieces = malloc(PIECES_MAX * sizeof *o->pieces);
	if (o->owner && o->pieces)
		return 0;
	overdrawn_free(o);
	return -ENOMEM;
}

void overdrawn_free(struct overdrawn *o)
{
	free(o->owner);
	free(o->pieces);
	*o = (struct overdrawn){0};
}

static bool overdrawn_read_csi(const char *s, const char *end, struct csi *c)
{
	const char *p = s + 1;
	*c = (struct csi){.n = 1};
	if (p == end || *p++ != '[')
		return false;
	if (p < end && *p == '?')
		c->lead = *p++;
	for (; p < end && ((*p >= '0' && *p <= '9') || *p == ';' || *p == ':'); p++) {
		if (*p == ';' || *p == ':')
			c->n += *p == ';' ? 1 : 2; /* subparameters occur only in SGR, whose parameters are not used */
		else if (c->n <= 2 && c->v[c->n - 1] < 10000)
			c->v[c->n - 1] = c->v[c->n - 1] * 10 + (*p - '0');
	}
	if (p == end || *p < 0x40 || *p == 0x7f)
		return false;
	c->final = *p++;
	c->len = (size_t)(p - s);
	return true;
}

/* The length in bytes of a one-column character, in ranges where all terminals agree: Latin, dashes and bullets,
 * arrows, box drawing, blocks, braille.  0 for any other. */
static size_t overdrawn_narrow(const char *s, const char *end)
{
	const unsigned char *p = (const unsigned char *)s;
	if (end - s >= 2 && p[0] >= 0xc3 && p[0] <= 0xc9 && p[1] >> 6 == 2)
		return 2;
	if (end - s < 3 || p[0] != 0xe2 || p[1] >> 6 != 2 || p[2] >> 6 != 2)
		return 0;
	unsigned c = 0x2000u | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	bool sure = (c >= 0x2010 && c <= 0x2027) || (c >= 0x2190 && c <= 0x21ff) || (c >= 0x2500 && c <= 0x259f) ||
		    (c >= 0x2800 && c <= 0x28ff);
	return sure ? 3 : 0;
}

/* Note that a piece of `len` bytes at `s` writes `cells` cells from `first` on.  There must be room for the piece. */
static void overdrawn_claim(struct overdrawn *o, const struct reader *r, const char *s, size_t len, int first,
			    int cells)
{
	o->pieces[o->n++] = (struct piece){(size_t)(s - r->bytes), len, r->pens, r->row, r->col, first, cells};
	wmemset(o->owner + first, (wchar_t)o->n, (size_t)cells);
}

/* Read characters up to the last column.  Returns their length in bytes. */
static size_t overdrawn_text(struct overdrawn *o, struct reader *r, const char *s)
{
	const char *p = s;
	size_t cells = 0, room = r->edge ? 0 : (size_t)(o->cols - r->col), left, len;
	do {
		left = (size_t)(r->end - p);
		len = term_scan_plain(p, left < room - cells ? left : room - cells);
		p += len;
		cells += len;
		len = cells < room ? overdrawn_narrow(p, r->end) : 0;
		p += len;
		cells += len > 0;
	} while (len);
	if (!cells)
		return 0;
	overdrawn_claim(o, r, s, (size_t)(p - s), r->row * o->cols + r->col, (int)cells);
	r->edge = cells == room;
	r->col += (int)cells - r->edge;
	return (size_t)(p - s);
}

/* Read EL, ED or ECH.  Returns false unless it erases from the cursor onwards, or everything. */
static bool overdrawn_erase(struct overdrawn *o, struct reader *r, const char *s, const struct csi *c)
{
	int line = r->row * o->cols, at = line + r->col, end = line + o->cols;
	if (c->final == 'X') {
		end = c->v[0] < o->cols - r->col ? at + (c->v[0] ? c->v[0] : 1) : end;
	} else if (c->v[0] && c->v[0] != 2) {
		return false;
	} else if (c->final == 'K') {
		at = c->v[0] ? line : at;
	} else {
		at = c->v[0] ? 0 : at;
		end = o->rows * o->cols;
		r->cleared = r->cleared || c->v[0] || (r->col == 0 && r->row == 0 && !memcmp(s - 3, "\x1b[H", 3));
	}
	overdrawn_claim(o, r, s, c->len, at, end - at);
	return true;
}

/* Read a cursor movement.  Returns false for other sequences and for one that leaves the screen. */
static bool overdrawn_move(const struct overdrawn *o, struct reader *r, const struct csi *c)
{
	int by = c->v[0] ? c->v[0] : 1;
	switch (c->final) {
	case 'A': r->row -= by; break;
	case 'B': r->row += by; break;
	case 'C': r->col += by; break;
	case 'D': r->col -= by; break;
	case 'G': r->col = by - 1; break;
	case 'd': r->row = by - 1; break;
	default: return false;
	}
	return r->row >= 0 && r->row < o->rows && r->col >= 0 && r->col < o->cols;
}

/* Read an absolute cursor position, where the replaced part can end.  Returns false if it is off the screen. */
static bool overdrawn_place(const struct overdrawn *o, struct reader *r, const char *s, const struct csi *c)
{
	int row = c->v[0] ? c->v[0] - 1 : 0, col = c->v[1] ? c->v[1] - 1 : 0;
	if (row >= o->rows || col >= o->cols)
		return false;
	r->row = row;
	r->col = col;
	r->edge = false;
	r->cut = (size_t)(s - r->bytes);
	r->cut_pens = r->pens;
	r->cut_out = r->out->len;
	return true;
}

/* Read the sequence at s.  Returns its length, 0 if it is not understood. */
static size_t overdrawn_sequence(struct overdrawn *o, struct reader *r, const char *s)
{
	struct csi c;
	bool known = false;
	if (!overdrawn_read_csi(s, r->end, &c))
		return 0;
	if (c.lead) { /* cursor visibility and blinking, synchronized output: cells are not affected */
		bool mode = c.n == 1 && (c.final == 'h' || c.final == 'l');
		known = mode && (c.v[0] == 25 || c.v[0] == 12 || c.v[0] == 2026);
		strbuf_put(r->out, s, known ? c.len : 0);
	} else if (c.final == 'm') {
		if (sgr_resets(s))
			r->pens = (size_t)(s - r->bytes);
		known = true;
	} else if (c.n <= 2 && (c.final == 'H' || c.final == 'f')) {
		known = overdrawn_place(o, r, s, &c);
	} else if (c.n == 1 && !r->edge) {
		known = c.final == 'K' || c.final == 'J' || c.final == 'X' ? overdrawn_erase(o, r, s, &c) :
									     overdrawn_move(o, r, &c);
	}
	return known ? c.len : 0;
}

/* Read a control character.  Returns 1, or 0 if it is not understood. */
static size_t overdrawn_control(const struct overdrawn *o, struct reader *r, char c)
{
	if (r->edge)
		return 0;
	if (c == '\r')
		r->col = 0;
	else if (c == '\n' && !r->col && r->row + 1 < o->rows) /* in other columns its effect depends on a mode */
		r->row++;
	else
		return 0;
	return 1;
}

/* Put the SGR sequences among the bytes `from` to `to`, all of which are understood. */
static void overdrawn_put_pens(const struct reader *r, size_t from, size_t to)
{
	const char *p = r->bytes + from, *end = r->bytes + to;
	struct csi c;
	for (; p < end && (p = memchr(p, ESC, (size_t)(end - p))); p += c.len)
		if (overdrawn_read_csi(p, end, &c) && c.final == 'm')
			strbuf_put(r->out, p, c.len);
}

/* Put the pieces before the cut that still have an effect.  The bytes from the cut on are read unchanged. */
static void overdrawn_put_out(const struct overdrawn *o, const struct reader *r)
{
	size_t pens = 0, last = o->n; /* the last text: a later REP may repeat it, a later character combine with it */
	for (size_t i = 0; i < o->n && o->pieces[i].at < r->cut; i++)
		if (r->bytes[o->pieces[i].at] != ESC)
			last = i;
	for (size_t i = 0; i < o->n && o->pieces[i].at < r->cut; i++) {
		const struct piece *p = &o->pieces[i];
		if (i != last && !wmemchr(o->owner + p->first, (wchar_t)i + 1, (size_t)p->cells))
			continue;
		overdrawn_put_pens(r, pens > p->pens ? pens : p->pens, p->at);
		strbuf_printf(r->out, "\x1b[%d;%dH", p->row + 1, p->col + 1);
		strbuf_put(r->out, r->bytes + p->at, p->len);
		pens = p->at + p->len;
	}
	overdrawn_put_pens(r, pens > r->cut_pens ? pens : r->cut_pens, r->cut);
}

size_t overdrawn_find(struct overdrawn *o, const char *bytes, size_t n, struct strbuf *out, bool *cleared)
{
	struct reader r = {.bytes = bytes, .end = bytes + n, .out = out};
	const char *p = bytes;
	struct csi first;
	size_t len = 1;
	if (!overdrawn_read_csi(bytes, r.end, &first) || first.lead || first.n > 2 ||
	    (first.final != 'H' && first.final != 'f'))
		return 0;
	o->n = 0;
	for (; p < r.end && len && o->n < PIECES_MAX; p += len)
		len = *p == ESC                ? overdrawn_sequence(o, &r, p) :
		      (unsigned char)*p < 0x20 ? overdrawn_control(o, &r, *p) :
						 overdrawn_text(o, &r, p);
	out->len = r.cut_out;
	if (r.cut)
		overdrawn_put_out(o, &r);
	for (size_t i = 0; i < o->n; i++)
		wmemset(o->owner + o->pieces[i].first, 0, (size_t)o->pieces[i].cells);
	*cleared = *cleared || (r.cut && r.cleared);
	return r.cut;
}
