/* SPDX-License-Identifier: BSD-2-Clause */
/* sys.h - the interposer's few system calls, made directly: no errno, no PLT, no cancellation point.  Every function
 * returns what the kernel does: a value, or a negative errno.  Safe in a vfork child and in a signal handler. */
#ifndef GATE_PRELOAD_BASE_SYS_H
#define GATE_PRELOAD_BASE_SYS_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

#include "preload/base/cookie.h"

#if defined __x86_64__
static inline long sys_call(long nr, long a, long b, long c, long d, long e, long f)
{
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#elif defined __aarch64__
static inline long sys_call(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;
	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
	return x0;
}
#else
#error "the interposer knows x86-64 and AArch64"
#endif

#define SYS(nr, a, b, c, d, e, f) sys_call(SYS_##nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* Opens for reading, or with O_PATH; for writing: judged_call.h. */
static inline long sys_open(const char *path, int flags)
{
	return SYS(openat, AT_FDCWD, path, flags, 0, 0, 0);
}

static inline long sys_openat(int dir, const char *path, int flags)
{
	return SYS(openat, dir, path, flags, 0, 0, 0);
}

static inline void sys_close(int fd)
{
	SYS(close, fd, 0, 0, 0, 0, 0);
}

static inline long sys_pread(int fd, void *buf, size_t n, size_t at)
{
	return SYS(pread64, fd, buf, n, at, 0, 0);
}

static inline long sys_read(int fd, void *buf, size_t n)
{
	return SYS(read, fd, buf, n, 0, 0, 0);
}

static inline long sys_write(int fd, const void *buf, size_t n)
{
	return SYS(write, fd, buf, n, 0, 0, 0);
}

static inline long sys_writev(int fd, const struct iovec *v, int n)
{
	return SYS(writev, fd, v, n, 0, 0, 0);
}

static inline long sys_seek_end(int fd)
{
	return SYS(lseek, fd, 0, SEEK_END, 0, 0, 0);
}

static inline long sys_fstat(int fd, struct stat *st)
{
	return SYS(fstat, fd, st, 0, 0, 0, 0);
}

static inline long sys_readlink(const char *path, char *buf, size_t n)
{
	return SYS(readlinkat, AT_FDCWD, path, buf, n, 0, 0);
}

static inline long sys_getcwd(char *buf, size_t n)
{
	return SYS(getcwd, buf, n, 0, 0, 0, 0);
}

/* Map a file read-only.  Returns the address or a negative errno. */
static inline long sys_map(int fd, size_t n)
{
	return SYS(mmap, 0, n, PROT_READ, MAP_PRIVATE, fd, 0);
}

static inline void sys_unmap(const void *map, size_t n)
{
	SYS(munmap, map, n, 0, 0, 0, 0);
}

/* Map private zeroed memory.  Returns the address or a negative errno. */
static inline long sys_map_anonymous(size_t n)
{
	return SYS(mmap, 0, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static inline bool sys_is_error(long result)
{
	return (unsigned long)result > -4096ul;
}

/* statx(2) with the fields that file events need. */
static inline long sys_statx(int dir, const char *name, int flags, struct statx *st)
{
	return SYS(statx, dir, name, flags, STATX_BASIC_STATS | STATX_BTIME, st, 0);
}

/* The same without times, for a file that is most likely the session's own.  On file systems with fine-grained times (Linux
 * 6.13), whoever reads one makes the next write store a new one: that costs more than the look. */
static inline long sys_statx_untimed(int dir, const char *name, int flags, struct statx *st)
{
	return SYS(statx, dir, name, flags,
		   STATX_TYPE | STATX_MODE | STATX_NLINK | STATX_INO | STATX_SIZE | STATX_BTIME, st, 0);
}

static inline long sys_fcntl(int fd, int cmd, long arg)
{
	return SYS(fcntl, fd, cmd, arg, 0, 0, 0);
}

/* Keep the interposer's descriptors above 2: in place of a closed standard stream, the program would write to them. */
static inline long sys_above_standard(long fd)
{
	if (fd < 0 || fd > 2)
		return fd;
	long high = sys_fcntl((int)fd, F_DUPFD_CLOEXEC, 3);
	sys_close((int)fd);
	return high;
}

/* Are the 8 bytes around `at` readable? rt_sigprocmask(2) reads the set before it rejects the invalid operation. */
static inline bool sys_is_readable_at(unsigned long at)
{
	return SYS(rt_sigprocmask, -1, at & ~7ul, 0, 8, 0, 0) != -EFAULT;
}

/* Are the `n` bytes at `p` (less than a page) readable?  The caller's own stack is not probed. */
static inline bool sys_is_readable(const void *p, size_t n)
{
	enum { PAGE = 4096, NEAR = 32 << 10 };
	unsigned long first = (unsigned long)p, last = first + n - 1;
	if (!n || first - (unsigned long)__builtin_frame_address(0) < NEAR)
		return true;
	return sys_is_readable_at(last) && (first / PAGE == last / PAGE || sys_is_readable_at(first));
}

static inline long sys_socket(int domain, int type)
{
	return SYS(socket, domain, type, 0, 0, 0, 0);
}

/* These two are the interposer's own, to its session. */
static inline long sys_connect(int fd, const void *addr, size_t n)
{
	return COOKIE_CALL(connect, fd, addr, n, 0, 0);
}

static inline long sys_sendmsg(int fd, const struct msghdr *m, int flags)
{
	return COOKIE_CALL(sendmsg, fd, m, flags, 0, 0);
}

static inline long sys_recv(int fd, void *buf, size_t n, int flags)
{
	return SYS(recvfrom, fd, buf, n, flags, 0, 0);
}

static inline long sys_poll(struct pollfd *p, unsigned n, long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	return SYS(ppoll, p, n, &t, 0, 8, 0);
}

static inline void sys_sleep_ms(long ms)
{
	sys_poll(NULL, 0, ms);
}

/* Milliseconds of the monotonic clock. */
static inline long sys_now_ms(void)
{
	struct timespec t = {0};
	SYS(clock_gettime, CLOCK_MONOTONIC, &t, 0, 0, 0, 0);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline long sys_execve(const char *path, char *const *argv, char *const *envp)
{
	return SYS(execve, path, argv, envp, 0, 0, 0);
}

static inline long sys_execveat(int dir, const char *path, char *const *argv, char *const *envp, int flags)
{
	return SYS(execveat, dir, path, argv, envp, flags, 0);
}

static inline void __attribute__((noreturn)) sys_exit(int status)
{
	for (;;)
		SYS(exit_group, status, 0, 0, 0, 0, 0);
}

#endif
