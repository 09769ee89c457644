/* SPDX-License-Identifier: BSD-2-Clause */
/* out.h - output helpers for commands: escaped text, colour on a terminal only, and a defined exit status when
 * printing fails. */
#ifndef GATESH_UTIL_OUT_H
#define GATESH_UTIL_OUT_H

#include <stdbool.h>
#include <stdio.h>

#define SGR_BOLD "1"
#define SGR_DIM "2"
#define SGR_RED "31"
#define SGR_GREEN "32"
#define SGR_YELLOW "33"

/* May output to `out` be coloured?  Only on a terminal, and not if NO_COLOR (no-color.org) is set or TERM is unset or
 * "dumb". */
bool out_colour(FILE *out);

/* The columns of the terminal that `out` is, 0 if it is none or does not say. */
size_t out_columns(FILE *out);

/* Print outside bytes, escaped by escape_put(); NULL prints nothing. */
void out_text(FILE *out, const char *text);

/* The columns that escaped text takes on a terminal.  Each byte of a character unknown to the locale counts as one. */
size_t out_width(const char *escaped);

/* Flush stdout.  Returns `status`, or EXIT_IO if any output was lost, after a message unless the reader went away. */
int out_done(int status);

#endif
