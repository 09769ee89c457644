/* SPDX-License-Identifier: BSD-2-Clause */
/* standard_descriptors.h - descriptors 0 to 2: gatesh is started with some closed, or lets go of them. */
#ifndef GATESH_UTIL_STANDARD_DESCRIPTORS_H
#define GATESH_UTIL_STANDARD_DESCRIPTORS_H

#include <stdbool.h>

/* Open /dev/null on those of descriptors 0 to 2 that are closed, so that no socket, terminal or log of gatesh's gets such
 * a number, where messages would be written into it.  Reading and writing still fail with EBADF, as on a closed
 * descriptor, and lost output is reported.  Call it before anything else opens a file.  Returns 0, or a negative errno
 * that was reported on stderr. */
int standard_descriptors_open(void);

/* Put /dev/null in the place of descriptors 0 to `last`; with `keep_terminals`, only of those that are no terminal.  Best
 * effort: nothing changes if /dev/null can't be opened. */
void standard_descriptors_let_go(int last, bool keep_terminals);

#endif
