/* SPDX-License-Identifier: BSD-2-Clause */
/* harden.c - applies no_new_privs, a Landlock domain and a seccomp filter against io_uring. */
#include "util/harden.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Older versions of linux/landlock.h lack the scopes, so the parts of the interface used here are declared here. */
struct ruleset_attr {
	uint64_t handled_access_fs, handled_access_net, scoped;
};
enum {
	CREATE_RULESET_VERSION = 1,
	X32_BIT = 0x40000000,
	SCOPE_ABSTRACT_UNIX_SOCKET = 1,
	SCOPE_SIGNAL = 2,
	SCOPES_ABI = 6
};

void harden_probe(struct harden_support *s)
{
	long abi = syscall(__NR_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
	uint32_t action = SECCOMP_RET_ERRNO;
	s->landlock_abi = abi > 0 ? (int)abi : 0;
	s->scopes = abi >= SCOPES_ABI;
	s->seccomp = !syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action);
}

static int harden_scope(void)
{
	struct ruleset_attr attr = {.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL};
	int fd = (int)syscall(__NR_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (fd < 0)
		return -errno;
	int err = syscall(__NR_landlock_restrict_self, fd, 0) ? -errno : 0;
	close(fd);
	return err;
}

/* System calls from 424 on have the same number on every architecture, so this also refuses 32-bit programs; x32 sets
 * bit 30.  ENOSYS makes libraries fall back to plain system calls. */
int harden_refuse_io_uring(void)
{
	struct harden_support s;
	harden_probe(&s);
	if (!s.seccomp)
		return 0;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~X32_BIT),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (ENOSYS & SECCOMP_RET_DATA)),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {.len = sizeof code / sizeof *code, .filter = code};
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0) ? -errno : 0;
}

int harden_command(void)
{
	struct harden_support s;
	harden_probe(&s);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return s.scopes ? harden_scope() : 0;
}

int harden_self(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return -errno;
	return 0;
}
