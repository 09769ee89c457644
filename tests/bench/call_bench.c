/* SPDX-License-Identifier: BSD-2-Clause */
/* call_bench.c - measures system calls that the interposer does not see, in microseconds of a wall clock: in a session
 * most of their time passes in gatesh.
 *
 *   call_bench write FILE N     open the file for writing, N times, and close it
 *   call_bench unlink DIR N     remove the files that `file_bench fill DIR N` made
 *   call_bench connect - N      connect to a port of this process's own, and close
 *   call_bench refused FILE N   unlink(3) of a file that a rule denies: by the interposer, which asks the session
 *
 * Prints the median of slices of the N calls, since the machine may be doing something else as well. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

enum { SLICES = 50 };

static struct sockaddr_in server = {.sin_family = AF_INET};
static int listener;

static void write_one(const char *file, long i)
{
	long fd = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CLOEXEC, 0);
	if (fd < 0)
		bench_die(file);
	close((int)fd);
}

static void unlink_one(const char *dir, long i)
{
	char name[4096];
	snprintf(name, sizeof name, "%s/%ld", dir, i);
	if (syscall(SYS_unlinkat, AT_FDCWD, name, 0))
		bench_die(name);
}

static void connect_one(const char *unused, long i)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || syscall(SYS_connect, fd, &server, sizeof server))
		bench_die("connect");
	close(fd);
	close(accept(listener, NULL, NULL));
}

/* Outside of a session nothing refuses it: the file must be missing there. */
static void refused_one(const char *file, long i)
{
	if (!unlink(file))
		bench_die("removed");
}

static void serve(void)
{
	socklen_t len = sizeof server;
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&server, len) ||
	    getsockname(listener, (struct sockaddr *)&server, &len) || listen(listener, 8))
		bench_die("listen");
}

int main(int argc, char **argv)
{
	void (*one)(const char *, long) = NULL;
	double slices[SLICES];
	if (argc != 4)
		return fputs("usage: call_bench WHAT FILE N\n", stderr), 2;
	long n = atol(argv[3]) / SLICES;
	if (!strcmp(argv[1], "write"))
		one = write_one;
	else if (!strcmp(argv[1], "unlink"))
		one = unlink_one;
	else if (!strcmp(argv[1], "refused"))
		one = refused_one;
	else if (!strcmp(argv[1], "connect"))
		one = connect_one, serve();
	else
		return 2;
	for (long s = 0; s < SLICES; s++) {
		double from = bench_now_us();
		for (long i = 0; i < n; i++)
			one(argv[2], s * n + i);
		slices[s] = (bench_now_us() - from) / (double)n;
	}
	printf("%.3f\n", bench_median(slices, SLICES));
	return 0;
}
