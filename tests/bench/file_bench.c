/* SPDX-License-Identifier: BSD-2-Clause */
/* file_bench.c - measures file operations in microseconds of CPU time, which other load on the machine does not change.
 *
 *   file_bench fill DIR N         make DIR with N files in it
 *   file_bench tree DIR N         the same in directories of 20
 *   file_bench unlink DIR N       remove the files of `fill`, and print the time of one
 *   file_bench new DIR N          fill, then unlink as above
 *   file_bench create DIR N       as fill, and print the time of one
 *   file_bench stat|open FILE N   print the time of one stat or open of a file
 *   file_bench write FILE N       make the file, and print the time of one open for writing
 *   file_bench start PROGRAM N    print the time of one fork, exec and wait
 *   file_bench run COMMAND...     print the time of the command with all its children
 *   file_bench filtered COMMAND...  execute the command under a seccomp filter that allows everything */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { A_DIRECTORY = 20, SLICES = 40 };

static void make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd < 0 || write(fd, "x", 1) != 1 || close(fd))
		bench_die(name);
}

/* DIR/N.  Valid until the next call. */
static const char *in(const char *dir, long i)
{
	static char name[PATH_MAX];
	if (snprintf(name, sizeof name, "%s/%ld", dir, i) >= (int)sizeof name) {
		errno = ENAMETOOLONG;
		bench_die(dir);
	}
	return name;
}

static void fill(const char *dir, long n)
{
	if (mkdir(dir, 0755))
		bench_die(dir);
	for (long i = 0; i < n; i++)
		make_file(in(dir, i));
}

static void tree(const char *dir, long n)
{
	if (mkdir(dir, 0755))
		bench_die(dir);
	for (long i = 0; i < n / A_DIRECTORY; i++) {
		char name[PATH_MAX];
		strcpy(name, in(dir, i));
		fill(name, A_DIRECTORY);
	}
}

static void unlink_all(const char *dir, long n)
{
	for (long i = 0; i < n; i++)
		if (unlink(in(dir, i)))
			bench_die(dir);
}

static void stat_often(const char *file, long n)
{
	struct stat st;
	while (n--)
		if (stat(file, &st))
			bench_die(file);
}

static void open_often(const char *file, long n)
{
	while (n--) {
		int fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			bench_die(file);
		close(fd);
	}
}

static void write_often(const char *file, long n)
{
	while (n--) {
		int fd = open(file, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			bench_die(file);
		close(fd);
	}
}

static double microseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static int run(char **argv)
{
	struct rusage used;
	int status;
	pid_t pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_WRONLY);
		if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
			bench_die("/dev/null");
		execvp(*argv, argv);
		bench_die(*argv);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || getrusage(RUSAGE_CHILDREN, &used))
		bench_die(*argv);
	printf("%.0f\n", microseconds(used.ru_utime) + microseconds(used.ru_stime));
	return status ? 1 : 0;
}

/* Microseconds of CPU per operation, for n of them. */
static double took(void (*timed)(const char *, long), const char *file, long n)
{
	double start = bench_cpu_us(getpid());
	timed(file, n);
	return (bench_cpu_us(getpid()) - start) / (double)n;
}

/* Of this process and its children. */
static double everybody_us(void)
{
	struct rusage own, children;
	if (getrusage(RUSAGE_SELF, &own) || getrusage(RUSAGE_CHILDREN, &children))
		bench_die("getrusage");
	return microseconds(own.ru_utime) + microseconds(own.ru_stime) + microseconds(children.ru_utime) +
	       microseconds(children.ru_stime);
}

static int start(const char *program, long n)
{
	char *const argv[] = {(char *)program, NULL};
	double slices[SLICES];
	for (int s = 0; s < SLICES; s++) {
		double from = everybody_us();
		for (long i = 0; i < n / SLICES; i++) {
			int status;
			pid_t pid = fork();
			if (!pid) {
				execv(program, argv);
				_exit(127);
			}
			if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
				bench_die(program);
		}
		slices[s] = (everybody_us() - from) / (double)(n / SLICES);
	}
	printf("%.3f\n", bench_median(slices, SLICES));
	return 0;
}

static void filtered(char **argv)
{
	struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog prog = {.len = 1, .filter = code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0))
		bench_die("seccomp");
	execvp(*argv, argv);
	bench_die(*argv);
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "run"))
		return run(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "filtered"))
		filtered(argv + 2);
	if (argc != 4)
		return fputs("usage: file_bench WHAT FILE N\n", stderr), 2;
	const char *what = argv[1], *file = argv[2];
	long n = atol(argv[3]);
	void (*timed)(const char *, long) = NULL;
	if (!strcmp(what, "start"))
		return start(file, n);
	if (!strcmp(what, "write") && access(file, F_OK))
		make_file(file);
	if (!strcmp(what, "fill") || !strcmp(what, "new"))
		fill(file, n);
	if (!strcmp(what, "tree"))
		tree(file, n);
	if (!strcmp(what, "unlink") || !strcmp(what, "new"))
		timed = unlink_all;
	if (!strcmp(what, "create"))
		timed = fill;
	if (!strcmp(what, "stat"))
		timed = stat_often;
	if (!strcmp(what, "open"))
		timed = open_often;
	if (!strcmp(what, "write"))
		timed = write_often;
	if (timed == stat_often || timed == open_often || timed == write_often) {
		/* The best of many runs, because cache misses that another process causes are not a cost of these
		 * operations. */
		double best = took(timed, file, n / SLICES);
		for (int i = 1; i < SLICES; i++) {
			double again = took(timed, file, n / SLICES);
			best = again < best ? again : best;
		}
		printf("%.3f\n", best);
	} else if (timed) {
		printf("%.3f\n", took(timed, file, n));
	}
	return 0;
}
