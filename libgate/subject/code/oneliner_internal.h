/* SPDX-License-Identifier: BSD-2-Clause */
/* oneliner_internal.h - the scanner of a one-liner and its string literals.  Private to oneliner*.c. */
#ifndef GATE_SUBJECT_CODE_ONELINER_INTERNAL_H
#define GATE_SUBJECT_CODE_ONELINER_INTERNAL_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "subject/code/oneliner.h"

struct scan {
	enum oneliner_language language;
	const char *begin, *at; /* NUL-terminated */
	bool torn;              /* a q(...) was never closed: don't look for others, each would be read to the end */
	oneliner_fn *each;
	void *data;
};

/* Append the string literal at s->at to `out` (NULL: nowhere), with escapes resolved, and move s->at past it.  Returns
 * false and leaves s->at if there is no literal or it is not closed.  *commands (may be NULL) is set if a shell runs
 * it, as in `...`.  Defined in oneliner_string.c. */
bool oneliner_string(struct scan *s, struct strbuf *out, bool *commands);

/* Skip blanks and comments. */
void oneliner_skip(struct scan *s);

#endif
