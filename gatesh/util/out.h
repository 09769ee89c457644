/* out.h - what commands print: escaped text, colour on a terminal only, and a defined exit status when printing
 * fails. */
#ifndef GATESH_UTIL_OUT_H
#define GATESH_UTIL_OUT_H

#include <stdbool.h>
#include <stdio.h>

#define SGR_BOLD "1"
#define SGR_DIM "2"
#define SGR_RED "31"
#define SGR_GREEN "32"
#define SGR_YELLOW "33"

/* Is `out` a terminal that may be coloured?  Not with NO_COLOR set (no-color.org) or TERM=dumb. */
bool out_colour(FILE *out);

/* Bytes from outside, as escape_put() shows them; NULL prints nothing. */
void out_text(FILE *out, const char *text);

/* Columns that escaped text takes on a terminal; bytes of a character unknown to the locale count one each. */
size_t out_width(const char *escaped);

/* Flush stdout.  `status`, or EXIT_IO after a message (none for a reader that went away) when anything printed was
 * lost. */
int out_done(int status);

#endif
