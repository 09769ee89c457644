/* SPDX-License-Identifier: BSD-2-Clause */
/* standin_filter.c - builds the seccomp filter, installs it, and hands its listener to the session. */
#include "preload/standin/standin_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "preload/base/sys.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

enum { ANSWER_SECONDS = 10, FILTER_MAX = 128 };

/* A system call that is handed over: always, or if argument `arg` has O_TRUNC, or if it is an address. */
struct watched {
	uint32_t nr;
	enum { WATCH_ALWAYS, WATCH_TRUNCATES, WATCH_HAS_ADDRESS } when;
	unsigned arg;
};

/* openat2(2) has its flags in memory, which a filter can't read, so every openat2 is handed over. */
#if defined __x86_64__
enum { OWN_ARCH = (int)AUDIT_ARCH_X86_64 };
static const struct watched own[] = {
	{.nr = __NR_execve},
	{.nr = __NR_execveat},
	{.nr = __NR_unlink},
	{.nr = __NR_unlinkat},
	{.nr = __NR_rmdir},
	{.nr = __NR_rename},
	{.nr = __NR_renameat},
	{.nr = __NR_renameat2},
	{.nr = __NR_truncate},
	{.nr = __NR_ftruncate},
	{.nr = __NR_creat},
	{.nr = __NR_openat2},
	{__NR_open, WATCH_TRUNCATES, 1},
	{__NR_openat, WATCH_TRUNCATES, 2},
};
#else
enum { OWN_ARCH = (int)AUDIT_ARCH_AARCH64 };
static const struct watched own[] = {
	{.nr = __NR_execve},    {.nr = __NR_execveat},  {.nr = __NR_unlinkat},
	{.nr = __NR_renameat},  {.nr = __NR_renameat2}, {.nr = __NR_truncate},
	{.nr = __NR_ftruncate}, {.nr = __NR_openat2},   {__NR_openat, WATCH_TRUNCATES, 2},
};
#endif

/* sendmsg(2) and sendmmsg(2) have their address in memory.  To see the few messages with an address, the filter would
 * have to hand over all of them. */
static const struct watched own_connections[] = {{.nr = __NR_connect}, {__NR_sendto, WATCH_HAS_ADDRESS, 4}};

struct code {
	struct sock_filter v[FILTER_MAX];
	unsigned short n;
};

static void filter_put(struct code *c, struct sock_filter f)
{
	c->v[c->n++] = f;
}

static struct sock_filter filter_load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static struct sock_filter filter_give(uint32_t action)
{
	return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
}

static struct sock_filter filter_jump(unsigned test, uint32_t value, unsigned char if_so, unsigned char if_not)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value, if_so, if_not);
}

static struct sock_filter filter_load_arg(const struct watched *w, size_t half)
{
	return filter_load(offsetof(struct seccomp_data, args) + 8 * (size_t)w->arg + 4 * half);
}

static void filter_watch(struct code *c, const struct watched *w)
{
	static const unsigned char steps[] = {[WATCH_ALWAYS] = 1, [WATCH_TRUNCATES] = 4, [WATCH_HAS_ADDRESS] = 6};
	filter_put(c, filter_jump(BPF_JEQ, w->nr, 0, steps[w->when]));
	if (w->when == WATCH_TRUNCATES) {
		filter_put(c, filter_load_arg(w, 0));
		filter_put(c, filter_jump(BPF_JSET, O_TRUNC, 0, 1));
	} else if (w->when == WATCH_HAS_ADDRESS) {
		filter_put(c, filter_load_arg(w, 0));
		filter_put(c, filter_jump(BPF_JEQ, 0, 0, 2));
		filter_put(c, filter_load_arg(w, 1));
		filter_put(c, filter_jump(BPF_JEQ, 0, 1, 0));
	}
	filter_put(c, filter_give(SECCOMP_RET_USER_NOTIF));
	if (w->when != WATCH_ALWAYS)
		filter_put(c, filter_give(SECCOMP_RET_ALLOW));
}

/* A program of another word size passes, because its system calls have other numbers.  SECURITY.md says so. */
static void filter_build(struct code *c, bool connections)
{
	filter_put(c, filter_load(offsetof(struct seccomp_data, arch)));
	filter_put(c, filter_jump(BPF_JEQ, (uint32_t)OWN_ARCH, 1, 0));
	filter_put(c, filter_give(SECCOMP_RET_ALLOW));
	filter_put(c, filter_load(offsetof(struct seccomp_data, nr)));
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		filter_watch(c, &own[i]);
	for (size_t i = 0; connections && i < sizeof own_connections / sizeof *own_connections; i++)
		filter_watch(c, &own_connections[i]);
	filter_put(c, filter_give(SECCOMP_RET_ALLOW));
}

/* Returns the listener, or a negative errno. -EBUSY: the process already has one. */
static int filter_install(bool connections)
{
	struct code c = {.n = 0};
	filter_build(&c, connections);
	struct sock_fprog prog = {.len = c.n, .filter = c.v};
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	long fd = SYS(seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &prog, 0, 0, 0);
	if (fd == -EINVAL)
		fd = SYS(seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog, 0, 0, 0);
	return (int)fd;
}

static int filter_connect_to(const char *session)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int n = snprintf(addr.sun_path, sizeof addr.sun_path, "%s/" SUPERVISE_SOCKET, session);
	if (n < 0 || (size_t)n >= sizeof addr.sun_path)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct timeval wait = {.tv_sec = ANSWER_SECONDS};
	int err = fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) ||
				  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) ?
			  -errno :
			  0;
	if (!err) /* a direct system call: the session's socket must not be judged or logged as a destination */
		err = (int)SYS(connect, fd, &addr, sizeof addr, 0, 0, 0);
	if (!err)
		return fd;
	if (fd >= 0)
		close(fd);
	return err;
}

/* Hand the listener over and wait until the session takes it.  From here on, every watched call waits for the
 * session. */
static int filter_hand_over(int sock, int listener)
{
	char byte = 0;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec v = {&byte, 1};
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_LEN(sizeof(int))};
	memcpy(CMSG_DATA(&control.head), &listener, sizeof listener);
	if (sendmsg(sock, &m, MSG_NOSIGNAL) != 1)
		return -errno;
	ssize_t n = recv(sock, &byte, 1, 0);
	return n == 1 ? 0 : n < 0 ? -errno : -ECONNRESET;
}

int standin_filter_install(const char *session, bool connections)
{
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 0;
	int sock = filter_connect_to(session);
	if (sock < 0)
		return sock;
	int listener = filter_install(connections);
	int err = listener < 0 ? listener : filter_hand_over(sock, listener);
	if (listener >= 0)
		close(listener);
	close(sock);
	return err == -EBUSY ? 0 : err;
}
