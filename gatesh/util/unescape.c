/* SPDX-License-Identifier: BSD-2-Clause */
/* unescape.c - decodes backslash escapes in place. */
#include "util/unescape.h"

#include <string.h>

const char *unescape_line(char *text, size_t *len, size_t *at)
{
	static const char letters[] = "\\ntr0", bytes[] = "\\\n\t\r\0";
	size_t out = 0;
	for (size_t in = 0; in < *len; in++) {
		if (text[in] != '\\') {
			text[out++] = text[in];
			continue;
		}
		*at = in;
		if (++in == *len)
			return "a backslash at the end of the line";
		const char *letter = memchr(letters, text[in], sizeof letters - 1);
		if (!letter)
			return "an unknown escape";
		text[out++] = bytes[letter - letters];
	}
	*len = out;
	return NULL;
}
