/* SPDX-License-Identifier: BSD-2-Clause */
/* resolvers.c - reads the nameserver lines of resolv.conf(5). */
#include "supervise/resolvers.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { DNS_PORT = 53 };
#define NSCD_SOCKET "/var/run/nscd/socket"

static void resolvers_add(struct resolvers *r, const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(DNS_PORT)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(DNS_PORT)};
	struct gate_dest *d = &r->servers[r->n];
	if (r->n == RESOLVERS_MAX)
		return;
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		r->n += gate_dest_of(&v4, sizeof v4, d) > 0;
	else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		r->n += gate_dest_of(&v6, sizeof v6, d) > 0;
}

void resolvers_read(struct resolvers *r, const char *path)
{
	char line[256], address[64];
	FILE *f = fopen(path, "re");
	r->n = 0;
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "nameserver %63[^ \t\n%%]", address) == 1)
			resolvers_add(r, address);
	if (f)
		fclose(f);
	if (!r->n)
		resolvers_add(r, "127.0.0.1");
}

bool resolvers_have(const struct resolvers *r, const struct gate_dest *d)
{
	if (d->family == AF_UNIX)
		return !strcmp(d->path, NSCD_SOCKET);
	for (unsigned i = 0; i < r->n; i++)
		if (d->port == DNS_PORT && !memcmp(d->ip, r->servers[i].ip, sizeof d->ip))
			return true;
	return false;
}
