/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_peer.c - the hook of getpeername: for a connection that was turned to the relay, the peer is the server that the
 * program wanted. */
#include <netinet/in.h>

#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/net/connect_turn.h"

/* Is it a loopback address, where the relay may be? */
static bool hooks_peer_is_loopback(const struct sockaddr_in6 *a, bool *six)
{
	const unsigned char *ip = a->sin6_addr.s6_addr;
	*six = a->sin6_family == AF_INET6 && ip[15] == 1 && !ip[12];
	if (a->sin6_family == AF_INET)
		return ((const struct sockaddr_in *)a)->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
	return a->sin6_family == AF_INET6 && ip[15] == 1 && (!ip[12] || ip[12] == 127);
}

/* Put the real server in place of the relay: its port, and the four bytes in which the addresses differ. */
static void hooks_peer_put(struct sockaddr_in6 *peer, long real)
{
	unsigned char *ip = peer->sin6_family == AF_INET ?
				    (unsigned char *)&((struct sockaddr_in *)peer)->sin_addr - 12 :
				    peer->sin6_addr.s6_addr;
	peer->sin6_port = htons((unsigned short)(real & 0xffff)); /* at the same place in both kinds */
	for (int i = 0; i < 4; i++)
		ip[12 + i] = (unsigned char)(real >> (40 - 8 * i));
}

HOOK int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict len)
{
	struct sockaddr_in6 peer = {0};
	int size = sizeof peer;
	socklen_t room = state.seam && sys_is_readable(len, sizeof *len) ? *len : 0;
	bool six;
	long ret = SYS(getpeername, fd, address, len, 0, 0, 0);
	if (ret || !room || SYS(getpeername, fd, &peer, &size, 0, 0, 0) || !hooks_peer_is_loopback(&peer, &six))
		return (int)hook_return(ret);
	long real = connect_turn_peer(fd, ntohs(peer.sin6_port), six);
	if (!real)
		return 0;
	hooks_peer_put(&peer, real);
	__builtin_memcpy(address, &peer, room < (socklen_t)size ? room : (socklen_t)size);
	return 0;
}
