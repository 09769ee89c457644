/* SPDX-License-Identifier: BSD-2-Clause */
/* exec_bench.c - measures fork, exec and wait of a program under preloaded libraries, against none, in one run.
 *
 *   exec_bench ROUNDS PROGRAM NAME=LIBRARY[,VARIABLE]...
 *
 * Every round starts PROGRAM a few times in each way, one way after the other, so that other load on the machine
 * affects all alike.  The median round counts.  Prints a line for each way: wall and CPU microseconds per start, and
 * their ratio to the native ones.
 *
 *   exec_bench --image FILE GATE_EXEC RULES...
 *
 * writes the policy image of these packs, for a session that no program asks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "formats/image.h"
#include "image/image_build.h"

enum { WAYS_MAX = 16, STARTS = 20 };

struct way {
	const char *name;
	char *env[4];
	double *wall, *cpu; /* microseconds per start, one entry per round */
};

static double children_us(void)
{
	struct rusage r;
	getrusage(RUSAGE_CHILDREN, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e6 +
	       (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

static void start(const char *program, const struct way *w)
{
	char *const argv[] = {(char *)program, NULL};
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		execve(program, argv, w->env);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		bench_die("fork");
	if (status) {
		fprintf(stderr, "exec_bench: %s: status %d\n", w->name, status);
		exit(1);
	}
}

/* NAME=LIBRARY[,VARIABLE]; an empty LIBRARY means none. */
static struct way parse(char *text, size_t rounds)
{
	struct way w = {.name = strsep(&text, "=")};
	size_t n = 0;
	w.wall = calloc(rounds, sizeof *w.wall);
	w.cpu = calloc(rounds, sizeof *w.cpu);
	char *library = strsep(&text, ",");
	if (!library || !w.wall || !w.cpu)
		bench_die("NAME=LIBRARY[,VARIABLE]");
	w.env[n++] = (char *)"PATH=/usr/bin:/bin";
	if (*library && asprintf(&w.env[n++], "LD_PRELOAD=%s", library) < 0)
		bench_die("memory");
	w.env[n] = text;
	return w;
}

static void run(const char *program, struct way *ways, size_t n, size_t rounds)
{
	for (size_t r = 0; r < rounds; r++)
		for (size_t i = 0; i < n; i++) {
			double wall = bench_now_us(), cpu = children_us();
			for (int k = 0; k < STARTS; k++)
				start(program, &ways[i]);
			ways[i].wall[r] = (bench_now_us() - wall) / STARTS;
			ways[i].cpu[r] = (children_us() - cpu) / STARTS;
		}
	double wall0 = bench_median(ways[0].wall, rounds), cpu0 = bench_median(ways[0].cpu, rounds);
	printf("%-24s %10s %6s %10s %6s\n", "", "wall us", "x", "cpu us", "x");
	for (size_t i = 0; i < n; i++) {
		double wall = bench_median(ways[i].wall, rounds), cpu = bench_median(ways[i].cpu, rounds);
		printf("%-24s %10.1f %6.3f %10.1f %6.3f\n", ways[i].name, wall, wall / wall0, cpu, cpu / cpu0);
	}
}

static int write_image(const char *file, const char *standin, char **packs)
{
	/* As in the stock services: file events are judged, and a deferred one asks nobody. */
	static const char *const workspaces[] = {"/workspace", NULL};
	static const struct gate_image_options options = {.workspaces = workspaces, .home = "/home/u"};
	static const struct image_files files = {.options = &options, .events = RULE_FILE_EVENTS};
	struct ruleset rs = {0};
	struct diag d = {0};
	for (; *packs; packs++)
		if (ruleset_load(&rs, *packs, TRUST_SYSTEM, &d))
			bench_die(*packs);
	int fd = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	errno = fd < 0                  ? errno :
		ruleset_finish(&rs, &d) ? EINVAL :
					  -image_build(&rs, standin, 0, &files, getenv("PATH"), fd);
	if (errno)
		bench_die(file);
	printf("%zu rules, an image of %ld bytes\n", rs.n, (long)lseek(fd, 0, SEEK_END));
	ruleset_free(&rs);
	return close(fd);
}

int main(int argc, char **argv)
{
	struct way ways[WAYS_MAX];
	size_t n = 0;
	errno = 0;
	if (argc > 4 && !strcmp(argv[1], "--image"))
		return write_image(argv[2], argv[3], argv + 4);
	if (argc < 4 || argc - 3 > WAYS_MAX)
		return fputs("usage: exec_bench ROUNDS PROGRAM NAME=LIBRARY[,VARIABLE]...\n", stderr), 2;
	size_t rounds = strtoul(argv[1], NULL, 10);
	for (char **a = argv + 3; *a; a++)
		ways[n++] = parse(*a, rounds);
	run(argv[2], ways, n, rounds);
	return 0;
}
