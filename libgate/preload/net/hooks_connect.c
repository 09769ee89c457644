/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_connect.c - the hooks of connect, sendto, sendmsg and sendmmsg.  A call with an address is refused with EPERM,
 * made with the session's cookie, or without the seam passed to libc.  Gate judges a copy and passes that copy on, so that another thread can't change it in between.
 * sendmmsg is the exception: the copies are judged, and libc gets the caller's messages. */
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "preload/base/acts.h"
#include "preload/base/cookie.h"
#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/net/connect_judge.h"
#include "preload/net/connect_turn.h"

typedef struct sockaddr_storage address;
enum { MESSAGES_MAX = 1024 }; /* the kernel's UIO_MAXIOV: it takes no more messages than that */

/* Judge a copy of the address at `from`, of which the kernel would read `len` bytes.  Returns 1 to go on with the copy,
 * 0 to go on with the original (not an address, or not readable), -1 if refused. */
static int hooks_connect_judged(int fd, const void *from, socklen_t len, int type, address *copy)
{
	if (!from || !len || len > sizeof *copy || !connect_judge_judges() || !sys_is_readable(from, len))
		return 0;
	__builtin_memcpy(copy, from, len);
	return connect_judge_allows(fd, copy, len, type) ? 1 : -1;
}

static int hooks_connect_refuse(void)
{
	return (int)hook_return(-EPERM);
}

HOOK int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	static int (*next)(int, const struct sockaddr *, socklen_t);
	address copy;
	if (!next)
		next = hook_next("connect");
	int go = hooks_connect_judged(fd, addr, len, 0, &copy);
	const void *to = go ? &copy : (const void *)addr;
	if (go < 0)
		return hooks_connect_refuse();
	if (go && state.seam)
		return (int)hook_return(connect_turn(fd, to, len));
	return state.seam ? (int)hook_return(COOKIE_CALL(connect, fd, to, len, 0, 0)) : next(fd, to, len);
}

/* sendto(2) uses all six arguments and has no room for the cookie. */
static long hooks_connect_send(int fd, const void *buf, size_t n, int flags, const address *to, socklen_t len)
{
	struct iovec v = {(void *)buf, n};
	const struct msghdr m = {.msg_name = (void *)to, .msg_namelen = len, .msg_iov = &v, .msg_iovlen = 1};
	return COOKIE_CALL(sendmsg, fd, &m, flags, 0, 0);
}

HOOK ssize_t sendto(int fd, const void *buf, size_t n, int flags, const struct sockaddr *addr, socklen_t len)
{
	static ssize_t (*next)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
	address copy;
	if (!next)
		next = hook_next("sendto");
	int go = hooks_connect_judged(fd, addr, len, SOCK_DGRAM, &copy);
	if (go < 0)
		return hooks_connect_refuse();
	if (go && state.seam)
		return hook_return(hooks_connect_send(fd, buf, n, flags, &copy, len));
	return next(fd, buf, n, flags, go ? (const struct sockaddr *)&copy : addr, len);
}

/* Is this message refused?  If it is not and has an address, *m becomes *to, with the copy for its address. */
static bool hooks_connect_is_refused(int fd, const struct msghdr **m, struct msghdr *to, address *copy)
{
	int go = sys_is_readable(*m, sizeof **m) ?
			 hooks_connect_judged(fd, (*m)->msg_name, (*m)->msg_namelen, SOCK_DGRAM, copy) :
			 0;
	if (go > 0) {
		*to = **m;
		to->msg_name = copy;
		*m = to;
	}
	return go < 0;
}

HOOK ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	static ssize_t (*next)(int, const struct msghdr *, int);
	struct msghdr to;
	address copy;
	if (!next)
		next = hook_next("sendmsg");
	if (hooks_connect_is_refused(fd, &m, &to, &copy))
		return hooks_connect_refuse();
	return state.seam ? hook_return(COOKIE_CALL(sendmsg, fd, m, flags, 0, 0)) : next(fd, m, flags);
}

/* The number of messages before the first refused one.  Those are sent, as if the kernel had refused that one. */
static unsigned hooks_connect_before_refused(int fd, const struct mmsghdr *v, unsigned n)
{
	address copy;
	n = n > MESSAGES_MAX ? MESSAGES_MAX : n;
	for (unsigned i = 0; i < n && sys_is_readable(&v[i], sizeof *v); i++)
		if (hooks_connect_judged(fd, v[i].msg_hdr.msg_name, v[i].msg_hdr.msg_namelen, SOCK_DGRAM, &copy) < 0)
			return i;
	return n;
}

HOOK int sendmmsg(int fd, struct mmsghdr *v, unsigned n, int flags)
{
	static int (*next)(int, struct mmsghdr *, unsigned, int);
	if (!next)
		next = hook_next("sendmmsg");
	unsigned pass = hooks_connect_before_refused(fd, v, n);
	if (n && !pass)
		return hooks_connect_refuse();
	return state.seam ? (int)hook_return(COOKIE_CALL(sendmmsg, fd, v, pass, flags, 0)) : next(fd, v, pass, flags);
}

/* The entry for libuv and others that call by number. */
long act_network(long nr, long a, long b, long c, long d, long e, long f)
{
	struct msghdr to;
	address copy;
	int go = 0;
	if (nr == SYS_connect) {
		go = hooks_connect_judged((int)a, (const void *)b, (socklen_t)c, 0, &copy);
		if (go > 0 && state.seam)
			return connect_turn((int)a, &copy, (unsigned)c);
		b = go > 0 ? (long)&copy : b;
	} else if (nr == SYS_sendto) {
		go = hooks_connect_judged((int)a, (const void *)e, (socklen_t)f, SOCK_DGRAM, &copy);
		if (go > 0 && state.seam)
			return hooks_connect_send((int)a, (const void *)b, (size_t)c, (int)d, &copy, (socklen_t)f);
		e = go > 0 ? (long)&copy : e;
	} else if (nr == SYS_sendmsg) {
		const struct msghdr *m = (const struct msghdr *)b;
		go = hooks_connect_is_refused((int)a, &m, &to, &copy) ? -1 : 0;
		b = (long)m;
	} else if (nr == SYS_sendmmsg) {
		unsigned pass = hooks_connect_before_refused((int)a, (const struct mmsghdr *)b, (unsigned)c);
		go = c && !pass ? -1 : 0;
		c = pass;
	}
	if (go < 0)
		return -EPERM;
	return nr == SYS_sendto ? sys_call(nr, a, b, c, d, e, f) : cookie_call(nr, a, b, c, d, e);
}
