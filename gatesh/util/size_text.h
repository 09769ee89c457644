/* size_text.h - a number of bytes as people read it. */
#ifndef GATESH_UTIL_SIZE_TEXT_H
#define GATESH_UTIL_SIZE_TEXT_H

enum { SIZE_TEXT_MAX = 24 };

/* "14.2 KiB" into buf. */
void size_text(long long bytes, char buf[SIZE_TEXT_MAX]);

#endif
