/* SPDX-License-Identifier: BSD-2-Clause */
/* refusal.c - quotes a reason for a literal of SQL. */
#include "preload/statements/refusal.h"

#include <stddef.h>

#include "preload/base/str.h"

void refusal_put(char out[REFUSAL_MAX], const char *before, const char *why, unsigned max, const char *after)
{
	struct text t = text_in(out, REFUSAL_MAX);
	text_put(&t, before);
	for (unsigned n = 0; *why && n < max; why++, n++) {
		unsigned char c = (unsigned char)*why;
		const char one[] = {(char)(c < ' '               ? ' ' :
					   c == '\'' || c == '`' ? '"' :
					   c == '\\' || c == '$' ? '/' :
								   c),
				    '\0'};
		if (c != '\n' || why[1])
			text_put(&t, one);
	}
	text_put(&t, after);
}
