/* SPDX-License-Identifier: BSD-2-Clause */
/* filecalls.c - makes one system call on files and prints its result, for tests/session/files/supervise*.t and
 * tests/session/seam/sandbox.t.
 *
 *   filecalls [OPTION...] CALL PATH [PATH | LENGTH]
 *
 *   -u UID     give up every right of root first
 *   -l         enter a Landlock domain that may change nothing; exit status 99 where there is none
 *   -c DIR     enter a chroot
 *   -s ERRNO   a seccomp filter, by which statx(2) fails with that number
 *   -k         a seccomp filter that kills for every call but those that are named here, write and exit
 *   -n         no descriptor is left
 *   -x         execute this program anew, with the options that follow
 * ftruncate opens its file before that. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE /* Linux 6.2 */
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static int opened = -1; /* for ftruncate */

static long overwrite(long fd)
{
	return fd < 0 ? -1 : write((int)fd, "new", 3) == 3 && !close((int)fd) ? 0 : -1;
}

static int drop_to(uid_t uid)
{
	return setgroups(0, NULL) || setgid(uid) || setuid(uid);
}

/* Every right to change a file or directory is taken away, and no rule gives it back. */
static int enter_domain(void)
{
	struct landlock_ruleset_attr a = {.handled_access_fs = (LANDLOCK_ACCESS_FS_TRUNCATE << 1) - 1};
	a.handled_access_fs &=
		~(__u64)(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
	int fd = (int)syscall(SYS_landlock_create_ruleset, &a, sizeof a.handled_access_fs, 0);
	return fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_landlock_restrict_self, fd, 0);
}

static int set_filter(struct sock_filter *filter, size_t n)
{
	struct sock_fprog program = {(unsigned short)n, filter};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int refuse_statx(unsigned err)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_statx, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	return set_filter(filter, sizeof filter / sizeof *filter);
}

static int allow_only_the_calls(void)
{
	static const int allowed[] = {SYS_write,     SYS_close,     SYS_openat,   SYS_openat2,   SYS_unlinkat,
				      SYS_renameat2, SYS_ftruncate, SYS_truncate, SYS_exit_group};
	enum { N = sizeof allowed / sizeof *allowed };
	struct sock_filter filter[N + 3] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	for (int i = 0; i < N; i++)
		filter[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed[i],
							     (unsigned char)(N - i), 0);
	filter[1 + N] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	filter[2 + N] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return set_filter(filter, N + 3);
}

/* The limit is the lowest number that is free. */
static int leave_no_descriptor(void)
{
	int next = dup(0);
	const struct rlimit none = {(rlim_t)next, (rlim_t)next};
	return next < 0 || close(next) || setrlimit(RLIMIT_NOFILE, &none);
}

/* Returns how many arguments the option takes, 0 if it is none, or -1. */
static int confine(char **argv)
{
	if (!strcmp(argv[1], "-s") && argv[2])
		return refuse_statx((unsigned)atol(argv[2])) ? -1 : 2;
	if (!strcmp(argv[1], "-k"))
		return allow_only_the_calls() ? -1 : 1;
	if (!strcmp(argv[1], "-n"))
		return leave_no_descriptor() ? -1 : 1;
	if (!strcmp(argv[1], "-x")) {
		argv[1] = argv[0];
		return execv(argv[0], argv + 1);
	}
	if (!strcmp(argv[1], "-l"))
		return enter_domain() ? -1 : 1;
	if (!strcmp(argv[1], "-u") && argv[2])
		return drop_to((uid_t)atol(argv[2])) ? -1 : 2;
	if (!strcmp(argv[1], "-c") && argv[2])
		return chroot(argv[2]) || chdir("/") ? -1 : 2;
	return 0;
}

static long call(const char *name, const char *path, const char *more)
{
	struct open_how how = {.flags = O_WRONLY | O_TRUNC};
	if (!strcmp(name, "unlink"))
		return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
	if (!strcmp(name, "rmdir"))
		return syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
	if (!strcmp(name, "rename"))
		return syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, more, 0);
	if (!strcmp(name, "truncate"))
		return truncate(path, atol(more));
	if (!strcmp(name, "ftruncate"))
		return ftruncate(opened, atol(more));
	if (!strcmp(name, "open"))
		return overwrite(open(path, O_WRONLY | O_TRUNC));
	if (!strcmp(name, "creat"))
		return overwrite(creat(path, 0644));
	if (!strcmp(name, "openat2"))
		return overwrite(syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
	if (!strcmp(name, "shrink")) { /* a new file, as dpkg writes its journal: creat, write, ftruncate */
		int fd = creat(path, 0644);
		return fd < 0 || write(fd, "fresh", 5) != 5 ? -1 : ftruncate(fd, atol(more));
	}
	return -2;
}

int main(int argc, char **argv)
{
	static char output[256]; /* or libc would ask the kernel for stdout's block size */
	char *self = argv[0];
	if (argc > 2 && !strcmp(argv[argc - 3], "ftruncate"))
		opened = open(argv[argc - 2], O_WRONLY);
	setvbuf(stdout, output, _IOFBF, sizeof output);
	for (int option = 1; argc > 2 && option; argc -= option, argv += option) {
		argv[0] = self;
		option = confine(argv);
		if (option < 0)
			return perror(argv[1]), 99;
	}
	long ret = argc < 3 ? -2 : call(argv[1], argv[2], argc > 3 ? argv[3] : NULL);
	printf("%ld%s%s\n", ret, ret == -1 ? " " : "", ret == -1 ? strerrorname_np(errno) : "");
	return ret != 0;
}
