/* term_scan.h - reads a terminal's output stream beside the libvterm model, for what the model can't tell: whether the
 * stream is between escape sequences, and the modes a drawing over it has to lift and put back. */
#ifndef GATESH_TERM_TERM_SCAN_H
#define GATESH_TERM_TERM_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

enum term_scan_state { SCAN_GROUND, SCAN_UTF8, SCAN_ESC, SCAN_ESC_MORE, SCAN_CSI, SCAN_STRING, SCAN_STRING_ESC };

/* Attributes libvterm 0.1 does not know.  They travel through it as its font number, which nobody uses: SGR 10 +
 * bits. */
enum { SCAN_EXTRA_DIM = 1, SCAN_EXTRA_CONCEAL = 2, SCAN_EXTRA_OVERLINE = 4 };

struct termscan_saved { /* what DECSC keeps */
	bool origin;
	unsigned extra;
	char charsets[4]; /* final byte of the designation of G0 to G3 */
	int shift;        /* which of them is in use */
};

struct term_scan {
	enum term_scan_state state;
	unsigned utf8_left;
	size_t last_at; /* where the last character starts in `out`; the reader sets it to SCAN_NONE before it empties that */
	bool last_wraps;    /* autowrap was on then */
	bool placed_since;  /* the cursor was sent somewhere since, maybe to where it was */
	struct strbuf part; /* the sequence that is not complete yet, as it came */
	struct termscan_saved now, saved;
	int top, bottom; /* the scrolling region's first and last row, 1-based; 0: the screen's */
	bool repeatable; /* the last character surely has a width: libvterm 0.1 never ends repeating one without */
	bool insert, no_wrap, paste, sync;
	bool margins; /* there may be a left and a right one */
	bool doubled; /* lines may be of double width */
	bool broken;  /* there was a broken character: the model's decoders may be in the middle of one */
	bool kitty;   /* the program has set kitty's keyboard protocol */
	bool cleared; /* the whole screen was erased; the reader resets it */
	bool placed;  /* the cursor was put at an absolute place */
	bool homed;   /* the last sequence was a bare CUP */
};

enum { SCAN_PART_MAX = 64 << 10 };
#define SCAN_NONE ((size_t)-1)

void term_scan_reset(struct term_scan *s);

/* Read `n` bytes; what the model is to see is appended to `out` (strings such as OSC are left out, SGR is rewritten so
 * that libvterm 0.1 understands it). */
void term_scan_feed(struct term_scan *s, const char *bytes, size_t n, struct strbuf *out);

/* How many of the first `n` bytes are printable ASCII, up to the first other one. */
size_t term_scan_plain(const char *bytes, size_t n);

void term_scan_free(struct term_scan *s);

#endif
