/* SPDX-License-Identifier: BSD-2-Clause */
/* made_bench.c - measures the table of made files, and what it costs to prove that an open made its file.
 *
 *   made_bench ROUNDS
 *
 * Works in the current directory.  All ways are measured in turn in each round, in CPU time, so that other load on the
 * machine affects them alike.  The median round counts. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "formats/made_proof.h"
#include "formats/made_table.h"

enum { KEYS = 50000, FILES = 2000, ROUNDS_MAX = 1000 };

static struct made_table table;
static unsigned long found; /* so that no look-up is left out */

static void new_table(void)
{
	static char *mem;
	size_t size = made_table_size(MADE_SLOTS);
	int fd = memfd_create("made", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, (off_t)size))
		bench_die("memfd");
	if (mem)
		munmap(mem, size);
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mem == MAP_FAILED)
		bench_die("mmap");
	close(fd);
	made_table_init(mem, MADE_SLOTS);
	if (made_table_open(&table, mem, size))
		bench_die("table");
}

static struct made_key numbered(unsigned i)
{
	return (struct made_key){8, 1, 5000 + i, UINT64_C(1700000000000000000) + i};
}

static void put(unsigned i)
{
	struct made_key key = numbered(i);
	made_table_put(&table, &key);
}

static void has(unsigned i)
{
	struct made_key key = numbered(i);
	found += made_table_has(&table, &key);
}

static void has_not(unsigned i)
{
	has(i + 10 * KEYS);
}

static void forget(unsigned i)
{
	struct made_key key = numbered(i);
	made_table_forget(&table, &key);
}

/* --- files ---------------------------------------------------------------------------------------------------------- */

static char name[32];

static const char *name_of(unsigned i)
{
	snprintf(name, sizeof name, "made_bench.%u", i);
	return name;
}

static void key_of_fd(int fd)
{
	struct statx st;
	struct made_key key;
	if (fd < 0 || statx(fd, "", AT_EMPTY_PATH, MADE_STATX, &st))
		bench_die("statx");
	if (made_key_of(&st, &key))
		made_table_put(&table, &key);
}

static int open_as(unsigned i, int flags)
{
	int fd = open(name_of(i), flags, 0600);
	if (fd < 0 && errno != EEXIST && errno != ENOENT)
		bench_die(name);
	return fd;
}

enum { CREATE = O_CREAT | O_WRONLY };

static void open_plain(unsigned i)
{
	close(open_as(i, CREATE));
}

static void open_exclusive_first(unsigned i)
{
	int fd = open_as(i, made_open_first(CREATE, MADE_NOT_LOOKED));
	close(fd < 0 ? open_as(i, CREATE) : fd);
}

static void open_existing_first(unsigned i)
{
	int fd = open_as(i, O_WRONLY);
	close(fd < 0 ? open_as(i, CREATE | O_EXCL) : fd);
}

static void open_looked_first(unsigned i)
{
	struct statx st;
	int absent = statx(AT_FDCWD, name_of(i), 0, MADE_STATX, &st);
	close(open_as(i, made_open_first(CREATE, absent ? MADE_ABSENT : MADE_PRESENT)));
}

/* All that the act adds. */
static void open_and_record(unsigned i)
{
	int first = made_open_first(CREATE, MADE_NOT_LOOKED), fd = open_as(i, first);
	if (fd < 0)
		fd = open_as(i, CREATE);
	else if (made_open_proves(first))
		key_of_fd(fd);
	close(fd);
}

static void stat_fd(unsigned i)
{
	struct statx st;
	if (statx(0, "", AT_EMPTY_PATH, MADE_STATX, &st))
		bench_die("statx");
}

static void stat_name(unsigned i)
{
	struct statx st;
	if (statx(AT_FDCWD, name_of(0), 0, MADE_STATX, &st) && errno != ENOENT)
		bench_die("statx");
}

static void files_create(void)
{
	for (unsigned i = 0; i < FILES; i++)
		open_plain(i);
}

static void files_remove(void)
{
	for (unsigned i = 0; i < FILES; i++)
		unlink(name_of(i));
}

static void nothing(void)
{
}

static const struct way {
	const char *what;
	void (*prepare)(void);
	void (*act)(unsigned i);
	unsigned n;
} ways[] = {
	{"put into a new table", new_table, put, KEYS},
	{"put again", nothing, put, KEYS},
	{"has: yes", nothing, has, KEYS},
	{"has: no", nothing, has_not, KEYS},
	{"forget", nothing, forget, KEYS},
	{"put", nothing, put, KEYS},
	{"statx of a descriptor", nothing, stat_fd, KEYS},
	{"statx of a name", files_create, stat_name, KEYS},
	{"absent: open and close", files_remove, open_plain, FILES},
	{"absent: O_EXCL first", files_remove, open_exclusive_first, FILES},
	{"absent: existing first, then O_EXCL", files_remove, open_existing_first, FILES},
	{"absent: a look, then O_EXCL", files_remove, open_looked_first, FILES},
	{"absent: O_EXCL first, statx, put", files_remove, open_and_record, FILES},
	{"present: open and close", files_create, open_plain, FILES},
	{"present: O_EXCL first", files_create, open_exclusive_first, FILES},
	{"present: existing first", files_create, open_existing_first, FILES},
	{"present: a look, then as it is", files_create, open_looked_first, FILES},
};
enum { WAYS = sizeof ways / sizeof *ways };

static double ns_of(const struct way *w)
{
	w->prepare();
	double from = bench_cpu_us(getpid());
	for (unsigned i = 0; i < w->n; i++)
		w->act(i);
	return (bench_cpu_us(getpid()) - from) * 1000 / w->n;
}

int main(int argc, char **argv)
{
	size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 15;
	static double ns[WAYS][ROUNDS_MAX];
	if (!rounds || rounds > ROUNDS_MAX)
		return 2;
	for (size_t r = 0; r < rounds; r++)
		for (size_t i = 0; i < WAYS; i++)
			ns[i][r] = ns_of(&ways[i]);
	for (size_t i = 0; i < WAYS; i++)
		printf("%-40s %8.0f ns\n", ways[i].what, bench_median(ns[i], rounds));
	files_remove();
	return !found;
}
