/* SPDX-License-Identifier: BSD-2-Clause */
/* text_layout.h - lays text out in lines of a terminal's width: wrapped by character width, styled by SGR. */
#ifndef GATESH_UTIL_TEXT_LAYOUT_H
#define GATESH_UTIL_TEXT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct layout {
	char **v; /* each without a newline, at most `cols` columns wide; a styled one ends in the default pen */
	int n;
	int cols;
	bool colour; /* false: only bold and reverse are used */
	bool plain;  /* no SGR at all */
	int err;
};

/* The columns that escaped UTF-8 text takes. */
int text_width(const char *text);

/* The length in bytes of the longest prefix of `text` that is at most `cols` columns wide. */
size_t text_fit(const char *text, int cols);

/* Append `text`, which is escaped already, wrapped to at most `max` lines (0: no limit).  The first line begins with
 * `label` in a field of `indent` columns, the others with blanks.  The last line reports the rest that does not fit:
 * "... 1234 bytes more". */
void layout_text(struct layout *l, const char *label, int indent, const char *style, const char *text, int max);

/* Append one line; text wider than the terminal is cut. */
void layout_add(struct layout *l, const char *style, const char *text);

/* Append the buffer unchanged as a line, and empty it. */
void layout_take(struct layout *l, struct strbuf *line);

/* Move lines first to last (exclusive) of `from` to the end of `l`. */
void layout_move(struct layout *l, struct layout *from, int first, int last);

void layout_free(struct layout *l);

#endif
