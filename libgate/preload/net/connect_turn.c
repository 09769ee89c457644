/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_turn.c - connects to the server first, then the caller's socket to the relay.  Whatever fails on the way, the caller
 * connects directly, and gets the kernel's own answer. */
#include "preload/net/connect_turn.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "formats/turned.h"
#include "preload/base/seam_client.h"
#include "preload/base/sys.h"
#include "preload/net/connect_judge.h"

enum {
	PORTS_UNKNOWN = 0,
	PORTS_NONE = -1,
	SYN_MS = 50, /* for a caller that does not block; on loopback, the handshake is done when connect() returns */
};

/* The relay's ports as TURNED_PORTS: they do not change while the session lasts. */
static long connect_turn_known;

/* A connection on its way. */
struct turn {
	int fd;
	const void *address;
	unsigned len;
	bool six, mapped, waits; /* `waits`: the caller's socket blocks, as long as the kernel does */
	struct gate_dest dest;
};

static long connect_turn_ports(void)
{
	long ports = __atomic_load_n(&connect_turn_known, __ATOMIC_RELAXED);
	if (ports == PORTS_UNKNOWN) {
		ports = seam_request(SEAM_RELAY_PORTS);
		ports = ports > 0 ? ports : PORTS_NONE;
		__atomic_store_n(&connect_turn_known, ports, __ATOMIC_RELAXED);
	}
	return ports;
}

enum { PORT_FOUR = 0, PORT_SIX = 16, PORT_DEAD = 32, PORT_PAST = 48 }; /* where in TURNED_PORTS */

static unsigned connect_turn_port(unsigned which)
{
	long ports = connect_turn_ports();
	return ports < 0 ? 0 : (unsigned)(ports >> which & 0xffff);
}

static bool connect_turn_is_mapped(const unsigned char ip[16])
{
	static const unsigned char prefix[12] = {[10] = 0xff, [11] = 0xff};
	return !__builtin_memcmp(ip, prefix, sizeof prefix);
}

/* Is it an address of this machine's loopback, or of a private network (RFC 1918)? */
static bool connect_turn_is_near(const struct gate_dest *d)
{
	static const unsigned char one[16] = {[15] = 1};
	const unsigned char *ip = d->ip + 12;
	if (!connect_turn_is_mapped(d->ip))
		return !__builtin_memcmp(d->ip, one, sizeof one);
	return ip[0] == 127 || ip[0] == 10 || (ip[0] == 172 && ip[1] >> 4 == 1) || (ip[0] == 192 && ip[1] == 168);
}

static int connect_turn_option(int fd, int level, int option)
{
	int value = 0, size = sizeof value;
	return SYS(getsockopt, fd, level, option, &value, &size, 0) ? -1 : value;
}

/* Is the socket bound: to a port, or to an address alone (IP_BIND_ADDRESS_NO_PORT)? */
static bool connect_turn_is_bound(int fd)
{
	static const struct sockaddr_in6 none;
	struct sockaddr_in6 own = {0};
	int size = sizeof own;
	long err = SYS(getsockname, fd, &own, &size, 0, 0, 0);
	own.sin6_family = 0;
	return err || __builtin_memcmp(&own, &none, sizeof none) != 0;
}

/* Does connect() on it give up at another time than it would on a socket of our own (SO_SNDTIMEO, TCP_USER_TIMEOUT)? */
static bool connect_turn_is_timed(int fd)
{
	struct timeval limit = {0};
	int size = sizeof limit;
	return SYS(getsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, &limit, &size, 0) || limit.tv_sec || limit.tv_usec ||
	       connect_turn_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT);
}

/* Is the socket one that nothing has been done with: TCP, not connected, not bound, not tied to a device? */
static bool connect_turn_is_fresh(int fd)
{
	enum { FIRST_BYTE = 1 };
	unsigned char tcp_state = 0;
	char device[16];
	int size = FIRST_BYTE, device_size = sizeof device;
	return connect_turn_option(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM &&
	       connect_turn_option(fd, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP &&
	       !SYS(getsockopt, fd, IPPROTO_TCP, TCP_INFO, &tcp_state, &size, 0) && tcp_state == TCP_CLOSE &&
	       !connect_turn_is_bound(fd) && !connect_turn_option(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT) &&
	       !SYS(getsockopt, fd, SOL_SOCKET, SO_BINDTODEVICE, device, &device_size, 0) && !device_size;
}

/* Does gatesh itself serve the address? */
static bool connect_turn_is_past(const struct gate_dest *d)
{
	static const unsigned char loopback[16] = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1};
	return d->port && d->port == connect_turn_port(PORT_PAST) &&
	       !__builtin_memcmp(d->ip, loopback, sizeof loopback);
}

/* Could this connection be turned? */
static bool connect_turn_is_wanted(struct turn *t)
{
	if (!gate_dest_of(t->address, t->len, &t->dest) || t->dest.family == AF_UNIX || !connect_turn_is_near(&t->dest))
		return false;
	sa_family_t family;
	__builtin_memcpy(&family, t->address, sizeof family);
	t->six = family == AF_INET6;
	t->mapped = t->six && connect_turn_is_mapped(t->dest.ip);
	unsigned port = connect_turn_port(t->six && !t->mapped ? PORT_SIX : PORT_FOUR);
	return port && port != t->dest.port && !connect_turn_is_past(&t->dest) && connect_turn_is_fresh(t->fd) &&
	       !(t->mapped && connect_turn_option(t->fd, IPPROTO_IPV6, IPV6_V6ONLY));
}

/* Connect a socket of our own to the server.  Returns it, or a negative errno. */
static long connect_turn_reach(const struct turn *t)
{
	long fd = sys_socket(t->six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (t->waits ? 0 : SOCK_NONBLOCK));
	if (fd < 0)
		return fd;
	fd = sys_above_standard(fd);
	long err = fd < 0 ? fd : sys_connect((int)fd, t->address, t->len);
	struct pollfd p = {(int)fd, POLLOUT, 0};
	if (err == -EINPROGRESS)
		err = sys_poll(&p, 1, SYN_MS) == 1 ? -connect_turn_option((int)fd, SOL_SOCKET, SO_ERROR) : -ETIMEDOUT;
	if (err < 0 && fd >= 0)
		sys_close((int)fd);
	return err < 0 ? err : fd;
}

/* Connect the caller's socket to a port of the loopback address, with the address family that it has. */
static long connect_turn_to(const struct turn *t, unsigned at)
{
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	unsigned short port = htons((unsigned short)at);
	if (!t->six) {
		four.sin_port = port;
		return sys_connect(t->fd, &four, sizeof four);
	}
	six.sin6_port = port;
	six.sin6_addr.s6_addr[15] = 1;
	if (t->mapped) {
		six.sin6_addr.s6_addr[10] = six.sin6_addr.s6_addr[11] = 0xff;
		six.sin6_addr.s6_addr[12] = 127;
	}
	return sys_connect(t->fd, &six, sizeof six);
}

/* The names that the process looked up for the address. */
static unsigned connect_turn_names(const struct turn *t, char out[TURNED_NAMES_MAX])
{
	char names[DNS_NAMES_WAYS][GATE_HOST_MAX];
	struct connect_judge *n = connect_judge_if_any();
	unsigned count = n ? dns_names_find(&n->names, t->dest.ip, names) : 0, at = 0;
	for (unsigned i = 0; i < count; i++)
		for (const char *s = names[i]; at < TURNED_NAMES_MAX; s++) {
			out[at++] = *s;
			if (!*s)
				break;
		}
	return at;
}

static bool connect_turn_send(const struct turn *t, int channel, int server)
{
	struct turned m = {.magic = TURNED_MAGIC, .version = TURNED_VERSION};
	struct sockaddr_in6 own = {0};
	int size = sizeof own;
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	if (SYS(getsockname, t->fd, &own, &size, 0, 0, 0))
		return false;
	m.port = ntohs(own.sin6_port); /* at the same place in both kinds */
	m.family = t->six && !t->mapped ? AF_INET6 : AF_INET;
	m.names_len = (unsigned short)connect_turn_names(t, m.names);
	__builtin_memcpy(CMSG_DATA(&control.head), &server, sizeof server);
	struct iovec v = {&m, offsetof(struct turned, names) + m.names_len};
	const struct msghdr h = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	return sys_sendmsg(channel, &h, MSG_NOSIGNAL) > 0;
}

/* Tell the relay of the connection, and wait until it serves it. */
static bool connect_turn_register(const struct turn *t, int channel, int server)
{
	struct pollfd p = {channel, POLLIN, 0};
	char answer = 1;
	long ready;
	if (!connect_turn_send(t, channel, server))
		return false;
	do
		ready = sys_poll(&p, 1, TURNED_WAIT_MS);
	while (ready == -EINTR);
	return ready == 1 && sys_recv(channel, &answer, sizeof answer, 0) == sizeof answer && !answer;
}

static long connect_turn_direct(const struct turn *t)
{
	return sys_connect(t->fd, t->address, t->len);
}

/* The relay does not serve it: take the socket back. */
static long connect_turn_undo(const struct turn *t)
{
	const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
	sys_connect(t->fd, &nobody, sizeof nobody);
	return connect_turn_direct(t);
}

static long connect_turn_go(const struct turn *t, int server)
{
	long channel = sys_above_standard(seam_request(SEAM_RELAY));
	if (channel < 0)
		return connect_turn_direct(t);
	long ret = connect_turn_to(t, connect_turn_port(t->six && !t->mapped ? PORT_SIX : PORT_FOUR));
	if (ret && ret != -EINPROGRESS)
		ret = connect_turn_direct(t);
	else if (!connect_turn_register(t, (int)channel, server))
		ret = connect_turn_undo(t);
	sys_close((int)channel);
	return ret;
}

/* A signal has ended the wait.  The caller expects its own socket to go on connecting, as the kernel's would. */
static long connect_turn_interrupted(const struct turn *t)
{
	long flags = sys_fcntl(t->fd, F_GETFL, 0);
	if (flags < 0 || sys_fcntl(t->fd, F_SETFL, (int)flags | O_NONBLOCK) < 0)
		return -EINTR;
	long err = connect_turn_direct(t);
	sys_fcntl(t->fd, F_SETFL, (int)flags);
	return err == -EINPROGRESS ? -EINTR : err;
}

/* The server can't be reached.  A caller that waits has waited.  One that does not gets a refusal where it looks for it: not at
 * the server, which may have started meanwhile. */
static long connect_turn_fail(const struct turn *t, long err)
{
	unsigned dead = connect_turn_port(PORT_DEAD);
	if (err == -EINTR && t->waits)
		return connect_turn_interrupted(t);
	if (err == -ECONNREFUSED && !t->waits && dead)
		return connect_turn_to(t, dead);
	return t->waits && err != -EMFILE && err != -ENFILE ? err : connect_turn_direct(t);
}

long connect_turn(int fd, const void *address, unsigned len)
{
	struct turn t = {.fd = fd, .address = address, .len = len};
	if (!connect_turn_is_wanted(&t))
		return connect_turn_direct(&t);
	t.waits = !(sys_fcntl(fd, F_GETFL, 0) & O_NONBLOCK) && !connect_turn_is_timed(fd);
	long server = connect_turn_reach(&t);
	if (server < 0)
		return connect_turn_fail(&t, server);
	long ret = connect_turn_go(&t, (int)server);
	sys_close((int)server);
	return ret;
}

long connect_turn_peer(int fd, unsigned port, bool six, bool own_end)
{
	struct sockaddr_in6 own = {0};
	int size = sizeof own;
	if (!port || port != connect_turn_port(six ? PORT_SIX : PORT_FOUR) ||
	    SYS(getsockname, fd, &own, &size, 0, 0, 0))
		return 0;
	long real = seam_request_of(SEAM_RELAY_PEER,
				    ntohs(own.sin6_port) | (six ? TURNED_SIX : 0) | (own_end ? TURNED_OWN : 0));
	return real > 0 ? real : 0;
}
