/* SPDX-License-Identifier: BSD-2-Clause */
/* strbuf.h - a growing byte string.  Zero-initialize it.  It is NUL-terminated after the first append.  An allocation
 * failure is stored in `err` and makes later appends do nothing, so a caller checks once at its end.  Internal to
 * libgate. */
#ifndef GATE_BASE_STRBUF_H
#define GATE_BASE_STRBUF_H

#include <stddef.h>

#pragma GCC visibility push(default)

struct strbuf {
	char *s; /* owned; NULL while empty */
	size_t len, cap;
	int err; /* 0 or -ENOMEM */
};

void strbuf_put(struct strbuf *b, const char *bytes, size_t n);
void strbuf_puts(struct strbuf *b, const char *s);
void strbuf_putc(struct strbuf *b, char c);
void strbuf_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Hand the string over to the caller, who frees it, and empty the buffer.  NULL only on err. */
char *strbuf_take(struct strbuf *b);
void strbuf_free(struct strbuf *b);

#define cleanup_strbuf __attribute__((cleanup(strbuf_free)))

#pragma GCC visibility pop

#endif
