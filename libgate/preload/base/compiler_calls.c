/* compiler_calls.c - the functions a compiler calls of its own accord, so that nothing here waits for libc's.  The empty asm keeps
 * it from recognising what a loop does, and calling the very function. */
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
