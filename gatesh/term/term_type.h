/* SPDX-License-Identifier: BSD-2-Clause */
/* term_type.h - decides by TERM whether a terminal can be drawn on. */
#ifndef GATESH_TERM_TERM_TYPE_H
#define GATESH_TERM_TERM_TYPE_H

#include <stdbool.h>

/* Does a terminal of this type (the value of TERM, may be NULL) have the cursor addressing, the colours and the second
 * screen of xterm?  False for an unknown type: lines of text are right everywhere. */
bool term_type_draws(const char *term);

#endif
