/* strbuf.h - a growing byte string.  Zero-initialise; always NUL-terminated once appended to; an allocation failure is
 * remembered in `err` and makes later appends do nothing, so a builder checks once at its end.  Internal to libgate. */
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
/* Hand over the string (never NULL unless err; the caller frees) and empty the buffer. */
char *strbuf_take(struct strbuf *b);
void strbuf_free(struct strbuf *b);

#define cleanup_strbuf __attribute__((cleanup(strbuf_free)))

#pragma GCC visibility pop

#endif
