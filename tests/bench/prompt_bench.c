/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt_bench.c - measures the cost of a question in a session on a real terminal.
 *
 *   prompt_bench GATESH prompt N COMMAND...   ms from the exec of COMMAND, which a rule matches, to the prompt
 *   prompt_bench GATESH cpu N COMMAND...      gatesh's CPU time per question, for a COMMAND that service ci refuses
 *                                             without asking
 *
 * The session runs this program again, as `prompt_bench --start TIMES COMMAND...`.  For every line that it reads, it
 * writes the time into TIMES, starts COMMAND, and prints one dot when COMMAND has ended. */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { PAST_THE_GUARD_US = 300 * 1000, SILENCE_MS = 100, REFUSED = 126 };

/* The one timestamp that both sides share. */
static double *shared_time(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof(double)))
		bench_die(file);
	double *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (t == MAP_FAILED)
		bench_die(file);
	close(fd);
	return t;
}

/* --- inside the session ------------------------------------------------------------------------------------------- */

static void start(char **argv, double *started)
{
	int status, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid = fork();
	if (!pid) {
		dup2(null, 1);
		dup2(null, 2); /* the line that reports the refusal */
		*started = bench_now_us();
		execvp(argv[0], argv);
		_exit(127);
	}
	close(null);
	errno = 0;
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != REFUSED)
		bench_die("the command was not refused");
}

static int start_on_demand(const char *times, char **argv)
{
	double *started = shared_time(times);
	struct termios t;
	char line[16];
	if (tcgetattr(0, &t))
		bench_die("terminal");
	t.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(0, TCSANOW, &t) || write(1, ".", 1) != 1)
		bench_die("terminal");
	while (read(0, line, sizeof line) > 0 && line[0] != 'q') {
		start(argv, started);
		if (write(1, ".", 1) != 1)
			bench_die("terminal");
	}
	return 0;
}

/* --- outside ------------------------------------------------------------------------------------------------------ */

static void type(int master, const char *text)
{
	if (write(master, text, strlen(text)) != (ssize_t)strlen(text))
		bench_die("terminal");
}

static void prompts(int master, size_t n, const double *started)
{
	double *ms = calloc(n, sizeof *ms);
	char buf[64];
	if (!ms)
		bench_die("memory");
	for (size_t i = 0; i < n; i++) {
		type(master, "\n");
		if (read(master, buf, sizeof buf) <= 0) /* nothing else is printed meanwhile */
			bench_die("no prompt");
		ms[i] = (bench_now_us() - *started) / 1e3;
		bench_drain(master, SILENCE_MS);
		usleep(PAST_THE_GUARD_US);
		type(master, "n");
		bench_read_until(master, ".");
		bench_drain(master, SILENCE_MS);
	}
	double median = bench_median(ms, n);
	printf("exec to the prompt on the terminal: median %.2f ms, max %.2f ms of %zu (target: under 10)\n", median,
	       ms[n - 1], n);
	free(ms);
}

static void questions(int master, size_t n, pid_t gatesh)
{
	double cpu = bench_cpu_us(gatesh), wall = bench_now_us();
	for (size_t i = 0; i < n; i++) {
		type(master, "\n");
		bench_read_until(master, ".");
	}
	cpu = bench_cpu_us(gatesh) - cpu;
	wall = bench_now_us() - wall;
	printf("a question answered by a rule: %.3f ms of gatesh's CPU, %.2f ms from fork to exit, of %zu (target: under 1 of CPU)\n",
	       cpu / 1e3 / (double)n, wall / 1e3 / (double)n, n);
}

int main(int argc, char **argv)
{
	if (argc > 3 && !strcmp(argv[1], "--start"))
		return start_on_demand(argv[2], argv + 3);
	bool prompt = argc > 4 && !strcmp(argv[2], "prompt");
	if (argc < 5 || (!prompt && strcmp(argv[2], "cpu")))
		return fputs("usage: prompt_bench GATESH prompt|cpu N COMMAND...\n", stderr), 2;
	char times[] = "/tmp/prompt_bench.XXXXXX",
	     *run[64] = {argv[1],      (char *)"run", (char *)"-s",      (char *)(prompt ? "agent" : "ci"),
			 (char *)"--", argv[0],       (char *)"--start", times};
	size_t k = 8, n = strtoul(argv[3], NULL, 10);
	for (int i = 4; i < argc && k < 63; i++)
		run[k++] = argv[i];
	int fd = mkstemp(times), master;
	if (fd < 0 || close(fd))
		bench_die(times);
	double *started = shared_time(times);
	pid_t gatesh = bench_start(run, &master);
	bench_read_until(master, ".");
	bench_drain(master, SILENCE_MS);
	if (prompt)
		prompts(master, n, started);
	else
		questions(master, n, gatesh);
	type(master, "q\n");
	bench_finish(gatesh, master);
	return unlink(times) ? 1 : 0;
}
