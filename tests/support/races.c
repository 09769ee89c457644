/* SPDX-License-Identifier: BSD-2-Clause */
/* races.c - two processes remove, replace or write the same file in lockstep.
 *     races make KIND ROUNDS         makes the files, in the current directory
 *     races run KIND ROUNDS [raw]    runs the rounds, each process on its own half of the race; raw: without libc
 * KIND
 *     links     a.N and b.N are one file: both names are removed
 *     unlink    x.N is removed, and replaced by y.N
 *     replace   x.N is replaced by y.N and by z.N
 *     absent    y.N and z.N are both renamed to x.N, which is not there
 *     own       x.N, which this program has made, is removed, and replaced by y.N
 *     copy      x.N is emptied and written, and removed
 *     exchange  x.N is removed, and exchanged with y.N
 *     swap      d.N/x is removed, and the directory d.N exchanged with e.N, which has an x as well
 *     gone      x.N is removed, and emptied through descriptor 9, by one process */
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum side { FIRST, SECOND };

static bool raw;

/* A call that no library sees. */
static long races_call5(long nr, long a, long b, long c, long d, long e)
{
#ifdef __x86_64__
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e, r9 __asm__("r9") = 0;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
#else
	register long x8 __asm__("x8") = nr, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = 0;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
#endif
}

static long races_call(long nr, long a, long b, long c, long d)
{
	return races_call5(nr, a, b, c, d, 0);
}

static void races_unlink(const char *name)
{
	if (raw)
		races_call(SYS_unlinkat, AT_FDCWD, (long)name, 0, 0);
	else
		unlink(name);
}

static void races_rename(const char *from, const char *to)
{
	if (raw)
		races_call(SYS_renameat, AT_FDCWD, (long)from, AT_FDCWD, (long)to);
	else if (rename(from, to))
		perror(from);
}

static void races_exchange(const char *a, const char *b)
{
	if (raw)
		races_call5(SYS_renameat2, AT_FDCWD, (long)a, AT_FDCWD, (long)b, RENAME_EXCHANGE);
	else
		renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE); /* fails if the other one was faster */
}

static void races_put(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror(name);
	if (fd >= 0)
		close(fd);
}

static void races_overwrite(const char *name)
{
	int fd = raw ? (int)races_call(SYS_openat, AT_FDCWD, (long)name, O_WRONLY | O_TRUNC, 0) :
		       open(name, O_WRONLY | O_TRUNC);
	if (fd >= 0 && write(fd, "new", 3) == 3)
		close(fd);
}

static void races_swap(enum side side, const char *x)
{
	char d[32], e[32], file[40];
	snprintf(d, sizeof d, "d.%s", x + 2);
	snprintf(e, sizeof e, "e.%s", x + 2);
	snprintf(file, sizeof file, "%s/x", d);
	if (side == FIRST)
		races_unlink(file);
	else
		races_exchange(d, e);
}

static void races_empty(int fd)
{
	if (raw ? races_call(SYS_ftruncate, fd, 0, 0, 0) : ftruncate(fd, 0))
		fprintf(stderr, "descriptor %d was not emptied\n", fd);
}

static void races_half(const char *kind, enum side side, const char *x, const char *y, const char *z)
{
	if (!strcmp(kind, "links"))
		races_unlink(side == FIRST ? y : z);
	else if (!strcmp(kind, "copy") && side == SECOND)
		races_overwrite(x);
	else if (!strcmp(kind, "exchange") && side == SECOND)
		races_exchange(x, y);
	else if (!strcmp(kind, "swap"))
		races_swap(side, x);
	else if (!strcmp(kind, "gone") && side == SECOND)
		return;
	else if (side == FIRST && strcmp(kind, "replace") && strcmp(kind, "absent"))
		races_unlink(x);
	else
		races_rename(side == FIRST ? z : y, x);
}

static void races_run(const char *kind, enum side side, int rounds, atomic_int *met)
{
	for (int i = 0; i < rounds; i++) {
		char x[32], y[32], z[32];
		bool links = !strcmp(kind, "links");
		snprintf(x, sizeof x, "x.%d", i);
		snprintf(y, sizeof y, "%s.%d", links ? "a" : "y", i);
		snprintf(z, sizeof z, "%s.%d", links ? "b" : "z", i);
		if (!strcmp(kind, "own") && side == FIRST)
			races_put(x, "own");
		atomic_fetch_add(&met[i], 1);
		while (atomic_load(&met[i]) < 2)
			sched_yield();
		/* An exchange is recorded for a while before it happens. */
		int longest = side == FIRST && (!strcmp(kind, "exchange") || !strcmp(kind, "swap")) ? 60000 : 3000;
		for (volatile int wait = rand() % longest; wait; wait--)
			;
		races_half(kind, side, x, y, z);
		if (!strcmp(kind, "gone") && side == FIRST)
			races_empty(9);
	}
}

/* The files of a round. */
static const char *races_letters(const char *kind)
{
	static const char *const table[][2] = {{"links", "a"}, {"replace", "xyz"}, {"absent", "yz"}, {"own", "y"},
					       {"copy", "x"},  {"swap", "de"},     {"gone", "x"}};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(kind, table[i][0]))
			return table[i][1];
	return "xy";
}

static void races_make(const char *kind, int rounds)
{
	const char *letters = races_letters(kind);
	for (int i = 0; i < rounds; i++)
		for (const char *p = letters; *p; p++) {
			char name[32], other[32], text[64];
			snprintf(name, sizeof name, "%c.%d", *p, i);
			snprintf(text, sizeof text, "content of %s\n", name);
			if (!strcmp(kind, "swap") && !mkdir(name, 0755))
				strcat(name, "/x");
			races_put(name, text);
			snprintf(other, sizeof other, "b.%d", i);
			if (!strcmp(kind, "links") && link(name, other))
				perror(other);
		}
}

int main(int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[3]) : 0;
	raw = argc > 4 && !strcmp(argv[4], "raw");
	if (rounds <= 0)
		return 2;
	if (!strcmp(argv[1], "make")) {
		races_make(argv[2], rounds);
		return 0;
	}
	atomic_int *met =
		mmap(NULL, (size_t)rounds * sizeof *met, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (met == MAP_FAILED)
		return 1;
	pid_t pid = fork();
	srand(pid ? 1 : 2);
	races_run(argv[2], pid ? FIRST : SECOND, rounds, met);
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	return 0;
}
