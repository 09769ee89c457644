/* SPDX-License-Identifier: BSD-2-Clause */
/* threads.c - many threads at the interposer's tables of names and destinations at once, for a race detector; threads.t
 * builds it with one.
 *
 *   threads SECONDS
 *
 * Every address has names that begin with its number, so that a torn entry is told. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "preload/net/connect_cache.h"
#include "preload/net/dns_names.h"

enum { THREADS = 64, ADDRESSES = 4096 };

static struct dns_names names;
static struct connect_cache seen;
static atomic_bool stop;
static atomic_ulong rounds, torn, told[ADDRESSES];

static void one_round(unsigned n, unsigned turn)
{
	char found[DNS_NAMES_WAYS][GATE_HOST_MAX], name[64], start[32];
	unsigned char ip[16] = {0};
	struct seen_slot what = {.length = 4}, read;
	enum connect_cache_verdict v;
	uint64_t hash = (n + 1) * 0x9e3779b97f4a7c15u;
	memcpy(ip, &n, sizeof n);
	int len = snprintf(start, sizeof start, "host%u.", n);
	snprintf(name, sizeof name, "%s%u.example", start, turn % 4);
	dns_names_add(&names, ip, name);
	dns_names_hash(&names, ip);
	for (unsigned i = dns_names_find(&names, ip, found); i-- > 0;)
		torn += strncmp(found[i], start, (size_t)len) != 0;
	memcpy(what.address, &n, sizeof n);
	struct seen_slot *s = connect_cache_find(&seen, hash, &v);
	if (!s)
		s = connect_cache_put(&seen, hash, n % 2 ? CONNECT_CACHE_PASSED : CONNECT_CACHE_REFUSED, &what);
	else if (connect_cache_read(s, &read) && (read.key & ~(uint64_t)3) == (hash & ~(uint64_t)3))
		torn += memcmp(read.address, &n, sizeof n) != 0 ||
			v != (n % 2 ? CONNECT_CACHE_PASSED : CONNECT_CACHE_REFUSED);
	if (connect_cache_first_told(&seen, hash))
		told[n]++;
}

static void *work(void *data)
{
	unsigned state = (unsigned)(size_t)data;
	for (unsigned turn = 0; !stop; turn++) {
		state = state * 1664525u + 1013904223u;
		one_round(state >> 8 & (ADDRESSES - 1), turn);
		rounds++;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	struct timespec t = {.tv_sec = argc > 1 ? atoi(argv[1]) : 1};
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)(i + 1)))
			return 2;
	nanosleep(&t, NULL);
	stop = true;
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%lu rounds, %lu torn\n", (unsigned long)rounds, (unsigned long)torn);
	return torn ? 1 : 0;
}
