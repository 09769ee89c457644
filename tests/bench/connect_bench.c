/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_bench.c - measures a connection in a session against libc's own functions, in one process and one run.
 *
 *   connect_bench ROUNDS
 *
 * Run it inside a session.  Every round makes connections to one destination on loopback, hooked and bare in turn, so
 * that other load on the machine affects both alike.  The median round counts.  Prints a line for each kind: the
 * microseconds of one connection, bare and hooked, and their ratio. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench.h"

enum { EACH = 200 };

struct kind {
	const char *name;
	int type, listener;
	struct sockaddr_storage to;
	socklen_t len;
};

/* libc's own functions, looked up in libc itself so that they are not the interposer's. */
static int (*libc_connect)(int, const struct sockaddr *, socklen_t);
static ssize_t (*libc_sendto)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);

static void connect_one(const struct kind *k, bool hooked)
{
	const struct sockaddr *to = (const struct sockaddr *)&k->to;
	int fd = socket(to->sa_family, k->type, 0);
	if (fd < 0 || (hooked ? connect : libc_connect)(fd, to, k->len))
		bench_die("connect");
	close(fd);
}

/* Datagrams over one socket.  No process reads them, and the kernel drops them. */
static void send_one(const struct kind *k, int fd, bool hooked)
{
	(hooked ? sendto : libc_sendto)(fd, "x", 1, MSG_DONTWAIT, (const struct sockaddr *)&k->to, k->len);
}

/* The connections wait in the listener's queue, and are taken out of it after the clock has stopped. */
static double round_us(const struct kind *k, bool hooked)
{
	int fd = k->type == SOCK_DGRAM ? socket(k->to.ss_family, k->type, 0) : -1;
	double from = bench_now_us();
	for (int i = 0; i < EACH; i++) {
		if (fd < 0)
			connect_one(k, hooked);
		else
			send_one(k, fd, hooked);
	}
	double us = (bench_now_us() - from) / EACH;
	if (fd >= 0)
		close(fd);
	for (int peer; k->type == SOCK_STREAM && (peer = accept4(k->listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;)
		close(peer);
	return us;
}

static void measure(const struct kind *k, size_t rounds)
{
	double *bare = calloc(rounds, sizeof *bare), *hooked = calloc(rounds, sizeof *hooked);
	if (!bare || !hooked)
		bench_die("memory");
	round_us(k, true); /* the interposer reports the first one to the session */
	for (size_t i = 0; i < rounds; i++) {
		bare[i] = round_us(k, false);
		hooked[i] = round_us(k, true);
	}
	double b = bench_median(bare, rounds), h = bench_median(hooked, rounds);
	printf("%-24s bare %6.2f us, in a session %6.2f us: %.3f times\n", k->name, b, h, h / b);
	free(bare);
	free(hooked);
}

static void serve(struct kind *k)
{
	k->listener = socket(k->to.ss_family, k->type | SOCK_NONBLOCK, 0);
	if (k->listener < 0 || bind(k->listener, (struct sockaddr *)&k->to, k->len) ||
	    getsockname(k->listener, (struct sockaddr *)&k->to, &k->len) ||
	    (k->type == SOCK_STREAM && listen(k->listener, 2 * EACH)))
		bench_die("bind");
}

int main(int argc, char **argv)
{
	size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
	const struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	void *libc = dlopen("libc.so.6", RTLD_LAZY);
	if (!libc || !(libc_connect = dlsym(libc, "connect")) || !(libc_sendto = dlsym(libc, "sendto")))
		bench_die("libc");
	struct kind kinds[] = {{.name = "TCP: connect and close", .type = SOCK_STREAM, .len = sizeof four},
			       {.name = "UDP: sendto", .type = SOCK_DGRAM, .len = sizeof four},
			       {.name = "unix: connect and close", .type = SOCK_STREAM, .len = sizeof path}};
	memcpy(&kinds[0].to, &four, sizeof four);
	memcpy(&kinds[1].to, &four, sizeof four);
	snprintf(path.sun_path, sizeof path.sun_path, "%s/connect_bench.%d", getenv("TMPDIR") ?: "/tmp", getpid());
	memcpy(&kinds[2].to, &path, sizeof path);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		serve(&kinds[i]);
		measure(&kinds[i], rounds);
	}
	unlink(path.sun_path);
	return 0;
}
