/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_text.h - finds the value of a key in the text of a file: JSON, INI, or lines KEY=VALUE.  Pure, but for jansson's memory. */
#ifndef GATESH_PRINCIPAL_SECRET_TEXT_H
#define GATESH_PRINCIPAL_SECRET_TEXT_H

#include <stddef.h>

/* Write the value of `key` in text[0..n), which is NUL-terminated, to `out` (of `size` bytes, NUL-terminated).  A text that begins
 * with '{' is JSON: the key is a member's name, or the names on the way to it with dots between them; its value is a string.
 * Otherwise it is lines: KEY=VALUE, perhaps in quotes or behind `export`; under a line [SECTION] the key is SECTION.KEY.  Returns
 * NULL, or what is wrong (static storage). */
const char *secret_text_find(const char *text, size_t n, const char *key, char *out, size_t size);

#endif
