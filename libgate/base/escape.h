/* escape.h - make bytes fit to be shown to a person: nothing in the output moves a cursor, hides or reorders text.
 * Control characters become \n \t \e \xHH, invalid UTF-8 \xHH, bidi controls, zero-width and other format characters,
 * and line/paragraph separators \u{HHHH}; a backslash stays as it is.  Internal to libgate, used by every front end. */
#ifndef GATE_BASE_ESCAPE_H
#define GATE_BASE_ESCAPE_H

#include "base/strbuf.h"

#pragma GCC visibility push(default)

void escape_put(struct strbuf *out, const char *bytes, size_t n);

#pragma GCC visibility pop

#endif
