/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_peer.c - the hooks of getpeername and getsockname: for a connection that was turned to the relay, the peer is the server that
 * the program wanted, and its own address is the one that this server sees. */
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

/* Put the real address in place of the one with the relay: its port, and the four bytes in which the addresses differ. */
static void hooks_peer_put(struct sockaddr_in6 *end, long real)
{
	unsigned char *ip = end->sin6_family == AF_INET ? (unsigned char *)&((struct sockaddr_in *)end)->sin_addr - 12 :
							  end->sin6_addr.s6_addr;
	end->sin6_port = htons((unsigned short)(real & 0xffff)); /* at the same place in both kinds */
	for (int i = 0; i < 4; i++)
		ip[12 + i] = (unsigned char)(real >> (40 - 8 * i));
}

/* Both calls.  `nr` is the one that the program made. */
static int hooks_peer_name(long nr, int fd, void *address, socklen_t *len)
{
	struct sockaddr_in6 peer = {0}, own = {0};
	int size = sizeof peer, own_size = sizeof own;
	bool six, own_end = nr == SYS_getsockname;
	socklen_t room = state.seam && sys_is_readable(len, sizeof *len) ? *len : 0;
	long ret = sys_call(nr, fd, (long)address, (long)len, 0, 0, 0);
	if (ret || !room || SYS(getpeername, fd, &peer, &size, 0, 0, 0) || !hooks_peer_is_loopback(&peer, &six))
		return (int)hook_return(ret);
	long real = connect_turn_peer(fd, ntohs(peer.sin6_port), six, own_end);
	if (!real || (own_end && SYS(getsockname, fd, &own, &own_size, 0, 0, 0)))
		return 0;
	struct sockaddr_in6 *end = own_end ? &own : &peer;
	hooks_peer_put(end, real);
	__builtin_memcpy(address, end, room < (socklen_t)size ? room : (socklen_t)size);
	return 0;
}

HOOK int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict len)
{
	return hooks_peer_name(SYS_getpeername, fd, address, len);
}

HOOK int getsockname(int fd, struct sockaddr *restrict address, socklen_t *restrict len)
{
	return hooks_peer_name(SYS_getsockname, fd, address, len);
}
