/* SPDX-License-Identifier: BSD-2-Clause */
/* cookie.h - makes a system call that this process has judged.  It carries the session's cookie in its sixth argument
 * (formats/seam.h), so that the kernel lets it pass; without a cookie, the session judges it.  The register is cleared
 * before anything else runs: the kernel keeps it, and a raw call of the program right after would pass as well.
 * Returns what the kernel does.  Async-signal-safe. */
#ifndef GATE_PRELOAD_BASE_COOKIE_H
#define GATE_PRELOAD_BASE_COOKIE_H

#include <stdint.h>
#include <sys/syscall.h>

/* The session's cookie; 0: this process has none (yet). */
extern uint64_t seam_cookie;

#if defined __x86_64__
static inline long cookie_call(long nr, long a, long b, long c, long d, long e)
{
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register uint64_t r9 __asm__("r9") = __atomic_load_n(&seam_cookie, __ATOMIC_RELAXED);
	__asm__ volatile("syscall\n\txor %%r9d, %%r9d"
			 : "=a"(ret), "+r"(r9)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory", "cc");
	return ret;
}
#elif defined __aarch64__
static inline long cookie_call(long nr, long a, long b, long c, long d, long e)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register uint64_t x5 __asm__("x5") = __atomic_load_n(&seam_cookie, __ATOMIC_RELAXED);
	__asm__ volatile("svc #0\n\tmov x5, xzr"
			 : "+r"(x0), "+r"(x5)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
			 : "memory", "cc");
	return x0;
}
#endif

#define COOKIE_CALL(nr, a, b, c, d, e) cookie_call(SYS_##nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))

#endif
