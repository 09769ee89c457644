/* oneliner_internal.h - the scanner of a one-liner and its string literals.  Private to oneliner*.c. */
#ifndef GATE_SUBJECT_CODE_ONELINER_INTERNAL_H
#define GATE_SUBJECT_CODE_ONELINER_INTERNAL_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "subject/code/oneliner.h"

struct scan {
	enum oneliner_language language;
	const char *begin, *at; /* NUL-terminated */
	bool torn;              /* a q(...) was never closed: no other is looked for, each would be read to the end */
	oneliner_fn *each;
	void *data;
};

/* The string literal at s->at appended to `out` (NULL: nowhere), escapes resolved, and s->at after it.  False: there is
 * none, or nothing closes it, and s->at stays.  *commands (may be NULL): it is one that a shell runs, as `...`.
 * oneliner_string.c. */
bool oneliner_string(struct scan *s, struct strbuf *out, bool *commands);

/* Step over blanks and comments. */
void oneliner_skip(struct scan *s);

#endif
