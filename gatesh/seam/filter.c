/* SPDX-License-Identifier: BSD-2-Clause */
/* filter.c - builds the session's seccomp filter from the tables of calls, and installs it.
 *
 * The program: io_uring, then for each ABI a chain of comparisons that lead from the number of a call to the block that
 * checks it, the end of the chain (pass), and the blocks.  A jump of classic BPF leads forward by at most 255
 * instructions.  While the program is written, a jump holds the label it leads to; filter_link() puts in the
 * distance. */
#include "seam/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/net.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "seam/filter_calls.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the lower half of an argument comes first");
enum { LOWER = 0, UPPER = 4 };

/* System calls from 424 on have the same number everywhere; x32 sets a bit in it. */
enum { IO_URING_SETUP = 425, IO_URING_REGISTER = 427, X32_BIT = 0x40000000 };

/* The block of a check is LABEL_CHECKS + the check. */
enum label {
	LABEL_NEXT,
	LABEL_ABI,
	LABEL_X32,
	LABEL_PASS,
	LABEL_NOTIFY,
	LABEL_ENOSYS,
	LABEL_EPERM,
	LABEL_COMPAT,
	LABEL_CHECKS
};
enum { LABELS = LABEL_CHECKS + (int)SEAM_CHECKS };

struct code {
	struct sock_filter *v;
	int n;          /* may grow beyond SEAM_FILTER_MAX: nothing is written there */
	int from;       /* where the labels of the present ABI begin to hold */
	int at[LABELS]; /* 0: not placed yet */
};

static void filter_emit(struct code *c, struct sock_filter f)
{
	if (c->n < SEAM_FILTER_MAX)
		c->v[c->n] = f;
	c->n++;
}

static void filter_fetch(struct code *c, size_t offset)
{
	filter_emit(c, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void filter_fetch_arg(struct code *c, unsigned arg, size_t half)
{
	filter_fetch(c, offsetof(struct seccomp_data, args) + 8 * (size_t)arg + half);
}

static void filter_test(struct code *c, unsigned test, uint32_t value, enum label if_so, enum label if_not)
{
	filter_emit(c, (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value, (uint8_t)if_so, (uint8_t)if_not));
}

static void filter_return(struct code *c, uint32_t action)
{
	filter_emit(c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void filter_place(struct code *c, enum label l)
{
	c->at[l] = c->n;
}

static void filter_place_check(struct code *c, enum seam_check check)
{
	filter_place(c, (enum label)(LABEL_CHECKS + (int)check));
}

/* O_PATH makes open(2) ignore every flag that opens for writing. */
static void filter_check_open(struct code *c, enum seam_check check, unsigned arg)
{
	filter_place_check(c, check);
	filter_fetch_arg(c, arg, LOWER);
	filter_test(c, BPF_JSET, O_PATH, LABEL_PASS, LABEL_NEXT);
	filter_test(c, BPF_JSET, O_WRONLY | O_RDWR | O_TRUNC, LABEL_CHECKS + SEAM_CHECK_COOKIE, LABEL_PASS);
}

/* A mode that isn't known to keep what is in the file is taken for one that removes or zeroes it. */
static void filter_check_fallocate(struct code *c)
{
	filter_place_check(c, SEAM_CHECK_FALLOCATE);
	filter_fetch_arg(c, 1, LOWER);
	filter_test(c, BPF_JSET, ~(uint32_t)(FALLOC_FL_KEEP_SIZE | FALLOC_FL_UNSHARE_RANGE),
		    LABEL_CHECKS + SEAM_CHECK_COOKIE, LABEL_PASS);
}

/* A 32-bit call has no cookie.  Comparing would not do: a 64-bit program that makes one by int $0x80 shows the filter
 * 64 bits of its sixth register. */
static void filter_check_cookie(struct code *c, bool has_cookie, uint64_t cookie)
{
	filter_place_check(c, SEAM_CHECK_COOKIE);
	if (has_cookie) {
		filter_fetch_arg(c, 5, LOWER);
		filter_test(c, BPF_JEQ, (uint32_t)cookie, LABEL_NEXT, LABEL_NOTIFY);
		filter_fetch_arg(c, 5, UPPER);
		filter_test(c, BPF_JEQ, (uint32_t)(cookie >> 32), LABEL_PASS, LABEL_NOTIFY);
	} else {
		filter_return(c, SECCOMP_RET_USER_NOTIF);
	}
}

static void filter_check_sendto(struct code *c)
{
	filter_place_check(c, SEAM_CHECK_SENDTO);
	filter_fetch_arg(c, 4, LOWER);
	filter_test(c, BPF_JEQ, 0, LABEL_NEXT, LABEL_NOTIFY);
	filter_fetch_arg(c, 4, UPPER);
	filter_test(c, BPF_JEQ, 0, LABEL_PASS, LABEL_NOTIFY);
}

static void filter_check_socketcall(struct code *c)
{
	static const uint32_t connects[] = {SYS_CONNECT, SYS_SENDTO, SYS_SENDMSG};
	filter_place_check(c, SEAM_CHECK_SOCKETCALL);
	filter_fetch_arg(c, 0, LOWER);
	for (size_t i = 0; i < sizeof connects / sizeof *connects; i++)
		filter_test(c, BPF_JEQ, connects[i], LABEL_NOTIFY, LABEL_NEXT);
	filter_test(c, BPF_JEQ, SYS_SENDMMSG, LABEL_NOTIFY, LABEL_PASS);
}

/* The kernel looks at the lower half of a request only. */
static void filter_check_ioctl(struct code *c)
{
	filter_place_check(c, SEAM_CHECK_IOCTL);
	filter_fetch_arg(c, 1, LOWER);
	filter_test(c, BPF_JEQ, TIOCSTI, LABEL_EPERM, LABEL_NEXT);
	filter_test(c, BPF_JEQ, TIOCLINUX, LABEL_EPERM, LABEL_PASS);
}

/* Signal 0 asks whether a process lives.  Of the others, those by which somebody ends or stops a process arrive. */
static void filter_check_signal(struct code *c, enum seam_check check, unsigned arg, bool also_0)
{
	static const uint32_t numbers[] = {SIGTERM, SIGKILL, SIGHUP, SIGINT, SIGQUIT, SIGABRT};
	filter_place_check(c, check);
	filter_fetch_arg(c, arg, LOWER);
	if (also_0)
		filter_test(c, BPF_JEQ, 0, LABEL_NOTIFY, LABEL_NEXT);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		filter_test(c, BPF_JEQ, numbers[i], LABEL_NOTIFY, LABEL_NEXT);
	filter_test(c, BPF_JEQ, SIGSTOP, LABEL_NOTIFY, LABEL_PASS);
}

/* x32.  A tracer that skips a call sets its number to -1; the kernel leaves the result
 * to the tracer. */
static void filter_check_x32(struct code *c)
{
	filter_place(c, LABEL_X32);
	filter_test(c, BPF_JEQ, UINT32_MAX, LABEL_PASS, LABEL_ENOSYS);
}

static void filter_outcomes(struct code *c)
{
	filter_place(c, LABEL_PASS);
	filter_return(c, SECCOMP_RET_ALLOW);
	filter_place(c, LABEL_NOTIFY);
	filter_return(c, SECCOMP_RET_USER_NOTIF);
	filter_place(c, LABEL_ENOSYS);
	filter_return(c, SECCOMP_RET_ERRNO | ENOSYS);
	filter_place(c, LABEL_EPERM);
	filter_return(c, SECCOMP_RET_ERRNO | EPERM);
}

static bool filter_wants(const struct seam_filter_options *o, enum seam_event event)
{
	switch (event) {
	case SEAM_EVENT_FILE: return o->files;
	case SEAM_EVENT_CONNECTION: return o->connections;
	case SEAM_EVENT_EXEC: return o->execs;
	case SEAM_EVENT_ANY: break;
	}
	return true;
}

/* The chain and the blocks of one ABI.  The accumulator holds the number of the call. */
static void filter_abi(struct code *c, const struct seam_abi *abi, const struct seam_filter_options *o, bool native)
{
	for (size_t i = 0; i < abi->n; i++)
		if (filter_wants(o, abi->calls[i].event))
			filter_test(c, BPF_JEQ, abi->calls[i].nr, (enum label)(LABEL_CHECKS + (int)abi->calls[i].check),
				    LABEL_NEXT);
	filter_return(c, SECCOMP_RET_ALLOW);
	filter_check_open(c, SEAM_CHECK_OPEN, 1);
	filter_check_open(c, SEAM_CHECK_OPENAT, 2);
	filter_check_fallocate(c);
	filter_check_cookie(c, native, o->cookie);
	filter_check_sendto(c);
	filter_check_ioctl(c);
	filter_check_signal(c, SEAM_CHECK_SIGNAL, 1, true);
	filter_check_signal(c, SEAM_CHECK_TO_THREAD, 2, false);
	if (native)
		filter_check_x32(c);
	else
		filter_check_socketcall(c);
	filter_outcomes(c);
}

/* Here and in the chain, the program uses only what the kernel's constant-action cache follows: loads of the
 * number and of the ABI, AND, and comparisons with constants (seccomp_is_const_allow() in kernel/seccomp.c). */
static void filter_begin(struct code *c)
{
	filter_fetch(c, offsetof(struct seccomp_data, nr));
	filter_emit(c, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)X32_BIT));
	filter_test(c, BPF_JGE, IO_URING_SETUP, LABEL_NEXT, LABEL_ABI);
	filter_test(c, BPF_JGT, IO_URING_REGISTER, LABEL_ABI, LABEL_ENOSYS);
	filter_place(c, LABEL_ABI);
	filter_fetch(c, offsetof(struct seccomp_data, arch));
	filter_test(c, BPF_JEQ, seam_native_abi.arch, LABEL_NEXT, LABEL_COMPAT);
	filter_fetch(c, offsetof(struct seccomp_data, nr));
#if defined __x86_64__
	filter_test(c, BPF_JGE, X32_BIT, LABEL_X32, LABEL_NEXT);
#endif
}

/* The distance from instruction `i` to a label, or -1 if a jump can't lead there. */
static int filter_distance(const struct code *c, int i, unsigned label)
{
	int d = label == LABEL_NEXT ? 0 : c->at[label] - i - 1;
	return d >= 0 && d <= UINT8_MAX ? d : -1;
}

/* Replace labels by distances in what was written since the last time, and forget the labels. */
static bool filter_link(struct code *c)
{
	if (c->n > SEAM_FILTER_MAX)
		return false;
	for (int i = c->from; i < c->n; i++) {
		if (BPF_CLASS(c->v[i].code) != BPF_JMP)
			continue;
		int yes = filter_distance(c, i, c->v[i].jt), no = filter_distance(c, i, c->v[i].jf);
		if (yes < 0 || no < 0)
			return false;
		c->v[i].jt = (uint8_t)yes;
		c->v[i].jf = (uint8_t)no;
	}
	c->from = c->n;
	for (int l = 0; l < LABELS; l++)
		c->at[l] = 0;
	return true;
}

int seam_filter_build(struct sock_filter code[SEAM_FILTER_MAX], const struct seam_filter_options *o)
{
	struct code c = {.v = code};
	if (!(o->cookie >> 32))
		return -EINVAL;
	filter_begin(&c);
	filter_abi(&c, &seam_native_abi, o, true);
	filter_place(&c, LABEL_COMPAT);
	if (!filter_link(&c))
		return -E2BIG;
	filter_test(&c, BPF_JEQ, seam_compat_abi.arch, LABEL_NEXT, LABEL_ENOSYS);
	filter_fetch(&c, offsetof(struct seccomp_data, nr));
	filter_abi(&c, &seam_compat_abi, o, false);
	return filter_link(&c) ? c.n : -E2BIG;
}

/* SPEC_ALLOW: before Linux 5.16 a filter would otherwise turn off speculation in every program of the session, against
 * attacks from inside a process, which this filter is not for. */
int seam_filter_install(const struct sock_filter *code, int n)
{
	struct sock_fprog prog = {.len = (unsigned short)n, .filter = (struct sock_filter *)code};
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	int saved = errno;
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &prog);
	if (fd < 0 && errno == EINVAL)
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
	int err = fd < 0 ? -errno : 0;
	errno = saved;
	return err ? err : (int)fd;
}
