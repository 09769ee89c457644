/* SPDX-License-Identifier: BSD-2-Clause */
/* call_abi.c - the 32-bit calls that the filter reports (seam/filter_calls.c), and what each is in 64 bits. */
#include "supervise/call_abi.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "supervise/tracee.h"

/* How the arguments differ. */
enum abi_form { ABI_SAME, ABI_OPEN, ABI_CREAT, ABI_AT, ABI_RMDIR, ABI_RENAME, ABI_WIDE_LENGTH, ABI_SOCKETCALL };

struct abi_call {
	int from, to;
	enum abi_form form;
};

#if defined __x86_64__
enum { ABI_NARROW = (int)AUDIT_ARCH_I386 };
#else
enum { ABI_NARROW = (int)AUDIT_ARCH_ARM };
#endif

static const struct abi_call calls[] = {
	{5, SYS_openat, ABI_OPEN},
	{8, SYS_openat, ABI_CREAT},
	{10, SYS_unlinkat, ABI_AT},
	{11, SYS_execve, ABI_SAME},
	{37, SYS_kill, ABI_SAME},
	{38, SYS_renameat, ABI_RENAME},
	{40, SYS_unlinkat, ABI_RMDIR},
	{92, SYS_truncate, ABI_SAME},
	{93, SYS_ftruncate, ABI_SAME},
	{178, SYS_rt_sigqueueinfo, ABI_SAME},
	{193, SYS_truncate, ABI_WIDE_LENGTH},
	{194, SYS_ftruncate, ABI_WIDE_LENGTH},
	{238, SYS_tkill, ABI_SAME},
	{424, SYS_pidfd_send_signal, ABI_SAME},
	{437, SYS_openat2, ABI_SAME},
#if defined __x86_64__
	{102, 0, ABI_SOCKETCALL},
	{270, SYS_tgkill, ABI_SAME},
	{295, SYS_openat, ABI_SAME},
	{301, SYS_unlinkat, ABI_SAME},
	{302, SYS_renameat, ABI_SAME},
	{324, SYS_fallocate, ABI_SAME},
	{335, SYS_rt_tgsigqueueinfo, ABI_SAME},
	{342, SYS_open_by_handle_at, ABI_SAME},
	{345, SYS_sendmmsg, ABI_SAME},
	{353, SYS_renameat2, ABI_SAME},
	{358, SYS_execveat, ABI_SAME},
	{362, SYS_connect, ABI_SAME},
	{369, SYS_sendto, ABI_SAME},
	{370, SYS_sendmsg, ABI_SAME},
#else
	{268, SYS_tgkill, ABI_SAME},
	{283, SYS_connect, ABI_SAME},
	{290, SYS_sendto, ABI_SAME},
	{296, SYS_sendmsg, ABI_SAME},
	{322, SYS_openat, ABI_SAME},
	{328, SYS_unlinkat, ABI_SAME},
	{329, SYS_renameat, ABI_SAME},
	{352, SYS_fallocate, ABI_SAME},
	{363, SYS_rt_tgsigqueueinfo, ABI_SAME},
	{371, SYS_open_by_handle_at, ABI_SAME},
	{374, SYS_sendmmsg, ABI_SAME},
	{382, SYS_renameat2, ABI_SAME},
	{387, SYS_execveat, ABI_SAME},
#endif
};

/* socketcall(2): the number of the call, and an array of its arguments. */
static int call_abi_socketcall(pid_t tid, struct seccomp_data *d)
{
	enum { CONNECT = 3, SENDTO = 11, SENDMSG = 16, SENDMMSG = 20 };
	uint32_t args[6] = {0};
	size_t n = d->args[0] == SENDTO ? 6 : d->args[0] == SENDMMSG ? 4 : 3;
	int err = tracee_bytes(tid, d->args[1], args, n * sizeof *args);
	switch (d->args[0]) {
	case CONNECT: d->nr = SYS_connect; break;
	case SENDTO: d->nr = SYS_sendto; break;
	case SENDMSG: d->nr = SYS_sendmsg; break;
	case SENDMMSG: d->nr = SYS_sendmmsg; break;
	default: return -ENOSYS;
	}
	for (size_t i = 0; i < 6; i++)
		d->args[i] = args[i];
	return err;
}

/* A descriptor is a signed number, also in the wider register; so is AT_FDCWD. */
static void call_abi_sign(struct seccomp_data *d, unsigned arg)
{
	d->args[arg] = (uint64_t)(int64_t)(int32_t)d->args[arg];
}

static int call_abi_rewrite(pid_t tid, struct seccomp_data *d, const struct abi_call *c)
{
	const uint64_t here = (uint64_t)(int64_t)AT_FDCWD, a = d->args[0], b = d->args[1], m = d->args[2];
	d->nr = c->to;
	switch (c->form) {
	case ABI_OPEN: d->args[0] = here, d->args[1] = a, d->args[2] = b, d->args[3] = m; break;
	case ABI_CREAT:
		d->args[0] = here, d->args[1] = a, d->args[2] = O_CREAT | O_TRUNC | O_WRONLY, d->args[3] = b;
		break;
	case ABI_AT: d->args[0] = here, d->args[1] = a, d->args[2] = 0; break;
	case ABI_RMDIR: d->args[0] = here, d->args[1] = a, d->args[2] = AT_REMOVEDIR; break;
	case ABI_RENAME: d->args[0] = here, d->args[1] = a, d->args[2] = here, d->args[3] = b; break;
#if defined __x86_64__
	case ABI_WIDE_LENGTH: d->args[1] = b | m << 32; break;
#else
	case ABI_WIDE_LENGTH: d->args[1] = m | d->args[3] << 32; break; /* ARM aligns it to an even register */
#endif
	case ABI_SOCKETCALL: return call_abi_socketcall(tid, d);
	case ABI_SAME:
		if (c->to == SYS_truncate || c->to == SYS_ftruncate)
			call_abi_sign(d, 1);
		break;
	}
	/* Not an address: one of a 32-bit program's stack would become another. */
	if (c->to != SYS_truncate && c->to != SYS_execve)
		call_abi_sign(d, 0);
	if (c->to == SYS_renameat || c->to == SYS_renameat2)
		call_abi_sign(d, 2);
	return 0;
}

int call_abi_widen(pid_t tid, struct seccomp_data *d, bool *narrow)
{
	*narrow = (int)d->arch == ABI_NARROW;
	if (!*narrow)
		return 0;
	for (unsigned i = 0; i < 6; i++)
		d->args[i] = (uint32_t)d->args[i]; /* int $0x80 of a 64-bit program leaves more in them */
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i].from == d->nr)
			return call_abi_rewrite(tid, d, &calls[i]);
	return -ENOSYS;
}
