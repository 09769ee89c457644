/* SPDX-License-Identifier: BSD-2-Clause */
/* size_text.h - formats a number of bytes for people. */
#ifndef GATESH_UTIL_SIZE_TEXT_H
#define GATESH_UTIL_SIZE_TEXT_H

enum { SIZE_TEXT_MAX = 24 };

/* Write a text such as "14.2 KiB" to buf. */
void size_text(long long bytes, char buf[SIZE_TEXT_MAX]);

#endif
