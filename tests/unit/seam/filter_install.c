/* SPDX-License-Identifier: BSD-2-Clause */
/* filter_install.c - the session's filter in the kernel: a child installs it, hands its listener over by a sendmsg(2)
 * with the cookie, and makes calls.  The test answers each that arrives with an errno that nothing else returns. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/seccomp.h>

#include "seam/filter.h"

#define MISSING "/nonexistent/gate"
static const uint64_t COOKIE = 0x9e3779b97f4a7c15;
enum { ARRIVED = EOWNERDEAD, CALLS = 16 };

/* Shared with the child. */
static struct shared {
	int installed;  /* the listener, or a negative errno */
	long is[CALLS]; /* by number of the call in the child: its result, or a negative errno */
	char path[64];  /* MISSING, below 4 GiB */
} * shared;

/* The calls that arrived, in their order. */
static struct arrived {
	uint32_t arch;
	int nr;
} arrived[CALLS];
static unsigned n_arrived;

static long result(long r)
{
	return r < 0 ? -errno : r;
}

/* int $0x80 reaches the i386 ABI from a 64-bit program. */
static long int80(long nr, long a, long b, uint64_t sixth)
{
#if defined __x86_64__
	long r;
	__asm__ volatile("xchg %%rbp, %1; int $0x80; xchg %%rbp, %1"
			 : "=a"(r), "+r"(sixth)
			 : "a"(nr), "b"(a), "c"(b), "d"(0L), "S"(0L)
			 : "rdi", "r8", "r9", "r10", "r11", "memory");
	return r;
#else
	return -ENOSYS;
#endif
}

static int hand_over(int sock, int listener)
{
	char byte = 0;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	memcpy(CMSG_DATA(&control.head), &listener, sizeof listener);
	return syscall(SYS_sendmsg, sock, &m, 0, 0, 0, COOKIE) == 1 ? 0 : -errno;
}

static int receive(int sock)
{
	int listener = -1;
	char byte;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	if (recvmsg(sock, &m, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&m))
		memcpy(&listener, CMSG_DATA(&control.head), sizeof listener);
	return listener;
}

/* The child: install, hand over, make the calls, exit.  Every call is made raw: libc may use the sixth register. */
static void run_child(int sock, void (*make_calls)(void))
{
	struct sock_filter code[SEAM_FILTER_MAX];
	const struct seam_filter_options o = {COOKIE, .files = true, .connections = true, .execs = true};
	int n = seam_filter_build(code, &o);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		_exit(1);
	errno = ARRIVED;
	shared->installed = seam_filter_install(code, n);
	if (errno != ARRIVED)
		_exit(2);
	if (shared->installed >= 0 && hand_over(sock, shared->installed))
		_exit(3);
	if (shared->installed >= 0)
		make_calls();
	_exit(0);
}

/* Answer until nobody is behind the filter any more. */
static void answer_all(int listener)
{
	struct pollfd p = {.fd = listener, .events = POLLIN};
	while (poll(&p, 1, -1) >= 0 && p.revents & POLLIN) {
		struct seccomp_notif n = {0};
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n))
			continue;
		if (n_arrived < CALLS)
			arrived[n_arrived++] = (struct arrived){n.data.arch, n.data.nr};
		struct seccomp_notif_resp r = {.id = n.id, .error = -ARRIVED};
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
	}
}

/* Returns the child's status; the calls are in `shared` and `arrived`. */
static int supervise(void (*make_calls)(void))
{
	int sock[2], status = -1;
	n_arrived = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sock), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		run_child(sock[1], make_calls);
	close(sock[1]);
	int listener = receive(sock[0]);
	if (listener >= 0)
		answer_all(listener);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (listener >= 0)
		close(listener);
	close(sock[0]);
	if (shared->installed < 0) {
		print_message("this process can't install a filter with a listener: %s\n",
			      strerror(-shared->installed));
		skip();
	}
	return status;
}

static void check_arrivals(uint32_t arch, const int *nr, unsigned n)
{
	assert_int_equal(n_arrived, n);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(arrived[i].arch, arch);
		assert_int_equal(arrived[i].nr, nr[i]);
	}
}

#if defined __x86_64__
enum { NATIVE = (int)AUDIT_ARCH_X86_64 };
#else
enum { NATIVE = (int)AUDIT_ARCH_AARCH64 };
#endif

static void calls_with_cookie(void)
{
	shared->is[0] = result(syscall(SYS_unlinkat, AT_FDCWD, MISSING, 0, 0, 0, COOKIE));
	shared->is[1] = result(syscall(SYS_openat, AT_FDCWD, MISSING, O_WRONLY | O_CREAT, 0600, 0, COOKIE));
	shared->is[2] = result(syscall(SYS_execve, MISSING, NULL, NULL, 0, 0, COOKIE));
	shared->is[3] = result(syscall(SYS_connect, -1, NULL, 0, 0, 0, COOKIE));
	shared->is[4] = result(syscall(SYS_openat2, AT_FDCWD, MISSING, NULL, 0, 0, COOKIE));
	shared->is[5] = result(syscall(SYS_sendto, -1, NULL, 0, 0, NULL, 0));
	shared->is[6] = result(syscall(SYS_openat, AT_FDCWD, MISSING, O_RDONLY, 0, 0, 0));
	shared->is[7] = result(syscall(SYS_openat, AT_FDCWD, MISSING, O_PATH | O_WRONLY, 0, 0, 0));
	shared->is[8] = result(syscall(SYS_fallocate, -1, 0, 0, 1, 0, 0));
}

static void judged_calls_reach_the_kernel(void **state)
{
	static const long expected[] = {-ENOENT, -ENOENT, -ENOENT, -EBADF, -EINVAL, -EBADF, -ENOENT, -ENOENT, -EBADF};
	assert_int_equal(supervise(calls_with_cookie), 0);
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		assert_int_equal(shared->is[i], expected[i]);
	assert_int_equal(n_arrived, 0);
}

static void calls_without_cookie(void)
{
	shared->is[0] = result(syscall(SYS_unlinkat, AT_FDCWD, MISSING, 0, 0, 0, 0));
	shared->is[1] = result(syscall(SYS_unlinkat, AT_FDCWD, MISSING, 0, 0, 0, COOKIE ^ 1));
	shared->is[2] = result(syscall(SYS_openat, AT_FDCWD, MISSING, O_WRONLY, 0, 0, 0));
	shared->is[3] = result(syscall(SYS_execve, MISSING, NULL, NULL, 0, 0, 0));
	shared->is[4] = result(syscall(SYS_sendto, -1, NULL, 0, 0, shared, 2));
	shared->is[5] = result(syscall(SYS_fallocate, -1, 3, 0, 1, 0, 0));
}

static void other_calls_arrive(void **state)
{
	static const int nr[] = {SYS_unlinkat, SYS_unlinkat, SYS_openat, SYS_execve, SYS_sendto, SYS_fallocate};
	assert_int_equal(supervise(calls_without_cookie), 0);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(shared->is[i], -ARRIVED);
	check_arrivals((uint32_t)NATIVE, nr, 6);
}

static void refused_calls(void)
{
	shared->is[0] = result(syscall(SYS_ioctl, -1, TIOCSTI, "y"));
	shared->is[1] = result(syscall(SYS_ioctl, -1, TIOCLINUX, "y"));
	shared->is[2] = result(syscall(SYS_ioctl, -1, TCGETS, NULL));
	shared->is[3] = result(syscall(SYS_io_uring_setup, 0, NULL));
	struct sock_filter code[SEAM_FILTER_MAX];
	const struct seam_filter_options o = {COOKIE, .files = true};
	errno = ARRIVED;
	shared->is[4] = seam_filter_install(code, seam_filter_build(code, &o));
	shared->is[5] = errno;
}

static void some_calls_are_refused(void **state)
{
	static const long expected[] = {-EPERM, -EPERM, -EBADF, -ENOSYS, -EBUSY, ARRIVED};
	assert_int_equal(supervise(refused_calls), 0);
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		assert_int_equal(shared->is[i], expected[i]);
	assert_int_equal(n_arrived, 0);
}

static void calls_of_i386(void)
{
	long path = (long)shared->path;
	shared->is[0] = int80(10 /* unlink */, path, 0, COOKIE);
	shared->is[1] = int80(5 /* open */, path, O_WRONLY, COOKIE);
	shared->is[2] = int80(11 /* execve */, path, 0, 0);
	shared->is[3] = int80(5 /* open */, path, O_RDONLY, 0);
	shared->is[4] = int80(54 /* ioctl */, -1, TIOCSTI, 0);
	shared->is[5] = int80(425 /* io_uring_setup */, 0, 0, 0);
}

/* Without IA32_EMULATION the instruction ends the process. */
static bool has_i386(void)
{
	int status = -1;
	pid_t pid = fork();
	if (!pid)
		_exit(int80(20 /* getpid */, 0, 0, 0) != getpid());
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static void i386_calls_arrive(void **state)
{
	static const long expected[] = {-ARRIVED, -ARRIVED, -ARRIVED, -ENOENT, -EPERM, -ENOSYS};
	static const int nr[] = {10, 5, 11};
	if (!has_i386()) {
		print_message("int $0x80 does not reach an i386 ABI on this machine\n");
		skip();
	}
	assert_int_equal(supervise(calls_of_i386), 0);
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		assert_int_equal(shared->is[i], expected[i]);
	check_arrivals(AUDIT_ARCH_I386, nr, 3);
}

static int map_shared(void **state)
{
	int low = 0;
#if defined MAP_32BIT
	low = MAP_32BIT;
#endif
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | low, -1, 0);
	if (shared == MAP_FAILED)
		return -1;
	strcpy(shared->path, MISSING);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judged_calls_reach_the_kernel),
		cmocka_unit_test(other_calls_arrive),
		cmocka_unit_test(some_calls_are_refused),
		cmocka_unit_test(i386_calls_arrive),
	};
	return cmocka_run_group_tests(tests, map_shared, NULL);
}
