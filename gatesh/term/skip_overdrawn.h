/* SPDX-License-Identifier: BSD-2-Clause */
/* skip_overdrawn.h - finds parts of a full-screen program's output that were drawn over before anybody looked, so that
 * the screen model need not read them.  A picture drawn a hundred times costs little more than once. */
#ifndef GATESH_TERM_SKIP_OVERDRAWN_H
#define GATESH_TERM_SKIP_OVERDRAWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct overdrawn {
	int rows, cols;
	wchar_t *owner;       /* for each cell, the piece that wrote it last, from 1; 0: none.  (wmemset(3) is fast) */
	struct piece *pieces; /* the pieces written, in order */
	size_t n;
};

/* Initialise for a screen of this size.  Returns 0 or -ENOMEM. */
int overdrawn_init(struct overdrawn *o, int rows, int cols);
void overdrawn_free(struct overdrawn *o);

/* Examine output that begins between sequences and characters.  The screen must scroll as a whole and have no margins,
 * insert or origin mode, double-width lines, or characters other than ASCII and UTF-8.  Appends to `out` bytes with the
 * same effect as the first bytes of the input, and returns how many input bytes they replace.  The input must start
 * with an absolute cursor position; the replaced part ends before another one.  Returns 0 if there is nothing to gain.
 * Sets *cleared if the whole screen was erased. */
size_t overdrawn_find(struct overdrawn *o, const char *bytes, size_t n, struct strbuf *out, bool *cleared);

#endif
