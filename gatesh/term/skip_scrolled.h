/* SPDX-License-Identifier: BSD-2-Clause */
/* skip_scrolled.h - finds terminal output that has scrolled off the top before anybody looked, so that the screen model
 * need not read it.  A long listing is then nearly free. */
#ifndef GATESH_TERM_SKIP_SCROLLED_H
#define GATESH_TERM_SKIP_SCROLLED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct scrolled {
	size_t end;      /* up to here: text, line ends, tabs, SGR and EL, which affect no modes or other lines */
	size_t from, to; /* bytes that have no effect left but their SGR; from == to: none */
	int rows;
	size_t pens; /* SGR before this offset, between from and to, have no effect left either */
};

/* Examine output that begins between sequences and characters, for a screen of `rows` rows that scrolls as a whole and
 * has no margins.  Skipping bytes is exact: screen, cursor, pen and modes come out the same. */
void scrolled_find(const char *bytes, size_t n, int rows, struct scrolled *out);

/* Append a replacement for the skipped bytes: a move to the first column of the lowest row, and the SGR. */
void scrolled_stand_in(const char *bytes, const struct scrolled *s, struct strbuf *out);

/* Does this complete SGR, from its ESC on, start with a reset: ESC [ m, ESC [ 0 m, ESC [ ; ..., ESC [ 0 ; ...? */
bool sgr_resets(const char *s);

#endif
