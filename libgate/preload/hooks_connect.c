/* hooks_connect.c - connect, sendto, sendmsg and sendmmsg with an address: refused with EPERM, or libc's own.  What is
 * judged is a copy, and the copy is used: another thread can't change it in between. */
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "hooks.h"
#include "network.h"

typedef struct sockaddr_storage address;

/* Judge a copy of what is at `from`, of which the kernel would read `len` bytes: 1 go on with the copy, 0 with what is
 * there, which is no address, -1 refused. */
static int judged(int fd, const void *from, socklen_t len, int type, address *copy)
{
	if (!from || !len || len > sizeof *copy || !network_judges())
		return 0;
	__builtin_memcpy(copy, from, len);
	return network_allows(fd, copy, len, type) ? 1 : -1;
}

static int refuse(void)
{
	return (int)hook_return(-EPERM);
}

HOOK int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	static int (*next)(int, const struct sockaddr *, socklen_t);
	address copy;
	if (!next)
		next = hook_next("connect");
	int go = judged(fd, addr, len, 0, &copy);
	return go < 0 ? refuse() : next(fd, go ? (const struct sockaddr *)&copy : addr, len);
}

HOOK ssize_t sendto(int fd, const void *buf, size_t n, int flags, const struct sockaddr *addr, socklen_t len)
{
	static ssize_t (*next)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
	address copy;
	if (!next)
		next = hook_next("sendto");
	int go = judged(fd, addr, len, SOCK_DGRAM, &copy);
	return go < 0 ? refuse() : next(fd, buf, n, flags, go ? (const struct sockaddr *)&copy : addr, len);
}

HOOK ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	static ssize_t (*next)(int, const struct msghdr *, int);
	address copy;
	if (!next)
		next = hook_next("sendmsg");
	int go = m ? judged(fd, m->msg_name, m->msg_namelen, SOCK_DGRAM, &copy) : 0;
	if (go < 0)
		return refuse();
	if (!go)
		return next(fd, m, flags);
	struct msghdr to = *m;
	to.msg_name = &copy;
	return next(fd, &to, flags);
}

/* Those before the first that is refused are sent, as when the kernel refuses one. */
HOOK int sendmmsg(int fd, struct mmsghdr *v, unsigned n, int flags)
{
	static int (*next)(int, struct mmsghdr *, unsigned, int);
	address copy;
	unsigned i = 0;
	if (!next)
		next = hook_next("sendmmsg");
	while (v && i < n && judged(fd, v[i].msg_hdr.msg_name, v[i].msg_hdr.msg_namelen, SOCK_DGRAM, &copy) >= 0)
		i++;
	return i < n && !i ? refuse() : next(fd, v, v ? i : n, flags);
}
