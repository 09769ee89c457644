/* SPDX-License-Identifier: BSD-2-Clause */
/* text_diff.h - shows a person the lines by which two texts differ. */
#ifndef GATESH_ADOPT_TEXT_DIFF_H
#define GATESH_ADOPT_TEXT_DIFF_H

#include <stddef.h>
#include <stdio.h>

/* Print the lines that were taken out (-) and put in (+), escaped, with up to two lines around them.  Texts that differ in
 * more than a few thousand lines are shown as all their lines. */
void text_diff(const char *before, size_t before_len, const char *after, size_t after_len, FILE *out);

#endif
