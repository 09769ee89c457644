/* SPDX-License-Identifier: BSD-2-Clause */
/* pty_bench.c - measures the cost of a session's inner terminal.
 *
 *   pty_bench GATESH burst ROUNDS FILE...   throughput of printing FILE: on a bare terminal, through bare relays, and
 *                                           under gatesh run
 *   pty_bench GATESH echo N                 time until a program echoes a key, in the same ways
 *
 * The relays are the limit for any program between two terminals: they only read and write bytes, in one thread, or in
 * two with a ring between them.  Every round goes all ways, one after the other.  Medians count.  The program on the
 * terminal is this one again:
 *
 *   pty_bench --print FILE     prints FILE for every key it reads; q ends it
 *   pty_bench --echo           prints every key it reads
 *   pty_bench --relay|--relay2 COMMAND...   runs COMMAND on a terminal of its own and relays bytes */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, RING = 1 << 20, SILENCE_MS = 200 };
enum { BARE, RELAY, RELAY2, GATE, WAYS };
static const char *const way_names[WAYS] = {"bare terminal", "bare relay", "relay of two threads", "gatesh run"};
static const char ended[] = "\x1b[0mEND."; /* printed after a file */

static void put(int fd, const char *bytes, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t k = write(fd, bytes + done, n - done);
		if (k <= 0)
			bench_die("write");
		done += (size_t)k;
	}
}

/* --- on the terminal ---------------------------------------------------------------------------------------------- */

static void raw(bool keep_output)
{
	struct termios t;
	if (tcgetattr(0, &t))
		bench_die("terminal");
	tcflag_t output = t.c_oflag;
	cfmakeraw(&t);
	if (keep_output)
		t.c_oflag = output;
	if (tcsetattr(0, TCSANOW, &t))
		bench_die("terminal");
}

/* 'q' ends it. */
static int print(const char *file)
{
	static char buf[CHUNK];
	char key;
	raw(true);
	put(1, ended, sizeof ended - 1);
	while (read(0, &key, 1) == 1 && key != 'q') {
		int fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			bench_die(file);
		for (ssize_t n; (n = read(fd, buf, sizeof buf)) > 0;)
			put(1, buf, (size_t)n);
		close(fd);
		put(1, ended, sizeof ended - 1);
	}
	return 0;
}

static int echo(void)
{
	char key;
	raw(false);
	put(1, ended, sizeof ended - 1);
	while (read(0, &key, 1) == 1 && key != 'q')
		put(1, &key, 1);
	return 0;
}

static int relay(char **argv)
{
	static char buf[CHUNK];
	int master, status;
	pid_t pid = bench_start(argv, &master);
	struct pollfd p[] = {{.fd = master, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
	raw(false);
	while (poll(p, 2, -1) > 0 || errno == EINTR)
		for (int i = 0; i < 2; i++) {
			ssize_t n = p[i].revents ? read(p[i].fd, buf, sizeof buf) : -2;
			if (i == 0 && (n == 0 || n == -1)) /* the program has ended */
				return waitpid(pid, &status, 0) != pid || status;
			if (n > 0)
				put(i ? master : 1, buf, (size_t)n);
		}
	return 1;
}

/* Bytes that the first thread has read, and that the second has written.  Neither count ever falls. */
static struct {
	char bytes[RING];
	size_t read, written;
	pthread_mutex_t lock;
	pthread_cond_t change;
} ring = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};

static void *write_ring(void *data)
{
	for (;;) {
		pthread_mutex_lock(&ring.lock);
		while (ring.read == ring.written)
			pthread_cond_wait(&ring.change, &ring.lock);
		size_t at = ring.written % RING, n = ring.read - ring.written;
		pthread_mutex_unlock(&ring.lock);
		n = n < RING - at ? n : RING - at;
		put(1, ring.bytes + at, n);
		pthread_mutex_lock(&ring.lock);
		ring.written += n;
		pthread_cond_signal(&ring.change);
		pthread_mutex_unlock(&ring.lock);
	}
	return NULL;
}

static void *pass_keys(void *data)
{
	char buf[256];
	for (ssize_t n; (n = read(0, buf, sizeof buf)) > 0;)
		put(*(int *)data, buf, (size_t)n);
	return NULL;
}

static int relay2(char **argv)
{
	int master, status;
	pthread_t thread;
	pid_t pid = bench_start(argv, &master);
	raw(false);
	if (pthread_create(&thread, NULL, write_ring, NULL) || pthread_create(&thread, NULL, pass_keys, &master))
		bench_die("thread");
	for (;;) {
		pthread_mutex_lock(&ring.lock);
		while (ring.read - ring.written > RING - CHUNK)
			pthread_cond_wait(&ring.change, &ring.lock);
		pthread_mutex_unlock(&ring.lock);
		size_t at = ring.read % RING;
		ssize_t n = read(master, ring.bytes + at, RING - at < CHUNK ? RING - at : CHUNK);
		if (n <= 0) /* the program has ended */
			return waitpid(pid, &status, 0) != pid || status;
		pthread_mutex_lock(&ring.lock);
		ring.read += (size_t)n;
		pthread_cond_signal(&ring.change);
		pthread_mutex_unlock(&ring.lock);
	}
}

/* --- outside ------------------------------------------------------------------------------------------------------ */

struct way {
	pid_t pid;
	int master;
	double *v;
};

/* Start all ways and let them wait.  `program` is this program with its arguments. */
static void start(struct way *ways, char *gatesh, char **program, size_t rounds)
{
	for (int i = 0; i < WAYS; i++) {
		char *argv[8];
		size_t n = 0;
		if (i == GATE) {
			argv[n++] = gatesh;
			argv[n++] = (char *)"run";
			argv[n++] = (char *)"--";
		} else if (i != BARE) {
			argv[n++] = program[0];
			argv[n++] = (char *)(i == RELAY ? "--relay" : "--relay2");
		}
		for (char **a = program; *a; a++)
			argv[n++] = *a;
		argv[n] = NULL;
		ways[i].pid = bench_start(argv, &ways[i].master);
		ways[i].v = calloc(rounds, sizeof *ways[i].v);
		if (!ways[i].v)
			bench_die("memory");
		bench_read_until(ways[i].master, ended);
		bench_drain(ways[i].master, SILENCE_MS);
	}
}

/* The peak memory of the process, in MB. */
static double memory(pid_t pid)
{
	char name[64], line[256];
	long kb = 0;
	snprintf(name, sizeof name, "/proc/%d/status", (int)pid);
	FILE *f = fopen(name, "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "VmHWM: %ld kB", &kb) == 1)
			break;
	if (!f || !kb)
		bench_die(name);
	fclose(f);
	return (double)kb / 1024;
}

static void finish(struct way *ways)
{
	for (int i = 0; i < WAYS; i++) {
		put(ways[i].master, "q", 1);
		bench_finish(ways[i].pid, ways[i].master);
		free(ways[i].v);
	}
}

static void burst(char *self, char *gatesh, size_t rounds, char *file)
{
	struct way ways[WAYS];
	size_t bytes = 0;
	start(ways, gatesh, (char *[]){self, (char *)"--print", file, NULL}, rounds);
	double before = memory(ways[GATE].pid), seconds[WAYS];
	for (size_t r = 0; r < rounds; r++)
		for (int i = 0; i < WAYS; i++) {
			double t = bench_now_us();
			put(ways[i].master, "\n", 1);
			bytes = bench_read_until(ways[i].master, ended);
			ways[i].v[r] = bench_now_us() - t;
		}
	for (int i = 0; i < WAYS; i++)
		seconds[i] = bench_median(ways[i].v, rounds) / 1e6;
	printf("%s, %.1f MB:", strrchr(file, '/') ? strrchr(file, '/') + 1 : file, (double)bytes / (1 << 20));
	for (int i = 0; i < WAYS; i++)
		printf(" %s %.0f MB/s,", way_names[i], (double)bytes / (1 << 20) / seconds[i]);
	double best = seconds[RELAY] < seconds[RELAY2] ? seconds[RELAY] : seconds[RELAY2];
	printf(" memory %.1f MB, %.1f before\n", memory(ways[GATE].pid), before);
	printf("  of the bare terminal: gatesh run %.2f (target: 0.80), the better relay %.2f; gatesh run of that relay: %.2f\n",
	       seconds[BARE] / seconds[GATE], seconds[BARE] / best, best / seconds[GATE]);
	finish(ways);
}

static void echoes(char *self, char *gatesh, size_t n)
{
	struct way ways[WAYS];
	double us[WAYS];
	char key;
	start(ways, gatesh, (char *[]){self, (char *)"--echo", NULL}, n);
	for (size_t r = 0; r < n; r++)
		for (int i = 0; i < WAYS; i++) {
			usleep(5000); /* nobody types faster, and everything is asleep again */
			double t = bench_now_us();
			put(ways[i].master, "x", 1);
			if (read(ways[i].master, &key, 1) != 1 || key != 'x')
				bench_die("echo");
			ways[i].v[r] = bench_now_us() - t;
		}
	for (int i = 0; i < WAYS; i++)
		us[i] = bench_median(ways[i].v, n);
	printf("echo of a key, median of %zu:", n);
	for (int i = 0; i < WAYS; i++)
		printf(" %s %.0f us,", way_names[i], us[i]);
	printf(" added %.3f ms (target: under 0.2)\n", (us[GATE] - us[BARE]) / 1e3);
	finish(ways);
}

int main(int argc, char **argv)
{
	errno = 0;
	if (argc == 3 && !strcmp(argv[1], "--print"))
		return print(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "--echo"))
		return echo();
	if (argc > 2 && !strcmp(argv[1], "--relay2"))
		return relay2(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "--relay"))
		return relay(argv + 2);
	if (argc > 4 && !strcmp(argv[2], "burst"))
		for (int i = 4; i < argc; i++)
			burst(argv[0], argv[1], strtoul(argv[3], NULL, 10), argv[i]);
	else if (argc == 4 && !strcmp(argv[2], "echo"))
		echoes(argv[0], argv[1], strtoul(argv[3], NULL, 10));
	else
		return fputs("usage: pty_bench GATESH burst ROUNDS FILE... | echo N\n", stderr), 2;
	return 0;
}
