/* SPDX-License-Identifier: BSD-2-Clause */
/* compiler_calls.c - the functions that a compiler calls on its own, so that the interposer never waits for libc's.
 * The empty asm keeps the compiler from recognising the loop and calling the function inside itself. */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *to, int c, size_t n);

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	char *t = to;
	const char *f = from;
	while (n--) {
		*t++ = *f++;
		__asm__ volatile("" ::: "memory");
	}
	return to;
}

void *memset(void *to, int c, size_t n)
{
	char *t = to;
	while (n--) {
		*t++ = (char)c;
		__asm__ volatile("" ::: "memory");
	}
	return to;
}
