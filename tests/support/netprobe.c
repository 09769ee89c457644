/* SPDX-License-Identifier: BSD-2-Clause */
/* netprobe.c - connects in every possible way, and prints one line per attempt: "WHAT ok" or "WHAT ERRNO".
 *
 *   netprobe STEP [and STEP]...     steps: see `steps` below */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct sockaddr_storage address;

static void tell(const char *what, long ret)
{
	printf("%s %s\n", what, ret < 0 ? strerrorname_np(errno) : "ok");
}

/* Fill in an address of either family.  Returns its length. */
static socklen_t parse(const char *text, const char *port, address *to)
{
	struct sockaddr_in *four = (struct sockaddr_in *)to;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)to;
	memset(to, 0, sizeof *to);
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)atoi(port));
		return sizeof *four;
	}
	six->sin6_family = AF_INET6;
	six->sin6_port = htons((uint16_t)atoi(port));
	if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1)
		exit(2);
	return sizeof *six;
}

static int tcp(const char *text, const char *port, int flags)
{
	address to;
	socklen_t len = parse(text, port, &to);
	int fd = socket(to.ss_family, SOCK_STREAM | flags, 0), one = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	int ret = connect(fd, (struct sockaddr *)&to, len);
	if (ret < 0 && errno == EINPROGRESS) {
		struct pollfd p = {.fd = fd, .events = POLLOUT};
		socklen_t n = sizeof errno;
		poll(&p, 1, 2000);
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &n);
		ret = errno ? -1 : 0;
	}
	int err = errno;
	close(fd);
	errno = err;
	return ret;
}

static void do_tcp(char **a)
{
	tell(a[0], tcp(a[0], a[1], 0));
}

static void do_nonblock(char **a)
{
	tell(a[0], tcp(a[0], a[1], SOCK_NONBLOCK));
}

/* Connect that many times, and print only the last result. */
static void do_retry(char **a)
{
	int ret = 0;
	for (int i = atoi(a[2]); i > 0; i--)
		ret = tcp(a[0], a[1], 0);
	tell(a[0], ret);
}

static void do_number(char **a)
{
	address to;
	socklen_t len = parse(a[0], a[1], &to);
	int fd = socket(to.ss_family, SOCK_STREAM, 0);
	tell(a[0], syscall(SYS_connect, fd, &to, len));
	close(fd);
}

static void do_udp(char **a)
{
	address to;
	socklen_t len = parse(a[0], a[1], &to);
	int fd = socket(to.ss_family, SOCK_DGRAM, 0);
	struct iovec v = {(void *)"x", 1};
	struct msghdr m = {.msg_name = &to, .msg_namelen = len, .msg_iov = &v, .msg_iovlen = 1};
	tell("sendto", sendto(fd, "x", 1, 0, (struct sockaddr *)&to, len));
	tell("sendmsg", sendmsg(fd, &m, 0));
	tell("connect", connect(fd, (struct sockaddr *)&to, len));
	close(fd);
}

/* Send two messages at once.  Prints how many were sent. */
static void do_mmsg(char **a)
{
	address to[2];
	struct iovec v = {(void *)"x", 1};
	struct mmsghdr m[2] = {0};
	for (int i = 0; i < 2; i++)
		m[i].msg_hdr = (struct msghdr){
			.msg_name = &to[i], .msg_namelen = parse(a[i], a[2], &to[i]), .msg_iov = &v, .msg_iovlen = 1};
	int fd = socket(AF_INET, SOCK_DGRAM, 0), n = sendmmsg(fd, m, 2, 0);
	printf("sendmmsg %d %s\n", n, n < 0 ? strerrorname_np(errno) : "");
	n = (int)syscall(SYS_sendmmsg, fd, m, 2, 0);
	printf("by number %d %s\n", n, n < 0 ? strerrorname_np(errno) : "");
	close(fd);
}

/* A path, or @NAME. */
static void do_unix(char **a)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(a[0]);
	memcpy(to.sun_path, a[0], n);
	if (*a[0] == '@')
		to.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	tell(a[0], connect(fd, (struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)));
	close(fd);
}

/* Addresses that are unreadable, wholly or in part. */
static void do_wild(int fd, int udp, const address *to, socklen_t len)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || munmap(map + page, (size_t)page))
		exit(1);
	struct sockaddr *wild = (struct sockaddr *)(map + page), *half = (struct sockaddr *)(map + page - 8);
	struct sockaddr *last = (struct sockaddr *)(map + page - len);
	char x = 0;
	struct iovec byte = {&x, 1};
	struct mmsghdr many[2] = {
		{.msg_hdr = {.msg_iov = &byte, .msg_iovlen = 1, .msg_name = wild, .msg_namelen = len}}};
	memcpy(half, to, 8);
	tell("wild", connect(fd, wild, len));
	tell("half", connect(fd, half, len));
	memcpy(last, to, len);
	tell("the last bytes of a page", connect(udp, last, len));
	tell("wild sendto", sendto(udp, "x", 1, 0, wild, len));
	tell("wild sendmsg", sendmsg(udp, (struct msghdr *)wild, 0));
	tell("wild name", sendmsg(udp, &many[0].msg_hdr, 0));
	tell("wild sendmmsg", sendmmsg(udp, (struct mmsghdr *)wild, 2, 0));
	tell("no message", sendmsg(udp, NULL, 0));
	tell("by number", syscall(SYS_sendmsg, udp, NULL, 0));
	tell("wild by number", syscall(SYS_connect, fd, wild, len));
	munmap(map, (size_t)page);
}

/* Addresses that are not a destination, for the kernel's errors. */
static void do_odd(char **a)
{
	address to;
	socklen_t len = parse(a[0], a[1], &to);
	struct sockaddr none = {.sa_family = AF_UNSPEC}, other = {.sa_family = 77};
	int fd = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);
	tell("short", connect(fd, (struct sockaddr *)&to, 7));
	tell("one byte", connect(fd, (struct sockaddr *)&to, 1));
	tell("none", connect(fd, NULL, 0));
	tell("long", connect(fd, (struct sockaddr *)&to, 4000));
	tell("family", connect(fd, &other, sizeof other));
	tell("unspec", connect(udp, &none, sizeof none));
	tell("closed", connect(99, (struct sockaddr *)&to, len));
	tell("sendto", sendto(udp, "x", 1, 0, (struct sockaddr *)&to, 3));
	do_wild(fd, udp, &to, len);
	close(fd);
	close(udp);
}

static void do_fork(char **a)
{
	pid_t pid = fork();
	if (!pid) {
		do_retry(a);
		exit(0); /* exit, not _exit, because the interposer reports its counts at exit */
	}
	waitpid(pid, NULL, 0);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* The first address, as text. */
static bool from_list(int err, const struct addrinfo *list, char *text)
{
	return !err && list &&
	       !getnameinfo(list->ai_addr, list->ai_addrlen, text, INET6_ADDRSTRLEN, NULL, 0, NI_NUMERICHOST);
}

static bool from_host(const struct hostent *h, char *text)
{
	return h && h->h_addr_list[0] && inet_ntop(h->h_addrtype, h->h_addr_list[0], text, INET6_ADDRSTRLEN);
}

static bool look_up_async(const char *name, bool wait, char *text)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct gaicb request = {.ar_name = name, .ar_request = &hints}, *list[] = {&request};
	if (getaddrinfo_a(wait ? GAI_WAIT : GAI_NOWAIT, list, 1, NULL))
		return false;
	while (!wait && gai_error(&request) == EAI_INPROGRESS)
		gai_suspend((const struct gaicb *const *)list, 1, NULL);
	return from_list(gai_error(&request), request.ar_result, text);
}

static bool look_up(const char *how, const char *name, char *text)
{
	struct hostent space, *found = NULL;
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	char buf[4096];
	int err;
	if (!strcmp(how, "getaddrinfo")) {
		err = getaddrinfo(name, NULL, &hints, &list);
		return from_list(err, list, text);
	}
	if (!strcmp(how, "gethostbyname"))
		return from_host(gethostbyname(name), text);
	if (!strcmp(how, "gethostbyname2"))
		return from_host(gethostbyname2(name, AF_INET), text);
	if (!strcmp(how, "gethostbyname_r"))
		return !gethostbyname_r(name, &space, buf, sizeof buf, &found, &err) && from_host(found, text);
	if (!strcmp(how, "gethostbyname2_r"))
		return !gethostbyname2_r(name, AF_INET, &space, buf, sizeof buf, &found, &err) &&
		       from_host(found, text);
	return look_up_async(name, !strcmp(how, "getaddrinfo_a"), text);
}

/* Look a name up and connect to its first address. */
static void do_name(char **a)
{
	char text[INET6_ADDRSTRLEN];
	if (!look_up(a[0], a[1], text)) {
		printf("%s %s: not found\n", a[0], a[1]);
		return;
	}
	tell(a[1], tcp(text, a[2], 0));
}

/* Try all its addresses in turn until one connects. */
static void do_each(char **a)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	if (getaddrinfo(a[0], a[1], &hints, &list))
		exit(3);
	for (struct addrinfo *i = list; i; i = i->ai_next) {
		char text[INET6_ADDRSTRLEN];
		getnameinfo(i->ai_addr, i->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
		int ret = tcp(text, a[1], 0);
		tell(text, ret);
		if (!ret)
			break;
	}
	freeaddrinfo(list);
}

static void do_sleep(char **a)
{
	struct timespec t = {.tv_nsec = 1000000L * (atoi(a[0]) % 1000), .tv_sec = atoi(a[0]) / 1000};
	nanosleep(&t, NULL);
}

/* Wait until a file exists. */
static void do_wait(char **a)
{
	static char *const pause[] = {(char *)"20"};
	while (access(a[0], F_OK))
		do_sleep((char **)pause);
}

static const struct {
	const char *name;
	int argc;
	void (*run)(char **args);
} steps[] = {
	{"tcp", 2, do_tcp},   {"nonblock", 2, do_nonblock}, {"retry", 3, do_retry}, {"number", 2, do_number},
	{"udp", 2, do_udp},   {"mmsg", 3, do_mmsg},         {"unix", 1, do_unix},   {"odd", 2, do_odd},
	{"fork", 3, do_fork}, {"name", 3, do_name},         {"each", 2, do_each},   {"sleep", 1, do_sleep},
	{"wait", 1, do_wait},
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int at = 1; at < argc;) {
		size_t i = 0;
		while (i < sizeof steps / sizeof *steps && strcmp(steps[i].name, argv[at]))
			i++;
		if (i == sizeof steps / sizeof *steps || at + steps[i].argc >= argc)
			return 2;
		steps[i].run(argv + at + 1);
		at += 1 + steps[i].argc;
		if (at < argc && strcmp(argv[at++], "and"))
			return 2;
	}
	return 0;
}
