/* unescape.h - the line escapes of `gatesh check --lines`: a shell text in one line. */
#ifndef GATESH_UTIL_UNESCAPE_H
#define GATESH_UTIL_UNESCAPE_H

#include <stddef.h>

/* Undo \\ \n \t \r \0 in place (the result is never longer); *len is the length before and after.  Returns NULL, or
 * what is wrong, with *at the offset of the offending escape; `text` is then unspecified.  Static storage. */
const char *unescape_line(char *text, size_t *len, size_t *at);

#endif
