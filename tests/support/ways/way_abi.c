/* SPDX-License-Identifier: BSD-2-Clause */
/* way_abi.c - the ways without libc: the syscall instruction, the same right after a call of libc, i386's int $0x80,
 * and x32's numbers.  Here the acts are the oldest calls of x86 (unlink, rename, open): syscall() makes the newest. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "way.h"

#ifndef __x86_64__
const struct way_calls *way_abi_find(const char *name)
{
	(void)name;
	return NULL;
}
#else

/* The numbers of one interface. */
struct numbers {
	long unlink, rename, truncate, open, execve, connect;
};
static const struct numbers native = {SYS_unlink, SYS_rename, SYS_truncate, SYS_open, SYS_execve, SYS_connect};
enum { X32_BIT = 0x40000000 };
static const struct numbers x32 = {
	X32_BIT | SYS_unlink, X32_BIT | SYS_rename, X32_BIT | SYS_truncate,
	X32_BIT | SYS_open,   X32_BIT | 520,        X32_BIT | SYS_connect,
};
/* unlink, rename, truncate, open, execve, socketcall of arch/x86/entry/syscalls/syscall_32.tbl */
static const struct numbers i386 = {10, 38, 92, 5, 11, 102};
enum { SOCKETCALL_CONNECT = 3 };

static const struct numbers *numbers = &native;
static long (*enter)(long nr, long a, long b, long c, long d);

static long abi_result(long ret)
{
	if (ret >= 0 || ret < -4095)
		return ret;
	errno = (int)-ret;
	return -1;
}

/* --- the instruction */

static long enter_syscall(long nr, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long ret;
	__asm__ volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
	return abi_result(ret);
}

/* --- the instruction, right after a call of libc that is judged; every register but the arguments is as that call left
 * it */

long way_abi_judged_then_raw(int (*judged)(const char *), const char *own, long nr, long a, long b, long c);
__asm__(".text\n"
	".type way_abi_judged_then_raw, @function\n"
	"way_abi_judged_then_raw:\n"
	"	push %rbx\n	push %r12\n	push %r13\n	push %r14\n	push %r15\n"
	"	mov %rdx, %rbx\n	mov %rcx, %r12\n	mov %r8, %r13\n	mov %r9, %r14\n"
	"	mov %rdi, %rax\n	mov %rsi, %rdi\n"
	"	call *%rax\n"
	"	mov %rbx, %rax\n	mov %r12, %rdi\n	mov %r13, %rsi\n	mov %r14, %rdx\n"
	"	syscall\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbx\n"
	"	ret\n"
	".size way_abi_judged_then_raw, . - way_abi_judged_then_raw\n");

static long enter_after(long nr, long a, long b, long c, long d)
{
	static const char own[] = "own-after";
	(void)d;
	close(open(own, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
	return abi_result(way_abi_judged_then_raw(unlink, own, nr, a, b, c));
}

/* --- int $0x80, whose pointers have 32 bits */

/* Copy into memory below 4 GiB, which is reused after 64 KiB. */
static uint32_t low(const void *data, size_t size)
{
	enum { SIZE = 64 << 10 };
	static char *memory;
	static size_t used;
	if (!memory)
		memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (used + size > SIZE)
		used = 0;
	char *p = memcpy(memory + used, data, size);
	used += (size + 15) & ~(size_t)15;
	return (uint32_t)(uintptr_t)p;
}

static uint32_t low_text(const char *text)
{
	return low(text, strlen(text) + 1);
}

static uint32_t low_words(char *const *words)
{
	uint32_t copy[16];
	size_t n = 0;
	for (; words[n] && n < 15; n++)
		copy[n] = low_text(words[n]);
	copy[n] = 0;
	return low(copy, (n + 1) * sizeof *copy);
}

static long enter_int80(long nr, long a, long b, long c, long d)
{
	long ret;
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d)
			 : "r8", "r9", "r10", "r11", "memory");
	return abi_result((int)ret);
}

/* --- the calls; where `numbers` are i386's, their arguments move down */

static long text_argument(const char *text)
{
	return numbers == &i386 ? (long)low_text(text) : (long)text;
}

static int abi_unlink(const char *path)
{
	return (int)enter(numbers->unlink, text_argument(path), 0, 0, 0);
}
static int abi_rename(const char *from, const char *to)
{
	return (int)enter(numbers->rename, text_argument(from), text_argument(to), 0, 0);
}
static int abi_truncate(const char *path, off_t length)
{
	return (int)enter(numbers->truncate, text_argument(path), length, 0, 0);
}
static int abi_open(const char *path, int flags, ...)
{
	return (int)enter(numbers->open, text_argument(path), flags, 0666, 0);
}
static int abi_execve(const char *path, char *const *argv, char *const *env)
{
	if (numbers == &i386)
		return (int)enter(numbers->execve, low_text(path), low_words(argv), low_words(env), 0);
	return (int)enter(numbers->execve, (long)path, (long)argv, (long)env, 0);
}
static int abi_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	if (numbers != &i386)
		return (int)enter(numbers->connect, fd, (long)to, len, 0);
	uint32_t words[] = {(uint32_t)fd, low(to, len), len};
	return (int)enter(numbers->connect, SOCKETCALL_CONNECT, low(words, sizeof words), 0, 0);
}

const struct way_calls *way_abi_find(const char *name)
{
	static struct way_calls found = {
		.unlink = abi_unlink,
		.rename = abi_rename,
		.truncate = abi_truncate,
		.open = abi_open,
		.execve = abi_execve,
		.connect = abi_connect,
	};
	static const struct {
		const char *name;
		const struct numbers *numbers;
		long (*enter)(long nr, long a, long b, long c, long d);
	} table[] = {
		{"asm", &native, enter_syscall},
		{"after", &native, enter_after},
		{"int80", &i386, enter_int80},
		{"x32", &x32, enter_syscall},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].name, name)) {
			numbers = table[i].numbers;
			enter = table[i].enter;
			found.name = name;
			found.raw = numbers == &native && enter == enter_syscall ? enter : NULL;
			return &found;
		}
	return NULL;
}
#endif
