/* SPDX-License-Identifier: BSD-2-Clause */
/* term_scan.h - scans a terminal's output stream for facts that the libvterm model does not expose: whether the stream
 * is between escape sequences, and the modes that a panel must lift and restore. */
#ifndef GATESH_TERM_TERM_SCAN_H
#define GATESH_TERM_TERM_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

enum term_scan_state { SCAN_GROUND, SCAN_UTF8, SCAN_ESC, SCAN_ESC_MORE, SCAN_CSI, SCAN_STRING, SCAN_STRING_ESC };

/* Attributes that libvterm 0.1 does not know.  They pass through it as its font number, which nothing else uses: SGR
 * 10 + bits. */
enum { SCAN_EXTRA_DIM = 1, SCAN_EXTRA_CONCEAL = 2, SCAN_EXTRA_OVERLINE = 4 };

struct termscan_saved { /* the state that DECSC saves */
	bool origin;
	unsigned extra;
	char charsets[4]; /* final bytes of the designations of G0 to G3 */
	int shift;        /* index of the one in use */
};

struct term_scan {
	enum term_scan_state state;
	unsigned utf8_left;
	size_t last_at;     /* the last character's offset in `out`; the caller sets SCAN_NONE before emptying that */
	bool last_wraps;    /* autowrap was on at that character */
	bool placed_since;  /* the cursor was positioned since, possibly where it was */
	struct strbuf part; /* the incomplete sequence, as received */
	struct termscan_saved now, saved;
	int top, bottom; /* the scrolling region's first and last row, 1-based; 0: the screen's */
	bool repeatable; /* the last character has a width for sure: libvterm 0.1 loops forever on REP without one */
	bool insert, no_wrap, paste, sync;
	bool margins; /* there may be left and right margins */
	bool doubled; /* there may be double-width lines */
	bool broken;  /* there was a malformed character, so a decoder of the model may hold part of one */
	bool kitty;   /* the program has set kitty's keyboard protocol */
	bool cleared; /* the whole screen was erased; the reader resets it */
	bool placed;  /* the cursor was put at an absolute position */
	bool homed;   /* the last sequence was a bare CUP */
};

enum { SCAN_PART_MAX = 64 << 10 };
#define SCAN_NONE ((size_t)-1)

void term_scan_reset(struct term_scan *s);

/* Read `n` bytes and append the bytes for the model to `out`.  Strings such as OSC are left out, and SGR is rewritten
 * so that libvterm 0.1 understands it. */
void term_scan_feed(struct term_scan *s, const char *bytes, size_t n, struct strbuf *out);

/* The number of leading bytes, of at most `n`, that are printable ASCII. */
size_t term_scan_plain(const char *bytes, size_t n);

void term_scan_free(struct term_scan *s);

#endif
