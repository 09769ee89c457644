/* text_layout.h - text laid out in lines of a terminal's width: wrapped by character width, styled by SGR. */
#ifndef GATESH_UTIL_TEXT_LAYOUT_H
#define GATESH_UTIL_TEXT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct layout {
	char **v; /* each without a newline, at most `cols` columns wide, ending in the default pen when it has a style */
	int n;
	int cols;
	bool colour; /* false: styles are left out but for bold and reverse */
	int err;
};

/* Columns that the escaped UTF-8 text takes. */
int text_width(const char *text);

/* The longest prefix of `text` at most `cols` columns wide, in bytes. */
size_t text_fit(const char *text, int cols);

/* Append `text` (escaped already), wrapped, at most `max` lines of it (0: no limit): the first line begins with `label`
 * in a field of `indent` columns, the others with blanks.  What does not fit is counted on the last line: "... 1234
 * bytes more". */
void layout_text(struct layout *l, const char *label, int indent, const char *style, const char *text, int max);

/* Append one ready line; text wider than the terminal is cut. */
void layout_add(struct layout *l, const char *style, const char *text);

/* Append the buffer as a line, as it is, and empty it. */
void layout_take(struct layout *l, struct strbuf *line);

/* Move the lines first to last (exclusive) of `from` to the end of `l`. */
void layout_move(struct layout *l, struct layout *from, int first, int last);

void layout_free(struct layout *l);

#endif
