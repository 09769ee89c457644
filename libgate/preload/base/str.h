/* SPDX-License-Identifier: BSD-2-Clause */
/* str.h - the interposer's few string functions.  They avoid libc's, which are reached through the PLT and IFUNCs. */
#ifndef GATE_PRELOAD_BASE_STR_H
#define GATE_PRELOAD_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

static inline size_t text_length(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

static inline bool text_equal(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* The rest of s after the prefix, or NULL if s does not start with it. */
static inline const char *text_after(const char *s, const char *prefix)
{
	while (*prefix)
		if (*s++ != *prefix++)
			return NULL;
	return s;
}

/* The name after the last slash. */
static inline const char *text_base(const char *s)
{
	const char *base = s;
	for (; *s; s++)
		if (*s == '/')
			base = s + 1;
	return base;
}

static inline bool text_has_slash(const char *s)
{
	while (*s && *s != '/')
		s++;
	return *s == '/';
}

/* A string built in a fixed buffer, always NUL-terminated.  `cut` is true if something did not fit. */
struct text {
	char *s;
	size_t n, size;
	bool cut;
};

static inline struct text text_in(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct text){buf, 0, size, false};
}

static inline void text_put(struct text *t, const char *s)
{
	for (; *s; s++) {
		if (t->n + 1 >= t->size) {
			t->cut = true;
			break;
		}
		t->s[t->n++] = *s;
	}
	t->s[t->n] = '\0';
}

static inline void text_put_number(struct text *t, unsigned long v)
{
	char digits[24], *p = digits + sizeof digits - 1;
	*p = '\0';
	do
		*--p = (char)('0' + v % 10);
	while (v /= 10);
	text_put(t, p);
}

/* A number of bytes for people, as gatesh writes it: "2.1 GiB", "5 B". */
static inline void text_put_size(struct text *t, unsigned long bytes)
{
	static const char units[] = "KMGTPE";
	unsigned u = 0;
	unsigned long unit = 1024, tenths = 0;
	if (bytes < unit) {
		text_put_number(t, bytes);
		text_put(t, " B");
		return;
	}
	for (;; u++, unit *= 1024) {
		tenths = bytes / unit * 10 + (bytes % unit * 10 + unit / 2) / unit;
		if (tenths < 10240 || u + 2 == sizeof units)
			break;
	}
	text_put_number(t, tenths / 10);
	text_put(t, ".");
	text_put_number(t, tenths % 10);
	text_put(t, (char[]){' ', units[u], 'i', 'B', '\0'});
}

#endif
