/* skip_overdrawn.h - finds in a full-screen program's output what was drawn over before anybody looked, so that the model
 * of the screen need not read it.  A picture drawn a hundred times costs little more than once. */
#ifndef GATESH_TERM_SKIP_OVERDRAWN_H
#define GATESH_TERM_SKIP_OVERDRAWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct overdrawn {
	int rows, cols;
	wchar_t *owner;       /* of each cell: which piece wrote it last, counted from 1; 0: none.  (wmemset is fast) */
	struct piece *pieces; /* what was written, in its order */
	size_t n;
};

/* For a screen of this size.  0 or -ENOMEM. */
int overdrawn_init(struct overdrawn *o, int rows, int cols);
void overdrawn_free(struct overdrawn *o);

/* Look at output that begins between sequences and characters, on a screen that scrolls as a whole, without margins,
 * insert or origin mode, lines of double width or other characters than ASCII and UTF-8.  Appends to `out` what has the
 * same effect as the first bytes, and returns how many those are: from the first byte, an absolute place of the cursor,
 * up to another one.  0: nothing to be gained here.  *cleared is set when the whole screen was erased. */
size_t overdrawn_find(struct overdrawn *o, const char *bytes, size_t n, struct strbuf *out, bool *cleared);

#endif
