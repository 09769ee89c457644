/* skip_scrolled.h - finds in a terminal's output what has scrolled off the top before anybody looked, so that the model of
 * the screen need not read it.  A long listing is then nearly free. */
#ifndef GATESH_TERM_SKIP_SCROLLED_H
#define GATESH_TERM_SKIP_SCROLLED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct scrolled {
	size_t end;      /* up to here: text, line ends, tabs, SGR and EL, which reach no other line's cells or modes */
	size_t from, to; /* bytes whose only effect left is that of the SGR among them; from == to: none */
	int rows;
	size_t pens; /* the SGR before this one (in from to to) have no effect left either */
};

/* Look at output that begins between sequences and characters, for a screen of `rows` rows that scrolls as a whole and
 * has no margins.  Leaving bytes out is exact: the screen, the cursor, the pen and the modes come out the same. */
void scrolled_find(const char *bytes, size_t n, int rows, struct scrolled *out);

/* Append what stands for the bytes left out: the way to the lowest row and its first column, and the SGR. */
void scrolled_stand_in(const char *bytes, const struct scrolled *s, struct strbuf *out);

/* Does this SGR (whole, from its ESC on) start with a reset: ESC [ m, ESC [ 0 m, ESC [ ; ..., ESC [ 0 ; ...? */
bool sgr_resets(const char *s);

#endif
