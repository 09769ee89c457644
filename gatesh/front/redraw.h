/* SPDX-License-Identifier: BSD-2-Clause */
/* redraw.h - writes only the part of a panel that changed: a terminal behind a slow line, or one that is read aloud,
 * would otherwise get the whole panel with each second of the countdown. */
#ifndef GATESH_FRONT_REDRAW_H
#define GATESH_FRONT_REDRAW_H

#include "base/strbuf.h"
#include "util/text_layout.h"

/* Append what turns the line `old` on the terminal (NULL: unknown content) into `new`, both from a struct layout.  The
 * cursor must be in the line's first column; afterwards it is somewhere in the line, with the default pen.  Appends
 * nothing if the lines are equal. */
void redraw_line(const char *old, const char *new, struct strbuf *out);

#endif
