/* SPDX-License-Identifier: BSD-2-Clause */
/* escape.h - makes bytes safe to show to a person: nothing in the output moves a cursor, hides text or reorders it.
 * Control characters become \n \t \e \xHH; invalid UTF-8 becomes \xHH; bidi controls, zero-width and other format
 * characters, and line and paragraph separators become \u{HHHH}.  A backslash is not changed.  Internal to libgate,
 * used by every front end. */
#ifndef GATE_BASE_ESCAPE_H
#define GATE_BASE_ESCAPE_H

#include "base/strbuf.h"

#pragma GCC visibility push(default)

void escape_put(struct strbuf *out, const char *bytes, size_t n);

#pragma GCC visibility pop

#endif
