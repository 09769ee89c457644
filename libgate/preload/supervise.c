/* supervise.c - see supervise.h. */
#include "supervise.h"

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

#include "sys.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

enum { ANSWER_SECONDS = 10, FILTER_MAX = 128, ALWAYS = -1 };

/* A system call that is handed over: always, or when the argument `flags` has O_TRUNC. */
struct watched {
	uint32_t nr;
	int flags;
};

/* openat2(2) has its flags in memory, where a filter can't look. */
#if defined __x86_64__
enum { OWN_ARCH = (int)AUDIT_ARCH_X86_64 };
static const struct watched own[] = {
	{__NR_execve, ALWAYS},    {__NR_execveat, ALWAYS}, {__NR_unlink, ALWAYS},   {__NR_unlinkat, ALWAYS},
	{__NR_rmdir, ALWAYS},     {__NR_rename, ALWAYS},   {__NR_renameat, ALWAYS}, {__NR_renameat2, ALWAYS},
	{__NR_truncate, ALWAYS},  {__NR_ftruncate, ALWAYS}, {__NR_creat, ALWAYS},   {__NR_openat2, ALWAYS},
	{__NR_open, 1},           {__NR_openat, 2},
};
#else
enum { OWN_ARCH = (int)AUDIT_ARCH_AARCH64 };
static const struct watched own[] = {
	{__NR_execve, ALWAYS},    {__NR_execveat, ALWAYS},  {__NR_unlinkat, ALWAYS}, {__NR_renameat, ALWAYS},
	{__NR_renameat2, ALWAYS}, {__NR_truncate, ALWAYS},  {__NR_ftruncate, ALWAYS}, {__NR_openat2, ALWAYS},
	{__NR_openat, 2},
};
#endif

struct code {
	struct sock_filter v[FILTER_MAX];
	unsigned short n;
};

static void put(struct code *c, struct sock_filter f)
{
	c->v[c->n++] = f;
}

static struct sock_filter load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static struct sock_filter give(uint32_t action)
{
	return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
}

static struct sock_filter unless(unsigned test, uint32_t value, unsigned char skip)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value, 0, skip);
}

/* A program of another word size passes: what it calls has other numbers.  SECURITY.md says so. */
static void build(struct code *c)
{
	put(c, load(offsetof(struct seccomp_data, arch)));
	put(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)OWN_ARCH, 1, 0));
	put(c, give(SECCOMP_RET_ALLOW));
	put(c, load(offsetof(struct seccomp_data, nr)));
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		bool always = own[i].flags == ALWAYS;
		put(c, unless(BPF_JEQ, own[i].nr, always ? 1 : 4));
		if (!always) {
			put(c, load(offsetof(struct seccomp_data, args) + 8 * (size_t)own[i].flags));
			put(c, unless(BPF_JSET, O_TRUNC, 1));
		}
		put(c, give(SECCOMP_RET_USER_NOTIF));
		if (!always)
			put(c, give(SECCOMP_RET_ALLOW));
	}
	put(c, give(SECCOMP_RET_ALLOW));
}

/* The listener, or a negative errno; -EBUSY: there is one already. */
static int install(void)
{
	struct code c = {.n = 0};
	build(&c);
	struct sock_fprog prog = {.len = c.n, .filter = c.v};
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	long fd = SYS(seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &prog, 0, 0, 0);
	if (fd == -EINVAL)
		fd = SYS(seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog, 0, 0, 0);
	return (int)fd;
}

static int connect_to(const char *session)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int n = snprintf(addr.sun_path, sizeof addr.sun_path, "%s/" SUPERVISE_SOCKET, session);
	if (n < 0 || (size_t)n >= sizeof addr.sun_path)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct timeval wait = {.tv_sec = ANSWER_SECONDS};
	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) &&
	    !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) &&
	    !connect(fd, (struct sockaddr *)&addr, sizeof addr))
		return fd;
	int err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/* Hand the listener over and wait until it is taken: from here on every watched call waits for the session. */
static int hand_over(int sock, int listener)
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

int supervise_self(const char *session)
{
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 0;
	int sock = connect_to(session);
	if (sock < 0)
		return sock;
	int listener = install();
	int err = listener < 0 ? listener : hand_over(sock, listener);
	if (listener >= 0)
		close(listener);
	close(sock);
	return err == -EBUSY ? 0 : err;
}
