/* SPDX-License-Identifier: BSD-2-Clause */
/* unescape.h - decodes the escapes of `gatesh check --lines`, which put a shell text on one line. */
#ifndef GATESH_UTIL_UNESCAPE_H
#define GATESH_UTIL_UNESCAPE_H

#include <stddef.h>

/* Decode \\ \n \t \r \0 in place; the result is never longer.  *len is the length before and after.  Returns NULL, or
 * an error message in static storage; *at is then the offset of the bad escape and `text` is unspecified. */
const char *unescape_line(char *text, size_t *len, size_t *at);

#endif
