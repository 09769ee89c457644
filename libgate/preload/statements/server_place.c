/* SPDX-License-Identifier: BSD-2-Clause */
/* server_place.c - asks the kernel and the session for the peer of a connection. */
#include "preload/statements/server_place.h"

#include "preload/base/sys.h"

/* For the kernel, the peer of a turned connection is the relay; for the hook of getpeername, it is the server. */
bool server_place_is_relayed(struct server_place *p, int fd, bool hidden)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof p->address, kernels = sizeof peer;
	*p = (struct server_place){0};
	if (fd < 0 || SYS(getpeername, fd, &peer, &kernels, 0, 0, 0) || getpeername(fd, &p->address.any, &len))
		return false;
	p->len = len < sizeof p->address ? len : sizeof p->address;
	return !hidden && peer.ss_family != AF_UNIX &&
	       (len != kernels || __builtin_memcmp(&peer, &p->address, len) != 0);
}

void server_place_put(const struct server_place *p, const char *host, struct statement *s)
{
	if (!p->len)
		return;
	bool local = p->address.any.sa_family == AF_UNIX;
	s->address = &p->address;
	s->address_len = p->len;
	s->place = local ? p->address.local.sun_path : host && *host && *host != '/' ? host : NULL;
	if (local && !*s->place)
		s->address_len = 0; /* without a name, or an abstract one: unknown */
}
