/* SPDX-License-Identifier: BSD-2-Clause */
/* bench.c - clocks, medians and a command on a pseudo-terminal, for the benchmarks.  See bench.h. */
#include "bench.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void bench_die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
	exit(1);
}

static double clock_us(clockid_t clock)
{
	struct timespec t;
	if (clock_gettime(clock, &t))
		bench_die("clock");
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

double bench_now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

double bench_cpu_us(pid_t pid)
{
	clockid_t clock;
	errno = clock_getcpuclockid(pid, &clock);
	if (errno)
		bench_die("CPU clock");
	return clock_us(clock);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

double bench_median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, by_value);
	return v[n / 2];
}

pid_t bench_start(char *const *argv, int *master)
{
	static const struct winsize size = {.ws_row = 24, .ws_col = 80};
	pid_t pid = forkpty(master, NULL, NULL, &size);
	if (pid < 0)
		bench_die("forkpty");
	if (!pid) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[0], argv);
		bench_die(argv[0]);
	}
	return pid;
}

size_t bench_read_until(int master, const char *end)
{
	static char buf[64 << 10];
	char tail[16] = "";
	size_t total = 0, want = strlen(end), have = 0;
	while (have < want || memcmp(tail + have - want, end, want)) {
		ssize_t n = read(master, buf, sizeof buf);
		if (n <= 0)
			bench_die("the command's output ended");
		total += (size_t)n;
		size_t fresh = (size_t)n < want ? (size_t)n : want, keep = have < want - fresh ? have : want - fresh;
		memmove(tail, tail + have - keep, keep);
		memcpy(tail + keep, buf + n - fresh, fresh);
		have = keep + fresh;
	}
	return total;
}

void bench_drain(int master, int ms)
{
	char buf[4096];
	struct pollfd p = {.fd = master, .events = POLLIN};
	while (poll(&p, 1, ms) > 0)
		if (read(master, buf, sizeof buf) <= 0)
			return;
}

void bench_finish(pid_t pid, int master)
{
	int status;
	char buf[4096];
	while (read(master, buf, sizeof buf) > 0)
		;
	if (waitpid(pid, &status, 0) != pid)
		bench_die("wait");
	close(master);
	errno = 0;
	if (status)
		bench_die("the command failed");
}
